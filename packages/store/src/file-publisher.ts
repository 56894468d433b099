import { constants } from 'node:fs'
import { link, lstat, open, rename, symlink, unlink, type FileHandle } from 'node:fs/promises'
import { EntryType, PIECE_BYTES, isAlias, type Entry, type Extent } from '@sluice/wire'
import type { AttributeWriter } from './attributes.ts'
import { across } from './failpoint.ts'
import type { Folder } from './folder-walk.ts'
import { heldMedia } from './held-media.ts'
import { liveMedia, mediaAt, type Bytes } from './media-bytes.ts'
import { placeOf } from './published-files.ts'
import type { PutShape } from './put-shape.ts'
import type { LiveEnd } from './tree-put.ts'
import { entryFile, type StagingFolder } from './staging-folder.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'
import { symlinkText } from './symlink-target.ts'

/** Answers of file systems that have no hard links, or no more of them for this file. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** All that a commit rests on. */
export interface CommitPlan {
  readonly shape: PutShape
  readonly folder: StagingFolder
  readonly entries: readonly Entry[]
  readonly extents: readonly Extent[]
  readonly live: LiveEnd | undefined
  /** Whether published files may be links to the staged ones. */
  readonly links: boolean
  readonly attributes: AttributeWriter
}

export interface Item {
  readonly entry: Entry
  readonly index: number
}

/** Where one item goes. */
export interface Target {
  readonly folder: Folder
  readonly name: string
  /** For messages. */
  readonly shown: string
}

/** Puts one file or link at its place: by a rename, when it is whole and durable. */
export class FilePublisher {
  readonly #plan: CommitPlan
  /** Where each entry's bytes begin in the sequence. */
  readonly #starts: Float64Array

  constructor (plan: CommitPlan) {
    this.#plan = plan
    this.#starts = new Float64Array(plan.entries.length)
    for (const { entry, start } of plan.extents) this.#starts[entry] = start
  }

  async file (item: Item, target: Target): Promise<void> {
    await this.#clear(item, target)
    const { copyOf } = item.entry
    if (copyOf != null && !this.#plan.links && await this.#movedBefore(item, `${this.#plan.folder.path}/${entryFile(copyOf)}`, this.#paths(item, target).final)) return
    const ownFile = item.entry.size >= PIECE_BYTES && this.#plan.live == null && !isAlias(item.entry)
    if (!ownFile) await this.#copy(item, target)
    else if (this.#plan.links) await this.#link(item, target)
    else await this.#move(item, target)
  }

  async symlink (item: Item, target: Target): Promise<void> {
    await this.#clear(item, target)
    const { temporary, final } = this.#paths(item, target)
    await this.prepare(item, temporary, target.shown)
    await across('published-name', async () => { await rename(temporary, final) })
  }

  /** Make a file or link, whole and durable, at `temporary`, where there is none. It can be put in its place later. */
  async prepare (item: Item, temporary: string, shown: string): Promise<void> {
    const { entry, index } = item
    const { folder, links, live, attributes } = this.#plan
    if (entry.type === EntryType.SYMLINK) {
      await symlink(symlinkText(entry, shown), temporary)
      return await attributes.link(temporary, entry.attributes, this.#named(entry))
    }
    if (entry.size < PIECE_BYTES || live != null || !links || isAlias(entry)) return await this.#copyTo(item, temporary, shown)
    await this.#seal(item, shown)
    await link(`${folder.path}/${entryFile(index)}`, temporary).catch(async cause => {
      if (!NO_LINKS.has(systemCode(cause) ?? '') && systemCode(cause) !== 'EXDEV') throw cause
      await this.#copyTo(item, temporary, shown)
    })
  }

  /** Flush a file or folder. Where that fails the put has failed: see StagingFolder.sync. */
  async durable (handle: FileHandle, shown: string, boundary: 'published-data' | 'published-folder' | 'switchover-shown' = 'published-data'): Promise<void> {
    try {
      await across(boundary, async () => { await handle.sync() })
    } catch (cause) {
      throw this.#plan.folder.fail(storeError(cause, 'make durable', shown, this.#plan.folder.root))
    }
  }

  /** Refuse to replace a folder, and remove what a commit left that was cut off before its rename. */
  async #clear (item: Item, target: Target): Promise<void> {
    const { temporary, final } = this.#paths(item, target)
    const there = await lstat(final).catch(ignoreMissing)
    if (there?.isDirectory() === true) throw new StoreError('obstructed', target.shown, `${target.shown} is a folder where a file must go: remove or rename it`)
    await unlink(temporary).catch(ignoreMissing)
  }

  /** The staged file itself is published, and stays staged for peers under its own name. */
  async #link (item: Item, target: Target): Promise<void> {
    const { staging, temporary, final } = this.#paths(item, target)
    if (await this.#movedBefore(item, staging, final)) return
    await this.#seal(item, target.shown)
    try {
      await across('published-link', async () => { await link(staging, temporary) })
    } catch (cause) {
      const code = systemCode(cause) ?? ''
      if (NO_LINKS.has(code)) return await this.#rename(item, target)
      if (code === 'EXDEV') return await this.#copy(item, target)
      throw cause
    }
    await across('published-name', async () => { await rename(temporary, final) })
    // A rename between two names of one file does nothing, and leaves both: this commit was done before.
    await unlink(temporary).catch(ignoreMissing)
  }

  async #move (item: Item, target: Target): Promise<void> {
    const { staging, final } = this.#paths(item, target)
    if (await this.#movedBefore(item, staging, final)) return
    await this.#seal(item, target.shown)
    await this.#rename(item, target)
  }

  async #rename (item: Item, target: Target): Promise<void> {
    const { staging, final } = this.#paths(item, target)
    try {
      await across('published-name', async () => { await rename(staging, final) })
    } catch (cause) {
      if (systemCode(cause) !== 'EXDEV') throw cause
      await this.#copy(item, target)
    }
  }

  /** Whether the same commit has moved this file before it was cut off. If neither is there, somebody took it away. */
  async #movedBefore ({ entry }: Item, staging: string, final: string): Promise<boolean> {
    if (await lstat(staging).catch(ignoreMissing) != null) return false
    const there = await lstat(final).catch(ignoreMissing)
    return there?.isFile() === true && there.size === entry.size
  }

