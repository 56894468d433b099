/** A chunk, or the rest of one, that waits for one receiver. */
export interface Waiting {
  readonly job: string
  readonly seq: number
  /** A viewer waits for it. */
  readonly urgent?: boolean | undefined
}

/**
 * What goes to a receiver next, of all that it asked for: of the put that is
 * oldest in its queue the chunk that the fewest have announced, since others
 * cannot pass that on before they have it, while a common one is to be had
 * anywhere. Those that are alike go as they were asked for, and what a viewer
 * waits for, which stands in front, before all else. (Fewest first across
 * receivers is another thing: it leaves some of them without anything.)
 *
 * @param mayLeave - whether its next piece is here
 * @param announcers - how many have announced its chunk
 * @returns its place in the queue; -1 if nothing may leave
 */
export function rarestWaiting<S extends Waiting> (queue: readonly S[], mayLeave: (waiting: S) => boolean, announcers: (waiting: S) => number): number {
  let best = -1
  let fewest = Number.POSITIVE_INFINITY
  let oldest: S | undefined
  for (const [at, waiting] of queue.entries()) {
    if (!mayLeave(waiting)) continue
    if (waiting.urgent === true) return at
    oldest ??= waiting
    if (waiting.job !== oldest.job || waiting.seq !== oldest.seq) continue
    const count = announcers(waiting)
    if (count >= fewest) continue
    best = at
    fewest = count
  }
  return best
}
