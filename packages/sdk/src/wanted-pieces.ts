import { PAGE_PIECES } from '@sluice/wire'

/** A run of pieces. */
export interface PieceRun {
  readonly first: number
  readonly end: number
}

/** So many pieces of one want, then as many of the next: a tenth of a second of 20 Mbit/s, so that no viewer waits long for another's. */
const RUN_PIECES = 4
/** What a want begins with goes ahead of all that plays already: 2 MiB, two seconds of 8 Mbit/s, are enough for a first picture. */
const START_PIECES = 32
/** Who wants what begins so little behind what is sent next plays on: 1 MiB. */
const NEAR_PIECES = 16
/** Wants that are kept; the base says again what is still waited for. */
const MAX_WANTS = 64

/** Pieces of an upload that viewers wait for, in the order in which they are to be sent: the beginning of each want, then a run of each in turn. */
export class WantedPieces {
  readonly #wants: Array<{ from: number, first: number, end: number, taken: number }> = []

  /** Pieces `first` … `end - 1` are waited for, still or anew. */
  add (first: number, end: number): void {
    if (end <= first) return
    // What is left of one that this is part of keeps its turn. And a viewer who plays on wants a little further each time: that is one want with one turn, or who jumps elsewhere waits for each of them.
    const known = this.#wants.find(want => want.from <= first && (end <= want.end || first <= Math.min(want.end, want.first + NEAR_PIECES)))
    if (known != null) {
      known.end = Math.max(known.end, end)
      return
    }
    this.#wants.push({ from: first, first, end, taken: 0 })
    if (this.#wants.length > MAX_WANTS) this.#wants.shift()
  }

  /**
   * The next run to send: of one page, and without what needs not be sent.
   *
   * @param isDone - whether a piece was sent, or is durable
   * @param isReady - whether the page of a piece is made: others wait for theirs
   */
  next (isDone: (piece: number) => boolean, isReady: (piece: number) => boolean): PieceRun | undefined {
    const begins = this.#wants.filter(({ taken }) => taken < START_PIECES)
    for (const want of [...begins, ...this.#wants.filter(({ taken }) => taken >= START_PIECES)]) {
      while (want.first < want.end && isDone(want.first)) want.first++
      if (want.first < want.end && !isReady(want.first)) continue
      this.#wants.splice(this.#wants.indexOf(want), 1)
      if (want.first >= want.end) continue
      const { first } = want
      const pageEnd = (Math.floor(first / PAGE_PIECES) + 1) * PAGE_PIECES
      const most = Math.min(want.end, first + RUN_PIECES, pageEnd)
      let end = first + 1
      while (end < most && !isDone(end)) end++
      want.first = end
      want.taken += end - first
      if (end < want.end) this.#wants.push(want)
      return { first, end }
    }
    return undefined
  }
}
