import { expect } from 'chai'
import { JournalConflict, type Journal } from '../src/index.ts'
import { bytes, journalWithJob, plain } from './open-journal.ts'
import { thrown } from './rejection.ts'

describe('JobTable', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })
  const job = (id: string, created: number): void => { journal.putJob({ id, hash: Buffer.from(id), bytes: bytes(1, 2, 3), created, expires: 9, role: 'node' }) }

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

  it('is forgotten as a whole', () => {
    journal.putCommand('j1', 1, { bytes: bytes(1), hash: bytes(2) })
    journal.putPage('j1', 1, 0, { bytes: bytes(1), hash: bytes(1), firstPiece: 0 })
    journal.removeJob('j1')
    expect(journal.job('j1')).to.equal(undefined)
    expect(journal.pages('j1', 1)).to.deep.equal([])
  })
})
