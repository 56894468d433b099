/**
 * - `in-use`: another process has the journal open
 * - `newer`: it was written by a later version of Sluice
 * - `corrupt`: it is no database, or a damaged one
 * - `unwritable`: its folder or file cannot be written, or the disk is full or failing
 * - `unknown`: the job, command or member that is written about is not in it
 * - `fallen`: a number that must never fall would
 */
export type JournalErrorCode = 'in-use' | 'newer' | 'corrupt' | 'unwritable' | 'unknown' | 'fallen'

export class JournalError extends Error {
  override readonly name: string = 'JournalError'
  readonly code: JournalErrorCode

  constructor (code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Two versions of what there is to be only one of: somebody signed twice, or redeemed what was redeemed. */
export class JournalConflict extends Error {
  override readonly name = 'JournalConflict'
}

// SQLite's primary result codes (sqlite.org/rescode.html).
const SQLITE_PERM = 3
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26
const SQLITE_CONSTRAINT_FOREIGNKEY = 787

interface SqliteError extends Error {
  errcode?: number
}

/** Whether the file is locked by somebody else. */
export function isBusy (cause: unknown): boolean {
  return primaryCode(cause) === SQLITE_BUSY
}

/** The disk itself fails. What a failed fsync leaves behind nobody knows: it must not be tried again in this run. */
export function isDiskFailure (cause: unknown): boolean {
  return primaryCode(cause) === SQLITE_IOERR
}

/** An error of SQLite's as one that says what to do; any other as it is. */
export function journalError (cause: unknown, path: string): unknown {
  const { errcode, message } = cause as SqliteError
  if (errcode === SQLITE_CONSTRAINT_FOREIGNKEY) {
    return new JournalError('unknown', `${path}: the job or command that this belongs to is not in the journal: put that first`, { cause })
  }
  switch (primaryCode(cause)) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new JournalError('corrupt', `${path} is damaged (${message}): restore it from a backup, or move it away to start without history`, { cause })
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return new JournalError('unwritable', `${path} cannot be written (${message}): correct the owner or mode of the file and its folder`, { cause })
    case SQLITE_FULL:
      return new JournalError('unwritable', `${path} cannot grow (${message}): free some space`, { cause })
    case SQLITE_IOERR:
      return new JournalError('unwritable', `${path} cannot be read or written (${message}): check the disk`, { cause })
    default:
      return cause
  }
}

function primaryCode (cause: unknown): number {
  // The upper bits of a result code only refine it.
  return ((cause as SqliteError).errcode ?? 0) & 0xff
}
