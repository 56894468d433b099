import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { floorViolations } from './tidy/floors.ts'
import { markViolations, nameViolations, sizeViolations, styleViolations } from './tidy/house.ts'
import { mirrorViolations, protocolViolations } from './tidy/mirrors.ts'
import { purityViolations } from './tidy/purity.ts'
import { deadFiles } from './tidy/reach.ts'
import { codeOf, importsOf, readTree, type Rule, type SourceTree } from './tidy/source-tree.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const RULES: Record<string, Rule> = {
  'imports only go down the floors, and only to what is declared': floorViolations,
  'core is pure': purityViolations,
  'files are named in kebab-case and for what is in them': nameViolations,
  'no file is too long': sizeViolations,
  'nothing is left unfinished or switched off': markViolations,
  'lines are in the house style': styleViolations,
  'every larger source of a package has its spec': tree => mirrorViolations(tree),
  'a protocol is one word repeated': protocolViolations,
  'no file is dead': deadFiles
}

describe('tidy', () => {
  const tree = readTree(ROOT)
  for (const [name, rule] of Object.entries(RULES)) {
    it(name, () => {
      const violations = rule(tree)
      if (violations.length > 0) expect.fail(`${violations.length} violations\n${violations.join('\n')}`)
    })
  }
})

/** A small tidy house, to plant violations in. */
const HOUSE: Record<string, string> = {
  'package.json': '{"dependencies":{"@sluice/wire":"1","@sluice/node":"1","commander":"1"},"devDependencies":{"chai":"1"}}',
  'packages/wire/package.json': '{"dependencies":{"protons-runtime":"1"}}',
  'packages/wire/src/index.ts': "export * from './protocols.ts'\nexport * from './pb/hello.ts'\n",
  'packages/wire/src/protocols.ts': "export const PROTOCOLS = {\n  hello: { id: '/sluice/hello/1.0.0' }\n}\n",
  'packages/wire/src/pb/hello.proto': '',
  'packages/wire/src/pb/hello.ts': 'const generated = 1;\n',
  'packages/core/package.json': '{"dependencies":{"@sluice/wire":"1"}}',
  'packages/core/src/index.ts': "import type { Job } from '@sluice/wire'\nexport type { Job }\n",
  'packages/node/package.json': '{"dependencies":{"@sluice/core":"1"}}',
  'packages/node/src/index.ts': "export * from './protocols/hello.ts'\n",
  'packages/node/src/protocols/hello.ts': "import { readFile } from 'node:fs/promises'\nimport type { Job } from '@sluice/core'\n",
  'docs/protocols/hello.md': '',
  'src/main.ts': "import { Command } from 'commander'\n",
  'test/x.spec.ts': "import { expect } from 'chai'\nimport '../src/main.ts'\nimport { Job } from '@sluice/node'\n"
}

function planted (changes: Record<string, string>): SourceTree {
  return new Map(Object.entries({ ...HOUSE, ...changes }))
}

