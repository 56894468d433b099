import { open, Outcome, ReceiptKind, type Report, ServerState } from '@sluice/wire'
import { expect } from 'chai'
import { ReceiptFile } from '../src/job-events.ts'
import { rejection } from './rejection.ts'
import { finishedJob, identity, queuedJob, type SyntheticJob } from './synthetic-job.ts'

describe('ReceiptFile', () => {
  const fileOf = async (job: SyntheticJob): Promise<ReceiptFile> => new ReceiptFile(await open('job', job.job.bytes))

  it('tells of each receipt once', async () => {
    const job = await queuedJob()
    const file = await fileOf(job)
    const { bytes, value } = await job.receipt(1, ReceiptKind.COMMAND_FAILED, 2, { reason: 'no room', bytes: 7 })
    expect(await file.add(bytes)).to.deep.equal({ type: 'receipt', job: job.job.value.id, peer: job.nodes[1]?.peer, kind: 'command-failed', seq: 2, bytes: 7, reason: 'no room', at: value.finished })
    expect(await file.add(bytes)).to.equal(undefined)
    const { bytes: next } = await job.receipt(1, ReceiptKind.COMMAND_STARTED, 1)
    expect(await file.add(next), 'no reason, no field').to.not.have.property('reason')
  })

  it('takes none of one who is not a server, or who speaks for another', async () => {
    const job = await queuedJob()
    const file = await fileOf(job)
    const stranger = await identity('a stranger')
    const uninvited = await job.receipt(0, ReceiptKind.JOB_RECEIVED, 0, { node: stranger.peer }, stranger)
    expect((await rejection(file.add(uninvited.bytes))).message).to.include('not a server of this job')
    const impostor = await job.receipt(0, ReceiptKind.JOB_RECEIVED, 0, {}, job.nodes[1])
    expect((await rejection(file.add(impostor.bytes))).message).to.include('not a server of this job')
    expect((await rejection(file.add(Buffer.from('garbage')))).name).to.equal('EnvelopeError')
  })

  it('knows of how many bytes the fullest server says that it has published them', async () => {
    const job = await finishedJob()
    const file = await fileOf(job)
    expect(file.publishedBytes()).to.equal(0)
    for (const receipt of [...job.chains[0]?.slice(0, 2) ?? [], ...job.chains[1] ?? []]) await file.add(receipt.bytes)
    expect(file.publishedBytes()).to.equal('the film'.length + 'the subtitles'.length)
  })

  it('makes a line for each server of the report, with what its receipts add', async () => {
    const job = await queuedJob()
    await job.complete(0)
    const received = await job.receipt(1, ReceiptKind.JOB_RECEIVED, 0)
    await job.receipt(1, ReceiptKind.COMMAND_COMPLETED, 1, { sources: [{ peer: 'a', bytes: 3 }, { peer: 'b', bytes: 5 }], switches: 2 })
    await job.receipt(1, ReceiptKind.COMMAND_COMPLETED, 2, { sources: [{ peer: 'a', bytes: 4 }], switches: 1, gaps: [{ firstPiece: 1, pieces: 2 }, { firstPiece: 9, pieces: 1 }] })
    const report = await job.close(Outcome.PARTIAL, { 1: { state: ServerState.UNREACHABLE, reason: 'no answer' }, 2: { state: ServerState.UNKNOWN, reason: 'silent' } })
    const file = await fileOf(job)
    for (const receipt of job.chains.flat()) await file.add(receipt.bytes)
    const closed = file.closed(report.value as Report, 21, 9)
    expect(closed).to.deep.include({ type: 'job.closed', job: job.job.value.id, outcome: 'partial', bytes: 21, elapsedMs: 9 })
    const [first, second, third] = closed.servers
    expect(first).to.deep.equal({ peer: job.nodes[0]?.peer, state: 'complete', receivedAt: job.chains[0]?.[0]?.value.finished, completedAt: job.chains[0]?.at(-1)?.value.finished, sources: { [job.base.peer]: 21 }, switches: 0, gaps: 0 })
    expect(second).to.deep.equal({ peer: job.nodes[1]?.peer, state: 'unreachable', reason: 'no answer', receivedAt: received.value.finished, sources: { a: 7, b: 5 }, switches: 3, gaps: 3 })
    expect(third).to.deep.equal({ peer: job.nodes[2]?.peer, state: 'unknown', reason: 'silent', sources: {}, switches: 0, gaps: 0 })
  })
})
