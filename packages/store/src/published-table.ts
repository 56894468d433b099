import type { Database } from './database.ts'

/** A file as the disk describes it: what is known of it holds for as long as this does. */
export interface FileStamp {
  readonly size: number
  /** Time of modification, in nanoseconds since 1970. */
  readonly mtimeNs: bigint
  readonly ino: bigint
}

/** A file or link that a job has published here, and what stands there since. */
export interface PublishedRow {
  /** Components below the media root, with a slash between them. */
  readonly path: string
  readonly job: string
  readonly seq: number
  readonly stamp: FileStamp
  /** When it was published, in milliseconds since 1970. */
  readonly at: number
  /** When it is to be removed, in milliseconds since 1970; unset: when somebody says so. */
  readonly expires?: number | undefined
  /** SHA-256 of a file; none yet if undefined, of no bytes where it is a link. */
  readonly digest: Uint8Array | undefined
}

/** What this server has published by jobs, whether they are closed or not. */
export interface PublishedTable {
  /** A path has one row: the last publication's. What is known of a file that is still the same stays. */
  notePublished (rows: readonly PublishedRow[]): void
  /** In order of their paths, after this one. */
  published (after: string, limit: number): PublishedRow[]
  /** When the first of them expires, if any does. */
  nextExpiry (): number | undefined
  publishedAt (path: string): PublishedRow | undefined
  /** Those whose digest is not known, in the same order. */
  undigested (after: string, limit: number): PublishedRow[]
  /** What stands at a path of the table now. */
  settlePublished (path: string, stamp: FileStamp, digest: Uint8Array): void
  /** Nothing at this path, or below it, is ours any more. */
  forgetPublished (path: string): void
  /** What was at `from`, and below it, is at `to` now. */
  movePublished (from: string, to: string): void
}

type Stored = Omit<PublishedRow, 'stamp' | 'digest' | 'expires'> & { readonly expires: number | null, readonly size: number, readonly mtimeNs: string, readonly ino: string, readonly digest: Uint8Array | null }

// The slash and what follows it in the order of characters: between them is all that is below a path.
const WITHIN = "(path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0'))"

export function publishedTable (database: Database): PublishedTable {
  const note = database.prepare(`INSERT INTO published (path, job, seq, size, mtimeNs, ino, at, expires, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET job = excluded.job, seq = excluded.seq, size = excluded.size, mtimeNs = excluded.mtimeNs, ino = excluded.ino, at = excluded.at, expires = excluded.expires,
    digest = CASE WHEN size = excluded.size AND mtimeNs = excluded.mtimeNs AND ino = excluded.ino THEN coalesce(excluded.digest, digest) ELSE excluded.digest END`)
  const all = database.prepare<Stored>('SELECT * FROM published WHERE path > ? ORDER BY path LIMIT ?')
  const next = database.prepare<{ expires: number | null }>('SELECT min(expires) AS expires FROM published WHERE expires IS NOT NULL')
  const one = database.prepare<Stored>('SELECT * FROM published WHERE path = ?')
  const fresh = database.prepare<Stored>('SELECT * FROM published WHERE path > ? AND digest IS NULL ORDER BY path LIMIT ?')
  const settle = database.prepare('UPDATE published SET size = ?, mtimeNs = ?, ino = ?, digest = ? WHERE path = ?')
  const forget = database.prepare(`DELETE FROM published WHERE ${WITHIN}`)
  const move = database.prepare(`UPDATE published SET path = ?2 || substr(path, length(?1) + 1) WHERE ${WITHIN}`)

  return {
    notePublished: rows => {
      database.transaction(() => {
        for (const { path, job, seq, stamp: { size, mtimeNs, ino }, at, expires, digest } of rows) note.run(path, job, seq, size, String(mtimeNs), String(ino), at, expires ?? null, digest ?? null)
      })
    },
    published: (after, limit) => all.all(after, limit).map(rowOf),
    nextExpiry: () => next.get()?.expires ?? undefined,
    publishedAt: path => {
      const row = one.get(path)
      return row == null ? undefined : rowOf(row)
    },
    undigested: (after, limit) => fresh.all(after, limit).map(rowOf),
    settlePublished: (path, { size, mtimeNs, ino }, digest) => { settle.run(size, String(mtimeNs), String(ino), digest, path) },
    forgetPublished: path => { forget.run(path) },
    movePublished: (from, to) => {
      database.transaction(() => {
        forget.run(to)
        move.run(from, to)
      })
    }
  }
}

function rowOf ({ size, mtimeNs, ino, expires, digest, ...row }: Stored): PublishedRow {
  return { ...row, ...expires == null ? {} : { expires }, stamp: { size, mtimeNs: BigInt(mtimeNs), ino: BigInt(ino) }, digest: digest ?? undefined }
}
