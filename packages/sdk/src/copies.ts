import { type Entry, PIECE_BYTES, travels } from '@sluice/wire'
import { digestOf } from './file-digest.ts'
import type { Scanned } from './scan.ts'

/**
 * Mark each file that has the same bytes as one before it, so that they travel
 * once. Only files that share their size with another are read for that, and
 * beyond their first piece only those that share that one, too.
 *
 * @throws {SourceError}
 */
export async function markCopies (scanned: Scanned, signal?: AbortSignal): Promise<Scanned> {
  const { entries, local } = scanned
  const candidates = entries.flatMap((entry, index) => travels(entry) ? [index] : [])
  const bySize = grouped(candidates, index => String((entries[index] as Entry).size))
  for (const sameSize of bySize) {
    for (const sameHead of await groupedBy(sameSize, PIECE_BYTES)) {
      const size = (entries[sameHead[0] as number] as Entry).size
      for (const [original, ...copies] of size <= PIECE_BYTES ? [sameHead] : await groupedBy(sameHead, size)) {
        for (const copy of copies) (entries[copy] as Entry).copyOf = original as number
      }
    }
  }
  return scanned

  async function groupedBy (indexes: readonly number[], limit: number): Promise<number[][]> {
    const digests = new Map<number, string>()
    for (const index of indexes) digests.set(index, (await digestOf(local[index] as string, entries[index] as Entry, { limit, signal })).toString('hex'))
    return grouped(indexes, index => digests.get(index) as string)
  }
}

/** Those with the same key, in their order; what is alone with its key is left out. */
function grouped (indexes: readonly number[], keyOf: (index: number) => string): number[][] {
  const groups = new Map<string, number[]>()
  for (const index of indexes) {
    const key = keyOf(index)
    groups.set(key, [...groups.get(key) ?? [], index])
  }
  return [...groups.values()].filter(group => group.length > 1)
}
