/** Ranks `first` … `end - 1`. */
export interface Range {
  readonly first: number
  readonly end: number
}

/**
 * The seed's index list: ranks of servers that nobody has approached yet, as
 * sorted, disjoint intervals. Handing a job on splits it, so that two sources
 * never hold the same rank and nobody is approached twice.
 */
export class Ranges {
  #ranges: Range[]

  constructor (ranges: readonly Range[] = []) {
    this.#ranges = normalise(ranges)
  }

  get size (): number {
    return this.#ranges.reduce((sum, { first, end }) => sum + end - first, 0)
  }

  toArray (): readonly Range[] {
    return this.#ranges
  }

  has (rank: number): boolean {
    return this.#ranges.some(({ first, end }) => rank >= first && rank < end)
  }

  add (ranges: readonly Range[]): void {
    this.#ranges = normalise([...this.#ranges, ...ranges])
  }

  remove (rank: number): void {
    this.#ranges = this.#ranges.flatMap(({ first, end }) => rank < first || rank >= end
      ? [{ first, end }]
      : [{ first, end: rank }, { first: rank + 1, end }].filter(range => range.first < range.end))
  }

  /** Take out the lowest rank: the fastest uploader, as ranks are sorted by rate. */
  takeFirst (): number | undefined {
    const range = this.#ranges[0]
    if (range == null) return undefined
    this.remove(range.first)
    return range.first
  }

  /** Take out the last `count`, to hand them on; the lower ones stay. */
  takeLast (count: number): Range[] {
    let keep = this.size - count
    const kept: Range[] = []
    const given: Range[] = []
    for (const { first, end } of this.#ranges) {
      const cut = Math.min(end, first + keep)
      if (cut > first) kept.push({ first, end: cut })
      if (cut < end) given.push({ first: cut, end })
      keep -= cut - first
    }
    this.#ranges = kept
    return given
  }
}

function normalise (ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter(({ first, end }) => first < end).sort((a, b) => a.first - b.first)
  const merged: Range[] = []
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last != null && range.first <= last.end) merged[merged.length - 1] = { first: last.first, end: Math.max(last.end, range.end) }
    else merged.push(range)
  }
  return merged
}
