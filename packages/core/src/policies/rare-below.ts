import { RARE_ANNOUNCERS, RARE_SHARE } from '../limits.ts'

/**
 * Chunks of a single piece that fewer than this many have announced are told of
 * at once. Each such message tells of one chunk, so they are few where few are
 * needed: 8 servers that wait for the first announcer only, and not for the
 * third, say half as much, and are done at 1.037 instead of 1.035 × the bound.
 */
export function rareBelow (servers: number): number {
  return Math.min(RARE_ANNOUNCERS, Math.max(1, Math.ceil(servers * RARE_SHARE)))
}
