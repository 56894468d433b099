import { basename, join } from 'node:path'
import type { Prng } from '@sluice/core'

const KIB = 1024
const MIB = 1024 * KIB

/** A local file that a put takes, with the seed of its content. */
export interface SourceFile {
  readonly name: string
  readonly size: number
  readonly seed: number
}

/** One command of a job. The command's seq is its place, counted from 1. */
export type Step =
  /** One file at `path`, or, with `tree`, files below it. */
  | { readonly kind: 'put', readonly path: string, readonly tree: boolean, readonly staged: boolean, readonly files: readonly SourceFile[] }
  | { readonly kind: 'mkdir', readonly path: string }
  | { readonly kind: 'setattr', readonly path: string, readonly mode: number }
  | { readonly kind: 'move', readonly path: string, readonly to: string }
  | { readonly kind: 'remove', readonly path: string }
  | { readonly kind: 'publish', readonly puts: readonly number[] }
  | { readonly kind: 'verify', readonly path: string }
  | { readonly kind: 'barrier' }

/** How a job is given: by `sluice publish`, which knows puts only, or by a program with the SDK. */
export type Manner = 'publish' | 'program'

/**
 * A small job of several kinds of commands. Each is on one track, so that what a
 * server shows is what the commands come to in their order, and nothing else.
 */
export function drawScript (prng: Prng, manner: Manner, maxBytes: number): Step[] {
  let seed = prng.below(2 ** 30)
  const file = (name: string, size: number): SourceFile => ({ name, size, seed: seed++ })
  const large = Math.round(maxBytes * (30 + prng.below(40)) / 100)
  const tree: Step = { kind: 'put', path: '/tree', tree: true, staged: false, files: [file('film.bin', large), file('small-1.ts', 1 + prng.below(40 * KIB)), file('deep/small-2.ts', 100 + prng.below(200 * KIB)), file('empty.txt', 0)] }
  const single: Step = { kind: 'put', path: '/single.bin', tree: false, staged: false, files: [file('single.bin', 1 + prng.below(maxBytes - large))] }
  if (manner === 'publish') return prng.below(2) === 0 ? [tree] : [{ ...tree, path: '/out/tree' }, { ...single, path: '/out/single.bin' }]
  const steps: Step[] = [tree, single]
  if (prng.below(2) === 0) steps.push({ kind: 'mkdir', path: '/made/here' }, { kind: 'setattr', path: '/single.bin', mode: 0o600 })
  if (prng.below(2) === 0) {
    const first = steps.length + 1
    steps.push(
      { kind: 'put', path: '/staged/one.bin', tree: false, staged: true, files: [file('one.bin', 1 + prng.below(2 * MIB))] },
      { kind: 'put', path: '/staged/two.bin', tree: false, staged: true, files: [file('two.bin', 64 * KIB + prng.below(2 * MIB))] },
      { kind: 'publish', puts: [first, first + 1] }
    )
  }
  if (prng.below(2) === 0) steps.push({ kind: 'move', path: '/single.bin', to: '/moved/there.bin' })
  // A second version of a file that is shown already: viewers see the one or the other, never both mixed.
  if (prng.below(2) === 0) steps.push({ kind: 'barrier' }, { kind: 'put', path: '/tree/film.bin', tree: false, staged: false, files: [file('film-2.bin', 1 + prng.below(MIB))] })
  if (prng.below(2) === 0) steps.push({ kind: 'remove', path: '/tree/deep' })
  if (prng.below(2) === 0) steps.push({ kind: 'verify', path: '/tree' })
  return steps
}

/** Where what is put lies at the provider: named as it will be called, which is what `sluice publish` goes by. */
export function localOf (folder: string, { path }: Extract<Step, { kind: 'put' }>, seq: number): string {
  return join(folder, String(seq), basename(path))
}

/** Where a put's files land. */
export function placesOf (step: Extract<Step, { kind: 'put' }>): Array<{ readonly path: string, readonly file: SourceFile }> {
  return step.files.map(file => ({ path: step.tree ? `${step.path}/${file.name}` : step.path, file }))
}

/** What may be seen below a media root, and what is seen there when all is done. Files are named by the seed of their content. */
export interface Truth {
  readonly allowed: ReadonlyMap<string, ReadonlySet<number>>
  readonly final: ReadonlyMap<string, number>
  /** Files that stay as the put brought them, by the put's seq: nothing later touches them. */
  readonly lasting: ReadonlyMap<number, ReadonlyMap<string, number>>
}

export function truthOf (steps: readonly Step[]): Truth {
  const allowed = new Map<string, Set<number>>()
  const final = new Map<string, number>()
  const lasting = new Map<number, Map<string, number>>()
  const show = (path: string, seed: number, seq: number): void => {
    final.set(path, seed)
    allowed.set(path, (allowed.get(path) ?? new Set()).add(seed))
    for (const mine of lasting.values()) mine.delete(path)
    lasting.set(seq, (lasting.get(seq) ?? new Map()).set(path, seed))
  }
  const hide = (path: string): void => {
    for (const place of [...final.keys()].filter(each => each === path || each.startsWith(`${path}/`))) {
      final.delete(place)
      for (const mine of lasting.values()) mine.delete(place)
    }
  }
  const bring = (step: Step | undefined, seq: number): void => {
    if (step?.kind === 'put') for (const { path, file } of placesOf(step)) show(path, file.seed, seq)
  }
  for (const [index, step] of steps.entries()) {
    const seq = index + 1
    if (step.kind === 'put' && !step.staged) bring(step, seq)
    if (step.kind === 'publish') for (const put of step.puts) bring(steps[put - 1], seq)
    if (step.kind === 'remove') hide(step.path)
    if (step.kind !== 'move') continue
    const moved = final.get(step.path)
    hide(step.path)
    if (moved != null) show(step.to, moved, seq)
  }
  return { allowed, final, lasting }
}
