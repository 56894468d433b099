import { ERRAND_BYTES, JOB_BYTES_PER_SERVER, MAX_ERRANDS, MIN_ERRANDS } from '../limits.ts'

/** How many servers a holder of a job approaches at once, in a job of so many: all of a small one, whose copies cost its uplink little. */
export function errandsAtOnce (servers: number): number {
  const copies = Math.floor(ERRAND_BYTES / (JOB_BYTES_PER_SERVER * Math.max(1, servers)))
  return Math.max(MIN_ERRANDS, Math.min(MAX_ERRANDS, copies))
}

/**
 * How many of its ranks a holder hands on with the job to the server that it
 * approaches now. Equal parts make the tree as shallow as it can be where all
 * approaches take the same time (halves, quarters, eighths … are as deep as one
 * approach after the other would be).
 *
 * @param left - ranks of the holder beside the one that it approaches
 * @param free - how many it may approach now, this one included
 */
export function handedOn (left: number, free: number): number {
  // With the last one that may be approached it goes halves: it has a free hand again when that one begins.
  return Math.max(0, Math.floor((left - (free - 1)) / Math.max(2, free)))
}
