import type { Database } from './database.ts'

/** How far a put has come on this node, as of its last checkpoint. */
export interface Progress {
  /** Durable pieces, as Bitmap.toBytes gives them. */
  readonly pieces: Uint8Array
  /** Bytes that came from each peer. */
  readonly sources: Readonly<Record<string, number>>
  readonly switches: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/** Pieces one behind the other. */
export interface PieceRun {
  readonly firstPiece: number
  readonly pieces: number
}

/** The state of one command on this node. Times are milliseconds since 1970. */
export type CommandOutcome =
  | { readonly state: 'in-progress', readonly at: number, /** What it needs to know when it is done again. */ readonly intent?: string, readonly gaps?: readonly PieceRun[] }
  | { readonly state: 'completed', readonly at: number, readonly bytes: number, readonly notApplied: readonly string[], /** What a lossy put left out here. */ readonly gaps?: readonly PieceRun[] }
  | { readonly state: 'failed', readonly at: number, readonly reason: string }
  | { readonly state: 'superseded', readonly at: number }

/** Both throw JournalError `unknown` where the command is not in the journal. */
export interface ProgressTable {
  /** Call only when the pieces are durable (StagedPut.sync). */
  setProgress (job: string, seq: number, progress: Progress): void
  progress (job: string, seq: number): Progress | undefined
  setOutcome (job: string, seq: number, outcome: CommandOutcome): void
  outcome (job: string, seq: number): CommandOutcome | undefined
  /** By seq; a command without an outcome is new. */
  outcomes (job: string): Map<number, CommandOutcome>
}

interface ProgressRow {
  readonly pieces: Uint8Array
  readonly sources: string
  readonly switches: number
  readonly startedAt: number
}

export function progressTable (database: Database): ProgressTable {
  const upsertProgress = database.prepare(`INSERT INTO progress (job, seq, pieces, sources, switches, startedAt) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET pieces = excluded.pieces, sources = excluded.sources, switches = excluded.switches, startedAt = excluded.startedAt`)
  const selectProgress = database.prepare<ProgressRow>('SELECT pieces, sources, switches, startedAt FROM progress WHERE job = ? AND seq = ?')
  const upsertOutcome = database.prepare(`INSERT INTO outcomes (job, seq, state, outcome) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET state = excluded.state, outcome = excluded.outcome`)
  const oneOutcome = database.prepare<{ outcome: string }>('SELECT outcome FROM outcomes WHERE job = ? AND seq = ?')
  const allOutcomes = database.prepare<{ seq: number, outcome: string }>('SELECT seq, outcome FROM outcomes WHERE job = ? ORDER BY seq')

  const parse = (text: string): CommandOutcome => JSON.parse(text) as CommandOutcome

  return {
    setProgress: (job, seq, { pieces, sources, switches, startedAt }) => {
      upsertProgress.run(job, seq, pieces, JSON.stringify(sources), switches, startedAt)
    },
    progress: (job, seq) => {
      const row = selectProgress.get(job, seq)
      return row == null ? undefined : { ...row, sources: JSON.parse(row.sources) as Record<string, number> }
    },
    setOutcome: (job, seq, outcome) => { upsertOutcome.run(job, seq, outcome.state, JSON.stringify(outcome)) },
    outcome: (job, seq) => {
      const row = oneOutcome.get(job, seq)
      return row == null ? undefined : parse(row.outcome)
    },
    outcomes: job => new Map(allOutcomes.all(job).map(({ seq, outcome }) => [seq, parse(outcome)]))
  }
}
