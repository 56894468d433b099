import { sameBytes } from '@sluice/wire'
import type { Database } from './database.ts'
import { JournalConflict, JournalError } from './journal-error.ts'

export type JobState = 'open' | 'ending' | 'closed'

/** A rank and the last one of a run of ranks. */
export type RankRange = readonly [first: number, end: number]

export interface NewJob {
  readonly id: string
  /** SHA-256 of the signed payload. */
  readonly hash: Uint8Array
  /** The signed Job, verbatim. */
  readonly bytes: Uint8Array
  /** Milliseconds since 1970. */
  readonly created: number
  readonly expires: number
  /** What this peer is to the job, such as `base`, `node` or `provider`. */
  readonly role: string
}

export interface JobRow extends NewJob {
  readonly state: JobState
}

export interface JobTable {
  /** @throws {JournalConflict} where the same id has another hash */
  putJob (job: NewJob): 'added' | 'known'
  job (id: string): JobRow | undefined
  jobByHash (hash: Uint8Array): JobRow | undefined
  /** Those that are not closed, oldest first. */
  openJobs (): JobRow[]
  /** Newest first; `before` is the id of the last one of the page before. */
  jobs (options: { limit: number, before?: string }): JobRow[]
  setJobState (id: string, state: JobState): void
  /** The signed Report, verbatim. @throws {JournalConflict} where there is another */
  setReport (id: string, bytes: Uint8Array): void
  report (id: string): Uint8Array | undefined
  /** The ranks this peer still has to hand the job on to. */
  setRanges (id: string, ranges: readonly RankRange[]): void
  ranges (id: string): RankRange[]
  /** Forget a job and all that belongs to it, after the retention time. */
  removeJob (id: string): void
}

const COLUMNS = 'id, hash, bytes, created, expires, role, state'

export function jobTable (database: Database): JobTable {
  const insert = database.prepare('INSERT INTO jobs (id, hash, bytes, created, expires, role) VALUES (?, ?, ?, ?, ?, ?)')
  const byId = database.prepare<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`)
  const byHash = database.prepare<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE hash = ?`)
  const open = database.prepare<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE state <> 'closed' ORDER BY created, id`)
  const newest = database.prepare<JobRow>(`SELECT ${COLUMNS} FROM jobs ORDER BY created DESC, id DESC LIMIT ?`)
  const before = database.prepare<JobRow>(`SELECT ${COLUMNS} FROM jobs
    WHERE (created, id) < (SELECT created, id FROM jobs WHERE id = ?) ORDER BY created DESC, id DESC LIMIT ?`)
  const updateState = database.prepare('UPDATE jobs SET state = ? WHERE id = ?')
  const updateReport = database.prepare('UPDATE jobs SET report = ? WHERE id = ?')
  const selectReport = database.prepare<{ report: Uint8Array | null }>('SELECT report FROM jobs WHERE id = ?')
  const updateRanges = database.prepare('UPDATE jobs SET ranges = ? WHERE id = ?')
  const selectRanges = database.prepare<{ ranges: string }>('SELECT ranges FROM jobs WHERE id = ?')
  const remove = database.prepare('DELETE FROM jobs WHERE id = ?')

  const report = (id: string): Uint8Array | undefined => selectReport.get(id)?.report ?? undefined
  const demand = (id: string, changes: number): void => {
    if (changes === 0) throw new JournalError('unknown', `${database.path} has no job ${id}`)
  }

  return {
    report,
    putJob: ({ id, hash, bytes, created, expires, role }) => database.transaction(() => {
      const known = byId.get(id)
      if (known == null) {
        insert.run(id, hash, bytes, created, expires, role)
        return 'added'
      }
      if (!sameBytes(known.hash, hash)) throw new JournalConflict(`job ${id} is in the journal with another hash: its base signed it twice`)
      return 'known'
    }),
    job: id => byId.get(id),
    jobByHash: hash => byHash.get(hash),
    openJobs: () => open.all(),
    jobs: ({ limit, before: id }) => id == null ? newest.all(limit) : before.all(id, limit),
    setJobState: (id, state) => { demand(id, updateState.run(state, id)) },
    setReport: (id, bytes) => {
      database.transaction(() => {
        const known = report(id)
        if (known != null && !sameBytes(known, bytes)) throw new JournalConflict(`job ${id} has another report: it was closed twice`)
        demand(id, updateReport.run(bytes, id))
      })
    },
    setRanges: (id, ranges) => { demand(id, updateRanges.run(JSON.stringify(ranges), id)) },
    ranges: id => JSON.parse(selectRanges.get(id)?.ranges ?? '[]') as RankRange[],
    removeJob: id => { remove.run(id) }
  }
}
