import { FILLED_MS, HELD_BATCH_MS, HELD_BATCH_PIECES, PIECE_BYTES, SLOW_HELD_BATCH_MS } from '../limits.ts'

/**
 * How long what is held, and is not rare, waits to be announced with what comes
 * next, in milliseconds, by the put's age and the bytes per second that the
 * uplink was seen to do and that arrive.
 * On a slow line a quarter of a second brings four pieces, and telling fifteen
 * partners of them costs more than to pass them on. One that gives slowly and
 * takes fast tells of it as soon as others: who hears late asks elsewhere.
 */
export function heldBatchMs (ageMs: number, upRate: number, downRate: number): number {
  // A slow line cannot be told from a slow source yet.
  if (ageMs < FILLED_MS || upRate === 0) return HELD_BATCH_MS
  return Math.min(SLOW_HELD_BATCH_MS, Math.max(HELD_BATCH_MS, HELD_BATCH_PIECES * PIECE_BYTES * 1000 / Math.max(upRate, downRate)))
}
