import { existsSync, renameSync } from 'node:fs'
import { lstat, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Prng } from '@sluice/core'
import type { Member } from './fleet.ts'

/** A place in a sparse file may be in a hole, where there is nothing to damage: another is tried. */
const TRIES = 40
/** So much around a place tells whether there is anything. */
const PROBE_BYTES = 4096

/** A regular file with something in it. */
interface Found {
  readonly path: string
  readonly size: number
  readonly links: number
}

async function filesBelow (folder: string, isWanted: (name: string) => boolean = () => true): Promise<Found[]> {
  const found: Found[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isWanted(name)) continue
    const path = join(folder, name)
    const there = await lstat(path).catch(() => undefined)
    if (there?.isDirectory() === true) found.push(...await filesBelow(path, isWanted))
    else if (there?.isFile() === true && there.size > 0) found.push({ path, size: there.size, links: there.nlink })
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1)
}

/** What a base or a node holds of puts and does not show. */
export async function stagedFiles (member: Member): Promise<Found[]> {
  const files = await filesBelow(member.role === 'base' ? join(member.dataDir, 'spool') : join(member.media, '.sluice', 'staging'))
  // With a second name it is published, too.
  return files.filter(({ links }) => links === 1)
}

export async function publishedFiles (member: Member): Promise<Found[]> {
  return await filesBelow(member.media, name => !name.startsWith('.sluice'))
}

/** Turn one byte of one of the files into another. @returns what was done; undefined where there was nothing to damage */
export async function flipByte (files: readonly Found[], draw: number, spoil: (path: string) => Promise<void> = async () => {}): Promise<string | undefined> {
  const prng = new Prng(draw)
  if (files.length === 0) return undefined
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { path, size } = files[prng.below(files.length)] as Found
    const at = prng.below(size)
    const done = await flipAt(path, at, spoil).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    if (done === true) return `byte ${at} of ${path}`
  }
  return undefined
}

async function flipAt (path: string, at: number, spoil: (path: string) => Promise<void>): Promise<boolean> {
  const file = await open(path, 'r+')
  try {
    const from = Math.floor(at / PROBE_BYTES) * PROBE_BYTES
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, from)
    if (at - from >= bytesRead || buffer.every(byte => byte === 0)) return false
    await spoil(path)
    await file.write(Buffer.of((buffer[at - from] as number) ^ 0x10), 0, 1, at)
    return true
  } finally {
    await file.close()
  }
}

/** Of a node that does not run. */
export async function flipJournal (member: Member, draw: number): Promise<string | undefined> {
  const files: Found[] = []
  for (const name of ['journal.sqlite', 'journal.sqlite-wal']) {
    const path = join(member.dataDir, name)
    const there = await stat(path).catch(() => undefined)
    if (there != null && there.size > 0) files.push({ path, size: there.size, links: 1 })
  }
  return await flipByte(files, draw)
}

/** Of a node that does not run: its bitmap says that it holds a piece that it does not. */
export function flipBitmap (member: Member, draw: number): string | undefined {
  const path = join(member.dataDir, 'journal.sqlite')
  if (!existsSync(path)) return undefined
  const database = new DatabaseSync(path)
  try {
    if (database.prepare('SELECT name FROM sqlite_schema WHERE name = \'progress\'').all().length === 0) return undefined
    // A put whose first checkpoint is still to come has pages, and no bitmap yet.
    const rows = database.prepare('SELECT DISTINCT job, seq, coalesce(pieces, x\'00\') AS pieces FROM pages LEFT JOIN progress USING (job, seq)').all() as Array<{ job: string, seq: number, pieces: Uint8Array }>
    const flips = rows.flatMap(row => [...row.pieces].flatMap((byte, index) => byte === 0xff ? [] : [{ row, index }]))
    const chosen = flips[draw % Math.max(1, flips.length)]
    if (chosen == null) return undefined
    const { row: { job, seq, pieces }, index } = chosen
    const damaged = Uint8Array.from(pieces, (byte, i) => i === index ? 0xff : byte)
    database.prepare('INSERT INTO progress (job, seq, pieces, sources, switches, startedAt) VALUES (?, ?, ?, \'{}\', 0, 0) ON CONFLICT DO UPDATE SET pieces = excluded.pieces').run(job, seq, damaged)
    return `pieces ${index * 8} to ${index * 8 + 7} of put ${seq}`
  } finally {
    database.close()
  }
}

/** What the program's own message advises where its journal is damaged. */
export function moveJournalAway (member: Member): void {
  for (const suffix of ['', '-wal', '.pid']) {
    const path = join(member.dataDir, `journal.sqlite${suffix}`)
    if (existsSync(path)) renameSync(path, `${path}.damaged`)
  }
}
