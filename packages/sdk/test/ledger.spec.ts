import { ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import { Findings } from '../src/findings.ts'
import { Ledger } from '../src/ledger.ts'
import { readQueue } from '../src/verify-queue.ts'
import type { Queue } from '../src/verify-queue.ts'
import { NO_BYTES, queuedJob, type SyntheticJob } from './synthetic-job.ts'

const { JOB_RECEIVED, JOB_COMPLETED, JOB_REFUSED, COMMAND_COMPLETED, COMMAND_FAILED, COMMAND_SUPERSEDED, COMMAND_STARTED } = ReceiptKind

describe('Ledger', () => {
  let job: SyntheticJob
  let ledger: Ledger

  beforeEach(async () => {
    job = await queuedJob()
    const queue = await readQueue(job.parts(), job.base.peer, undefined, new Findings()) as Queue
    ledger = new Ledger(job.nodes[0]?.peer as string, queue, new Map(job.seals.map(({ value }) => [value.seq, value.root])))
  })

  const say = async (kind: ReceiptKind, seq: number, bent: Parameters<SyntheticJob['receipt']>[3] = {}): Promise<string | undefined> => ledger.add(await job.receipt(0, kind, seq, bent))

  it('is complete with the last word, and not before', async () => {
    for (const [kind, seq] of [[JOB_RECEIVED, 0], [COMMAND_STARTED, 1], [COMMAND_COMPLETED, 1], [COMMAND_COMPLETED, 2]] as const) {
      expect(await say(kind, seq)).to.equal(undefined)
      expect([ledger.complete, ledger.failed]).to.deep.equal([false, false])
    }
    expect(await say(JOB_COMPLETED, 3, { finished: 77 })).to.equal(undefined)
    expect(ledger).to.deep.include({ receipts: 5, bytes: 21, completedAt: 77 })
    expect([ledger.complete, ledger.failed]).to.deep.equal([true, false])
  })

  it('is failed by a command that failed, and mended by its completion', async () => {
    await say(JOB_RECEIVED, 0)
    await say(COMMAND_FAILED, 1, { reason: 'no room' })
    await say(COMMAND_COMPLETED, 2)
    await say(JOB_COMPLETED, 3)
    expect([ledger.complete, ledger.failed]).to.deep.equal([false, true])
    expect(await say(COMMAND_COMPLETED, 1)).to.equal(undefined)
    expect([ledger.complete, ledger.failed], 'it has to say again that it is through').to.deep.equal([false, false])
    expect(await say(JOB_COMPLETED, 3)).to.equal(undefined)
    expect(ledger.complete).to.equal(true)
  })

  it('counts other bytes than the sealed ones as a failure', async () => {
    await say(JOB_RECEIVED, 0)
    expect(await say(COMMAND_COMPLETED, 1, { digest: NO_BYTES })).to.equal(undefined)
    expect(ledger).to.deep.include({ failed: true, bytes: 0 })
  })

  it('takes no gaps in what is not lossy', async () => {
    await say(JOB_RECEIVED, 0)
    expect(await say(COMMAND_COMPLETED, 1, { gaps: [{ firstPiece: 0, pieces: 1 }] })).to.equal('has gaps in command 1, which is no lossy put')
  })

  it('counts a superseded command as done, without its bytes, where something came after it', async () => {
    await say(JOB_RECEIVED, 0)
    expect(await say(COMMAND_SUPERSEDED, 1)).to.equal(undefined)
    await say(COMMAND_COMPLETED, 2)
    await say(JOB_COMPLETED, 3)
    expect(ledger).to.deep.include({ complete: true, bytes: 'the subtitles'.length })
  })

  it('of a server that refused is failed', async () => {
    expect(await say(JOB_REFUSED, 0, { reason: 'expired' })).to.equal(undefined)
    expect([ledger.complete, ledger.failed]).to.deep.equal([false, true])
  })

  it('stays as it was behind a receipt that is not the next one', async () => {
    await say(JOB_RECEIVED, 0)
    expect(await say(COMMAND_COMPLETED, 1, { number: 5 })).to.include('has number 5, not 2')
    expect(ledger.receipts).to.equal(1)
  })
})
