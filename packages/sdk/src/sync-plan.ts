import { comparable, type Entry, EntryType, sameBytes, toHex } from '@sluice/wire'

/** Servers that hold the same below the destination, and what that is. */
export interface HeldTree {
  readonly nodes: readonly string[]
  /** Paths relative to the destination; an empty path is the destination itself. */
  readonly entries: readonly Entry[]
}

/** What is to be done on the same servers: one job. */
export interface SyncStep {
  readonly nodes: readonly string[]
  /** In the way of something of another kind: removed ahead of all else. */
  readonly clear: readonly string[][]
  /** Indexes of local entries to be put: files whose content is not there, links, folders, in the scan's order. */
  readonly put: readonly number[]
  /** By index: where the server has the content of a file that is put, relative to the destination. */
  readonly held: ReadonlyMap<number, readonly string[]>
  /** Files whose content is there, and whose mode or time differ. */
  readonly setattr: readonly number[]
  /** The folders they are in: whose time changes if they are put instead. */
  readonly above: readonly number[]
  readonly remove: readonly string[][]
  /** Folders whose time a removal changes. */
  readonly restore: readonly number[]
}

export interface SyncPlan {
  readonly steps: readonly SyncStep[]
  /** Paths of files that are new somewhere, differ somewhere, or are gone here. */
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly attributes: readonly string[]
  readonly removed: readonly string[]
  /** There and not here, and kept since nobody asked for their removal. */
  readonly kept: readonly string[]
  /** What cannot be done without removing something first. */
  readonly obstructed: readonly string[]
}

const NOTHING: SyncStep = { nodes: [], clear: [], put: [], held: new Map(), setattr: [], above: [], remove: [], restore: [] }

/** The needs of one group of servers. */
interface Needs {
  readonly clear: Map<string, string[]>
  readonly put: Set<number>
  readonly setattr: Set<number>
  readonly remove: Map<string, string[]>
}

/**
 * What has to be done so that every server holds what is here, each thing only
 * where it is needed. Times are compared to the second, modes as servers set
 * them, content by its digest.
 *
 * @param local - a scan's entries, files with their digests
 */
export function planSync (local: readonly Entry[], trees: readonly HeldTree[], { remove }: { readonly remove: boolean }): SyncPlan {
  const index = new Map(local.map((entry, at) => [keyOf(entry.path), at]))
  const found = { added: new Set<string>(), changed: new Set<string>(), attributes: new Set<string>(), removed: new Set<string>(), kept: new Set<string>(), obstructed: new Set<string>() }
  const needs = trees.map(({ entries }) => needsOf(local, index, new Map(entries.map(entry => [keyOf(entry.path), entry])), remove, found))
  return { steps: stepsOf(local, index, trees, needs), ...Object.fromEntries(Object.entries(found).map(([name, paths]) => [name, [...paths].sort()])) } as unknown as SyncPlan
}

type Found = Record<'added' | 'changed' | 'attributes' | 'removed' | 'kept' | 'obstructed', Set<string>>

function needsOf (local: readonly Entry[], index: ReadonlyMap<string, number>, there: ReadonlyMap<string, Entry>, remove: boolean, found: Found): Needs {
  const needs: Needs = { clear: new Map(), put: new Set(), setattr: new Set(), remove: new Map() }
  for (const [at, entry] of local.entries()) {
    const key = keyOf(entry.path)
    const held = there.get(key)
    const isFolder = entry.type === EntryType.DIRECTORY
    if (held != null && isFolder !== (held.type === EntryType.DIRECTORY)) {
      // A file does not give way to a folder, nor a folder to a file.
      if (remove) needs.clear.set(key, entry.path)
      else found.obstructed.add(key)
    }
    if (held == null || held.type !== entry.type || !sameContent(entry, held)) {
      needs.put.add(at)
      if (!isFolder) (held == null ? found.added : found.changed).add(key)
    } else if (!sameAttributes(entry, held)) {
      (isFolder ? needs.put : needs.setattr).add(at)
      found.attributes.add(key)
    }
  }
  for (const [key, { path }] of there) {
    if (path.length === 0 || index.has(key)) continue
    if (!remove) found.kept.add(key)
    else {
      found.removed.add(key)
      // With its folder, if that goes too.
      const parent = keyOf(path.slice(0, -1))
      if (path.length === 1 || (index.has(parent) && !needs.clear.has(parent))) needs.remove.set(key, path)
    }
  }
  return needs
}

