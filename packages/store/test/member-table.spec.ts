import { Role } from '@sluice/wire'
import { expect } from 'chai'
import { JournalConflict, type Journal } from '../src/index.ts'
import { journalWithJob } from './open-journal.ts'
import { thrown } from './rejection.ts'

describe('MemberTable', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })

  it('enrols members, and redeems an invitation once', () => {
    const member = { peer: 'A', role: Role.NODE, labels: [{ name: 'region', value: 'eu' }], enrolledAt: 5, lastSeen: 5, uploadRate: 0 }
    journal.upsertMember(member)
    journal.upsertMember({ ...member, peer: 'B', enrolledAt: 4 })
    expect(journal.members().map(({ peer }) => peer)).to.deep.equal(['B', 'A'])
    journal.revoke('A')
    journal.upsertMember({ ...member, lastSeen: 9 })
    expect(journal.member('A')).to.deep.include({ ...member, lastSeen: 9, revoked: true })
    expect(thrown(() => { journal.revoke('C') })).to.have.property('code', 'unknown')
    const nonce = Uint8Array.of(1, 2, 3)
    expect(journal.redeem(nonce, 'A')).to.equal('redeemed')
    expect(journal.redeem(nonce, 'A')).to.equal('known')
    expect(thrown(() => journal.redeem(nonce, 'B'))).to.be.instanceOf(JournalConflict)
  })
})
