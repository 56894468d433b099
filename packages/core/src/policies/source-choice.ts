/** What there is to say of a source when a chunk is to be asked for. */
export interface Standing {
  /** Requests already out with it. */
  readonly requests: number
  /** Bytes per second it offered, or was measured at. */
  readonly rate: number
  /** It stalled lately. */
  readonly quarantined: boolean
  /** The source that the media came from: it is asked when nobody else can be, so that it sends every byte about once. */
  readonly origin?: boolean | undefined
  /** Nothing was asked of it for so long that its rate may be another now. */
  readonly rested?: boolean | undefined
}

export interface Candidate extends Standing {
  readonly peer: string
}

/** Whom to ask for a chunk: a source in good standing from which it will be here first, by what each was measured at; now and then one that would never be measured again. */
export function chooseSource<S extends Standing> (candidates: Iterable<S>): S | undefined {
  let best: S | undefined
  for (const candidate of candidates) {
    if (best == null || isBetter(candidate, best)) best = candidate
  }
  return best
}

function isBetter (a: Standing, b: Standing): boolean {
  if (a.quarantined !== b.quarantined) return !a.quarantined
  if ((a.origin === true) !== (b.origin === true)) return b.origin === true
  if ((a.rested === true) !== (b.rested === true)) return a.rested === true
  // A source without a rate yet is taken for as fast as the other.
  const rateOfA = a.rate > 0 ? a.rate : b.rate > 0 ? b.rate : 1
  const rateOfB = b.rate > 0 ? b.rate : rateOfA
  return (a.requests + 1) / rateOfA < (b.requests + 1) / rateOfB
}
