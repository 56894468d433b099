import type { BookedJob } from '@sluice/node'
import { Outcome, ReceiptKind, sameBytes, sha256, sign } from '@sluice/wire'
import { expect } from 'chai'
import { collectEvidence, inBundleOrder, uploadStates } from '../src/evidence.ts'
import { Desk, EPOCH, type SignedPut } from './desk.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('evidence', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let job: BookedJob
  let put: SignedPut

  beforeEach(async () => {
    desk = await Desk.open(folder())
    job = await desk.job()
    put = await desk.bookWhole(job)
  })
  afterEach(() => desk.close())

  const id = (): string => job.signed.value.id

  it('is everything that was signed, verbatim', async () => {
    for (const rank of [1, 0]) for (const receipt of await desk.finalWords(job, rank)) desk.record(job, receipt, 1_000)
    const evidence = await collectEvidence(desk.journal, id(), desk.base.peer)
    expect(sameBytes(evidence?.job as Uint8Array, job.signed.bytes)).to.equal(true)
    expect(evidence?.commands).to.have.length(2)
    for (const [index, { signed, acceptance }] of job.commands.entries()) {
      expect(sameBytes(evidence?.commands[index]?.command as Uint8Array, signed.bytes)).to.equal(true)
      expect(sameBytes(evidence?.commands[index]?.acceptance as Uint8Array, acceptance)).to.equal(true)
    }
    expect(evidence?.seals.map(seal => sameBytes(seal, desk.journal.page(id(), 1, 0)?.seal as Uint8Array))).to.deep.equal([true])
    expect(evidence?.finalPages.map(page => sameBytes(page, put.page.bytes))).to.deep.equal([true])
    expect(evidence?.report).to.equal(undefined)
  })

  it('tells how far an upload has come: it is done when all that was sealed is durable', async () => {
    const hash = desk.journal.page(id(), 1, 0)?.hash
    const state = { seq: 1, pages: new Map([[0, hash]]) }
    expect(await uploadStates(desk.journal, id())).to.deep.equal([{ ...state, done: false }])
    desk.journal.setProgress(id(), 1, { pieces: new Uint8Array(put.page.value.hashes.length / 32 / 8 + 1).fill(0xff), sources: {}, switches: 0, startedAt: 0 })
    expect(await uploadStates(desk.journal, id())).to.deep.equal([{ ...state, done: true }])
  })

  it('has receipts by rank, then by number, whoever was first', async () => {
    const second = await desk.finalWords(job, 1)
    const first = await desk.finalWords(job, 0)
    for (const receipt of [...second, ...first]) desk.record(job, receipt, 1_000)
    const evidence = await collectEvidence(desk.journal, id(), desk.base.peer)
    const expected = [...first, ...second].map(({ bytes }) => bytes)
    expect(evidence?.receipts.map((bytes, index) => sameBytes(bytes, expected[index] as Uint8Array))).to.deep.equal(Array(6).fill(true))
  })

  it('leaves out whom the job does not list', async () => {
    const guest = await desk.receipt(job, 2, ReceiptKind.JOB_RECEIVED, 0, { node: desk.provider.peer }, desk.provider)
    desk.record(job, guest, 1_000)
    expect(inBundleOrder(desk.journal.receipts(id()), job.signed.value)).to.deep.equal([])
    expect((await collectEvidence(desk.journal, id(), desk.base.peer))?.receipts).to.deep.equal([])
  })

  it('ends where its report does: what came later is not what it rests on', async () => {
    const words = await desk.finalWords(job, 0)
    for (const [index, receipt] of words.entries()) desk.record(job, receipt, 1_000 + index * 1_000)
    const counted = words.slice(0, 2)
    const report = await sign('report', { job: job.signed.hash, epoch: EPOCH, outcome: Outcome.COMPLETE, closed: 2_500, servers: [], head: 2, receipts: sha256(...counted.map(({ hash }) => hash)) }, desk.base.key)
    desk.journal.setReport(id(), report.bytes)
    const evidence = await collectEvidence(desk.journal, id(), desk.base.peer)
    expect(evidence?.receipts).to.have.length(2)
    expect(sameBytes(evidence?.report as Uint8Array, report.bytes)).to.equal(true)
  })

  it('has no seal of a put that is not closed yet', async () => {
    const open = await desk.job()
    await desk.book(open, (await desk.put(open)).command)
    const evidence = await collectEvidence(desk.journal, open.signed.value.id, desk.base.peer)
    expect(evidence).to.deep.include({ seals: [], finalPages: [], receipts: [] })
    expect(evidence?.commands).to.have.length(1)
  })

  it('is none where there is no job, and none of another base', async () => {
    expect(await collectEvidence(desk.journal, 'jnone', desk.base.peer)).to.equal(undefined)
    expect((await rejection(collectEvidence(desk.journal, id(), desk.provider.peer))).name).to.equal('EnvelopeError')
  })
})
