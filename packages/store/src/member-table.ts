import type { Label, Role } from '@sluice/wire'
import type { Database } from './database.ts'
import { JournalConflict, JournalError } from './journal-error.ts'

/** One who is enrolled at this base. Times are milliseconds since 1970. */
export interface Member {
  readonly peer: string
  readonly role: Role
  readonly labels: readonly Label[]
  readonly enrolledAt: number
  readonly lastSeen: number
  /** Bytes per second; 0: unknown. */
  readonly uploadRate: number
}

export interface MemberRow extends Member {
  readonly revoked: boolean
}

export interface MemberTable {
  /** Enrol, or bring up to date. Who was revoked stays revoked. */
  upsertMember (member: Member): void
  member (peer: string): MemberRow | undefined
  /** In order of enrolment. */
  members (): MemberRow[]
  /** For good. @throws {JournalError} unknown */
  revoke (peer: string): void
  /**
   * Use up an invitation. The same peer may come again with it.
   *
   * @throws {JournalConflict} where another peer has used it
   */
  redeem (nonce: Uint8Array, peer: string): 'redeemed' | 'known'
}

type Stored = Omit<MemberRow, 'labels' | 'revoked'> & { readonly labels: string, readonly revoked: number }

export function memberTable (database: Database): MemberTable {
  const upsert = database.prepare(`INSERT INTO members (peer, role, labels, enrolledAt, lastSeen, uploadRate) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET role = excluded.role, labels = excluded.labels, enrolledAt = excluded.enrolledAt,
    lastSeen = excluded.lastSeen, uploadRate = excluded.uploadRate`)
  const one = database.prepare<Stored>('SELECT * FROM members WHERE peer = ?')
  const all = database.prepare<Stored>('SELECT * FROM members ORDER BY enrolledAt, peer')
  const revoke = database.prepare('UPDATE members SET revoked = 1 WHERE peer = ?')
  const insertInvitation = database.prepare('INSERT INTO invitations (nonce, peer) VALUES (?, ?)')
  const invitation = database.prepare<{ peer: string }>('SELECT peer FROM invitations WHERE nonce = ?')

  return {
    upsertMember: ({ peer, role, labels, enrolledAt, lastSeen, uploadRate }) => {
      upsert.run(peer, role, JSON.stringify(labels), enrolledAt, lastSeen, uploadRate)
    },
    member: peer => {
      const row = one.get(peer)
      return row == null ? undefined : fromStored(row)
    },
    members: () => all.all().map(fromStored),
    revoke: peer => {
      if (revoke.run(peer) === 0) throw new JournalError('unknown', `${database.path} has no member ${peer}`)
    },
    redeem: (nonce, peer) => database.transaction(() => {
      const known = invitation.get(nonce)
      if (known == null) {
        insertInvitation.run(nonce, peer)
        return 'redeemed'
      }
      if (known.peer !== peer) throw new JournalConflict(`this invitation was used by ${known.peer}: ask for another one`)
      return 'known'
    })
  }
}

function fromStored (row: Stored): MemberRow {
  return { ...row, labels: JSON.parse(row.labels) as Label[], revoked: row.revoked === 1 }
}
