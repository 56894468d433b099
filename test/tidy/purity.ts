import { codeOf, handWritten, type SourceTree } from './source-tree.ts'

/** What a pure, synchronous machine has no business with, and what it uses instead. */
const BANNED: ReadonlyArray<readonly [pattern: RegExp, what: string]> = [
  [/\bDate\b/g, 'Date: time enters as nowMs'],
  [/\bperformance\b/g, 'performance: time enters as nowMs'],
  [/\bMath\.random\b/g, 'Math.random: randomness is the seeded generator given to the constructor'],
  [/\bPromise\b/g, 'Promise: results come back as inputs'],
  [/\basync\b/g, 'async: results come back as inputs'],
  [/\bawait\b/g, 'await: results come back as inputs'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer: time enters as nowMs and a tick'],
  [/(?<![.#\w])process\b(?!\s*\()/g, 'process: the driver knows it'],
  [/\bBuffer\b/g, 'Buffer: the core moves indexes, not bytes'],
  [/\bconsole\b/g, 'console: the driver logs'],
  [/\bcrypto\b/g, 'crypto: hashes and signatures are checked at the edge'],
  [/\bglobalThis\b/g, 'globalThis: nothing global belongs here']
]

export function purityViolations (tree: SourceTree): string[] {
  return handWritten(tree).filter(([file]) => file.startsWith('packages/core/src/')).flatMap(([file, text]) => {
    const lines = codeOf(text).split('\n')
    return lines.flatMap((line, i) => BANNED.filter(([pattern]) => line.search(pattern) !== -1).map(([, what]) => `${file}:${i + 1}: core uses ${what}`))
  })
}
