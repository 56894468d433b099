import { lstat, readdir } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { type Attributes, CollisionCheck, checkPath, type Entry, EntryType } from '@sluice/wire'

/** Local media that cannot be published as it is. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

/** A file or directory as it is to be published: what the nodes are told, and where the bytes are. */
export interface Scanned {
  /** One file, whose entry has no path of its own. */
  readonly single: boolean
  readonly entries: Entry[]
  /** Local path of each entry, by its index. */
  readonly local: string[]
  /** Media bytes of all files. */
  readonly bytes: number
  readonly files: number
}

const PERMISSIONS = 0o7777n
const NANOS = 1_000_000_000n

/**
 * Look at what is to be published, without reading any file. Folders come
 * before what is in them, names in byte order, so that the same tree always
 * gives the same manifest.
 *
 * @param root - whether the tree's own folder is described too; not where it becomes the nodes' media root
 * @throws {SourceError | PathError} naming the path and what to do
 */
export async function scan (path: string, root: boolean): Promise<Scanned> {
  const stat = await statOf(path)
  if (stat.isFile()) {
    return { single: true, entries: [entryOf([], stat, EntryType.FILE)], local: [path], bytes: Number(stat.size), files: 1 }
  }
  if (!stat.isDirectory()) throw new SourceError(`${path} is neither a file nor a directory`)
  const found: Scanned & { bytes: number, files: number } = { single: false, entries: [], local: [], bytes: 0, files: 0 }
  if (root) {
    found.entries.push(entryOf([], stat, EntryType.DIRECTORY))
    found.local.push(path)
  }
  await scanFolder(path, [], found, new CollisionCheck())
  return found
}

async function scanFolder (folder: string, components: string[], found: Scanned & { bytes: number, files: number }, collisions: CollisionCheck): Promise<void> {
  const names = (await readdir(folder)).sort()
  for (const name of names) {
    const local = join(folder, name)
    const path = [...components, name]
    checkPath(path)
    const stat = await statOf(local)
    const isFolder = stat.isDirectory()
    if (!isFolder && !stat.isFile()) throw new SourceError(`${local} is ${kindOf(stat)}: only files and directories can be published; leave it out or replace it by what it points to`)
    collisions.add(path, isFolder ? 'folder' : 'other')
    found.entries.push(entryOf(path, stat, isFolder ? EntryType.DIRECTORY : EntryType.FILE))
    found.local.push(local)
    if (isFolder) {
      await scanFolder(local, path, found, collisions)
    } else {
      found.bytes += Number(stat.size)
      found.files++
    }
  }
}

async function statOf (path: string): Promise<BigIntStats> {
  try {
    return await lstat(path, { bigint: true })
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new SourceError(missing ? `${path} does not exist` : `cannot look at ${path}: ${(cause as Error).message}`, { cause })
  }
}

function kindOf (stat: BigIntStats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link'
  if (stat.isSocket()) return 'a socket'
  if (stat.isFIFO()) return 'a pipe'
  return 'a device'
}

function entryOf (path: string[], stat: BigIntStats, type: EntryType): Entry {
  const seconds = stat.mtimeNs >= 0n ? stat.mtimeNs / NANOS : (stat.mtimeNs - NANOS + 1n) / NANOS
  const attributes: Attributes = { mode: Number(stat.mode & PERMISSIONS), mtimeSeconds: Number(seconds), mtimeNanos: Number(stat.mtimeNs - seconds * NANOS), xattrs: [] }
  return { path, type, size: type === EntryType.FILE ? Number(stat.size) : 0, attributes, digest: new Uint8Array(), target: [] }
}
