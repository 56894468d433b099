/** What the provider of a lossy live put allows to be left out. */
export interface Lossy {
  /** A piece that is not here so long after it was known to exist is given up. */
  readonly deadlineMs: number
  /** Pieces before this one, the manifest, are never given up. */
  readonly firstPiece: number
}

/** Marks that one deadline holds at most: a piece is given up by this share of the deadline too late, never too early. */
const MARKS_PER_DEADLINE = 32

/**
 * When the pieces of a lossy live put were known to exist, and which of them
 * are too late by now. A piece is known by any verified piece at or behind it:
 * what others only claim to have counts for nothing.
 */
export class Lateness {
  readonly #deadlineMs: number
  /** All pieces before `end` were known at `lastMs`; those not known by the mark before, from `firstMs` on. */
  readonly #marks: Array<{ end: number, readonly firstMs: number, lastMs: number }> = []
  #known: number
  #lateEnd: number

  constructor ({ deadlineMs, firstPiece }: Lossy) {
    this.#deadlineMs = deadlineMs
    this.#known = firstPiece
    this.#lateEnd = firstPiece
  }

  /** All pieces before `end` exist. */
  known (end: number, nowMs: number): void {
    if (end <= this.#known) return
    this.#known = end
    const last = this.#marks.at(-1)
    if (last != null && nowMs - last.firstMs < this.#deadlineMs / MARKS_PER_DEADLINE) {
      last.end = end
      last.lastMs = nowMs
    } else this.#marks.push({ end, firstMs: nowMs, lastMs: nowMs })
  }

  /** Pieces before this one are too late. */
  lateEnd (nowMs: number): number {
    while (this.#marks.length > 0 && nowMs - (this.#marks[0] as { lastMs: number }).lastMs >= this.#deadlineMs) {
      this.#lateEnd = (this.#marks.shift() as { end: number }).end
    }
    return this.#lateEnd
  }
}
