import type { Database } from './database.ts'
import { JournalConflict, JournalError } from './journal-error.ts'

/** A repair: at the base one it ordered, at a node one it was ordered. Times are milliseconds since 1970. */
export interface NewRepair {
  readonly nonce: Uint8Array
  /** Who is to be repaired. */
  readonly peer: string
  readonly job: string
  /** A number of RepairAction. */
  readonly action: number
  /** The signed RepairOrder, verbatim. */
  readonly bytes: Uint8Array
  readonly at: number
}

export interface RepairRow extends NewRepair {
  /** The signed RepairOutcome; undefined while nobody knows it. */
  readonly outcome: Uint8Array | undefined
}

export interface RepairTable {
  /** Intend a repair, before anything is done about it. @throws {JournalConflict} where the nonce was used before */
  intendRepair (repair: NewRepair): void
  /** @throws {JournalError} unknown */
  settleRepair (nonce: Uint8Array, outcome: Uint8Array): void
  /** Of one job, or of all; oldest first. */
  repairs (job?: string): RepairRow[]
  /** How many of an action were intended since then. */
  repairsSince (action: number, at: number): number
  /** Forget what was intended before then. */
  forgetRepairs (before: number): void
}

type Stored = Omit<RepairRow, 'outcome'> & { readonly outcome: Uint8Array | null }

export function repairTable (database: Database): RepairTable {
  const known = database.prepare<{ at: number }>('SELECT at FROM repairs WHERE nonce = ?')
  const insert = database.prepare('INSERT INTO repairs (nonce, peer, job, action, bytes, at) VALUES (?, ?, ?, ?, ?, ?)')
  const settle = database.prepare('UPDATE repairs SET outcome = ? WHERE nonce = ?')
  const all = database.prepare<Stored>('SELECT * FROM repairs ORDER BY at, nonce')
  const ofJob = database.prepare<Stored>('SELECT * FROM repairs WHERE job = ? ORDER BY at, nonce')
  const since = database.prepare<{ count: number }>('SELECT count(*) AS count FROM repairs WHERE action = ? AND at >= ?')
  const forget = database.prepare('DELETE FROM repairs WHERE at < ?')

  return {
    intendRepair: ({ nonce, peer, job, action, bytes, at }) => {
      database.transaction(() => {
        if (known.get(nonce) != null) throw new JournalConflict('this order was used before: an order is good for one use')
        insert.run(nonce, peer, job, action, bytes, at)
      })
    },
    settleRepair: (nonce, outcome) => {
      if (settle.run(outcome, nonce) === 0) throw new JournalError('unknown', `${database.path} has no such repair`)
    },
    repairs: job => (job == null ? all.all() : ofJob.all(job)).map(row => ({ ...row, outcome: row.outcome ?? undefined })),
    repairsSince: (action, at) => since.get(action, at)?.count ?? 0,
    forgetRepairs: before => { forget.run(before) }
  }
}
