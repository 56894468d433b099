import { expect } from 'chai'
import { JournalConflict, type Journal } from '../src/index.ts'
import { bytes, journalWithJob, plain } from './open-journal.ts'
import { thrown } from './rejection.ts'

describe('RepairTable', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })

  const intend = (nonce: number, at: number, action = 5): void => journal.intendRepair({ nonce: bytes(nonce), peer: 'A', job: 'j1', action, bytes: bytes(9), at })

  it('keeps an intent, and later its outcome', () => {
    intend(2, 20)
    intend(1, 10)
    journal.settleRepair(bytes(1), bytes(7))
    expect(journal.repairs('j1').map(({ nonce, at, outcome }) => [plain(nonce), at, plain(outcome)])).to.deep.equal([[[1], 10, [7]], [[2], 20, undefined]])
    expect(journal.repairs('j2')).to.deep.equal([])
    expect(thrown(() => journal.settleRepair(bytes(3), bytes(7)))).to.have.property('code', 'unknown')
  })

  it('knows a nonce that was used, until it is forgotten', () => {
    intend(1, 10)
    expect(thrown(() => intend(1, 20))).to.be.instanceOf(JournalConflict)
    journal.forgetRepairs(11)
    intend(1, 20)
    expect(journal.repairs()).to.have.length(1)
  })

  it('counts how often one was intended lately', () => {
    intend(1, 10)
    intend(2, 20)
    intend(3, 30, 6)
    expect([journal.repairsSince(5, 0), journal.repairsSince(5, 20), journal.repairsSince(6, 0), journal.repairsSince(1, 0)]).to.deep.equal([2, 1, 1, 0])
  })
})

describe('AbsenceTable', () => {
  const open = journalWithJob()

  it('knows how long members were away, and since when one is', () => {
    const journal = open()
    journal.beginAbsence('A', 100)
    journal.beginAbsence('A', 150)
    expect(journal.absences('A', 9)).to.deep.equal({ tookMs: [], since: 100 })
    journal.endAbsence('A', 300)
    journal.endAbsence('A', 400)
    journal.beginAbsence('A', 500)
    // A clock that was set back: nobody is away for less than no time.
    journal.endAbsence('A', 499)
    journal.beginAbsence('B', 1)
    expect(journal.absences('A', 9)).to.deep.equal({ tookMs: [200, 0], since: undefined })
    expect(journal.absences('A', 1).tookMs).to.deep.equal([0])
    expect(journal.absences('B', 9)).to.deep.equal({ tookMs: [], since: 1 })
  })

  it('keeps the latest ones only', () => {
    const journal = open()
    for (let i = 0; i < 100; i++) {
      journal.beginAbsence('A', 1_000 * i)
      journal.endAbsence('A', 1_000 * i + i)
    }
    const { tookMs } = journal.absences('A', 1_000)
    expect(tookMs).to.deep.equal(Array.from({ length: 64 }, (_, i) => 36 + i))
  })
})

describe('NoticeTable', () => {
  const open = journalWithJob()

  it('holds a notice until it is taken', () => {
    const journal = open()
    journal.putJob({ id: 'j2', hash: Buffer.from('j2'), bytes: bytes(1), created: 1, expires: 9, role: 'base' })
    journal.addNotice({ job: 'j1', provider: 'P', url: 'https://a', nextAt: 50 })
    journal.addNotice({ job: 'j1', provider: 'P', url: 'https://b', nextAt: 1 })
    journal.addNotice({ job: 'j2', provider: 'P', url: '', nextAt: 1 })
    expect(journal.noticesToPost().map(notice => ({ ...notice }))).to.deep.equal([{ job: 'j1', provider: 'P', url: 'https://a', tries: 0, nextAt: 50 }])
    journal.delayNotice('j1', 70, true)
    journal.delayNotice('j1', 60, false)
    expect(journal.noticesToPost()[0]).to.include({ tries: 1, nextAt: 60 })
    expect(journal.noticesFor('P', 9).map(({ job }) => job)).to.deep.equal(['j2', 'j1'])
    expect(journal.noticesFor('P', 1)).to.have.length(1)
    journal.removeNotice('j1')
    journal.removeJob('j2')
    expect(journal.noticesFor('P', 9)).to.deep.equal([])
  })
})
