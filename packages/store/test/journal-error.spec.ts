import { expect } from 'chai'
import { JournalError, isBusy, journalError } from '../src/journal-error.ts'

describe('JournalError', () => {
  it('says of a result code of SQLite what to do', () => {
    // SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_CORRUPT, SQLITE_READONLY_DBMOVED, SQLITE_CONSTRAINT_FOREIGNKEY
    for (const [errcode, code] of [[13, 'unwritable'], [1034, 'unwritable'], [11, 'corrupt'], [1032, 'unwritable'], [787, 'unknown']] as const) {
      const error = journalError(Object.assign(new Error('it failed'), { errcode }), '/data/journal.db')
      expect(error).to.be.instanceOf(JournalError).and.to.have.property('code', code)
      expect((error as Error).message).to.contain('/data/journal.db')
    }
  })

  it('leaves other errors as they are, and knows a lock', () => {
    const other = new TypeError('no')
    expect(journalError(other, '/x')).to.equal(other)
    expect(isBusy(Object.assign(new Error('locked'), { errcode: 261 }))).to.equal(true)
    expect(isBusy(other)).to.equal(false)
  })
})
