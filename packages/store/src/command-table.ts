import { sameBytes } from '@sluice/wire'
import type { Database } from './database.ts'
import { JournalConflict } from './journal-error.ts'

export interface NewCommand {
  /** The provider's signed Command, verbatim. */
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  /** The base's signed Acceptance, verbatim; absent while there is none. */
  readonly acceptance?: Uint8Array | undefined
}

export interface CommandRow extends NewCommand {
  readonly seq: number
}

export interface NewPage {
  /** The provider's signed Page, verbatim. */
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly firstPiece: number
  /** The base's signed Seal, verbatim: of a final page only. */
  readonly seal?: Uint8Array | undefined
}

export interface PageRow extends NewPage {
  readonly number: number
}

/** The queues of the jobs, and the pages of their puts: one version of each, for ever. */
export interface CommandTable {
  /**
   * The same command again may add the acceptance that was missing.
   *
   * @throws {JournalConflict} where (job, seq) has another command or acceptance
   * @throws {JournalError} unknown: no such job
   */
  putCommand (job: string, seq: number, command: NewCommand): 'added' | 'known'
  command (job: string, seq: number): CommandRow | undefined
  /** In order of seq. */
  commands (job: string): CommandRow[]
  /**
   * The same page again may add the seal that was missing.
   *
   * @throws {JournalConflict} where this number has another page or seal
   * @throws {JournalError} unknown: no such command
   */
  putPage (job: string, seq: number, number: number, page: NewPage): 'added' | 'known'
  page (job: string, seq: number, number: number): PageRow | undefined
  /** The one of the highest number. */
  lastPage (job: string, seq: number): PageRow | undefined
  /** In order of their numbers. */
  pages (job: string, seq: number): PageRow[]
}

/** A row as SQLite gives it: null for what is absent. */
type Stored<T> = { [K in keyof T]-?: undefined extends T[K] ? Uint8Array | null : T[K] }

export function commandTable (database: Database): CommandTable {
  const insertCommand = database.prepare(`INSERT INTO commands (job, seq, bytes, hash, acceptance) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET acceptance = coalesce(acceptance, excluded.acceptance)`)
  const oneCommand = database.prepare<Stored<CommandRow>>('SELECT seq, bytes, hash, acceptance FROM commands WHERE job = ? AND seq = ?')
  const allCommands = database.prepare<Stored<CommandRow>>('SELECT seq, bytes, hash, acceptance FROM commands WHERE job = ? ORDER BY seq')
  const insertPage = database.prepare(`INSERT INTO pages (job, seq, number, bytes, hash, firstPiece, seal) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET seal = coalesce(seal, excluded.seal)`)
  const onePage = database.prepare<Stored<PageRow>>('SELECT number, bytes, hash, firstPiece, seal FROM pages WHERE job = ? AND seq = ? AND number = ?')
  const highestPage = database.prepare<Stored<PageRow>>('SELECT number, bytes, hash, firstPiece, seal FROM pages WHERE job = ? AND seq = ? ORDER BY number DESC LIMIT 1')
  const allPages = database.prepare<Stored<PageRow>>('SELECT number, bytes, hash, firstPiece, seal FROM pages WHERE job = ? AND seq = ? ORDER BY number')

  return {
    putCommand: (job, seq, { bytes, hash, acceptance }) => database.transaction(() => {
      const known = oneCommand.get(job, seq)
      if (known != null) {
        demandSame(known.bytes, bytes, `command ${seq} of job ${job}`)
        demandSame(known.acceptance, acceptance, `the acceptance of command ${seq} of job ${job}`)
      }
      insertCommand.run(job, seq, bytes, hash, acceptance ?? null)
      return known == null ? 'added' : 'known'
    }),
    command: (job, seq) => withAcceptance(oneCommand.get(job, seq)),
    commands: job => allCommands.all(job).map(row => withAcceptance(row) as CommandRow),
    putPage: (job, seq, number, { bytes, hash, firstPiece, seal }) => database.transaction(() => {
      const known = onePage.get(job, seq, number)
      if (known != null) {
        demandSame(known.bytes, bytes, `page ${number} of put ${job}/${seq}`)
        demandSame(known.seal, seal, `the seal of page ${number} of put ${job}/${seq}`)
      }
      insertPage.run(job, seq, number, bytes, hash, firstPiece, seal ?? null)
      return known == null ? 'added' : 'known'
    }),
    page: (job, seq, number) => withSeal(onePage.get(job, seq, number)),
    lastPage: (job, seq) => withSeal(highestPage.get(job, seq)),
    pages: (job, seq) => allPages.all(job, seq).map(row => withSeal(row) as PageRow)
  }
}

/** What is missing on either side contradicts nothing. */
function demandSame (known: Uint8Array | null, given: Uint8Array | undefined, what: string): void {
  if (known == null || given == null || sameBytes(known, given)) return
  throw new JournalConflict(`${what} is in the journal with other bytes: it was signed twice`)
}

function withAcceptance (row: Stored<CommandRow> | undefined): CommandRow | undefined {
  return row == null ? undefined : { ...row, acceptance: row.acceptance ?? undefined }
}

function withSeal (row: Stored<PageRow> | undefined): PageRow | undefined {
  return row == null ? undefined : { ...row, seal: row.seal ?? undefined }
}
