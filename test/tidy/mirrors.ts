import { handWritten, type SourceTree } from './source-tree.ts'

// Lines of code, above which a file has a spec of its own: smaller ones are shown by their neighbours' specs.
const SPEC_FROM_LINES = 60
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/[^\n]*/gm
// A type has no behaviour to show.
const TYPE = /^(?:export )?(?:interface [\s\S]*?^\}|type [^\n]*(?:\n[ |}][^\n]*)*)/gm

/** Sources without a spec of their own, and where they are shown instead. */
export const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  'packages/base/src/rebuild.ts': 'test/e2e/rebuild.spec.ts: it needs nodes that come; what it believes of them is rebuilding.ts',
  'packages/base/src/base.ts': 'test/e2e/main-job.spec.ts, test/e2e/restart.spec.ts: it only wires up what has specs of its own',
  'packages/core/src/limits.ts': 'packages/core/test: numbers alone, each shown where it is used',
  'packages/edge/src/arriving-extent.ts': 'packages/edge/test/arriving-media.spec.ts: the arithmetic of what is read there',
  'packages/edge/src/media-answer.ts': 'packages/edge/test/conformance.spec.ts: a question per line',
  'packages/edge/src/media-route.ts': 'packages/edge/test/edge.spec.ts, packages/edge/test/conformance.spec.ts: it only wires up what has specs of its own',
  'packages/node/src/arrivals.ts': 'test/e2e/arriving.spec.ts: it needs puts that are on their way',
  'packages/node/src/media-server.ts': 'test/e2e/main-job.spec.ts, test/e2e/restart.spec.ts: it only wires up what has specs of its own',
  'packages/node/src/origins.ts': 'test/e2e/watch-film.spec.ts: it needs jobs that brought something',
  'packages/node/src/remote-media.ts': 'packages/node/test/errands.spec.ts: it is the other end of them',
  'packages/sdk/src/download.ts': 'test/e2e/ctp.spec.ts: it needs a server at the other end',
  'packages/sdk/src/media-files.ts': 'test/e2e/ctp.spec.ts: it puts the words of people for those of remote-media.ts',
  'packages/sdk/src/sync.ts': 'test/e2e/sync.spec.ts: it needs a fleet; what it decides is sync-plan.ts',
  'packages/store/src/deposit.ts': 'packages/store/test/media-tree.spec.ts: only that begins one',
  'packages/store/src/tree-listing.ts': 'packages/store/test/media-tree.spec.ts: only that has one',
  'packages/sdk/src/provider.ts': 'test/e2e/main-job.spec.ts, test/e2e/bad-input.spec.ts: it only wires up what has specs of its own'
}

export function mirrorViolations (tree: SourceTree, shownElsewhere = SHOWN_ELSEWHERE): string[] {
  const missing = handWritten(tree).flatMap(([file, text]) => {
    const match = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(file)
    if (match == null || match[2] === 'index' || linesOfCode(text) <= SPEC_FROM_LINES) return []
    const spec = `packages/${match[1]}/test/${match[2]}.spec.ts`
    return family(spec).some(name => tree.has(name)) || shownElsewhere[file] != null ? [] : [`${file}: has no ${spec}; write it, or say in test/tidy/mirrors.ts where it is shown instead`]
  })
  const stale = Object.keys(shownElsewhere).filter(file => !tree.has(file) || tree.has(file.replace('/src/', '/test/').replace(/\.ts$/, '.spec.ts')))
    .map(file => `${file}: stands in SHOWN_ELSEWHERE and need not; remove it there`)
  return [...missing, ...stale]
}

function linesOfCode (text: string): number {
  return text.replace(COMMENT, '').replace(TYPE, '').split('\n').filter(line => line.trim() !== '').length
}

/** `verify-queue.spec.ts`, `verify.spec.ts`: the spec of a family shows its members. */
function family (spec: string): string[] {
  const shorter = spec.replace(/-[^-/]+\.spec\.ts$/, '.spec.ts')
  return shorter === spec ? [spec] : [spec, ...family(shorter)]
}

const TABLE = 'packages/wire/src/protocols.ts'
// The DHT's protocol is kad-dht's own; ours are the rows of the table.
const ROW = /^ {2}(\w+): \{ id: '\/sluice\/(\w+)\/\d+\.\d+\.\d+'/gm

/** A protocol is one word repeated. */
export function protocolViolations (tree: SourceTree): string[] {
  const rows = [...(tree.get(TABLE) ?? '').matchAll(ROW)]
  if (rows.length === 0) return [`${TABLE}: no protocol found; did its form change?`]
  return rows.flatMap(([, word, id]) => {
    const files = [`packages/wire/src/pb/${word}.proto`, `packages/wire/src/pb/${word}.ts`, `packages/node/src/protocols/${word}.ts`, `docs/protocols/${word}.md`]
    const missing = files.filter(file => !tree.has(file)).map(file => `protocol ${word}: ${file} is missing`)
    return word === id ? missing : [...missing, `protocol ${word}: its id says ${id}`]
  })
}
