import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files by their path from the root of the project; the texts of sources, and '' for all else. */
export type SourceTree = ReadonlyMap<string, string>

/** What is wrong with a tree, one sentence each; a rule reports everything at once. */
export type Rule = (tree: SourceTree) => string[]

const READ = /\.(ts|js|json|proto|md)$/
const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage'])

export function readTree (root: string): SourceTree {
  const files = (existsSync(join(root, '.git')) ? fromGit(root) : walk(root, '')).filter(file => existsSync(join(root, file)))
  return new Map(files.map(file => [file, READ.test(file) ? readFileSync(join(root, file), 'utf8') : '']))
}

/** With what is not added yet: a file is judged before its commit, not after. */
function fromGit (root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  return [...new Set(listed.split('\0'))].filter(file => file !== '')
}

function walk (root: string, dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap(entry => {
    if (NOT_OURS.has(entry.name)) return []
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`
    return entry.isDirectory() ? walk(root, path) : [path]
  })
}

/** TypeScript that people write: generated schemas are not theirs. */
export function handWritten (tree: SourceTree): Array<[file: string, text: string]> {
  return [...tree].filter(([file]) => file.endsWith('.ts') && !file.includes('/pb/'))
}

/** The package that a file belongs to: `wire`, …, `src` or `test` for the root's own; undefined for all else. */
export function placeOf (file: string): string | undefined {
  const [top, name] = file.split('/')
  if (top === 'packages') return name
  return top === 'src' || top === 'test' ? top : undefined
}

export interface Import {
  readonly line: number
  readonly target: string
  /** `import type`: gone after compilation. */
  readonly typeOnly: boolean
}

// Statements begin their line; what stands inside of a string or a comment does not.
const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g
// Workers and processes are named by URL; the compiled name stands for the source.
const BY_URL = /\bnew URL\(\s*['"](\.{1,2}\/[^'"\n]+\.js)['"]\s*,\s*import\.meta\.url/g

export function importsOf (text: string): Import[] {
  const at = (index: number): number => text.slice(0, index).split('\n').length
  return [
    ...[...text.matchAll(STATEMENT)].map(match => ({ line: at(match.index), target: match[2] ?? '', typeOnly: match[1] != null })),
    ...[...text.matchAll(DYNAMIC)].map(match => ({ line: at(match.index), target: match[1] ?? '', typeOnly: false })),
    ...[...text.matchAll(BY_URL)].map(match => ({ line: at(match.index), target: (match[1] ?? '').replace(/\.js$/, '.ts'), typeOnly: false }))
  ]
}

const NOT_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** A text without its comments and strings; what a template evaluates stays, and so do the line breaks. */
export function codeOf (text: string): string {
  return text.replace(NOT_CODE, found => {
    const breaks = found.replace(/[^\n]/g, '')
    if (!found.startsWith('`')) return `${breaks} `
    return [...found.matchAll(/\$\{([^}]*)\}/g)].map(match => match[1]).join(' ') + breaks
  })
}
