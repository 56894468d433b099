import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes that are fetched, kept and given up as one: little beside a viewer's buffer, much beside a question on the network. */
export const PULL_BLOCK_BYTES = 1024 * 1024

/** Files in it, each of which is open: far below the usual limit of 1024. */
const MAX_FILES = 256

/**
 * Files that others have, as far as viewers asked for them here: in a folder
 * of its own, outside of the media tree, of a limited size. What nobody has
 * asked for longest gives way. It is a cache: a restart empties it.
 */
export class PullCache {
  readonly #folder: string
  readonly #quota: number
  // In order of last use: a Map keeps insertion order, and use re-inserts.
  readonly #files = new Map<CachedFile, number>()
  #bytes = 0
  #count = 0

  private constructor (folder: string, quota: number) {
    this.#folder = folder
    this.#quota = quota
  }

  /** @param quota - bytes that may be kept */
  static async open (folder: string, quota: number): Promise<PullCache> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new PullCache(folder, quota)
  }

  /** Bytes that are kept now. */
  get bytes (): number {
    return this.#bytes
  }

  /** A place for a file of `size` bytes. @param onDropped - told when it gave way */
  async add (size: number, onDropped: () => void): Promise<CachedFile> {
    const path = join(this.#folder, String(++this.#count))
    const file = new CachedFile(await open(path, 'wx+', 0o600), path, size, onDropped, {
      reserve: async bytes => await this.#reserve(file, bytes),
      used: () => this.#touch(file)
    })
    this.#files.set(file, 0)
    for (const [other] of this.#files) {
      if (this.#files.size <= MAX_FILES) break
      if (other !== file && !other.inUse) await this.drop(other)
    }
    return file
  }

  /** It is not wanted any more. */
  async drop (file: CachedFile): Promise<void> {
    const bytes = this.#files.get(file)
    if (bytes == null) return
    this.#files.delete(file)
    this.#bytes -= bytes
    await file.remove()
  }

  async close (): Promise<void> {
    for (const file of [...this.#files.keys()]) await this.drop(file)
    await rm(this.#folder, { recursive: true, force: true })
  }

  #touch (file: CachedFile): void {
    const bytes = this.#files.get(file)
    if (bytes == null) return
    this.#files.delete(file)
    this.#files.set(file, bytes)
  }

  /** @returns whether so many bytes more may be kept of `file`, others having given way */
  async #reserve (file: CachedFile, bytes: number): Promise<boolean> {
    if (!this.#files.has(file)) return false
    for (const [other] of this.#files) {
      if (this.#bytes + bytes <= this.#quota) break
      if (other !== file && !other.inUse) await this.drop(other)
    }
    const kept = this.#files.get(file)
    if (kept == null || this.#bytes + bytes > this.#quota) return false
    this.#files.set(file, kept + bytes)
    this.#bytes += bytes
    return true
  }
}

interface Keeper {
  readonly reserve: (bytes: number) => Promise<boolean>
  readonly used: () => void
}

/** One file in the cache, with holes. */
export class CachedFile {
  readonly size: number
  readonly #handle: FileHandle
  readonly #path: string
  readonly #keeper: Keeper
  readonly #onDropped: () => void
  readonly #blocks = new Set<number>()
  #users = 0
  #removed = false
  #closed = false

  constructor (handle: FileHandle, path: string, size: number, onDropped: () => void, keeper: Keeper) {
    this.#handle = handle
    this.#path = path
    this.size = size
    this.#onDropped = onDropped
    this.#keeper = keeper
  }

  /** Whether somebody reads it now: then it does not give way. */
  get inUse (): boolean {
    return this.#users > 0
  }

  get isComplete (): boolean {
    return this.#blocks.size === Math.ceil(this.size / PULL_BLOCK_BYTES)
  }

  /** Somebody reads it from here on, until `release`. */
  use (): void {
    this.#users++
    this.#keeper.used()
  }

  async release (): Promise<void> {
    this.#users--
    if (this.#removed) await this.#close()
  }

  has (block: number): boolean {
    return !this.#removed && this.#blocks.has(block)
  }

  /** Keep a block, if there is room. */
  async write (block: number, bytes: Uint8Array): Promise<void> {
    if (this.has(block) || !await this.#keeper.reserve(bytes.length)) return
    let done = 0
    while (done < bytes.length) done += (await this.#handle.write(bytes, done, bytes.length - done, block * PULL_BLOCK_BYTES + done)).bytesWritten
    this.#blocks.add(block)
  }

  /** Bytes of blocks that are kept. */
  async read (offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done)
      if (bytesRead === 0) throw new Error(`a file in the cache ends at ${offset + done} instead of ${offset + length}: somebody cut it`)
      done += bytesRead
    }
    return bytes
  }

  /** The cache lets go of it; who reads it may go on with what he has begun. */
  async remove (): Promise<void> {
    this.#removed = true
    this.#onDropped()
    await rm(this.#path, { force: true })
    if (this.#users === 0) await this.#close()
  }

  async #close (): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#handle.close()
  }
}
