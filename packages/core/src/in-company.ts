import { ACKNOWLEDGE_COMPANY_MS } from './limits.ts'

/**
 * Peers to whom an acknowledgement waits for a piece that it may go with. One
 * that finds none leaves in a packet of its own.
 */
export class InCompany {
  /** When the first of those that wait was said. */
  readonly #sinceMs = new Map<string, number>()

  /** An acknowledgement is said. */
  said (peer: string, nowMs: number): void {
    if (!this.waits(peer, nowMs)) this.#sinceMs.set(peer, nowMs)
  }

  /** It waits still. That another message took it along before is not seen here: then a piece goes a little sooner for nothing. */
  waits (peer: string, nowMs: number): boolean {
    const sinceMs = this.#sinceMs.get(peer)
    return sinceMs != null && nowMs - sinceMs < ACKNOWLEDGE_COMPANY_MS
  }

  /** A piece goes there, or the peer is gone. */
  left (peer: string): void {
    this.#sinceMs.delete(peer)
  }
}