function stepsOf (local: readonly Entry[], index: ReadonlyMap<string, number>, trees: readonly HeldTree[], needs: readonly Needs[]): SyncStep[] {
  /** What is needed by the same groups of servers is one step: then nothing is uploaded twice, and nothing sent to whom has it. */
  const steps = new Map<string, { groups: number[], needs: Needs }>()
  const add = (needed: (group: Needs) => boolean, note: (step: Needs) => void): void => {
    const groups = needs.flatMap((group, number) => needed(group) ? [number] : [])
    if (groups.length === 0) return
    const step = steps.get(groups.join()) ?? { groups, needs: { clear: new Map(), put: new Set(), setattr: new Set(), remove: new Map() } }
    steps.set(groups.join(), step)
    note(step.needs)
  }
  const paths = (of: (group: Needs) => Map<string, string[]>): Map<string, string[]> => new Map(needs.flatMap(group => [...of(group)]))
  for (const [key, path] of paths(group => group.clear)) add(group => group.clear.has(key), step => step.clear.set(key, path))
  for (const at of local.keys()) {
    add(group => group.put.has(at), step => step.put.add(at))
    add(group => group.setattr.has(at), step => step.setattr.add(at))
  }
  for (const [key, path] of paths(group => group.remove)) add(group => group.remove.has(key), step => step.remove.set(key, path))
  const merged = [...steps.values()].map(({ groups, needs: { clear, put, setattr, remove } }) => {
    const above = (changed: ReadonlyArray<readonly string[]>): number[] => foldersAbove(index, changed)
    const changed = [...put].map(at => (local[at] as Entry).path)
    const all = new Set([...put, ...above([...changed, ...clear.values()])])
    return {
      nodes: groups.flatMap(group => [...(trees[group] as HeldTree).nodes]),
      clear: [...clear.values()],
      put: [...all].sort((a, b) => a - b),
      held: heldBy(local, put, at => groups.some(group => needs[group]?.put.has(at)), groups.map(group => trees[group] as HeldTree), index),
      setattr: [...setattr],
      above: above([...setattr].map(at => (local[at] as Entry).path)),
      remove: [...remove.values()],
      restore: above([...remove.values()]).sort((a, b) => a - b)
    }
  })
  if (merged.length < 2) return merged
  // One may put something where another clears the way, or make a file of what another removes: all clearing comes first, all removals last.
  const only = (kind: (step: SyncStep) => SyncStep, has: (step: SyncStep) => number): SyncStep[] => merged.filter(step => has(step) > 0).map(kind)
  return [
    ...only(({ nodes, clear }) => ({ ...NOTHING, nodes, clear }), ({ clear }) => clear.length),
    ...only(step => ({ ...step, clear: [], remove: [], restore: [] }), ({ put, setattr }) => put.length + setattr.length),
    ...only(({ nodes, remove, restore }) => ({ ...NOTHING, nodes, remove, restore }), ({ remove }) => remove.length)
  ]
}

/**
 * Files to be put whose content all these servers hold at one and the same path.
 *
 * @param isPut - whether another put, of this step or of one before it, makes something else of a local entry's path there
 */
function heldBy (local: readonly Entry[], put: ReadonlySet<number>, isPut: (at: number) => boolean, trees: readonly HeldTree[], index: ReadonlyMap<string, number>): Map<number, readonly string[]> {
  const held = new Map<number, readonly string[]>()
  const [first, ...others] = trees.map(({ entries }) => new Map(entries.map(entry => [keyOf(entry.path), entry])))
  const byDigest = new Map<string, Entry[]>()
  for (const [key, entry] of first ?? []) {
    const at = index.get(key)
    const isTouched = at != null && isPut(at)
    const isEverywhere = others.every(other => sameFileContent(other.get(key), entry))
    if (entry.type !== EntryType.FILE || entry.size === 0 || isTouched || isCleared(local, index, entry) || !isEverywhere) continue
    const digest = toHex(entry.digest)
    byDigest.set(digest, [...byDigest.get(digest) ?? [], entry])
  }
  for (const at of put) {
    const entry = local[at] as Entry
    const [source] = entry.type === EntryType.FILE && entry.size > 0 ? byDigest.get(toHex(entry.digest)) ?? [] : []
    if (source != null && source.size === entry.size) held.set(at, source.path)
  }
  return held
}

/** Whether something that stands above a held file here is no folder: then the file goes before the put comes. */
function isCleared (local: readonly Entry[], index: ReadonlyMap<string, number>, { path }: Entry): boolean {
  for (let depth = 1; depth < path.length; depth++) {
    const at = index.get(keyOf(path.slice(0, depth)))
    if (at != null && (local[at] as Entry).type !== EntryType.DIRECTORY) return true
  }
  return local[index.get(keyOf(path)) ?? -1]?.type === EntryType.DIRECTORY
}

function foldersAbove (index: ReadonlyMap<string, number>, paths: ReadonlyArray<readonly string[]>): number[] {
  const found = new Set<number>()
  for (const path of paths) {
    for (let depth = 0; depth < path.length; depth++) {
      const at = index.get(keyOf(path.slice(0, depth)))
      if (at != null) found.add(at)
    }
  }
  return [...found]
}

function sameContent (entry: Entry, held: Entry): boolean {
  if (entry.type === EntryType.FILE) return sameFileContent(held, entry)
  return entry.type === EntryType.DIRECTORY || keyOf(entry.target) === keyOf(held.target)
}

function sameFileContent (a: Entry | undefined, b: Entry): boolean {
  return a?.type === EntryType.FILE && a.size === b.size && sameBytes(a.digest, b.digest)
}

function sameAttributes (a: Entry, b: Entry): boolean {
  const [mine, theirs] = [comparable(a).attributes, comparable(b).attributes]
  return mine?.mode === theirs?.mode && mine?.mtimeSeconds === theirs?.mtimeSeconds
}

function keyOf (path: readonly string[]): string {
  return path.join('/')
}
