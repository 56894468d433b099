import { FAST_WINDOW_ECHOES, FULL_WINDOW_RATE, INITIAL_WINDOW_PIECES, MAX_WINDOW_PIECES, MIN_FAST_WINDOW_MS, MIN_WINDOW_PIECES, PIECE_BYTES, SLOW_WINDOW_MS, WINDOW_MS } from '../limits.ts'

/**
 * Pieces that may be in flight on an uplink that does `rate` bytes per second:
 * what fills it for the window's time, and on slow lines as many pieces as the
 * window began with, within a longer time. A piece is acknowledged when it is
 * whole, behind others on both lines, so that on a slow line its way takes the
 * times of some pieces more than a fixed one; a window that is shorter than its
 * own acknowledgements measures less than the line can do, and shrinks (8 nodes
 * at 20 Mbit/s in the lab: 130 ms alone fell to 4 pieces and 14 Mbit/s). A fast
 * line is filled by less than 130 ms, unless its receivers are far away.
 *
 * @param echoMs - what an acknowledgement takes at best, averaged over receivers
 * @param laterMs - how much longer than usual acknowledgements wait
 */
export function windowPieces (rate: number, echoMs = Number.POSITIVE_INFINITY, laterMs = 0): number {
  const fastMs = Math.min(WINDOW_MS, Math.max(MIN_FAST_WINDOW_MS, echoMs * FAST_WINDOW_ECHOES))
  const full = Math.min(rate, FULL_WINDOW_RATE)
  const piecesIn = (ms: number): number => rate * ms / 1000 / PIECE_BYTES
  const pieces = Math.max(Math.ceil((full * WINDOW_MS + (rate - full) * fastMs + rate * laterMs) / 1000 / PIECE_BYTES), Math.min(INITIAL_WINDOW_PIECES, Math.floor(piecesIn(SLOW_WINDOW_MS))))
  return Math.min(MAX_WINDOW_PIECES, Math.max(MIN_WINDOW_PIECES, pieces))
}
