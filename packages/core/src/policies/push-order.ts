/** A live piece that waits to be passed on. */
export interface WaitingPush {
  readonly job: string
  readonly seq: number
  /** The piece. */
  readonly next: number
  readonly push: {
    /** How many servers get it from its receiver, over however many others. */
    readonly behind: number
    /** Its place among all that were to be passed on. */
    readonly turn: number
  }
}

/**
 * The live piece that is passed on next: the one that the most servers wait for
 * behind its receiver, since all of them are late by what it waits. Most have
 * nobody behind them; of those that are alike it is the oldest of its put, which
 * is the latest already, and of several puts the one that waits longest goes.
 *
 * @returns undefined if none waits
 */
export function nextPush<W extends WaitingPush> (waiting: readonly W[]): W | undefined {
  const most = waiting.reduce((most, { push }) => Math.max(most, push.behind), 0)
  let longest: W | undefined
  for (const one of waiting) if (one.push.behind === most && (longest == null || one.push.turn < longest.push.turn)) longest = one
  let next = longest
  for (const one of waiting) if (next != null && one.push.behind === most && one.job === next.job && one.seq === next.seq && one.next < next.next) next = one
  return next
}

/** … and the one that is left out where too many wait: the last to come of those for which the fewest wait. */
export function leastPush<W extends WaitingPush> (waiting: readonly W[]): W | undefined {
  let least: W | undefined
  for (const one of waiting) if (least == null || one.push.behind < least.push.behind || (one.push.behind === least.push.behind && one.push.turn > least.push.turn)) least = one
  return least
}
