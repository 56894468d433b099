export interface Candidate {
  readonly peer: string
  /** Requests already out with it. */
  readonly requests: number
  /** Bytes per second it offered, or was measured at. */
  readonly rate: number
  /** It stalled lately. */
  readonly quarantined: boolean
}

/** Whom to ask for a chunk: a source in good standing, with the fewest requests, then the faster. */
export function chooseSource (candidates: readonly Candidate[], maxRequests: number): Candidate | undefined {
  let best: Candidate | undefined
  for (const candidate of candidates) {
    if (candidate.requests >= maxRequests) continue
    if (best == null || isBetter(candidate, best)) best = candidate
  }
  return best
}

function isBetter (a: Candidate, b: Candidate): boolean {
  if (a.quarantined !== b.quarantined) return !a.quarantined
  if (a.requests !== b.requests) return a.requests < b.requests
  return a.rate > b.rate
}
