import { posix } from 'node:path'
import { importsOf, placeOf, type SourceTree } from './source-tree.ts'

// What others start: the program, each package's face, the tests, the benchmarks, and any file that calls itself main.
const ENTRY = /^(?:src\/main\.ts|src\/sluice\.js|packages\/[^/]+\/src\/index\.ts|(?:test|packages\/[^/]+\/test)\/(?:.*\/)?[^/]+\.spec\.ts|test\/bench\/[^/]+\.ts|(?:.*\/)?main\.ts)$/

/** Sources that nothing imports. */
export function deadFiles (tree: SourceTree): string[] {
  const reached = new Set<string>()
  const queue = [...tree.keys()].filter(file => placeOf(file) != null && ENTRY.test(file))
  for (let file = queue.pop(); file != null; file = queue.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    for (const { target } of importsOf(tree.get(file) ?? '')) {
      const path = posix.join(posix.dirname(file), target)
      if (target.startsWith('.') && tree.has(path)) queue.push(path)
    }
  }
  return [...tree.keys()].filter(file => placeOf(file) != null && file.endsWith('.ts') && !reached.has(file))
    .map(file => `${file}: nothing imports it`)
}
