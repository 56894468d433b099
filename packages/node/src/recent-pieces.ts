import { PIECE_BYTES } from '@sluice/wire'

/**
 * Pieces that are kept, 4 MiB. A server passes a piece on within a second or two, if at all: at 10 Mbit/s this is
 * what comes in three. On faster lines more of them are read from the disk again, and the processor is not what
 * such a line waits for.
 */
const SLOTS = 64

/**
 * The last pieces that came, verified, so that most of what is passed on need not be read and hashed again.
 * They are copied into one buffer and out of it: kept by themselves they would count as old when they go,
 * and V8 would mark the whole heap for each few MiB of them.
 */
export class RecentPieces {
  readonly #slotOf = new Map<string, number>()
  readonly #nameIn: Array<string | undefined> = []
  readonly #lengths: number[] = []
  #buffer: Buffer | undefined
  #next = 0

  keep (name: string, bytes: Uint8Array): void {
    if (this.#slotOf.has(name)) return
    // A peer that never has a job needs none of it.
    this.#buffer ??= Buffer.allocUnsafeSlow(SLOTS * PIECE_BYTES)
    const slot = this.#next
    this.#next = (slot + 1) % SLOTS
    const before = this.#nameIn[slot]
    if (before != null) this.#slotOf.delete(before)
    this.#buffer.set(bytes, slot * PIECE_BYTES)
    this.#slotOf.set(name, slot)
    this.#nameIn[slot] = name
    this.#lengths[slot] = bytes.length
  }

  /** @returns a copy */
  get (name: string): Uint8Array | undefined {
    const slot = this.#slotOf.get(name)
    if (slot == null || this.#buffer == null) return undefined
    const bytes = Buffer.allocUnsafe(this.#lengths[slot] as number)
    this.#buffer.copy(bytes, 0, slot * PIECE_BYTES)
    return bytes
  }

  /** It is not vouched for any more. */
  forget (name: string): void {
    const slot = this.#slotOf.get(name)
    if (slot == null) return
    this.#slotOf.delete(name)
    this.#nameIn[slot] = undefined
  }
}