/** Files that are not there yet must be reached, or the rule on dead files would speak too. */
const PLANTED: Array<[name: string, rule: Rule, changes: Record<string, string>, expected: RegExp]> = [
  ['an upward import', floorViolations, { 'packages/wire/src/index.ts': "import '@sluice/core'\n" }, /wire\/src\/index.ts:1: wire may not import core/],
  ['a sideways import', floorViolations, { 'packages/base/package.json': '{"dependencies":{"@sluice/sdk":"1"}}', 'packages/base/src/index.ts': "import { a } from '@sluice/sdk'\n" }, /base may not import sdk/],
  ['an upward import over several lines', floorViolations, { 'packages/core/src/index.ts': "\nimport type {\n  A\n} from '@sluice/node'\n" }, /core\/src\/index.ts:2: core may not import node/],
  ['a dynamic import', floorViolations, { 'packages/core/src/index.ts': "export const a = () => import" + "('@sluice/store')\n" }, /core may not import store/],
  ['a value of wire in core', floorViolations, { 'packages/core/src/index.ts': "import { open } from '@sluice/wire'\n" }, /types of wire only/],
  ['an undeclared import', floorViolations, { 'packages/node/src/index.ts': "import { z } from 'zod'\n" }, /zod is not declared in packages\/node\/package.json/],
  ['an undeclared import in the root', floorViolations, { 'src/main.ts': "import { z } from 'zod/v4'\n" }, /zod is not declared in package.json/],
  ['a development dependency in a source', floorViolations, { 'src/main.ts': "import { expect } from 'chai'\n" }, /chai is not declared/],
  ['another package by path', floorViolations, { 'packages/node/src/index.ts': "import '../../core/src/index.ts'\n" }, /reaches into core by path/],
  ['another package\'s inside by name', floorViolations, { 'packages/node/src/index.ts': "import '@sluice/core/src/index.ts'\n" }, /reaches into core/],
  ['a package from the root by path', floorViolations, { 'test/x.spec.ts': "import '../packages/core/src/index.ts'\n" }, /reaches into core by path/],
  ['a test in a source', floorViolations, { 'packages/core/test/a.spec.ts': '', 'packages/core/src/index.ts': "import '../test/a.spec.ts'\n" }, /is a test/],
  ['a file that is not there', floorViolations, { 'src/main.ts': "import './nowhere.ts'\n" }, /nowhere.ts does not exist/],
  ['a built-in without its scheme', floorViolations, { 'src/main.ts': "import 'fs'\n" }, /write node:fs/],
  ['a package without a floor', floorViolations, { 'packages/attic/src/index.ts': '' }, /attic has no floor/],
  ...['new Date()', 'Math.random()', 'Promise.resolve()', 'async () => {}', 'setTimeout(f)', 'process.env', 'Buffer.alloc(1)', 'console.log(1)', 'crypto.subtle', 'globalThis.x'].map(code =>
    [`${code} in core`, purityViolations, { 'packages/core/src/index.ts': `// fine\nexport const a = ${code}\n` }, /core\/src\/index.ts:2: core uses/] as [string, Rule, Record<string, string>, RegExp]),
  ['impurity in a template', purityViolations, { 'packages/core/src/index.ts': 'export const a = `at ${' + 'Date.now()}`\n' }, /core uses Date/],
  ['a drawer for everything', nameViolations, { 'src/utils.ts': '' }, /says nothing/],
  ['a folder for everything', nameViolations, { 'packages/node/src/helpers/hash.ts': '' }, /says nothing/],
  ['a name in camel case', nameViolations, { 'src/putPlan.ts': '' }, /kebab-case/],
  ['a file that is too long', sizeViolations, { 'src/main.ts': 'a()\n'.repeat(351) }, /351 lines/],
  ['an unfinished mark', markViolations, { 'src/main.ts': '// TODO: all of it\n' }, /unfinished/],
  ['a lonely test', markViolations, { 'test/x.spec.ts': "it.only('a', () => {})\n" }, /\.only\(/],
  ['a test switched off', markViolations, { 'test/x.spec.ts': "it.skip('a', () => {})\n" }, /without a comment/],
  ['a semicolon', styleViolations, { 'src/main.ts': 'const a = 1;\n' }, /semicolon/],
  ['a tab', styleViolations, { 'src/main.ts': '\ta()\n' }, /tab/],
  ['a source without a spec', tree => mirrorViolations(tree, {}), { 'packages/core/src/swarm.ts': 'a()\n'.repeat(61) }, /has no packages\/core\/test\/swarm.spec.ts/],
  ['a source without a spec beside another one\'s', tree => mirrorViolations(tree, {}), { 'packages/core/test/swarm.spec.ts': '', 'packages/core/src/swarming.ts': 'a()\n'.repeat(61) }, /has no packages\/core\/test\/swarming.spec.ts/],
  ['a stale exception', tree => mirrorViolations(tree, { 'packages/core/src/gone.ts': 'reason' }), {}, /need not/],
  ['a protocol without its class', protocolViolations, { 'packages/wire/src/protocols.ts': "export const PROTOCOLS = {\n  offer: { id: '/sluice/offer/1.0.0' }\n}\n", 'packages/wire/src/pb/offer.proto': '', 'packages/wire/src/pb/offer.ts': '', 'docs/protocols/offer.md': '' }, /node\/src\/protocols\/offer.ts is missing/],
  ['a protocol under another word', protocolViolations, { 'packages/wire/src/protocols.ts': "export const PROTOCOLS = {\n  hello: { id: '/sluice/hallo/1.0.0' }\n}\n" }, /its id says hallo/],
  ['a dead file', deadFiles, { 'src/forgotten.ts': '' }, /forgotten.ts: nothing imports it/]
]

describe('tidy on planted violations', () => {
  it('finds nothing in a tidy house', () => {
    for (const rule of [floorViolations, purityViolations, nameViolations, sizeViolations, markViolations, styleViolations, protocolViolations, deadFiles]) expect(rule(planted({}))).to.deep.equal([])
    expect(mirrorViolations(planted({}), {})).to.deep.equal([])
  })

  for (const [name, rule, changes, expected] of PLANTED) {
    it(`finds ${name}`, () => {
      const violations = rule(planted(changes))
      expect(violations).to.have.lengthOf(1)
      expect(violations[0]).to.match(expected)
    })
  }

  it('counts code and not types, and lets the spec of a family do', () => {
    const types = `/** Why. */\nexport interface A {\n${'  a: string\n'.repeat(80)}}\n\nexport type B =\n${"  | 'b'\n".repeat(80)}\nconst c = 1\n`
    expect(mirrorViolations(planted({ 'packages/core/src/input.ts': types }), {})).to.deep.equal([])
    expect(mirrorViolations(planted({ 'packages/core/src/swarm-view.ts': 'a()\n'.repeat(61), 'packages/core/test/swarm.spec.ts': '' }), {})).to.deep.equal([])
  })

  it('allows a test switched off for a reason, and marks in strings of tests', () => {
    expect(markViolations(planted({ 'test/x.spec.ts': "// needs root\nit.skip('a', () => {})\nconst text = '.only('\n" }))).to.deep.equal([])
  })

  it('reads imports of every form', () => {
    // In two halves each: this file is read by the rules too.
    const dynamic = 'const e = await import' + "('e')\nnew Worker(new URL" + "('./f.js', import.meta.url))\n"
    const text = `import a from 'a'\nimport type { B } from 'b'\nexport * from 'c'\nimport 'd'\n${dynamic}import {\n  G\n} from 'g'\nconst s = "import 'h'"\n`
    expect(importsOf(text).map(({ target }) => target).sort()).to.deep.equal(['./f.ts', 'a', 'b', 'c', 'd', 'e', 'g'])
    expect(importsOf(text).find(({ target }) => target === 'b')?.typeOnly).to.equal(true)
    expect(importsOf(text).find(({ target }) => target === 'g')?.line).to.equal(7)
  })

  it('tells code from comments and strings', () => {
    expect(codeOf("a /* Date */ 'Date' // Date\n\"Date\"").trim()).to.not.include('Date')
  })
})
