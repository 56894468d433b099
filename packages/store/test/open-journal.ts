import { join } from 'node:path'
import { openJournal, type Journal } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A journal for each test of the suite this is called in, with one job, `j1`, in it. */
export function journalWithJob (): () => Journal {
  const folder = temporaryFolder()
  let journal: Journal
  beforeEach(() => {
    journal = openJournal(join(folder(), 'journal.db'))
    journal.putJob({ id: 'j1', hash: Buffer.from('j1'), bytes: bytes(1, 2, 3), created: 1, expires: 9, role: 'node' })
  })
  afterEach(() => { journal.close() })
  return () => journal
}

export function bytes (...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

/** For comparing: what SQLite gives back has no prototype that chai would take for the same. */
export function plain (value: Uint8Array | undefined): number[] | undefined {
  return value == null ? undefined : [...value]
}
