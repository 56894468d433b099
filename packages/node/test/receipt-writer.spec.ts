import { expect } from 'chai'
import { open, ReceiptKind, sameBytes } from '@sluice/wire'
import type { BookedJob } from '../src/job-book.ts'
import { silent } from '../src/log.ts'
import { ReceiptWriter } from '../src/receipt-writer.ts'
import { LoneNode } from './lone-node.ts'

const DETAILS = { sources: [['base', 7] as const], switches: 1, startedMs: 10, finishedMs: 20 }

describe('receipt writer', () => {
  let node: LoneNode
  let job: BookedJob
  let writer: ReceiptWriter
  let told: number

  beforeEach(async () => {
    node = await LoneNode.open()
    job = await node.book(await node.media(100))
    told = 0
    writer = new ReceiptWriter({ key: node.signed.node.key, self: node.signed.node.peer, journal: node.journal, log: silent, onWritten: () => { told++ } })
  })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  const write = (kind: 'job-received' | 'command-completed' | 'command-failed' | 'job-completed' | 'command-received', seq: number, reason?: string): void => {
    writer.write(job, { type: 'receipt', job: job.key, kind, seq, details: { ...DETAILS, reason } })
  }
  const receipts = () => node.journal.receipts(job.signed.value.id)

  it('chains what it signs to what it signed before, and puts it into the outbox', async () => {
    write('job-received', 0)
    write('command-received', 1)
    node.journal.setOutcome(job.signed.value.id, 1, { state: 'completed', at: 1, bytes: 100, notApplied: ['owner of 1 file'] })
    write('command-completed', 1)
    await writer.settled()
    const rows = receipts()
    expect(rows.map(({ number, kind }) => [number, kind])).to.deep.equal([[1, ReceiptKind.JOB_RECEIVED], [2, ReceiptKind.COMMAND_RECEIVED], [3, ReceiptKind.COMMAND_COMPLETED]])
    let previous = job.signed.hash
    for (const { bytes, hash, outbox } of rows) {
      const { value } = await open('receipt', bytes, node.signed.node.peer)
      expect(sameBytes(value.previous, previous)).to.equal(true)
      expect(sameBytes(value.job, job.signed.hash)).to.equal(true)
      expect(outbox).to.equal(true)
      previous = hash
    }
    const last = (await open('receipt', (rows.at(-1) as { bytes: Uint8Array }).bytes)).value
    expect(last).to.deep.include({ bytes: 100, switches: 1, started: 10, finished: 20, notApplied: ['owner of 1 file'], sources: [{ peer: 'base', bytes: 7 }] })
    expect(sameBytes(last.command, job.commands[0]?.signed.hash as Uint8Array)).to.equal(true)
    expect(told).to.equal(3)
  })

  it('states nothing twice: a restart may ask again', async () => {
    write('job-received', 0)
    write('command-failed', 1, 'the disk is full')
    await writer.settled()
    write('job-received', 0)
    // The last word on a command is spoken once, whatever it would be now.
    write('command-completed', 1)
    writer.restate(job)
    await writer.settled()
    expect(receipts().map(({ kind }) => kind)).to.deep.equal([ReceiptKind.JOB_RECEIVED, ReceiptKind.COMMAND_FAILED])
    expect((await open('receipt', receipts()[1]?.bytes as Uint8Array)).value.reason).to.equal('the disk is full')
  })

  it('restates after a restart what was done and not yet signed', async () => {
    node.journal.setOutcome(job.signed.value.id, 1, { state: 'completed', at: 1, bytes: 100, notApplied: [] })
    writer.restate(job)
    await writer.settled()
    expect(receipts().map(({ kind }) => kind)).to.deep.equal([ReceiptKind.JOB_RECEIVED, ReceiptKind.COMMAND_COMPLETED])
  })

  describe('where the journal lost what was signed', () => {
    /** What the base has: a journal's receipts before it was damaged. */
    let told: ReturnType<typeof receipts>
    beforeEach(async () => {
      write('job-received', 0)
      node.journal.setOutcome(job.signed.value.id, 1, { state: 'completed', at: 1, bytes: 100, notApplied: [] })
      write('command-completed', 1)
      await writer.settled()
      told = receipts()
      // All but the first is lost, and stated again at another time.
      node.journal.replaceReceipts(job.signed.value.id, node.signed.node.peer, 2, [])
      writer.restate(job)
      await writer.settled()
      expect(sameBytes(receipts()[1]?.bytes as Uint8Array, told[1]?.bytes as Uint8Array)).to.equal(false)
    })

    it('takes it back, and goes on behind it', async () => {
      expect(await writer.takeBack(job.signed.value.id, job, told.slice(1).map(({ bytes }) => bytes))).to.equal(true)
      write('job-completed', 1)
      await writer.settled()
      const rows = receipts()
      expect(rows.map(({ number, kind, outbox }) => [number, kind, outbox])).to.deep.equal([[1, ReceiptKind.JOB_RECEIVED, true], [2, ReceiptKind.COMMAND_COMPLETED, false], [3, ReceiptKind.JOB_COMPLETED, true]])
      expect(sameBytes(rows[1]?.bytes as Uint8Array, told[1]?.bytes as Uint8Array)).to.equal(true)
      expect(sameBytes((await open('receipt', rows[2]?.bytes as Uint8Array)).value.previous, told[1]?.hash as Uint8Array)).to.equal(true)
    })

    it('takes back nothing that it did not sign, or that does not follow', async () => {
      const before = receipts().map(({ bytes }) => Buffer.from(bytes).toString('hex'))
      const [first, second] = told.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array]
      const damaged = Uint8Array.from(second)
      damaged[damaged.length - 1] = (damaged.at(-1) as number) ^ 1
      for (const known of [[damaged], [second, first], [], [first, first]]) {
        expect(await writer.takeBack(job.signed.value.id, job, known)).to.equal(false)
      }
      expect(await writer.takeBack('j1none0000', undefined, [second])).to.equal(false)
      expect(receipts().map(({ bytes }) => Buffer.from(bytes).toString('hex'))).to.deep.equal(before)
    })
  })
})
