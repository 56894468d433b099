import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { sameBytes, type Attributes, type Entry } from '@sluice/wire'
import { type AttributePolicy, AttributeWriter, NotApplied } from './attributes.ts'
import { across } from './failpoint.ts'
import { FolderWalk } from './folder-walk.ts'
import type { Reservation } from './space.ts'
import { statEntry } from './stat-entry.ts'
import { systemCode } from './store-error.ts'
import { TreeError, treeError } from './tree-error.ts'

export interface DepositInit {
  readonly root: string
  /** Folder of the same file system, where files wait until they are whole. */
  readonly waiting: string
  readonly path: readonly string[]
  readonly size: number
  readonly attributes: Attributes | undefined
  readonly policy: AttributePolicy
  /** SHA-256 that the content must have; empty: whatever it is. */
  readonly digest: Uint8Array
  /** Make the folders on the way. */
  readonly parents: boolean
  /** Promised to it: as many bytes as it has. */
  readonly space: Reservation
}

/** What became of a file, folder or its attributes. */
export interface Placed {
  readonly entry: Entry
  /** Attributes that this server could not set. */
  readonly notApplied: string[]
}

/** One file on its way into the media tree: it appears there whole, durable and with its attributes, or not at all. */
export class Deposit {
  readonly #init: DepositInit
  readonly #handle: FileHandle
  readonly #temporary: string
  readonly #hash = createHash('sha256')
  #written = 0

  private constructor (init: DepositInit, handle: FileHandle, temporary: string) {
    this.#init = init
    this.#handle = handle
    this.#temporary = temporary
  }

  /** @throws {TreeError} where it could not be placed, before a byte has come */
  static async begin (init: DepositInit): Promise<Deposit> {
    const { path, root, waiting, parents } = init
    const walk = new FolderWalk(root)
    try {
      // Looked at ahead of the bytes; the rename looks again.
      await walk.in(path.slice(0, -1), parents, async ({ at }) => { await refuseFolder(at(path.at(-1) as string), path) })
      await syncChanged(walk)
      const temporary = join(waiting, randomUUID())
      // Mode 0600: nobody reads it until it is in its place.
      return new Deposit(init, await open(temporary, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600), temporary)
    } catch (cause) {
      throw treeError(cause, path)
    } finally {
      await walk.close()
    }
  }

  /** Bytes that are still to come. */
  get left (): number {
    return this.#init.size - this.#written
  }

  /** The next bytes. @throws {TreeError} too-large, no-space */
  async write (bytes: Uint8Array): Promise<void> {
    const { path, size } = this.#init
    if (bytes.length > this.left) throw new TreeError('too-large', path, `was announced with ${size} bytes, and more have come`)
    try {
      this.#hash.update(bytes)
      await this.#handle.writeFile(bytes)
      this.#written += bytes.length
      this.#init.space.spend(bytes.length)
    } catch (cause) {
      throw treeError(cause, path)
    }
  }

  /**
   * All bytes are here: show the file.
   *
   * @throws {TreeError} changed, where they are not what they must be; and as begin()
   */
  async place (): Promise<Placed> {
    const { root, path, attributes, policy, digest: wanted } = this.#init
    const name = path.at(-1) as string
    const digest = this.#hash.digest()
    if (this.left !== 0) throw new TreeError('changed', path, `ended ${this.left} bytes early: send it again`)
    if (wanted.length > 0 && !sameBytes(wanted, digest)) throw new TreeError('changed', path, 'arrived with another digest than it was announced with: send it again')
    const walk = new FolderWalk(root)
    const notApplied = new NotApplied()
    try {
      await new AttributeWriter(policy, notApplied).newFile(this.#handle, attributes, `/${path.join('/')}`)
      await across('deposit-data', async () => { await this.#handle.sync() })
      const entry = statEntry([...path], await this.#handle.stat({ bigint: true }))
      await walk.in(path.slice(0, -1), false, async ({ at, handle }) => {
        await refuseFolder(at(name), path)
        await across('deposit-name', async () => { await rename(this.#temporary, at(name)) })
        await across('deposit-folder', async () => { await handle.sync() })
      })
      return { entry: { ...entry, digest }, notApplied: notApplied.lines() }
    } catch (cause) {
      throw treeError(cause, path)
    } finally {
      await walk.close()
    }
  }

  /** Done, or given up: nothing of it waits any more. */
  async close (): Promise<void> {
    this.#init.space.release()
    await this.#handle.close()
    await unlink(this.#temporary).catch(ignoreMissing)
  }
}

async function refuseFolder (place: string, path: readonly string[]): Promise<void> {
  const there = await lstat(place).catch(ignoreMissing)
  if (there?.isDirectory() === true) throw new TreeError('not-a-file', path, 'is a folder, and a file would have to take its place')
}

/** Folders that were made on the way are durable before what is in them. */
export async function syncChanged (walk: FolderWalk): Promise<void> {
  for (const components of walk.changed.values()) await walk.in(components, false, async ({ handle }) => { await across('errand-way', async () => { await handle.sync() }) })
}

function ignoreMissing (cause: unknown): undefined {
  if (systemCode(cause) !== 'ENOENT') throw cause
}
