import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { storeError, systemCode } from './store-error.ts'

/** Of st_blocks, whatever the file system's own blocks are. In bytes. */
const STAT_BLOCK_BYTES = 512
const PASSED_OVER = new Set(['ENOENT', 'EACCES'])

/**
 * How much there may be below one root, staged and published. What is there is
 * measured at the start; what is written after that is added. What goes away is
 * not looked at, so the count errs to the high side only: before anything is
 * refused, it is measured again.
 */
export class Quota {
  /** The most that may be there. */
  readonly bytes: number
  readonly #root: string
  #used = 0
  /** Added while a measurement is under way, which has perhaps seen it, and perhaps not. */
  #meanwhile = 0
  #measuring: Promise<void> | undefined

  private constructor (root: string, bytes: number) {
    this.#root = root
    this.bytes = bytes
  }

  /** @throws {StoreError} root-missing, forbidden */
  static async open (root: string, bytes: number): Promise<Quota> {
    const quota = new Quota(root, bytes)
    await quota.measure()
    return quota
  }

  /** Bytes that are there, or a little more. */
  get used (): number {
    return this.#used
  }

  add (bytes: number): void {
    this.#used += bytes
    this.#meanwhile += bytes
  }

  /** Whether so much more fits, measured again where it seems not to. */
  async fits (bytes: number): Promise<boolean> {
    if (this.#used + bytes <= this.bytes) return true
    await this.measure()
    return this.#used + bytes <= this.bytes
  }

  /** Look at everything that is there. Whoever asks meanwhile waits for the same answer. */
  async measure (): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => { this.#measuring = undefined })
    await this.#measuring
  }

  async #measure (): Promise<void> {
    this.#meanwhile = 0
    const found = await bytesBelow(this.#root).catch(cause => { throw storeError(cause, 'measure what is there', this.#root, this.#root) })
    this.#used = found + this.#meanwhile
  }
}

/** Bytes of all files below a folder; one of several names counts once, and of a sparse one what is written. */
async function bytesBelow (root: string): Promise<number> {
  const linked = new Set<string>()
  const folders = [root]
  let bytes = 0
  for (let folder = folders.pop(); folder != null; folder = folders.pop()) {
    const entries = await opendir(folder).catch(cause => {
      // Somebody removed it meanwhile, or it is not for us, as a disk's lost+found; but an unmounted disk is not an empty one.
      if (folder === root || !PASSED_OVER.has(systemCode(cause) ?? '')) throw cause
    })
    if (entries == null) continue
    for await (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) bytes += await bytesOf(path, linked)
    }
  }
  return bytes
}

async function bytesOf (path: string, linked: Set<string>): Promise<number> {
  const stat = await lstat(path).catch(cause => {
    if (systemCode(cause) !== 'ENOENT') throw cause
  })
  if (stat == null) return 0
  if (stat.nlink > 1) {
    const identity = `${stat.dev}:${stat.ino}`
    if (linked.has(identity)) return 0
    linked.add(identity)
  }
  return Math.min(stat.size, stat.blocks * STAT_BLOCK_BYTES)
}
