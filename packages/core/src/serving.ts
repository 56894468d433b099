/** Pieces `next` … `end - 1` of a chunk, on their way to one receiver. */
export interface Serving {
  readonly job: string
  readonly seq: number
  readonly chunk: number
  next: number
  readonly end: number
  /** A viewer waits for it: it goes ahead of what is not. */
  readonly urgent?: boolean | undefined
  /** Its chunk is one of those whose pieces are acknowledged later. */
  readonly large?: boolean | undefined
  /** Rank of the first holder on whose tree it goes on by itself. */
  readonly first?: number | undefined
  /** It is passed on unasked. */
  readonly push?: Push | undefined
}

interface Push {
  readonly to: string
  /** How many servers get it from there, over however many others. */
  readonly behind: number
  /** Its place among all that were to be passed on. */
  readonly turn: number
}

/** A live piece that waits to be passed on. */
export type Pushed = Serving & { readonly push: Push }

export function isPushed (serving: Serving): serving is Pushed {
  return serving.push != null
}

/** How many at the front of a queue go ahead of others: what viewers wait for, and what is passed on unasked. */
export function urgentOf (queue: readonly Serving[]): number {
  const first = queue.findIndex(({ urgent, push }) => urgent !== true && push == null)
  return first < 0 ? queue.length : first
}
