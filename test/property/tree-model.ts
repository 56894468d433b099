import type { Brought } from './command-script.ts'

/** What stands at a path. */
export interface Item {
  readonly kind: 'file' | 'folder'
  /** Of a file: what is in it. */
  readonly content: string
  mode: number
  /** Whether a command spoke of it, and did not only make it on the way to something else. */
  named: boolean
}

export const FOLDER_MODE = 0o755
export const FILE_MODE = 0o644

/** Why an effect cannot be. */
export class Obstacle extends Error {
  override readonly name = 'Obstacle'
}

/**
 * A media root as the documentation says that commands change it, in memory:
 * every effect is whole, or an Obstacle and nothing has changed.
 */
export class TreeModel {
  readonly items = new Map<string, Item>()

  /** A line for each item, as `listMedia` has them of a disk, without times. */
  lines (): string[] {
    return [...this.items].map(([path, { kind, content, mode }]) => `${path}${kind === 'folder' ? '/' : ''} ${mode.toString(8)}${kind === 'folder' ? '' : ` ${content}`}`).sort()
  }

  /** @throws {Obstacle} where something cannot go to its place */
  check (brought: readonly Brought[]): void {
    for (const { path, content } of brought) {
      this.#checkParents(path)
      const there = this.items.get(path)?.kind
      if (there != null && there !== (content == null ? 'folder' : 'file')) throw new Obstacle(`${path} is a ${there}`)
    }
  }

  put (brought: readonly Brought[]): void {
    this.check(brought)
    for (const one of brought) this.place(one)
  }

  place ({ path, content }: Brought): void {
    if (content == null) return this.mkdir(path, FOLDER_MODE)
    this.#checkParents(path)
    this.#makeParents(path)
    this.items.set(path, { kind: 'file', content, mode: FILE_MODE, named: true })
  }

  mkdir (path: string, mode: number | undefined): void {
    this.#checkParents(path)
    if (this.items.get(path)?.kind === 'file') throw new Obstacle(`${path} is a file`)
    this.#makeParents(path)
    const item = this.items.get(path) ?? { kind: 'folder', content: '', mode: FOLDER_MODE, named: true }
    this.items.set(path, Object.assign(item, { named: true }, mode == null ? {} : { mode }))
  }

  setMode (path: string, mode: number): void {
    const item = this.items.get(path)
    if (item == null) throw new Obstacle(`${path} is not there`)
    item.mode = mode
  }

  move (from: string, to: string): void {
    const item = this.items.get(from)
    if (item == null) throw new Obstacle(`${from} is not there`)
    this.#checkParents(to)
    const there = this.items.get(to)
    if (there != null && (there.kind === 'folder' || item.kind === 'folder')) throw new Obstacle(`${to} is there`)
    this.#makeParents(to)
    for (const path of this.#below(from)) {
      this.items.set(to + path.slice(from.length), this.items.get(path) as Item)
      this.items.delete(path)
    }
  }

  remove (path: string, recursive: boolean): void {
    const below = this.#below(path)
    if (below.length > 1 && !recursive) throw new Obstacle(`${path} is not empty`)
    for (const each of below) this.items.delete(each)
  }

  verify (path: string): void {
    if (!this.#below(path).some(each => this.items.get(each)?.named === true)) throw new Obstacle(`nothing is at ${path}`)
  }

  makeParents (path: string): void {
    try {
      this.#checkParents(path)
      this.#makeParents(path)
    } catch {}
  }

  #below (path: string): string[] {
    return [...this.items.keys()].filter(other => other === path || other.startsWith(`${path}/`))
  }

  #checkParents (path: string): void {
    for (const parent of parentsOf(path)) if (this.items.get(parent)?.kind === 'file') throw new Obstacle(`${parent} is a file`)
  }

  #makeParents (path: string): void {
    for (const parent of parentsOf(path)) if (!this.items.has(parent)) this.items.set(parent, { kind: 'folder', content: '', mode: FOLDER_MODE, named: false })
  }
}

function parentsOf (path: string): string[] {
  const components = path.split('/')
  return components.slice(1).map((_, index) => components.slice(0, index + 1).join('/'))
}
