import { expect } from 'chai'
import { JournalConflict, type Journal } from '../src/index.ts'
import { bytes, journalWithJob, plain } from './open-journal.ts'
import { thrown } from './rejection.ts'

describe('CommandTable', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })

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
})
