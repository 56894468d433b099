import { IDLE_ANNOUNCERS, RARE_ANNOUNCERS, RARE_SHARE } from '../limits.ts'

/**
 * Chunks of a single piece, and large ones, that fewer than this many have announced are told of
 * at once. Each such message tells of one chunk, so they are few where few are
 * needed: 16 servers that wait for the first announcer only, and not for the
 * second, say a third as much, and are done at 1.064 instead of 1.063 × the
 * bound. Of 24 the first is not enough: 1.17 instead of 1.14. Of large ones 16
 * servers are as fast by the first announcer as by three.
 */
export function rareBelow (servers: number): number {
  return Math.min(RARE_ANNOUNCERS, Math.max(1, Math.ceil(servers * RARE_SHARE)))
}

/** … and so many where the uplink has room, of chunks that are rare below `few`. */
export function rareBelowIdle (few: number): number {
  return Math.ceil(few * IDLE_ANNOUNCERS / RARE_ANNOUNCERS)
}
