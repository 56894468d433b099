/**
 * Peers to whom an acknowledgement waits for a piece that it may go with. One
 * that finds none leaves in a packet of its own.
 */
export class InCompany {
  /** When the first of those that wait leaves at the latest. */
  readonly #untilMs = new Map<string, number>()

  /** An acknowledgement is said. @param withinMs - how long it may wait */
  said (peer: string, withinMs: number, nowMs: number): void {
    const untilMs = this.waits(peer, nowMs) ? this.#untilMs.get(peer) as number : Number.POSITIVE_INFINITY
    this.#untilMs.set(peer, Math.min(untilMs, nowMs + withinMs))
  }

  /** It waits still. That another message took it along before is not seen here: then a piece goes a little sooner for nothing. */
  waits (peer: string, nowMs: number): boolean {
    return nowMs < (this.#untilMs.get(peer) ?? 0)
  }

  /** A piece goes there, or the peer is gone. */
  left (peer: string): void {
    this.#untilMs.delete(peer)
  }
}
