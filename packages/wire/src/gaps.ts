import type { Gap } from './pb/signed.ts'

/** Gaps that a final page or a receipt may name: with more it would not fit into an envelope of 256 KiB. */
export const MAX_GAPS = 10_000

/**
 * Pieces as runs, in order.
 *
 * @param pieces - in ascending order
 * @param most - of runs; where there are more, near ones become one and cover what is between them
 */
export function gapsOf (pieces: readonly number[], most = Number.POSITIVE_INFINITY): Gap[] {
  for (let apart = 1; ; apart *= 2) {
    const gaps: Gap[] = []
    for (const piece of pieces) {
      const last = gaps.at(-1)
      if (last != null && piece - last.firstPiece - last.pieces < apart) last.pieces = piece + 1 - last.firstPiece
      else gaps.push({ firstPiece: piece, pieces: 1 })
    }
    if (gaps.length <= most) return gaps
  }
}
