/** Seeds of random plans that the core does not survive yet, and why. A seed that runs well must leave this list. */
export const KNOWN_ISSUES: ReadonlyMap<number, string> = new Map([
])
