/** A stream of bytes that always has more to send. */
export interface Flow {
  readonly from: number
  readonly to: number
}

/**
 * The exact max-min fair rates of flows over uplinks and downlinks, by
 * progressive filling: all rates rise together, and the flows of a link that is
 * full keep what they have. What TCP comes near to; an oracle for small fleets.
 *
 * @param up - rate of each host's uplink; any unit
 * @returns one rate for each flow, in that unit
 */
export function maxMinRates (flows: readonly Flow[], up: readonly number[], down: readonly number[]): number[] {
  const rates = flows.map(() => 0)
  const rising = new Set(flows.keys())
  const links = [
    ...up.map((capacity, host) => ({ capacity, uses: (flow: Flow) => flow.from === host })),
    ...down.map((capacity, host) => ({ capacity, uses: (flow: Flow) => flow.to === host }))
  ]
  while (rising.size > 0) {
    let step = Number.POSITIVE_INFINITY
    let full: number[] = []
    for (const { capacity, uses } of links) {
      const mine = [...flows.keys()].filter(index => uses(flows[index] as Flow))
      const growing = mine.filter(index => rising.has(index))
      if (growing.length === 0) continue
      const room = (capacity - mine.reduce((sum, index) => sum + (rates[index] as number), 0)) / growing.length
      if (room < step - 1e-9) full = []
      if (room <= step + 1e-9) full.push(...growing)
      step = Math.min(step, room)
    }
    for (const index of rising) rates[index] = (rates[index] as number) + Math.max(0, step)
    for (const index of full) rising.delete(index)
  }
  return rates
}
