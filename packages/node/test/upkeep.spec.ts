import { Bitfield } from '@sluice/core'
import { PIECE_BYTES, ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import type { Driver } from '../src/driver.ts'
import { type BookedJob, putShape } from '../src/job-book.ts'
import { silent } from '../src/log.ts'
import { Upkeep } from '../src/upkeep.ts'
import { LoneNode, type SignedMedia } from './lone-node.ts'

const DAY_MS = 86_400_000
const RETENTION_MS = 10 * DAY_MS

describe('upkeep', () => {
  let node: LoneNode
  let media: SignedMedia
  let job: BookedJob
  let closed: string[]
  let bad: Set<number>

  beforeEach(async () => {
    node = await LoneNode.open()
    media = await node.media(3 * PIECE_BYTES)
    job = await node.book(media)
    closed = []
    bad = new Set()
    const put = await node.store.open(putShape(job, 1, media.put.value.put as NonNullable<typeof media.put.value.put>))
    await put.write(0, media.pieces[0] as Uint8Array)
    await put.close()
  })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  function upkeep (closesExpired = true, retention?: { run: (nowMs: number) => Promise<number> }): Upkeep {
    const driver = {
      closeJob: async (key: string) => { closed.push(key); node.jobs.close(key) },
      peer: { pieces: () => new Bitfield(Uint8Array.of(0b1111)) },
      intake: { read: async (_job: string, _seq: number, piece: number) => { if (bad.has(piece)) throw new Error('it does not match its hash') } }
    } as unknown as Driver
    return new Upkeep({ journal: node.journal, jobs: node.jobs, store: node.store, driver, log: silent, retentionMs: RETENTION_MS, scrubRate: 0, retention, closesExpired })
  }
  const idOf = (): string => job.signed.value.id

  it('lets go of what is staged for a job that is closed, and of nothing else', async () => {
    await upkeep().tidy(Date.now())
    expect(await node.store.staged()).to.deep.equal([{ job: idOf(), seq: 1 }])
    // As if the process had died between the word that it is closed and the removal.
    node.journal.setJobState(idOf(), 'closed')
    await upkeep().tidy(Date.now())
    expect(await node.store.staged()).to.deep.equal([])
  })

  it('closes what has expired, where it is a node', async () => {
    const later = job.signed.value.expires + 1
    await upkeep(false).tidy(later)
    expect(closed).to.deep.equal([])
    await upkeep().tidy(later)
    expect(closed).to.deep.equal([job.key])
    expect(await node.store.staged()).to.deep.equal([])
  })

  it('forgets a closed job after the retention time, and not before its receipts are acknowledged', async () => {
    const late = job.signed.value.expires + RETENTION_MS + DAY_MS
    node.journal.addReceipt({ job: idOf(), node: node.signed.node.peer, number: 1, kind: ReceiptKind.JOB_RECEIVED, seq: 0, bytes: Uint8Array.of(1), hash: Uint8Array.of(2), outbox: true, recordedAt: 1 })
    await upkeep(false).tidy(late)
    expect(node.journal.job(idOf()), 'open').to.not.equal(undefined)
    node.journal.setJobState(idOf(), 'closed')
    await upkeep().tidy(late)
    expect(node.journal.job(idOf()), 'not acknowledged').to.not.equal(undefined)
    node.journal.acknowledged(node.journal.outbox(1)[0]?.id as number)
    await upkeep().tidy(late - 2 * DAY_MS)
    expect(node.journal.job(idOf()), 'not old').to.not.equal(undefined)
    await upkeep().tidy(late)
    expect(node.journal.job(idOf())).to.equal(undefined)
  })

  it('reads every held piece again, and counts what is lost', async () => {
    expect(await upkeep().scrub()).to.equal(0)
    bad.add(1).add(3)
    expect(await upkeep().scrub()).to.equal(2)
    const stopped = upkeep()
    await stopped.stop()
    expect(await stopped.scrub()).to.equal(0)
  })

  it('looks at its start for what has expired while it was away', async () => {
    const looked = Promise.withResolvers<number>()
    const keeping = upkeep(true, { run: async nowMs => { looked.resolve(nowMs); return 0 } })
    await keeping.start()
    expect(await looked.promise).to.be.at.least(job.signed.value.created)
    await keeping.stop()
  })
})
