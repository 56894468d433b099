import { STANDING_MS } from './limits.ts'
import { catchUp } from './policies/catch-up.ts'

/**
 * How the receivers of one put stand beside each other, by what they say with
 * each request. What they announce does not tell: nobody announces to this peer
 * what it has announced itself, so that of 206 chunks that somebody held a fast
 * server, which has everything early, had heard of 14.
 */
export class CatchingUp {
  readonly #said = new Map<string, { held: number, atMs: number }>()
  readonly #shares = new Map<string, number>()

  /** A receiver says how many chunks it holds whole. */
  said (peer: string, held: number, nowMs: number): void {
    this.#said.set(peer, { held, atMs: nowMs })
  }

  drop (peer: string): void {
    this.#said.delete(peer)
    this.#shares.delete(peer)
  }

  /** How many times its usual part of the uplink a receiver should have; 1 as long as it was not compared. */
  shareOf (peer: string): number {
    return this.#shares.get(peer) ?? 1
  }

  /** See who is behind, of those who ask for something: others take nothing, and what they said is old. @param startedMs - since when the put has been under way here */
  compare (startedMs: number, nowMs: number): void {
    this.#shares.clear()
    const asking = [...this.#said].filter(([, { atMs }]) => nowMs - atMs < STANDING_MS)
    const usual = asking.reduce((sum, [, { held }]) => sum + held, 0) / asking.length
    for (const [peer, { held }] of asking) this.#shares.set(peer, catchUp(held, usual, nowMs - startedMs))
  }
}
