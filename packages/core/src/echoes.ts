/**
 * How soon each receiver acknowledged a piece at best: the way there and back,
 * and what it takes to verify and write it. What waited here meanwhile does not
 * count, as soon as one piece left while little else was under way.
 */
export class Echoes {
  readonly #leastMs = new Map<string, number>()
  /** One piece under way to each, and how many were ahead of it, itself included. */
  readonly #awaited = new Map<string, { left: number, readonly sentMs: number }>()

  /**
   * What must be under way to keep the line busy lasts for at least so long, by
   * Little's law. Infinite before anything was acknowledged.
   */
  get meanMs (): number {
    if (this.#leastMs.size === 0) return Number.POSITIVE_INFINITY
    let sum = 0
    for (const ms of this.#leastMs.values()) sum += ms
    return sum / this.#leastMs.size
  }

  /** @param inFlight - pieces under way to this peer, with the one that leaves now */
  sent (peer: string, inFlight: number, nowMs: number): void {
    if (!this.#awaited.has(peer)) this.#awaited.set(peer, { left: inFlight, sentMs: nowMs })
  }

  acknowledged (peer: string, pieces: number, nowMs: number): void {
    const awaited = this.#awaited.get(peer)
    if (awaited == null) return
    awaited.left -= pieces
    if (awaited.left > 0) return
    this.#awaited.delete(peer)
    this.#leastMs.set(peer, Math.min(this.#leastMs.get(peer) ?? Number.POSITIVE_INFINITY, nowMs - awaited.sentMs))
  }

  /** When it is back its way may be another. */
  lost (peer: string): void {
    this.#awaited.delete(peer)
    this.#leastMs.delete(peer)
  }
}
