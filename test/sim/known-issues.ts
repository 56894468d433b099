interface Issue {
  readonly what: string
  readonly seeds: readonly number[]
}

/** What the core does not do right yet, and the random plans (all of the first 2,000, and as many more as were run) that show it. In all of them everybody completes. */
const ISSUES: readonly Issue[] = [
  { what: 'a window that is never full is never measured: 16 pieces stand in a line of 2 Mbit/s for 4 s, until they are late, are asked of others, and come twice', seeds: [4026] }
]

/** Seeds that fail, and why. One that runs well must leave this list. */
export const KNOWN_ISSUES: ReadonlyMap<number, string> = new Map(ISSUES.flatMap(({ what, seeds }) => seeds.map(seed => [seed, what] as const)))
