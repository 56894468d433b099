import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { failpoint, watched } from './failpoint.ts'
import { JournalError, isBusy, isDiskFailure, journalError } from './journal-error.ts'

/** A statement that is prepared once; its rows are of type `Row`. */
export interface Statement<Row> {
  /** @returns how many rows were changed */
  run (...values: SQLInputValue[]): number
  get (...values: SQLInputValue[]): Row | undefined
  all (...values: SQLInputValue[]): Row[]
}

/** The write-ahead log is cut back to this after a checkpoint, in bytes, once a burst has made it larger. */
const MAX_LOG_BYTES = 64 * 1024 * 1024

/**
 * A SQLite file for one process alone. SQLite itself holds the lock, so it goes
 * with the process that had it; `<path>.pid` tells who that is, and, if it is
 * found by the next one, that the last run did not end cleanly.
 */
export class Database {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #onFailed: (error: JournalError) => void
  #failure: JournalError | undefined
  #depth = 0
  /** Tables that the transaction under way has written to, for the name of its boundary. */
  readonly #touched = new Set<string>()

  /**
   * @param onFailed - told once when the disk fails: every call throws from then on
   * @param migrations - SQL that leads from each version to the next; never edit one that was released
   * @throws {JournalError} in-use, newer, corrupt, unwritable
   */
  constructor (path: string, migrations: readonly string[], onFailed: (error: JournalError) => void = () => {}) {
    this.path = path
    this.#onFailed = onFailed
    this.#db = this.#guard(() => new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 0 }))
    try {
      this.#guard(() => { this.#takeOver() })
      if (existsSync(this.#pidPath)) this.#guard(() => { this.#check() })
      this.#guard(() => { this.#migrate(migrations) })
      this.#writePid()
    } catch (cause) {
      this.#db.close()
      throw cause
    }
  }

  prepare<Row> (sql: string): Statement<Row> {
    const statement = this.#guard(() => this.#db.prepare(sql))
    return {
      run: watched ? (...values) => this.#watch(tableOf(sql), () => Number(statement.run(...values).changes)) : (...values) => this.#guard(() => Number(statement.run(...values).changes)),
      get: (...values) => this.#guard(() => statement.get(...values) as Row | undefined),
      all: (...values) => this.#guard(() => statement.all(...values) as Row[])
    }
  }

  /**
   * All that `work` changes is durable when this returns, or none of it if it
   * throws. One inside another belongs to the outer one.
   */
  transaction<T> (work: () => T): T {
    if (this.#depth === 0) {
      this.#touched.clear()
      this.#guard(() => { this.#db.exec('BEGIN IMMEDIATE') })
    }
    this.#depth++
    let result: T
    try {
      result = work()
      if (result instanceof Promise) throw new TypeError('a transaction cannot wait: it would hold what others do meanwhile')
    } catch (cause) {
      this.#depth--
      this.#rollBack()
      throw cause
    }
    this.#depth--
    if (this.#depth === 0) this.#commit()
    return result
  }

  close (): void {
    if (!this.#db.isOpen) return
    this.#db.close()
    rmSync(this.#pidPath, { force: true })
  }

  #commit (): void {
    try {
      const boundary = `journal-${[...this.#touched].join('+') || 'schema'}`
      this.#guard(() => {
        failpoint(`before-${boundary}`)
        this.#db.exec('COMMIT')
      })
      failpoint(`after-${boundary}`)
    } catch (cause) {
      this.#rollBack()
      throw cause
    }
  }

  #rollBack (): void {
    if (this.#depth > 0 || !this.#db.isTransaction) return
    try {
      this.#db.exec('ROLLBACK')
    } catch {
      // What led here is what is told. On a failing disk the next start rolls back.
    }
  }

  /** A statement outside of a transaction is one of its own. */
  #watch<T> (table: string, work: () => T): T {
    this.#touched.add(table)
    if (this.#depth > 0) return this.#guard(work)
    const result = this.#guard(() => {
      failpoint(`before-journal-${table}`)
      return work()
    })
    this.#touched.clear()
    failpoint(`after-journal-${table}`)
    return result
  }

  get #pidPath (): string {
    return `${this.path}.pid`
  }

  /** Set what durability rests on, and trust no default. */
  #takeOver (): void {
    // Before the first access: this connection then takes the lock for good, and needs no shared memory file.
    this.#db.exec('PRAGMA locking_mode = EXCLUSIVE')
    this.#demand('journal_mode', 'wal')
    this.#demand('synchronous', 2, 'FULL')
    this.#demand('foreign_keys', 1)
    this.#db.exec(`PRAGMA journal_size_limit = ${MAX_LOG_BYTES}`)
    this.#db.exec('BEGIN IMMEDIATE; COMMIT')
  }

  #demand (pragma: string, wanted: string | number, setting: string | number = wanted): void {
    this.#db.exec(`PRAGMA ${pragma} = ${setting}`)
    const actual = (this.#db.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown>)[pragma]
    if (actual !== wanted) throw new JournalError('unwritable', `${this.path}: ${pragma} is ${String(actual)} and cannot be made ${setting}: the file system does not support it, move the journal to a local disk`)
  }

  #check (): void {
    const [row] = this.#db.prepare('PRAGMA quick_check(1)').all() as Array<{ quick_check: string }>
    if (row?.quick_check !== 'ok') throw new JournalError('corrupt', `${this.path} is damaged (${row?.quick_check}): restore it from a backup, or move it away to start without history`)
  }

  #migrate (migrations: readonly string[]): void {
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > migrations.length) throw new JournalError('newer', `${this.path} has version ${version}, and this Sluice knows only up to ${migrations.length}: install the newer Sluice that wrote it`)
    for (let next = version; next < migrations.length; next++) {
      this.transaction(() => { this.#db.exec(`${migrations[next]}; PRAGMA user_version = ${next + 1}`) })
    }
  }

  #writePid (): void {
    try {
      const fd = openSync(this.#pidPath, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
      writeSync(fd, String(process.pid))
      fsyncSync(fd)
      closeSync(fd)
      // Without its entry a power failure would look like a clean end.
      const folder = openSync(dirname(this.path), constants.O_RDONLY)
      fsyncSync(folder)
      closeSync(folder)
    } catch (cause) {
      throw new JournalError('unwritable', `${this.#pidPath} cannot be written (${(cause as Error).message}): correct the owner or mode of the folder`, { cause })
    }
  }

  #guard<T> (work: () => T): T {
    if (this.#failure != null) throw this.#failure
    try {
      return work()
    } catch (cause) {
      if (isDiskFailure(cause)) {
        this.#failure = journalError(cause, this.path) as JournalError
        this.#onFailed(this.#failure)
        throw this.#failure
      }
      if (!isBusy(cause)) throw journalError(cause, this.path)
      const pid = existsSync(this.#pidPath) ? readFileSync(this.#pidPath, 'utf8') : 'unknown'
      throw new JournalError('in-use', `${this.path} is in use by another sluice process (pid ${pid}): stop that one, or give this one a dataDir of its own`, { cause })
    }
  }
}

/** The table that a statement writes to. */
function tableOf (sql: string): string {
  return /^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)/.exec(sql)?.[1] ?? 'nothing'
}
