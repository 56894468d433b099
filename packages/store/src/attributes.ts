import type { FileHandle } from 'node:fs/promises'
import { EntryType, type Attributes, type Entry } from '@sluice/wire'

/** Files that say nothing of their mode: readable by the HTTP server of another user. */
const DEFAULT_FILE_MODE = 0o644
/** rwx for owner, group and others. Set-user-id and its like are never taken from the network. */
const PERMISSION_BITS = 0o777
/** We have to read what we published, for peers and for audits. */
const OWNER_READ = 0o400
/** We have to reach, and later to replace, what is in a folder we made. */
const OWNER_ALL = 0o700
const NANOS = 1e9
/** The distance of two doubles in seconds, from 2038 to 2106 and finer before: 477 ns. */
const TIME_STEP = 2 ** -21

/** What could not be set on this server, counted by attribute: a receipt cannot name a million paths. */
export class NotApplied {
  readonly #counts = new Map<string, { count: number, first: string }>()

  add (attribute: string, path: string): void {
    const known = this.#counts.get(attribute)
    if (known == null) this.#counts.set(attribute, { count: 1, first: path })
    else known.count++
  }

  /** Such as `owner (3 entries, the first is "a/b")`. */
  lines (): string[] {
    return [...this.#counts].map(([attribute, { count, first }]) =>
      `${attribute} (${count === 1 ? '1 entry' : `${count} entries`}, the first is ${JSON.stringify(first)})`)
  }
}

/** Set what a manifest says of a file. */
export async function applyToFile (handle: FileHandle, attributes: Attributes | undefined): Promise<void> {
  await apply(handle, attributes, fileMode(attributes))
}

/** Set what a manifest says of a folder. Its mode stays as it is if nothing is said. */
export async function applyToFolder (handle: FileHandle, attributes: Attributes | undefined): Promise<void> {
  await apply(handle, attributes, attributes?.mode == null ? undefined : folderMode(attributes.mode))
}

/** Give the owner, who we are, full access to a folder while it is filled; its mode is set at the end. */
export async function openUp (handle: FileHandle): Promise<void> {
  const { mode } = await handle.stat()
  if ((mode & OWNER_ALL) !== OWNER_ALL) await handle.chmod((mode & PERMISSION_BITS) | OWNER_ALL)
}

/** Note what we do not set of an entry's attributes. */
export function noteNotApplied ({ type, path, attributes }: Pick<Entry, 'type' | 'path' | 'attributes'>, notApplied: NotApplied): void {
  if (attributes == null) return
  const shown = path.join('/')
  if (attributes.owner != null) notApplied.add('owner', shown)
  if (attributes.group != null) notApplied.add('group', shown)
  for (const { name } of attributes.xattrs) notApplied.add(`extended attribute ${JSON.stringify(name)}`, shown)
  const { mode } = attributes
  // A link has no mode of its own.
  if (mode == null || type === EntryType.SYMLINK) return
  if (mode !== (type === EntryType.FILE ? fileMode(attributes) : folderMode(mode))) notApplied.add('mode', shown)
}

function fileMode (attributes: Attributes | undefined): number {
  return ((attributes?.mode ?? DEFAULT_FILE_MODE) & PERMISSION_BITS) | OWNER_READ
}

function folderMode (mode: number): number {
  return (mode & PERMISSION_BITS) | OWNER_READ
}

/**
 * A time as utimes() takes it. Node passes times on as doubles of seconds, so
 * a time of our days is right to half a microsecond. As text, because Node takes a
 * negative number to mean now.
 */
export function utimesValue (attributes: Attributes): string | undefined {
  if (attributes.mtimeSeconds == null) return undefined
  const nanos = Math.min(attributes.mtimeNanos ?? 0, NANOS - 1)
  const seconds = attributes.mtimeSeconds + nanos / NANOS
  // Rounding must not carry a file of 23:59:59.999999999 into the next second.
  return String(Math.floor(seconds) === attributes.mtimeSeconds ? seconds : attributes.mtimeSeconds + 1 - TIME_STEP)
}

async function apply (handle: FileHandle, attributes: Attributes | undefined, mode: number | undefined): Promise<void> {
  if (mode != null) await handle.chmod(mode)
  const mtime = attributes == null ? undefined : utimesValue(attributes)
  if (mtime != null) await handle.utimes(mtime, mtime)
}
