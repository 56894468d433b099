import type { Database } from './database.ts'

/** When members were away, as the base saw it. Times are milliseconds since 1970. */
export interface AbsenceTable {
  /** It is away from now on; nothing changes if it is already. */
  beginAbsence (peer: string, at: number): void
  /** It is back. */
  endAbsence (peer: string, at: number): void
  /** How long its last absences took, in milliseconds, oldest first, and since when it is away now. */
  absences (peer: string, limit: number): { readonly tookMs: number[], readonly since: number | undefined }
}

/** Absences kept of one member: more would say nothing of how it is now. */
const KEPT = 64

export function absenceTable (database: Database): AbsenceTable {
  const open = database.prepare<{ since: number }>('SELECT since FROM absences WHERE peer = ? AND until IS NULL')
  const begin = database.prepare('INSERT INTO absences (peer, since) VALUES (?, ?)')
  const end = database.prepare('UPDATE absences SET until = max(since, ?) WHERE peer = ? AND until IS NULL')
  const trim = database.prepare('DELETE FROM absences WHERE peer = ?1 AND id NOT IN (SELECT id FROM absences WHERE peer = ?1 ORDER BY id DESC LIMIT ?2)')
  const past = database.prepare<{ tookMs: number }>('SELECT until - since AS tookMs FROM absences WHERE peer = ? AND until IS NOT NULL ORDER BY id DESC LIMIT ?')

  return {
    beginAbsence: (peer, at) => {
      database.transaction(() => {
        if (open.get(peer) != null) return
        begin.run(peer, at)
        trim.run(peer, KEPT)
      })
    },
    endAbsence: (peer, at) => { end.run(at, peer) },
    absences: (peer, limit) => ({ tookMs: past.all(peer, limit).map(({ tookMs }) => tookMs).reverse(), since: open.get(peer)?.since })
  }
}
