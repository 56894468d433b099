import { join } from 'node:path'
import { ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import { Bitmap, JournalConflict, openJournal, type Journal, type NewReceipt } from '../src/index.ts'
import { thrown } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const plain = (value: Uint8Array | undefined): number[] | undefined => value == null ? undefined : [...value]

describe('the journal of a job', () => {
  const folder = temporaryFolder()
  let journal: Journal
  const job = (id: string, created = 1): void => { journal.putJob({ id, hash: Buffer.from(id), bytes: bytes(1, 2, 3), created, expires: 9, role: 'node' }) }

  beforeEach(() => {
    journal = openJournal(join(folder(), 'journal.db'))
    job('j1', 1)
  })
  afterEach(() => { journal.close() })

  it('has one version of it, found by id and by hash', () => {
    expect(journal.putJob({ id: 'j1', hash: Buffer.from('j1'), bytes: bytes(1, 2, 3), created: 1, expires: 9, role: 'node' })).to.equal('known')
    expect(thrown(() => journal.putJob({ id: 'j1', hash: bytes(7), bytes: bytes(7), created: 1, expires: 9, role: 'node' }))).to.be.instanceOf(JournalConflict)
    expect(plain(journal.jobByHash(Buffer.from('j1'))?.bytes)).to.deep.equal([1, 2, 3])
    expect(journal.job('j2')).to.equal(undefined)
  })

  it('lists the newest first, by pages, and those that are open', () => {
    for (let i = 2; i <= 5; i++) job(`j${i}`, i < 4 ? 2 : i)
    const ids = (options: { limit: number, before?: string }): string[] => journal.jobs(options).map(({ id }) => id)
    expect(ids({ limit: 3 })).to.deep.equal(['j5', 'j4', 'j3'])
    expect(ids({ limit: 3, before: 'j3' })).to.deep.equal(['j2', 'j1'])
    journal.setJobState('j2', 'closed')
    journal.setJobState('j3', 'ending')
    expect(journal.openJobs().map(({ id, state }) => [id, state])).to.deep.equal([['j1', 'open'], ['j3', 'ending'], ['j4', 'open'], ['j5', 'open']])
    expect(thrown(() => { journal.setJobState('j9', 'closed') })).to.have.property('code', 'unknown')
  })

  it('has ranges to hand on, and one report', () => {
    expect(journal.ranges('j1')).to.deep.equal([])
    journal.setRanges('j1', [[0, 5], [9, 12]])
    expect(journal.ranges('j1')).to.deep.equal([[0, 5], [9, 12]])
    expect(journal.report('j1')).to.equal(undefined)
    journal.setReport('j1', bytes(8))
    journal.setReport('j1', bytes(8))
    expect(thrown(() => { journal.setReport('j1', bytes(9)) })).to.be.instanceOf(JournalConflict)
    expect(plain(journal.report('j1'))).to.deep.equal([8])
  })

  it('has one command of a number, and one page', () => {
    const command = { bytes: bytes(1), hash: bytes(2), acceptance: bytes(3) }
    expect(journal.putCommand('j1', 2, { bytes: bytes(4), hash: bytes(4) })).to.equal('added')
    expect(journal.putCommand('j1', 1, command)).to.equal('added')
    expect(journal.putCommand('j1', 1, command)).to.equal('known')
    expect(thrown(() => journal.putCommand('j1', 1, { ...command, bytes: bytes(9) }))).to.be.instanceOf(JournalConflict)
    expect(thrown(() => journal.putCommand('j1', 1, { ...command, acceptance: bytes(9) }))).to.be.instanceOf(JournalConflict)
    expect(thrown(() => journal.putCommand('j9', 1, command))).to.have.property('code', 'unknown')
    expect(journal.command('j1', 2)?.acceptance).to.equal(undefined)
    journal.putCommand('j1', 2, { bytes: bytes(4), hash: bytes(4), acceptance: bytes(5) })
    expect(journal.commands('j1').map(({ seq, acceptance }) => [seq, plain(acceptance)])).to.deep.equal([[1, [3]], [2, [5]]])

    const page = { bytes: bytes(1), hash: bytes(1), firstPiece: 256 }
    expect(journal.putPage('j1', 1, 1, page)).to.equal('added')
    expect(journal.putPage('j1', 1, 0, { ...page, firstPiece: 0 })).to.equal('added')
    expect(journal.putPage('j1', 1, 1, { ...page, seal: bytes(6) })).to.equal('known')
    expect(thrown(() => journal.putPage('j1', 1, 1, { ...page, bytes: bytes(2) }))).to.be.instanceOf(JournalConflict)
    expect(thrown(() => journal.putPage('j1', 1, 1, { ...page, seal: bytes(7) }))).to.be.instanceOf(JournalConflict)
    expect(thrown(() => journal.putPage('j1', 7, 0, page))).to.have.property('code', 'unknown')
    expect(journal.pages('j1', 1).map(({ number, firstPiece, seal }) => [number, firstPiece, plain(seal)])).to.deep.equal([[0, 0, undefined], [1, 256, [6]]])
    expect(journal.page('j1', 1, 2)).to.equal(undefined)
  })

  it('knows how far each command has come', () => {
    journal.putCommand('j1', 1, { bytes: bytes(1), hash: bytes(2) })
    const bitmap = new Bitmap()
    bitmap.set(9)
    journal.setProgress('j1', 1, { pieces: bitmap.toBytes(), sources: { a: 5 }, switches: 0, startedAt: 3 })
    bitmap.set(10)
    journal.setProgress('j1', 1, { pieces: bitmap.toBytes(), sources: { a: 5, b: 6 }, switches: 1, startedAt: 3 })
    const progress = journal.progress('j1', 1)
    expect([...Bitmap.fromBytes(progress?.pieces as Uint8Array).pieces()]).to.deep.equal([9, 10])
    expect(progress).to.deep.include({ sources: { a: 5, b: 6 }, switches: 1, startedAt: 3 })
    journal.setOutcome('j1', 1, { state: 'in-progress', at: 4 })
    journal.setOutcome('j1', 1, { state: 'failed', at: 5, reason: 'no-space' })
    expect([...journal.outcomes('j1')]).to.deep.equal([[1, { state: 'failed', at: 5, reason: 'no-space' }]])
  })

  describe('receipts', () => {
    const receipt = (node: string, number: number, kind: ReceiptKind, seq = 0): NewReceipt =>
      ({ job: 'j1', node, number, kind, seq, bytes: Buffer.from(`${node}${number}${kind}${seq}`), hash: bytes(1), outbox: true, recordedAt: 1 })

    it('are one per number, and the same again is no news', () => {
      expect(journal.addReceipt(receipt('A', 1, ReceiptKind.JOB_RECEIVED))).to.equal('added')
      expect(journal.addReceipt(receipt('A', 1, ReceiptKind.JOB_RECEIVED))).to.equal('known')
      expect(thrown(() => journal.addReceipt(receipt('A', 1, ReceiptKind.COMMAND_STARTED, 1)))).to.be.instanceOf(JournalConflict)
    })

    it('are one final word on each thing', () => {
      const { JOB_RECEIVED, COMMAND_STARTED, COMMAND_COMPLETED, COMMAND_FAILED, COMMAND_SUPERSEDED, JOB_COMPLETED, JOB_REFUSED } = ReceiptKind
      journal.addReceipt(receipt('A', 1, JOB_RECEIVED))
      journal.addReceipt(receipt('A', 2, COMMAND_STARTED, 1))
      journal.addReceipt(receipt('A', 3, COMMAND_FAILED, 1))
      journal.addReceipt(receipt('A', 4, COMMAND_COMPLETED, 2))
      journal.addReceipt(receipt('A', 5, JOB_COMPLETED, 2))
      for (const [kind, seq] of [[JOB_RECEIVED, 0], [COMMAND_COMPLETED, 1], [COMMAND_SUPERSEDED, 2], [JOB_REFUSED, 0], [JOB_COMPLETED, 3]] as const) {
        expect(thrown(() => journal.addReceipt(receipt('A', 6, kind, seq))), kind).to.be.instanceOf(JournalConflict)
      }
      expect(journal.addReceipt(receipt('A', 6, COMMAND_STARTED, 1))).to.equal('added')
      expect(journal.addReceipt(receipt('B', 1, COMMAND_COMPLETED, 1))).to.equal('added')
    })

    it('come in the order of the nodes and of each one\'s chain', () => {
      for (const [node, number] of [['B', 2], ['A', 1], ['B', 1], ['A', 3], ['A', 2]] as const) journal.addReceipt(receipt(node, number, ReceiptKind.COMMAND_RECEIVED, number))
      expect(journal.receipts('j1').map(({ node, number }) => `${node}${number}`)).to.deep.equal(['B1', 'B2', 'A1', 'A2', 'A3'])
      expect(journal.lastReceipt('j1', 'A')?.number).to.equal(3)
      expect(journal.lastReceipt('j1', 'C')).to.equal(undefined)
    })

    it('stay when they leave the outbox', () => {
      for (let number = 1; number <= 3; number++) journal.addReceipt({ ...receipt('A', number, ReceiptKind.COMMAND_RECEIVED, number), outbox: number !== 2 })
      const [first] = journal.outbox(1)
      expect(first?.number).to.equal(1)
      journal.acknowledged(first?.id as number)
      expect(journal.outbox(10).map(({ number }) => number)).to.deep.equal([3])
      expect(journal.receipts('j1')).to.have.length(3)
    })
  })

  it('is forgotten as a whole', () => {
    journal.putCommand('j1', 1, { bytes: bytes(1), hash: bytes(2) })
    journal.putPage('j1', 1, 0, { bytes: bytes(1), hash: bytes(1), firstPiece: 0 })
    journal.removeJob('j1')
    expect(journal.job('j1')).to.equal(undefined)
    expect(journal.pages('j1', 1)).to.deep.equal([])
  })
})
