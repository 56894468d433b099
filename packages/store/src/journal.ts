import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { absenceTable, type AbsenceTable } from './absence-table.ts'
import { commandTable, type CommandTable } from './command-table.ts'
import { Database } from './database.ts'
import { jobTable, type JobTable } from './job-table.ts'
import { JournalError } from './journal-error.ts'
import { memberTable, type MemberTable } from './member-table.ts'
import { metaTable, type MetaTable } from './meta-table.ts'
import { noticeTable, type NoticeTable } from './notice-table.ts'
import { progressTable, type ProgressTable } from './progress-table.ts'
import { publishedTable, type PublishedTable } from './published-table.ts'
import { receiptLog, type ReceiptLog } from './receipt-log.ts'
import { repairTable, type RepairTable } from './repair-table.ts'
import { MIGRATIONS } from './schema.ts'

/**
 * The durable state of one peer. Every call is synchronous, and what it wrote
 * is durable when it returns, unless it is part of a transaction. Errors are
 * JournalError and JournalConflict.
 */
export interface Journal extends JobTable, CommandTable, ProgressTable, ReceiptLog, MemberTable, RepairTable, AbsenceTable, NoticeTable, PublishedTable {
  readonly path: string
  readonly meta: MetaTable
  /** All of `work` becomes durable at once, or none of it. `work` must not wait. */
  transaction<T> (work: () => T): T
  close (): void
}

/**
 * Open the journal at `path`, or begin one. Its folder must exist.
 *
 * @param onFailed - told once when the disk fails under it: nothing can be written from then on, and the process had better end
 * @throws {JournalError} in-use, newer, corrupt, unwritable
 */
export function openJournal (path: string, { onFailed }: { onFailed?: (error: JournalError) => void } = {}): Journal {
  const folder = dirname(path)
  if (!existsSync(folder)) throw new JournalError('unwritable', `${folder} does not exist: create it, or mount its disk`)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new JournalError('unwritable', `${folder} cannot be written: correct its owner or mode, or remount its file system read-write`, { cause })
  }
  const database = new Database(path, MIGRATIONS, onFailed)
  return {
    path,
    meta: metaTable(database),
    transaction: work => database.transaction(work),
    close: () => { database.close() },
    ...jobTable(database),
    ...commandTable(database),
    ...progressTable(database),
    ...receiptLog(database),
    ...memberTable(database),
    ...repairTable(database),
    ...absenceTable(database),
    ...noticeTable(database),
    ...publishedTable(database)
  }
}
