/** The middle one, or the mean of the two in the middle. NaN of nothing. */
export function median (values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Between two values where it falls between them. */
export function quantile (values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (at - Math.floor(at))
}
