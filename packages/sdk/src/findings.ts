/** One thing that is wrong with a bundle. */
export interface Problem {
  /** Part of the bundle, as in `receipts[3]`. */
  readonly where: string
  readonly what: string
}

/** More would not help anyone, and a hostile bundle could have a million. */
export const MAX_PROBLEMS = 20

/** The longest text of a problem, in characters: parts of it may come from whoever made the bundle. */
const MAX_WHAT_CHARS = 400

/** What a verification found: how much was checked, and what did not hold. */
export class Findings {
  readonly problems: Problem[] = []
  #checks = 0

  get checks (): number {
    return this.#checks
  }

  /** Whether nothing further would be noted. */
  get full (): boolean {
    return this.problems.length >= MAX_PROBLEMS
  }

  /** Count a check, and note a problem unless it holds. */
  check (holds: boolean, where: string, what: string): boolean {
    this.#checks++
    if (!holds) this.add(where, what)
    return holds
  }

  add (where: string, what: string): void {
    if (!this.full) this.problems.push({ where, what: what.slice(0, MAX_WHAT_CHARS) })
  }
}
