import { type FileHandle, lchown, lstat, lutimes } from 'node:fs/promises'
import type { Attributes, ExtendedAttribute } from '@sluice/wire'
import { groupId, userId } from './owner-names.ts'
import { systemCode } from './store-error.ts'
import { setXattr } from './xattr.ts'

/** Files that say nothing of their mode: readable by the HTTP server of another user. */
const DEFAULT_FILE_MODE = 0o644
/** rwx for owner, group and others. Set-user-id and its like are never taken from the network. */
const PERMISSION_BITS = 0o777
/** We have to read what we published, for peers and for audits. */
const OWNER_READ = 0o400
/** We have to reach, and later to replace, what is in a folder we made. */
const OWNER_ALL = 0o700
const NANOS = 1e9
const MICROSECOND = 1_000n
/** What chown() takes for leave it as it is. */
const UNCHANGED = -1
/** The distance of two doubles in seconds, from 2038 to 2106 and finer before: 477 ns. */
const TIME_STEP = 2 ** -21

/** What of a manifest's attributes this server sets beside mode and time: its operator decides. */
export interface AttributePolicy {
  readonly owner: boolean
  readonly xattrs: boolean
}

export const MODE_AND_TIME_ONLY: AttributePolicy = { owner: false, xattrs: false }

/** What could not be set on this server, counted by attribute: a receipt cannot name a million paths. */
export class NotApplied {
  readonly #counts = new Map<string, { count: number, first: string }>()

  add (attribute: string, path: string): void {
    const known = this.#counts.get(attribute)
    if (known == null) this.#counts.set(attribute, { count: 1, first: path })
    else {
      known.count++
      // Files are done side by side: the order they come in is no order.
      if (path < known.first) known.first = path
    }
  }

  /** Such as `owner (3 entries, the first is "a/b")`. */
  lines (): string[] {
    return [...this.#counts].sort(([a], [b]) => a < b ? -1 : 1).map(([attribute, { count, first }]) =>
      `${attribute} (${count === 1 ? '1 entry' : `${count} entries`}, the first is ${JSON.stringify(first)})`)
  }
}

/** Sets what manifests and commands say of files and folders, as far as this server does that, and notes the rest. */
export class AttributeWriter {
  readonly #policy: AttributePolicy
  readonly #notApplied: NotApplied

  constructor (policy: AttributePolicy, notApplied: NotApplied) {
    this.#policy = policy
    this.#notApplied = notApplied
  }

  /** A file that was just written. One that says nothing of its mode gets the usual one. */
  async newFile (handle: FileHandle, attributes: Attributes | undefined, shown: string): Promise<void> {
    await this.#apply(handle, attributes, fileMode(attributes?.mode ?? DEFAULT_FILE_MODE), shown)
  }

  /** A file that is there. Nothing changes of which nothing is said. */
  async file (handle: FileHandle, attributes: Attributes | undefined, shown: string): Promise<void> {
    await this.#apply(handle, attributes, attributes?.mode == null ? undefined : fileMode(attributes.mode), shown)
  }

  /** A folder. Its mode stays as it is if nothing is said. */
  async folder (handle: FileHandle, attributes: Attributes | undefined, shown: string): Promise<void> {
    await this.#apply(handle, attributes, attributes?.mode == null ? undefined : folderMode(attributes.mode), shown)
  }

  /** A symbolic link itself: it has no mode, and `path` must not be followed. */
  async link (path: string, attributes: Attributes | undefined, shown: string): Promise<void> {
    if (attributes == null) return
    for (const { name } of attributes.xattrs) this.#notApplied.add(`extended attribute ${JSON.stringify(name)}`, shown)
    await this.#setOwner(attributes, shown, (user, group) => lchown(path, user, group))
    const mtime = utimesValue(attributes)
    if (mtime == null) return
    await lutimes(path, mtime, mtime)
    this.#checkTime(attributes, (await lstat(path, { bigint: true })).mtimeNs, shown)
  }

  async #apply (handle: FileHandle, attributes: Attributes | undefined, mode: number | undefined, shown: string): Promise<void> {
    if (attributes != null) {
      // In this order: a change of owner takes bits of the mode away, and a read-only file takes no attributes.
      await this.#setXattrs(handle, attributes.xattrs, shown)
      await this.#setOwner(attributes, shown, (user, group) => handle.chown(user, group))
    }
    if (mode != null) await handle.chmod(mode)
    if (attributes?.mode != null && mode !== attributes.mode) this.#notApplied.add('mode', shown)
    const mtime = attributes == null ? undefined : utimesValue(attributes)
    if (attributes == null || mtime == null) return
    await handle.utimes(mtime, mtime)
    this.#checkTime(attributes, (await handle.stat({ bigint: true })).mtimeNs, shown)
  }

  async #setOwner ({ owner, group }: Attributes, shown: string, change: (user: number, group: number) => Promise<void>): Promise<void> {
    const user = owner == null || !this.#policy.owner ? undefined : await userId(owner)
    const groupNumber = group == null || !this.#policy.owner ? undefined : await groupId(group)
    let done = user != null || groupNumber != null
    if (done) {
      await change(user ?? UNCHANGED, groupNumber ?? UNCHANGED).catch(cause => {
        if (systemCode(cause) !== 'EPERM') throw cause
        done = false
      })
    }
    if (owner != null && (user == null || !done)) this.#notApplied.add('owner', shown)
    if (group != null && (groupNumber == null || !done)) this.#notApplied.add('group', shown)
  }

  async #setXattrs (handle: FileHandle, xattrs: readonly ExtendedAttribute[], shown: string): Promise<void> {
    for (const xattr of xattrs) {
      if (this.#policy.xattrs && await setXattr(handle, xattr)) continue
      this.#notApplied.add(`extended attribute ${JSON.stringify(xattr.name)}`, shown)
    }
  }

  /** Node passes times on as doubles, and a file system may be coarser still: say so. */
  #checkTime ({ mtimeSeconds, mtimeNanos }: Attributes, actual: bigint, shown: string): void {
    const missing = BigInt(mtimeSeconds ?? 0) * BigInt(NANOS) + BigInt(mtimeNanos ?? 0) - actual
    if (missing === 0n) return
    this.#notApplied.add(missing > -MICROSECOND && missing < MICROSECOND ? 'mtime below a microsecond' : 'mtime', shown)
  }
}

/** Give the owner, who we are, full access to a folder while it is filled; its mode is set at the end. */
export async function openUp (handle: FileHandle): Promise<void> {
  const { mode } = await handle.stat()
  if ((mode & OWNER_ALL) !== OWNER_ALL) await handle.chmod((mode & PERMISSION_BITS) | OWNER_ALL)
}

function fileMode (mode: number): number {
  return (mode & PERMISSION_BITS) | OWNER_READ
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
