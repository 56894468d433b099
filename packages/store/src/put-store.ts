import { constants } from 'node:fs'
import { access, mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { JOB_ID_PATTERN, PIECE_BYTES } from '@sluice/wire'
import { Bitmap } from './bitmap.ts'
import { HandlePool } from './handle-pool.ts'
import type { PutShape } from './put-shape.ts'
import type { Lease, SequencePut } from './sequence-put.ts'
import type { Space } from './space.ts'
import { StagingFolder, syncFolder } from './staging-folder.ts'
import { StoreError, storeError } from './store-error.ts'

/** What a FlatStore and a TreeStore have in common: puts by (job, seq), each in a folder `<job>/<seq>`. */
export abstract class PutStore<P extends SequencePut> {
  /** The media root, or the base's spool. */
  readonly root: string
  readonly #puts: string
  readonly #pool = new HandlePool()
  /** Shared with whatever else writes below the root. */
  readonly space: Space
  readonly #open = new Map<string, P | undefined>()

  /** @param puts - the folder that the puts' folders are in */
  protected constructor (root: string, puts: string, space: Space) {
    this.root = root
    this.#puts = puts
    this.space = space
  }

  /**
   * Whether a put of this size could be accepted now.
   *
   * @throws {StoreError} no-space, root-missing
   */
  async reserve (shape: PutShape): Promise<void> {
    await this.space.check(shape.manifestBytes + shape.bytes)
  }

  /**
   * Begin a put, or go on with it after a restart.
   *
   * @param written - the bitmap of pieces that are known to be durable; none: whatever an earlier attempt left is removed
   * @throws {StoreError} no-space, busy where it is open already, bad-manifest
   */
  async open (shape: PutShape, written: Uint8Array = new Uint8Array()): Promise<P> {
    const { job, seq } = shape
    const path = this.#pathOf(job, seq)
    if (this.#open.has(path)) throw new StoreError('busy', path, `put ${job}/${seq} is open already: close it first`)
    this.#open.set(path, undefined)
    const ended = (): void => { this.#open.delete(path) }
    try {
      const bitmap = Bitmap.fromBytes(written)
      const left = Math.max(0, shape.manifestBytes + shape.bytes - bitmap.count * PIECE_BYTES)
      const space = await this.space.reserve(left)
      const folder = new StagingFolder(path, this.root, this.#pool)
      const put = this.stage(shape, bitmap, { folder, space, ended })
      try {
        await folder.create(bitmap.count === 0)
        await put.resume()
      } catch (cause) {
        await put.close()
        throw cause
      }
      this.#open.set(path, put)
      return put
    } catch (cause) {
      ended()
      throw cause
    }
  }

  protected abstract stage (shape: PutShape, written: Bitmap, lease: Lease): P

  /** What is staged, open or not. */
  async staged (): Promise<Array<{ job: string, seq: number }>> {
    const found: Array<{ job: string, seq: number }> = []
    for (const job of await this.#list(this.#puts)) {
      if (!JOB_ID_PATTERN.test(job)) continue
      for (const seq of await this.#list(join(this.#puts, job))) found.push({ job, seq: Number(seq) })
    }
    return found
  }

  /** Free a put's staged bytes, open or not; nothing if there are none. */
  async discard (job: string, seq: number): Promise<void> {
    const path = this.#pathOf(job, seq)
    const put = this.#open.get(path)
    if (put != null) return await put.discard()
    if (this.#open.has(path)) throw new StoreError('busy', path, `put ${job}/${seq} is being opened: discard it when it is`)
    await rm(path, { recursive: true, force: true })
    await rmdir(join(this.#puts, job)).catch(() => {})
  }

  /** Close every put. */
  async close (): Promise<void> {
    for (const put of [...this.#open.values()]) await put?.close()
    await this.#pool.dropAll()
  }

  async #list (folder: string): Promise<string[]> {
    return await readdir(folder).catch(cause => {
      throw storeError(cause, 'list staged puts', folder, this.root)
    })
  }

  #pathOf (job: string, seq: number): string {
    // They become names of folders: nothing else may.
    if (!JOB_ID_PATTERN.test(job)) throw new RangeError(`${JSON.stringify(job)} is no job id`)
    if (!Number.isSafeInteger(seq) || seq < 0) throw new RangeError(`${seq} is no command's number`)
    return join(this.#puts, job, String(seq))
  }
}

/** Make the folder that puts are staged in. @throws {StoreError} root-missing, forbidden, read-only */
export async function prepare (root: string, puts: string): Promise<void> {
  try {
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
    await mkdir(puts, { recursive: true, mode: 0o700 })
    for (const folder of [root, dirname(puts), puts]) await syncFolder(folder)
  } catch (cause) {
    throw storeError(cause, 'prepare the store', puts, root)
  }
}
