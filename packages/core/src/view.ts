import { FULL_MESH_MEMBERS, VIEW_RANDOM } from './limits.ts'
import { Prng } from './prng.ts'

/**
 * Träff's skips for a ring of `members`: ⌈p/2⌉, ⌈p/4⌉ … 1. The circulant graph
 * over them carries an optimal broadcast for any p (arXiv 2312.11236).
 */
export function circulantSkips (members: number): number[] {
  const skips: number[] = []
  for (let skip = Math.ceil(members / 2); ; skip = Math.ceil(skip / 2)) {
    skips.push(skip)
    if (skip <= 1) return skips
  }
}

/**
 * The partners of ring position `index` in a job: the circulant's, both ways,
 * and a few random ones, chosen by a seed of job and position so that both ends
 * can compute them. Positions: the base is 0, rank r is r + 1.
 */
export function viewOf (job: string, index: number, members: number): Set<number> {
  const view = new Set<number>()
  if (members <= FULL_MESH_MEMBERS) {
    for (let i = 0; i < members; i++) view.add(i)
  } else {
    for (const skip of circulantSkips(members)) {
      view.add((index + skip) % members)
      view.add((index - skip + members) % members)
    }
    const prng = Prng.fromText(`${job}/${index}`)
    for (let i = 0; i < VIEW_RANDOM; i++) view.add(prng.below(members))
  }
  view.delete(index)
  return view
}
