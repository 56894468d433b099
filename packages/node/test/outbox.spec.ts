import { expect } from 'chai'
import type { Journal, ReceiptRow } from '@sluice/store'
import { silent } from '../src/log.ts'
import { Outbox } from '../src/outbox.ts'
import type { Notify, Refusal } from '../src/protocols/notify.ts'

/** A journal's outbox, and a base that answers as a test wants. */
class Desk {
  readonly waiting: Array<Pick<ReceiptRow, 'id' | 'bytes' | 'job' | 'seq'>> = []
  readonly told: number[] = []
  readonly acknowledged: number[] = []
  answer: (id: number) => Promise<Refusal | undefined> = async () => undefined
  /** What the base has instead of what it refuses was taken. */
  taken: (job: string, known: readonly Uint8Array[]) => boolean = () => false
  opened = 0
  readonly #emptied = Promise.withResolvers<void>()

  put (...ids: number[]): void {
    for (const id of ids) this.waiting.push({ id, bytes: Uint8Array.of(id), job: 'j', seq: id })
  }

  get emptied (): Promise<void> {
    return this.#emptied.promise
  }

  outbox (): Outbox {
    const journal = {
      outbox: (limit: number) => this.waiting.slice(0, limit),
      acknowledged: (id: number) => {
        this.acknowledged.push(id)
        this.waiting.splice(this.waiting.findIndex(row => row.id === id), 1)
        if (this.waiting.length === 0) this.#emptied.resolve()
      }
    }
    const notify = {
      open: async () => {
        this.opened++
        return {
          isOpen: true,
          tell: async ({ receipt }: { receipt: Uint8Array }) => {
            const id = receipt[0] as number
            this.told.push(id)
            return await this.answer(id)
          },
          progress: async () => {},
          close: async () => {}
        }
      }
    }
    return new Outbox(journal as unknown as Journal, notify as unknown as Notify, 'base', silent, async (job, known) => this.taken(job, known))
  }
}

describe('outbox', () => {
  it('brings receipts oldest first, and keeps each until it is acknowledged', async () => {
    const desk = new Desk()
    desk.put(1, 2, 3)
    const seen: number[][] = []
    desk.answer = async () => { seen.push(desk.waiting.map(({ id }) => id)); return undefined }
    const outbox = desk.outbox()
    outbox.flush()
    await desk.emptied
    expect(seen).to.deep.equal([[1, 2, 3], [2, 3], [3]])
    expect(desk.acknowledged).to.deep.equal([1, 2, 3])
    expect(desk.opened).to.equal(1)
    await outbox.stop()
  })

  it('keeps what a broken line did not bring, and brings it on the next', async () => {
    const desk = new Desk()
    desk.put(1, 2)
    let broken = true
    desk.answer = async id => {
      if (id === 2 && broken) {
        broken = false
        throw new Error('the base is away')
      }
      return undefined
    }
    const outbox = desk.outbox()
    outbox.flush()
    await desk.emptied
    expect(desk.told).to.deep.equal([1, 2, 2])
    expect(desk.opened).to.equal(2)
    await outbox.stop()
  })

  it('drops what the base will never take, and goes on', async () => {
    const desk = new Desk()
    desk.put(1, 2)
    desk.answer = async id => id === 1 ? { reason: 'no such job', known: [] } : undefined
    const outbox = desk.outbox()
    outbox.flush()
    await desk.emptied
    expect(desk.acknowledged).to.deep.equal([1, 2])
    await outbox.stop()
  })

  it('takes back what the base has instead, and brings what was made anew behind it', async () => {
    const desk = new Desk()
    desk.put(1, 2)
    desk.answer = async id => id < 3 ? { reason: 'contradicts', known: [Uint8Array.of(7)] } : undefined
    desk.taken = (job, known) => {
      expect([job, known]).to.deep.equal(['j', [Uint8Array.of(7)]])
      desk.waiting.splice(0)
      desk.put(3)
      return true
    }
    const outbox = desk.outbox()
    outbox.flush()
    await desk.emptied
    expect(desk.told).to.deep.equal([1, 3])
    expect(desk.acknowledged).to.deep.equal([3])
    await outbox.stop()
  })

  it('drops what the base refuses where what it has instead is not ours', async () => {
    const desk = new Desk()
    desk.put(1)
    desk.answer = async () => ({ reason: 'contradicts', known: [Uint8Array.of(7)] })
    const outbox = desk.outbox()
    outbox.flush()
    await desk.emptied
    expect(desk.acknowledged).to.deep.equal([1])
    await outbox.stop()
  })

  it('brings what was written while it was at work', async () => {
    const desk = new Desk()
    desk.put(1)
    const outbox = desk.outbox()
    desk.answer = async id => {
      if (id === 1) {
        desk.put(2)
        outbox.flush()
      }
      return undefined
    }
    outbox.flush()
    await desk.emptied
    expect(desk.told).to.deep.equal([1, 2])
    await outbox.stop()
  })
})
