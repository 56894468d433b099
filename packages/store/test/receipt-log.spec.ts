import { ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import { JournalConflict, type Journal, type NewReceipt } from '../src/index.ts'
import { bytes, journalWithJob } from './open-journal.ts'
import { thrown } from './rejection.ts'

describe('ReceiptLog', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })

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

  it('give way from a number on to what others have of a node', () => {
    for (let number = 1; number <= 4; number++) journal.addReceipt(receipt('A', number, ReceiptKind.COMMAND_STARTED, number))
    journal.addReceipt(receipt('B', 3, ReceiptKind.COMMAND_STARTED, 1))
    journal.replaceReceipts('j1', 'A', 3, [3, 4, 5].map(number => ({ ...receipt('A', number, ReceiptKind.COMMAND_COMPLETED, number), outbox: false })))
    expect(journal.receipts('j1').map(({ node, number, kind }) => `${node}${number} ${kind}`)).to.deep.equal(['A1 COMMAND_STARTED', 'A2 COMMAND_STARTED', 'A3 COMMAND_COMPLETED', 'A4 COMMAND_COMPLETED', 'A5 COMMAND_COMPLETED', 'B3 COMMAND_STARTED'])
    expect(journal.outbox(10).map(({ node, number }) => `${node}${number}`)).to.deep.equal(['A1', 'A2', 'B3'])
    expect(thrown(() => journal.replaceReceipts('j1', 'A', 5, [receipt('A', 5, ReceiptKind.COMMAND_FAILED, 3)]))).to.be.instanceOf(JournalConflict)
    expect(journal.lastReceipt('j1', 'A')?.kind, 'all or nothing').to.equal(ReceiptKind.COMMAND_COMPLETED)
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
