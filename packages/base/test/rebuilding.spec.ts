import { join } from 'node:path'
import type { BookedJob } from '@sluice/node'
import { type Journal, openJournal } from '@sluice/store'
import { type recall, sameBytes, type Signed } from '@sluice/wire'
import { expect } from 'chai'
import { Rebuilding } from '../src/rebuilding.ts'
import { Desk, EPOCH } from './desk.ts'
import { temporaryFolder } from './temporary-folder.ts'

const NO_BYTES = new Uint8Array()

describe('Rebuilding', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let journal: Journal
  let rebuilding: Rebuilding
  let job: BookedJob
  let words: Array<Signed<'receipt'>>
  let node: string

  beforeEach(async () => {
    desk = await Desk.open(folder())
    job = await desk.job()
    await desk.bookWhole(job)
    words = await desk.finalWords(job, 0)
    node = words[0]?.value.node as string
    journal = openJournal(join(folder(), 'new.sqlite'))
    rebuilding = new Rebuilding(journal, desk.base.peer)
  })
  afterEach(async () => {
    journal.close()
    await desk.close()
  })

  const receipts = (): recall.RecalledObject[] => words.map(({ bytes }) => ({ receipt: bytes }))
  const commands = (): recall.RecalledObject[] => job.commands.map(({ signed, acceptance }) => ({ command: { command: signed.bytes, acceptance } }))
  const page = (): recall.RecalledObject => {
    const { bytes, seal } = desk.journal.page(job.signed.value.id, 1, 0) as { bytes: Uint8Array, seal: Uint8Array }
    return { page: { seq: 1, page: bytes, seal } }
  }
  const tell = async (objects: recall.RecalledObject[], { from = node, signed = job.signed.bytes }: { from?: string, signed?: Uint8Array } = {}): Promise<void> => {
    await rebuilding.take(from, { job: job.signed.value.id, signed, objects, more: false })
  }

  it('takes what is signed, once, in whatever parts it comes', async () => {
    await tell([...commands(), page()])
    await tell(receipts().slice(0, 1), { signed: NO_BYTES })
    for (let times = 0; times < 2; times++) await tell([...commands(), page(), ...receipts()])
    expect(rebuilding).to.deep.include({ jobs: 1, receipts: 3, epoch: EPOCH, problems: [] })
    const key = job.signed.value.id
    expect(journal.commands(key)).to.deep.equal(desk.journal.commands(key))
    expect(journal.pages(key, 1)).to.deep.equal(desk.journal.pages(key, 1))
    expect(journal.receipts(key).map(({ bytes }) => Buffer.from(bytes).toString('hex'))).to.deep.equal(words.map(({ bytes }) => Buffer.from(bytes).toString('hex')))
    expect(sameBytes(journal.job(key)?.bytes as Uint8Array, job.signed.bytes)).to.equal(true)
  })

  it('leaves out what is not signed by whom it must be, and says so', async () => {
    const [first, second] = commands() as [recall.RecalledObject, recall.RecalledObject]
    const mixed = { command: { command: first.command?.command as Uint8Array, acceptance: second.command?.acceptance as Uint8Array } }
    await tell([mixed, ...commands()])
    expect(rebuilding.problems).to.have.lengthOf(1)
    expect(rebuilding.problems[0]).to.match(/command 1 and its acceptance do not belong together/)
    // Receipts of somebody else, and behind a gap.
    await tell(receipts(), { from: desk.nodes[1]?.peer as string })
    await tell(receipts().slice(1))
    expect(rebuilding.problems).to.have.lengthOf(1 + 3 + 2)
    expect(rebuilding.receipts).to.equal(0)
    await tell(receipts())
    expect(rebuilding.receipts).to.equal(3)
  })

  it('takes nothing of a job that is not this base\'s', async () => {
    const forged = Uint8Array.from(job.signed.bytes)
    forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1
    await tell(commands(), { signed: forged })
    expect(rebuilding).to.deep.include({ jobs: 0, receipts: 0 })
    expect(rebuilding.problems).to.have.lengthOf(1)
  })
})
