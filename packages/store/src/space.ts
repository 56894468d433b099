import { statfs } from 'node:fs/promises'
import type { Quota } from './quota.ts'
import { StoreError, storeError } from './store-error.ts'

/** Left free beyond what is promised, in bytes: for the journal, the file system's own needs and the neighbours. */
export const SPACE_MARGIN_BYTES = 64 * 1024 * 1024

/** A promise of space to one put. */
export interface Reservation {
  /** So many bytes of it are on the disk now, and counted there. */
  spend (bytes: number): void
  /** Ask for more. @throws {StoreError} no-space */
  extend (bytes: number): Promise<void>
  /** Ask for more where less than this is left: of live media nobody knows beforehand how much it gets. @throws {StoreError} no-space */
  cover (bytes: number): Promise<void>
  release (): void
}

/**
 * The space below one root that is promised to puts and not yet written.
 * Without this book two large puts would each find the same space free.
 */
export class Space {
  readonly #root: string
  readonly #margin: number
  readonly #quota: Quota | undefined
  #promised = 0

  constructor (root: string, margin = SPACE_MARGIN_BYTES, quota?: Quota) {
    this.#root = root
    this.#margin = margin
    this.#quota = quota
  }

  /**
   * Whether `bytes` more can be promised.
   *
   * @throws {StoreError} no-space, root-missing
   */
  async check (bytes: number): Promise<void> {
    await this.#promise(bytes)
    this.#promised -= bytes
  }

  /** Counted first and measured then, so that two who ask at the same time do not find the same space. */
  async #promise (bytes: number): Promise<void> {
    this.#promised += bytes
    try {
      await this.#measure(bytes)
    } catch (cause) {
      this.#promised -= bytes
      throw cause
    }
  }

  async #measure (bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#root).catch(cause => {
      throw storeError(cause, 'measure the free space', this.#root, this.#root)
    })
    const others = this.#promised - bytes
    const free = bavail * bsize - others - this.#margin
    if (bytes > free) throw new StoreError('no-space', this.#root, `${this.#root} has ${Math.max(0, free)} bytes to give (${others} are promised to other puts, ` +
      `${this.#margin} stay free), this put needs ${bytes}: free some space or move the media root`)
    await this.#demandQuota(bytes)
  }

  async #demandQuota (bytes: number): Promise<void> {
    const quota = this.#quota
    if (quota == null) return
    if (await quota.fits(this.#promised)) return
    const others = this.#promised - bytes
    const there = quota.used > quota.bytes ? `${quota.used} bytes are there, more than that` : `${quota.used} bytes are there and ${others} are promised to other puts`
    throw new StoreError('no-space', this.#root, `${this.#root} may hold ${quota.bytes} bytes (media.quota): ${there}, and this put needs ${bytes}: remove some media or raise media.quota`)
  }

  /** @throws {StoreError} no-space, root-missing */
  async reserve (bytes: number): Promise<Reservation> {
    await this.#promise(bytes)
    let left = bytes
    const spend = (amount: number): void => {
      const spent = Math.min(left, amount)
      left -= spent
      this.#promised -= spent
      this.#quota?.add(amount)
    }
    const extend = async (amount: number): Promise<void> => {
      await this.#promise(amount)
      left += amount
    }
    return {
      spend,
      // What was not spent piece by piece was perhaps written in one go: copies of small files are. The quota counts it until it measures again.
      release: () => { spend(left) },
      extend,
      cover: async amount => { if (left < amount) await extend(amount - left) }
    }
  }
}
