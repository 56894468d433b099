import { CATCH_UP_FROM_CHUNKS, CATCH_UP_FROM_MS, CATCH_UP_MS, MAX_CATCH_UP } from '../limits.ts'

/**
 * How many times its usual part of an uplink a receiver should have that is
 * behind the others. Whoever has few fast partners, or shares them with many,
 * gets a little less than it needs from each of them all along: of 256 servers
 * of three rates one had 70 % of the others' rate, lacked a quarter of the put
 * when these were done, and was done a second later.
 *
 * @param held - chunks that it has
 * @param usual - chunks that one of the source's receivers has on average
 * @param ageMs - how long the put has been under way here
 */
export function catchUp (held: number, usual: number, ageMs: number): number {
  if (held >= usual) return 1
  const chunkMs = ageMs / usual
  const behindMs = (usual - held) * chunkMs
  const fromMs = Math.max(CATCH_UP_FROM_MS, CATCH_UP_FROM_CHUNKS * chunkMs)
  return Math.min(MAX_CATCH_UP, 1 + Math.max(0, behindMs - fromMs) / CATCH_UP_MS)
}
