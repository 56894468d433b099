import type { Prng } from '../prng.ts'

/**
 * The chunk that the fewest partners hold, ties broken at random (Legout et al.
 * 2006: local rarest first is close to optimal). Candidates that nobody holds
 * are the caller's to leave out.
 */
export function rarestFirst (candidates: Iterable<number>, rarity: (chunk: number) => number, prng: Prng): number | undefined {
  let best: number | undefined
  let fewest = Number.POSITIVE_INFINITY
  let ties = 0
  for (const chunk of candidates) {
    const count = rarity(chunk)
    if (count > fewest) continue
    ties = count === fewest ? ties + 1 : 1
    if (count < fewest || prng.below(ties) === 0) best = chunk
    fewest = count
  }
  return best
}
