import { OVERDUE_MS } from './limits.ts'

/**
 * Pieces that are out of the line for long and not acknowledged: a later one,
 * to somebody else, was. It is their receivers that keep them, and the line
 * need not wait for that.
 */
export class Overdue {
  /** When each piece under way left, by receiver, the oldest first. */
  readonly #sentMs = new Map<string, number[]>()
  /** What left before this is out of the line. */
  #outMs = Number.NEGATIVE_INFINITY

  /** A piece leaves. */
  sent (peer: string, nowMs: number): void {
    const sentMs = this.#sentMs.get(peer)
    if (sentMs == null) this.#sentMs.set(peer, [nowMs])
    else sentMs.push(nowMs)
  }

  /** The oldest so many are with their receiver. */
  acknowledged (peer: string, pieces: number): void {
    const here = this.#sentMs.get(peer)?.splice(0, pieces) ?? []
    this.#outMs = Math.max(this.#outMs, here.at(-1) ?? this.#outMs)
  }

  lost (peer: string): void {
    this.#sentMs.delete(peer)
  }

  /** How many there are. */
  pieces (nowMs: number): number {
    const beforeMs = Math.min(this.#outMs, nowMs - OVERDUE_MS)
    let pieces = 0
    for (const sentMs of this.#sentMs.values()) {
      for (const ms of sentMs) {
        if (ms >= beforeMs) break
        pieces++
      }
    }
    return pieces
  }
}
