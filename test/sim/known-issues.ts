interface Issue {
  readonly what: string
  readonly seeds: readonly number[]
}

/** What the core does not do right yet, and the random plans (of the first 300) that show it. */
const ISSUES: readonly Issue[] = [
  {
    what: 'a request stays with a slow source for more than 20 s, although an idle one holds the chunk',
    seeds: [100, 256, 272, 285]
  },
  {
    what: 'without any loss a few pieces more than allowed come twice',
    seeds: [122, 139, 186]
  }
]

/** Seeds that fail, and why. One that runs well must leave this list. */
export const KNOWN_ISSUES: ReadonlyMap<number, string> = new Map(ISSUES.flatMap(({ what, seeds }) => seeds.map(seed => [seed, what] as const)))
