import type { BigIntStats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { RESERVED_COMPONENT, checkPath, type Entry } from '@sluice/wire'
import type { Folder, FolderWalk } from './folder-walk.ts'
import { statEntry } from './stat-entry.ts'
import { systemCode } from './store-error.ts'
import { treeError } from './tree-error.ts'

/** Files that a commit is about to rename into place. */
const TEMPORARY = /^\.sluice-j[0-9a-z]{16}-\d+-\d+$/
const UTF8 = new TextDecoder('utf-8', { fatal: true })

export interface ListOptions {
  readonly recursive: boolean
  /** Go on behind this path, relative to the listing's. */
  readonly after: readonly string[]
}

/**
 * What is in a folder of the media tree: each folder ahead of what is in it,
 * names in the order of their UTF-16 code units. Links are shown, and never
 * followed. Our own folder is not shown, and what no path may name is counted.
 */
export class TreeListing {
  /** Passed over: neither file, folder nor link, or of a name that no path may have. */
  unnamed = 0
  readonly #walk: FolderWalk
  readonly #base: readonly string[]
  readonly #options: ListOptions

  constructor (walk: FolderWalk, base: readonly string[], options: ListOptions) {
    this.#walk = walk
    this.#base = base
    this.#options = options
  }

  /** @throws {TreeError} */
  entries (): AsyncGenerator<Entry> {
    return this.#folder([], this.#options.after)
  }

  async * #folder (relative: string[], after: readonly string[]): AsyncGenerator<Entry> {
    const place = [...this.#base, ...relative]
    const [cursor, ...rest] = after
    for (const name of await this.#names(place, relative.length > 0)) {
      if (cursor != null && name < cursor) continue
      const path = [...relative, name]
      if (!isSayable([...place, name])) {
        this.unnamed++
        continue
      }
      const entry = await this.#entry(place, name, path)
      if (entry == null) continue
      const passed = name === cursor
      if (!passed) yield entry.value
      if (this.#options.recursive && entry.isFolder) yield * this.#folder(path, passed ? rest : [])
    }
  }

  /** @param mayVanish - of the folder that was asked for, its absence is the answer; of one below it, somebody's doing meanwhile */
  async #names (place: readonly string[], mayVanish: boolean): Promise<string[]> {
    try {
      return await this.#walk.in(place, false, async ({ at }) => {
        const names: string[] = []
        for (const bytes of await readdir(at('.'), { encoding: 'buffer' })) {
          const name = decoded(bytes)
          if (name == null) this.unnamed++
          else if (name !== RESERVED_COMPONENT && !TEMPORARY.test(name)) names.push(name)
        }
        return names.sort()
      })
    } catch (cause) {
      const error = treeError(cause, place)
      if (mayVanish && (error.code === 'not-found' || error.code === 'link' || error.code === 'not-a-folder')) return []
      throw error
    }
  }

  async #entry (place: readonly string[], name: string, path: string[]): Promise<{ value: Entry, isFolder: boolean } | undefined> {
    try {
      return await this.#walk.in(place, false, async folder => {
        const stat = await lstat(folder.at(name), { bigint: true })
        if (!stat.isFile() && !stat.isDirectory() && !stat.isSymbolicLink()) {
          this.unnamed++
          return undefined
        }
        return { value: await withTarget(statEntry(path, stat), stat, folder, name), isFolder: stat.isDirectory() }
      })
    } catch (cause) {
      const error = treeError(cause, [...place, name])
      if (error.code === 'not-found' || error.code === 'link') return undefined
      throw error
    }
  }
}

/** A link's target, where it stays within what is listed; where another one leads is nobody's business. */
export async function withTarget (entry: Entry, stat: BigIntStats, folder: Folder, name: string): Promise<Entry> {
  if (!stat.isSymbolicLink()) return entry
  const text = await readlink(folder.at(name)).catch((cause: Error) => {
    // It was replaced since: shown without its target.
    if (systemCode(cause) !== 'EINVAL') throw cause
    return '/'
  })
  return { ...entry, target: withinListing(entry.path.slice(0, -1), text) }
}

function withinListing (folder: readonly string[], text: string): string[] {
  if (text.startsWith('/')) return []
  const path = [...folder]
  for (const component of text.split('/')) {
    if (component === '' || component === '.') continue
    if (component !== '..') path.push(component)
    else if (path.pop() == null) return []
  }
  return path
}

function decoded (bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

function isSayable (path: readonly string[]): boolean {
  try {
    checkPath(path)
    return true
  } catch {
    return false
  }
}
