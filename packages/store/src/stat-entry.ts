import type { BigIntStats } from 'node:fs'
import { type Entry, EntryType } from '@sluice/wire'

/** What a manifest may say of a mode: it is the server that takes permission bits only, and says so. */
const MODE_BITS = 0o7777n
const NANOS = 1_000_000_000n

/** A file, folder or link as the file system describes it. */
export function statEntry (path: string[], stat: BigIntStats): Entry {
  const type = stat.isDirectory() ? EntryType.DIRECTORY : stat.isSymbolicLink() ? EntryType.SYMLINK : EntryType.FILE
  // Rounded down: there are files from before 1970.
  const seconds = stat.mtimeNs >= 0n ? stat.mtimeNs / NANOS : (stat.mtimeNs - NANOS + 1n) / NANOS
  return {
    path,
    type,
    size: type === EntryType.FILE ? Number(stat.size) : 0,
    attributes: { mode: Number(stat.mode & MODE_BITS), mtimeSeconds: Number(seconds), mtimeNanos: Number(stat.mtimeNs - seconds * NANOS), xattrs: [] },
    digest: new Uint8Array(),
    target: []
  }
}
