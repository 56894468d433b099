import fc from 'fast-check'

/** What a random job's command does. Paths are below the folder of its track, so that tracks cannot see each other. */
export type Step =
  | { readonly kind: 'put', readonly path: string, readonly names: readonly string[], readonly staged: boolean, readonly shownOn: number }
  | { readonly kind: 'mkdir', readonly path: string, readonly mode: number | undefined }
  | { readonly kind: 'setattr', readonly path: string, readonly mode: number }
  | { readonly kind: 'move', readonly from: string, readonly to: string }
  | { readonly kind: 'remove', readonly path: string, readonly recursive: boolean }
  | { readonly kind: 'publish', readonly puts: readonly number[] }
  | { readonly kind: 'verify', readonly path: string }
  | { readonly kind: 'barrier', readonly tracks: readonly number[] }
  | { readonly kind: 'cancel', readonly target: number }

export type Scripted = Step & { readonly seq: number, readonly track: number, readonly continueAfterFailure: boolean }

export const TRACKS = 3
/** Few, so that commands meet. */
const PATHS = ['a', 'b', 'a/x', 'a/y', 'a/x/z', 'b/x', 'c/d']
const NAMES = ['x', 'y', 'sub/z']

interface Draw {
  readonly pick: number
  readonly track: number
  readonly other: number
  readonly path: string
  readonly to: string
  readonly names: readonly string[]
  readonly flag: boolean
  readonly lenient: boolean
}

const draw: fc.Arbitrary<Draw> = fc.record({
  pick: fc.nat(25),
  track: fc.nat(TRACKS - 1),
  other: fc.nat(TRACKS - 1),
  path: fc.constantFrom(...PATHS),
  to: fc.constantFrom(...PATHS),
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
  flag: fc.boolean(),
  lenient: fc.integer({ min: 0, max: 3 }).map(value => value > 0)
})

/** A job's commands, in order; the end is not among them. */
export const script: fc.Arbitrary<Scripted[]> = fc.array(draw, { minLength: 3, maxLength: 14 }).map(draws => {
  const commands: Scripted[] = []
  const staged: number[] = []
  for (const one of draws) {
    const seq = commands.length + 1
    const step = stepOf(one, commands, staged)
    commands.push({ ...step, seq, track: one.track, continueAfterFailure: one.lenient })
    if (step.kind === 'put' && step.staged) staged.push(seq)
  }
  return commands
})

function stepOf ({ pick, track, other, path: own, to, names, flag }: Draw, before: readonly Scripted[], staged: readonly number[]): Step {
  const earlier = before.filter(command => command.kind === 'put' && !command.staged && command.track === track).at(-1)
  // Often what was put before: a playlist is put again and again, and a segment is removed.
  const path = earlier?.kind === 'put' && (pick < 3 || pick > 20) ? earlier.path : `t${track}/${own}`
  const mode = flag ? 0o700 : 0o755
  if (pick < 5) return { kind: 'put', path, names: [], staged: false, shownOn: track }
  if (pick < 7) return { kind: 'put', path, names, staged: false, shownOn: track }
  // A staged put may come on another track than the publish that shows it.
  if (pick < 10) return { kind: 'put', path: `t${other}/${own}`, names: flag ? names : [], staged: true, shownOn: other }
  if (pick < 12) {
    const mine = staged.filter(seq => { const put = before[seq - 1]; return put?.kind === 'put' && put.shownOn === track })
    if (mine.length > 0) return { kind: 'publish', puts: flag ? mine : mine.slice(-1) }
  }
  if (pick < 13) return { kind: 'mkdir', path, mode: flag ? 0o700 : undefined }
  if (pick < 14) return { kind: 'setattr', path, mode }
  if (pick < 16 && to !== own && !to.startsWith(`${own}/`)) return { kind: 'move', from: path, to: `t${track}/${to}` }
  if (pick < 17) return { kind: 'verify', path: `t${track}` }
  if (pick < 18) return { kind: 'barrier', tracks: flag ? [] : [other] }
  const puts = before.filter(({ kind }) => kind === 'put')
  if (pick < 19 && puts.length > 0) return { kind: 'cancel', target: (puts[other % puts.length] as Scripted).seq }
  return { kind: 'remove', path, recursive: flag }
}

/** What a put brings: files, each with its own content, and, if it is a tree, the folders that it has entries of. */
export interface Brought {
  readonly path: string
  /** Undefined for a folder. */
  readonly content: string | undefined
}

/** Folders come before what is in them. */
export function broughtBy (command: Scripted): Brought[] {
  if (command.kind !== 'put') return []
  const { path, names, seq } = command
  if (names.length === 0) return [{ path, content: `${seq}` }]
  const folders = [path, ...names.some(name => name.startsWith('sub/')) ? [`${path}/sub`] : []]
  return [...folders.map(folder => ({ path: folder, content: undefined })), ...names.map(name => ({ path: `${path}/${name}`, content: `${seq}/${name}` }))]
}
