import type { CommandOutcome } from '@sluice/store'
import { type Command, type Entry, EntryType, isWithin, Visibility } from '@sluice/wire'

/** What one job has put at one path, as far as it has come there. */
export interface Holding {
  readonly place: readonly string[]
  /** The put that it is from, and its entry; unset for a folder that a mkdir made. */
  readonly from: { readonly seq: number, readonly entry: Entry } | undefined
}

/**
 * What a job's completed commands amount to on this server: path by path, which
 * put's entry stands there. Only manifests are looked at, no disk.
 *
 * @param commands - of the job, in order
 * @param manifestOf - of a put that completed
 */
export async function holdingsOf (commands: readonly Command[], outcomes: ReadonlyMap<number, CommandOutcome>, manifestOf: (seq: number) => Promise<readonly Entry[]>): Promise<Map<string, Holding>> {
  const holdings = new Map<string, Holding>()
  const show = async (seq: number): Promise<void> => {
    const { destination = [] } = commands[seq - 1]?.put ?? {}
    for (const entry of await manifestOf(seq)) {
      const place = [...destination, ...entry.path]
      // A folder that others have something in stays what it is.
      if (entry.type === EntryType.DIRECTORY && holdings.has(keyOf(place))) continue
      holdings.set(keyOf(place), { place, from: { seq, entry } })
    }
  }
  for (const { seq, put, mkdir, move, remove, publish } of inOrderOfCompletion(commands, outcomes)) {
    if (put != null && put.visibility !== Visibility.STAGED) await show(seq)
    if (publish != null) for (const staged of publish.puts) await show(staged)
    if (mkdir != null && !holdings.has(keyOf(mkdir.path))) holdings.set(keyOf(mkdir.path), { place: mkdir.path, from: undefined })
    if (remove != null) for (const { place } of below(holdings, remove.path)) holdings.delete(keyOf(place))
    if (move != null) {
      const moved = below(holdings, move.from)
      for (const { place } of [...moved, ...below(holdings, move.to)]) holdings.delete(keyOf(place))
      for (const { place, from } of moved) {
        const to = [...move.to, ...place.slice(move.from.length)]
        holdings.set(keyOf(to), { place: to, from })
      }
    }
  }
  return holdings
}

/** Those at a path, or below it. */
export function below (holdings: ReadonlyMap<string, Holding>, path: readonly string[]): Holding[] {
  return [...holdings.values()].filter(({ place }) => isWithin(place, path))
}

/** Tracks go side by side: the order of the seqs is not that of the effects. */
function inOrderOfCompletion (commands: readonly Command[], outcomes: ReadonlyMap<number, CommandOutcome>): Command[] {
  const completedAt = (seq: number): number | undefined => {
    const outcome = outcomes.get(seq)
    return outcome?.state === 'completed' ? outcome.at : undefined
  }
  return commands.filter(({ seq }) => completedAt(seq) != null).toSorted((a, b) => (completedAt(a.seq) as number) - (completedAt(b.seq) as number) || a.seq - b.seq)
}

function keyOf (place: readonly string[]): string {
  return place.join('/')
}
