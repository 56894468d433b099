import { SWITCH_GAIN } from '../limits.ts'

export interface OpenLane {
  readonly peer: string
  /** Bytes per second, measured; offered as long as nothing was measured. */
  readonly rate: number
}

export type LaneChoice =
  | { readonly decision: 'accept' }
  | { readonly decision: 'decline' }
  | { readonly decision: 'switch', readonly from: string }

/** What a receiver says to an offer: while there is room, yes; then only to a source that clearly beats its slowest. */
export function chooseLane (lanes: readonly OpenLane[], offered: number, maxLanes: number): LaneChoice {
  if (lanes.length < maxLanes) return { decision: 'accept' }
  const slowest = lanes.reduce<OpenLane | undefined>((a, b) => a == null || b.rate < a.rate ? b : a, undefined)
  if (slowest != null && offered > slowest.rate * SWITCH_GAIN) return { decision: 'switch', from: slowest.peer }
  return { decision: 'decline' }
}
