import { LINE_PROBE, PIECE_BYTES } from './limits.ts'

/**
 * What stands in the line since it was sent more than it takes: behind the core
 * are the kernel's buffers, which are first in, first out, and who is to decide
 * what goes first must not fill them. What the line does is what its server
 * said, or what it did when it was full; as long as neither is known, nothing
 * seems to stand there.
 */
export class Line {
  /** Bytes per second. */
  #claimed = 0
  #measured = 0
  #freeMs = 0

  /** @param rate - what its server says that it does; 0: unknown */
  claim (rate: number): void {
    this.#claimed = rate
  }

  /** @param rate - what it did while it was full */
  measured (rate: number): void {
    this.#measured = rate
  }

  /** @param rate - what it did while it was not: it can do at least this */
  did (rate: number): void {
    if (this.#measured > 0) this.#measured = Math.max(this.#measured, rate)
  }

  /** A piece leaves. */
  sent (nowMs: number): void {
    // Held to what it did it would never do more.
    const rate = this.#measured > this.#claimed ? this.#measured * LINE_PROBE : this.#claimed
    if (rate > 0) this.#freeMs = Math.max(this.#freeMs, nowMs) + PIECE_BYTES * 1000 / rate
  }

  /** How long what was sent will take yet, in milliseconds. */
  backlogMs (nowMs: number): number {
    return Math.max(0, this.#freeMs - nowMs)
  }
}
