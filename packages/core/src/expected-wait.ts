/** How long a server stays away of which nothing is known, in milliseconds: about what a restart of a machine with its checks takes. */
export const USUAL_ABSENCE_MS = 10 * 60_000
/** Absences looked at: the latest. Older ones say little of the machine as it is now. */
export const ABSENCES_COUNTED = 16

export interface ExpectedWait {
  readonly ms: number
  /** What it rests on, in words for people. */
  readonly because: string
}

/**
 * How long it will probably take until a server that is away is back.
 *
 * @param absences - how long its earlier absences took, in milliseconds, the latest last
 * @param awayMs - how long it has been away by now
 */
export function expectedWait (absences: readonly number[], awayMs: number): ExpectedWait {
  const counted = absences.slice(-ABSENCES_COUNTED)
  if (counted.length === 0) {
    if (awayMs < USUAL_ABSENCE_MS) return { ms: USUAL_ABSENCE_MS - awayMs, because: 'it was never away before, so the usual time is assumed' }
    return { ms: awayMs, because: 'it was never away before, and is longer than usual: as long again is assumed' }
  }
  const longer = counted.filter(ms => ms > awayMs).sort((a, b) => a - b)
  const middle = longer[Math.floor(longer.length / 2)]
  if (middle == null) return { ms: awayMs, because: `it is away longer than any of its last ${counted.length} times: as long again is assumed` }
  return { ms: middle - awayMs, because: `by its last ${counted.length} absences` }
}
