import { lstat, readdir, readlink } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type Attributes, CollisionCheck, checkPath, type Entry, EntryType } from '@sluice/wire'
import { timeOf } from './command-options.ts'
import { SourceError } from './errors.ts'
import { readXattrs, type XattrsByPath } from './xattrs.ts'

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

export interface ScanOptions {
  /** Tell owner and group, by number. */
  readonly owner?: boolean | undefined
  /** Tell extended attributes. */
  readonly xattrs?: boolean | undefined
}

/** A scan under way. */
interface Scan {
  readonly found: Scanned & { bytes: number, files: number }
  readonly root: string
  readonly collisions: CollisionCheck
  readonly owner: boolean
  readonly xattrs: XattrsByPath
}

/**
 * Look at what is to be published, without reading any file. Folders come
 * before what is in them, names in byte order, so that the same tree always
 * gives the same manifest.
 *
 * @param root - whether the tree's own folder is described too; not where it becomes the nodes' media root
 * @throws {SourceError | PathError} naming the path and what to do
 */
export async function scan (path: string, root: boolean, { owner = false, xattrs = false }: ScanOptions = {}): Promise<Scanned> {
  const stat = await statOf(path)
  const found: Scan['found'] = { single: stat.isFile(), entries: [], local: [], bytes: 0, files: 0 }
  const scanning: Scan = { found, root: resolve(path), collisions: new CollisionCheck(), owner, xattrs: xattrs ? await readXattrs(path) : new Map() }
  if (stat.isFile()) addEntry(scanning, [], path, stat, EntryType.FILE)
  else if (!stat.isDirectory()) throw new SourceError(`${path} is ${kindOf(stat)}, and neither a file nor a directory`)
  else {
    if (root) addEntry(scanning, [], path, stat, EntryType.DIRECTORY)
    await scanFolder(scanning, path, [])
  }
  return found
}

async function scanFolder (scanning: Scan, folder: string, components: string[]): Promise<void> {
  const names = (await readdir(folder)).sort()
  for (const name of names) {
    const local = join(folder, name)
    const path = [...components, name]
    checkPath(path)
    const stat = await statOf(local)
    const type = typeOf(stat)
    if (type == null) throw new SourceError(`${local} is ${kindOf(stat)}: only files, directories and symbolic links can be published; leave it out`)
    scanning.collisions.add(path, type === EntryType.DIRECTORY ? 'folder' : 'other')
    addEntry(scanning, path, local, stat, type, type === EntryType.SYMLINK ? await targetOf(local, folder, scanning.root) : [])
    if (type === EntryType.DIRECTORY) await scanFolder(scanning, local, path)
  }
}

/**
 * Where a symbolic link leads, relative to the tree that is published.
 *
 * @throws {SourceError} where it leads out of that: elsewhere it would be another file, or somebody else's
 */
async function targetOf (link: string, folder: string, root: string): Promise<string[]> {
  const text = await readlink(link)
  const target = relative(root, resolve(folder, text))
  if (target === '' || target === '..' || target.startsWith(`..${sep}`) || isAbsolute(target)) {
    throw new SourceError(`${link} is a symbolic link to ${text}, which is ${target === '' ? 'the whole tree' : 'outside of what is published'}: leave it out, or replace it by what it points to`)
  }
  const components = target.split(sep)
  checkPath(components)
  return components
}

function addEntry ({ found, owner, xattrs }: Scan, path: string[], local: string, stat: BigIntStats, type: EntryType, target: string[] = []): void {
  const isFile = type === EntryType.FILE
  const attributes: Attributes = {
    ...type === EntryType.SYMLINK ? {} : { mode: Number(stat.mode & PERMISSIONS) },
    ...timeOf(stat.mtimeNs),
    ...owner ? { owner: String(stat.uid), group: String(stat.gid) } : {},
    xattrs: xattrs.get(local) ?? []
  }
  found.entries.push({ path, type, size: isFile ? Number(stat.size) : 0, attributes, digest: new Uint8Array(), target })
  found.local.push(local)
  if (!isFile) return
  found.bytes += Number(stat.size)
  found.files++
}

function typeOf (stat: BigIntStats): EntryType | undefined {
  if (stat.isFile()) return EntryType.FILE
  if (stat.isDirectory()) return EntryType.DIRECTORY
  return stat.isSymbolicLink() ? EntryType.SYMLINK : undefined
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
