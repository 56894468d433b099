import type { Database } from './database.ts'
import { JournalError } from './journal-error.ts'

/** Single values by name: the epoch, counters, settings that outlive a run. */
export interface MetaTable {
  get (name: string): string | number | undefined
  set (name: string, value: string | number): void
  /**
   * Set a number that must never fall; the same again is fine.
   *
   * @throws {JournalError} fallen
   */
  raise (name: string, value: number): void
}

export function metaTable (database: Database): MetaTable {
  const select = database.prepare<{ value: string | number }>('SELECT value FROM meta WHERE name = ?')
  const upsert = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')

  const get = (name: string): string | number | undefined => select.get(name)?.value

  return {
    get,
    set (name, value) {
      upsert.run(name, value)
    },
    raise (name, value) {
      database.transaction(() => {
        const now = get(name)
        if (now != null && !(value >= Number(now))) throw new JournalError('fallen', `${database.path}: ${name} is ${now} and cannot fall to ${value}: an old copy of the data folder may have been restored`)
        upsert.run(name, value)
      })
    }
  }
}
