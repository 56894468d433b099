import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Member } from './fleet.ts'

const FILES = ['journal.sqlite', 'journal.sqlite-wal']

export interface SampledReceipt {
  readonly node: string
  readonly number: number
  readonly final: string | null
  readonly hash: string
  readonly outbox: boolean
}

/** What of a peer's journal must only ever grow, and the receipts in it. */
export interface JournalSample {
  /** By name: epochs, heads of queues, numbers of receipts. None of them may fall. */
  readonly sequences: ReadonlyMap<string, number>
  readonly receipts: readonly SampledReceipt[]
}

/** Run `work` on a copy of the journal of a process that does not run: the original is left as the process left it. */
export function withJournal<T> (member: Member, work: (database: DatabaseSync) => T): T | undefined {
  if (!existsSync(join(member.dataDir, FILES[0] as string))) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'sluice-chaos-journal-'))
  try {
    for (const file of FILES) if (existsSync(join(member.dataDir, file))) copyFileSync(join(member.dataDir, file), join(dir, file))
    const database = new DatabaseSync(join(dir, FILES[0] as string))
    try {
      return work(database)
    } finally {
      database.close()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** @returns undefined where there is no journal yet */
export function sampleJournal (member: Member): JournalSample | undefined {
  return withJournal(member, database => {
    const all = (sql: string): Array<Record<string, unknown>> => database.prepare(sql).all() as Array<Record<string, unknown>>
    // Killed before it had made its tables: nothing was promised.
    if (all('SELECT name FROM sqlite_schema WHERE name = \'receipts\'').length === 0) return undefined
    const sequences = new Map<string, number>()
    for (const { value } of all('SELECT value FROM meta WHERE name = \'epoch\'')) sequences.set('epoch', Number(value))
    for (const { job, head } of all('SELECT job, max(seq) AS head FROM commands GROUP BY job')) sequences.set(`head of ${String(job)}`, Number(head))
    for (const { job, node, last } of all('SELECT job, node, max(number) AS last FROM receipts GROUP BY job, node')) sequences.set(`receipts of ${String(node)} in ${String(job)}`, Number(last))
    const receipts = all('SELECT node, number, final, hex(hash) AS hash, outbox FROM receipts').map(({ node, number, final, hash, outbox }) => ({ node: String(node), number: Number(number), final: final as string | null, hash: String(hash), outbox: outbox === 1 }))
    return { sequences, receipts }
  })
}

/** What of `after` is lower than it was. */
export function fallen (name: string, before: JournalSample, after: JournalSample): string[] {
  return [...before.sequences].flatMap(([what, value]) => {
    const now = after.sequences.get(what) ?? 0
    return now < value ? [`${name}: ${what} was ${value} and is ${now} after a restart`] : []
  })
}