  /** Set the attributes of a staged file, and make it durable with them. */
  async #seal ({ entry, index }: Item, shown: string): Promise<void> {
    await this.#plan.folder.use(entryFile(index), async handle => {
      await this.#plan.attributes.newFile(handle, entry.attributes, this.#named(entry))
      await this.durable(handle, shown)
    })
  }

  async #copy (item: Item, target: Target): Promise<void> {
    const { temporary, final } = this.#paths(item, target)
    await this.#copyTo(item, temporary, target.shown)
    await across('published-name', async () => { await rename(temporary, final) })
  }

  async #copyTo (item: Item, temporary: string, shown: string): Promise<void> {
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
    try {
      for await (const bytes of this.#bytesOf(item)) await handle.writeFile(bytes)
      await this.#plan.attributes.newFile(handle, item.entry.attributes, this.#named(item.entry))
      await this.durable(handle, shown)
    } catch (cause) {
      await unlink(temporary).catch(ignoreMissing)
      throw cause
    } finally {
      await handle.close()
    }
  }

  #bytesOf ({ entry, index }: Item): Bytes {
    const { shape, folder, live } = this.#plan
    if (live != null) return liveMedia(shape, live).read(folder)
    if (entry.target.length > 0) return heldMedia(folder.root, shape, entry)
    // A copy is made of the staged original, and not linked to it: each has attributes of its own.
    const origin = entry.copyOf ?? index
    return mediaAt(folder, entry.size, entry.size >= PIECE_BYTES ? { file: origin } : { start: this.#starts[origin] as number })
  }

  /** What a receipt calls an entry: by where the provider has it, and not by where we do. */
  #named (entry: Entry): string {
    return placeOf({ ...this.#plan.shape, destination: this.#plan.shape.single ? this.#plan.shape.destination : [] }, entry).join('/')
  }

  #paths ({ index }: Item, { folder, name }: Target): { staging: string, temporary: string, final: string } {
    const { shape: { job, seq }, folder: { path } } = this.#plan
    return { staging: `${path}/${entryFile(index)}`, temporary: folder.at(`.sluice-${job}-${seq}-${index}`), final: folder.at(name) }
  }
}

function ignoreMissing (cause: unknown): undefined {
  if (systemCode(cause) !== 'ENOENT') throw cause
}
