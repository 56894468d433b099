import type { FileHandle } from 'node:fs/promises'

/** Open files per store: far below the usual limit of 1024, enough for what is written at one time. */
export const MAX_OPEN_FILES = 64

interface Slot {
  readonly opening: Promise<FileHandle>
  users: number
  /** Dropped from the pool; the last user closes it. */
  dropped: boolean
}

/**
 * Keeps files open while they are used and for as long as there is room, so
 * that a piece costs one system call and a tree of 100,000 files still few
 * descriptors. A file in use is never closed; the limit gives way instead,
 * since waiting for room could wait for itself.
 */
export class HandlePool {
  // In order of last use: a Map keeps insertion order, and use re-inserts.
  readonly #slots = new Map<string, Slot>()
  readonly #limit: number

  constructor (limit = MAX_OPEN_FILES) {
    this.#limit = limit
  }

  /** How many files are open. */
  get size (): number {
    return this.#slots.size
  }

  /** Run `work` with the file known as `key`, opened by `open` if it is not. Errors are those of either. */
  async use<T> (key: string, open: () => Promise<FileHandle>, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    let slot = this.#slots.get(key)
    if (slot == null) slot = { opening: open(), users: 0, dropped: false }
    else this.#slots.delete(key)
    this.#slots.set(key, slot)
    slot.users++
    let handle: FileHandle
    try {
      handle = await slot.opening
    } catch (cause) {
      if (this.#slots.get(key) === slot) this.#slots.delete(key)
      throw cause
    }
    try {
      return await work(handle)
    } finally {
      slot.users--
      if (slot.dropped && slot.users === 0) await handle.close()
      else await this.#trim()
    }
  }

  /** Forget the file known as `key`: it is closed as soon as nobody uses it, and opened anew when next asked for. */
  async drop (key: string): Promise<void> {
    const slot = this.#slots.get(key)
    if (slot == null) return
    this.#slots.delete(key)
    slot.dropped = true
    if (slot.users > 0) return
    await slot.opening.then(async handle => await handle.close(), () => {})
  }

  /** Forget every file whose key starts with `prefix`. */
  async dropAll (prefix = ''): Promise<void> {
    const keys = [...this.#slots.keys()].filter(key => key.startsWith(prefix))
    for (const key of keys) await this.drop(key)
  }

  async #trim (): Promise<void> {
    if (this.#slots.size <= this.#limit) return
    for (const [key, slot] of this.#slots) {
      if (slot.users > 0) continue
      await this.drop(key)
      return
    }
  }
}
