/** One thing that is wrong in a configuration file, where, and what mends it. */
export interface Problem {
  readonly line: number
  readonly column: number
  /** `limits.upload`, `members[2].peer`; empty for the file as a whole. */
  readonly key: string
  readonly what: string
  readonly remedy: string
}

/** All that is wrong with one configuration file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly file: string
  readonly problems: readonly Problem[]

  constructor (file: string, problems: readonly Problem[], options?: ErrorOptions) {
    const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    super(inOrder.map(problem => sentence(file, problem)).join('\n'), options)
    this.file = file
    this.problems = inOrder
  }
}

function sentence (file: string, { line, column, key, what, remedy }: Problem): string {
  return `${file}:${line}:${column}: ${key === '' ? '' : `${key}: `}${what}; ${remedy}`
}

/** The known word that was probably meant; undefined where none is near. */
export function nearest (word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  // A third of the letters wrong is still a slip; more is another word.
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** Levenshtein's, a row at a time. */
function editDistance (a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
