/**
 * The four optimizations of the specification. They are on; each can be turned
 * off to measure what it is worth, in the simulator and in real peers alike.
 */
export interface Optimizations {
  /** A job is handed on with ranges of the ranks not approached yet; off: with the whole list, so that servers are approached again and again. */
  readonly indexLists: boolean
  /** Several servers are approached, and sent to, at once; off: one after the other. */
  readonly multipleNodes: boolean
  /** Faster servers come first: in the list, as first holders, at every uplink; off: all are taken for equal. */
  readonly rateSort: boolean
  /** A slow source is left for a faster one, in the middle of a chunk if need be; off: only for one that is gone. */
  readonly dynamicSwitching: boolean
}

export type OptimizationName = keyof Optimizations

export const ALL_OPTIMIZATIONS: Optimizations = { indexLists: true, multipleNodes: true, rateSort: true, dynamicSwitching: true }

/** All but those named. */
export function optimizationsWithout (names: readonly OptimizationName[]): Partial<Optimizations> {
  return Object.fromEntries(names.map(name => [name, false]))
}
