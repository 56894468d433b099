import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { handWritten, importsOf, placeOf, type Import, type SourceTree } from './source-tree.ts'

/** Who may import whom (docs/architecture.md): only down the floors. */
const FLOORS: Record<string, readonly string[]> = {
  wire: [],
  core: ['wire'],
  store: ['wire'],
  node: ['wire', 'core', 'store'],
  base: ['wire', 'core', 'store', 'node'],
  sdk: ['wire', 'core', 'store', 'node'],
  edge: ['wire', 'core', 'store'],
  dashboard: [],
  src: ['wire', 'core', 'store', 'node', 'base', 'sdk', 'edge', 'dashboard'],
  test: ['wire', 'core', 'store', 'node', 'base', 'sdk', 'edge', 'dashboard']
}

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

export function floorViolations (tree: SourceTree): string[] {
  const root = manifestAt(tree, 'package.json')
  return handWritten(tree).flatMap(([file, text]) => {
    const place = placeOf(file)
    if (place == null) return []
    if (FLOORS[place] == null) return [`${file}: packages/${place} has no floor; give it one in test/tidy/floors.ts`]
    return importsOf(text).flatMap(found => {
      const problem = found.target.startsWith('.') ? relativeProblem(tree, file, place, found) : bareProblem(tree, root, file, place, found)
      return problem == null ? [] : [`${file}:${found.line}: ${problem}`]
    })
  })
}

function relativeProblem (tree: SourceTree, file: string, place: string, { target }: Import): string | undefined {
  const path = posix.join(posix.dirname(file), target)
  const there = placeOf(path)
  // The root's tests reach the root's sources by path: neither is a package that has a name.
  if (there !== place && !(place === 'test' && there === 'src')) return there == null ? outsideProblem(tree, path) : `${target} reaches into ${there} by path; import @sluice/${there}`
  if (!isTest(file) && isTest(path)) return `${target} is a test, and this is none`
  if (!/\.(ts|js|json)$/.test(target)) return `${target} has no extension; write .ts`
  return tree.has(path) ? undefined : `${target} does not exist`
}

function outsideProblem (tree: SourceTree, path: string): string | undefined {
  return tree.has(path) && !path.includes('/') ? undefined : `${path} is outside of every package`
}

function bareProblem (tree: SourceTree, root: Manifest, file: string, place: string, { target, typeOnly }: Import): string | undefined {
  if (target.startsWith('node:')) return undefined
  if (builtinModules.includes(target)) return `${target} is one of Node's own; write node:${target}`
  const parts = target.split('/')
  const name = target.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0] ?? target
  const declared = place === 'src' || place === 'test' ? root : manifestAt(tree, `packages/${place}/package.json`)
  const inTest = isTest(file)
  const known = declared.dependencies?.[name] != null || (inTest && (declared.devDependencies?.[name] ?? root.devDependencies?.[name]) != null)
  if (name.startsWith('@sluice/')) {
    const other = name.slice('@sluice/'.length)
    if (other === place) return inTest ? undefined : `${target} is this very package; import by path`
    if (FLOORS[place]?.includes(other) !== true) return `${place} may not import ${other}: it is not on a floor below`
    if (parts.length > 2) return `${target} reaches into ${other}; import what its index exports`
    if (place === 'core' && !inTest && !typeOnly) return `core may import types of ${other} only: write \`import type\``
  }
  return known ? undefined : `${name} is not declared in ${place === 'src' || place === 'test' ? '' : `packages/${place}/`}package.json`
}

function isTest (file: string): boolean {
  return file.startsWith('test/') || /^packages\/[^/]+\/test\//.test(file)
}

function manifestAt (tree: SourceTree, file: string): Manifest {
  return JSON.parse(tree.get(file) ?? '{}') as Manifest
}
