import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How often everything visible is looked at, in milliseconds. A file that did not change is not read again. */
const LOOK_MS = 200

/** A media root that is looked at. */
export interface WatchedRoot {
  readonly name: string
  readonly path: string
}

/** Files below a root as one sees them, by path: the digest of their content. */
export type Listing = Map<string, string>

/**
 * Looks at everything that viewers could see, all the time: whatever is there is
 * a whole file that somebody published at that place.
 */
export class Observer {
  readonly violations: string[] = []
  looks = 0
  readonly #roots: readonly WatchedRoot[]
  /** Digests that may be at a path. */
  readonly #allowed: ReadonlyMap<string, ReadonlySet<string>>
  /** Files that the suite itself has damaged, by device and inode. */
  readonly #spoilt = new Set<string>()
  readonly #known = new Map<string, { readonly stamp: string, readonly digest: string }>()
  readonly #said = new Set<string>()
  #watching: Promise<void> | undefined
  #isStopped = false

  constructor (roots: readonly WatchedRoot[], allowed: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#roots = roots
    this.#allowed = allowed
  }

  start (): void {
    this.#watching = this.#watch()
  }

  /** @returns what is seen at the very end, by root */
  async stop (): Promise<Map<string, Listing>> {
    this.#isStopped = true
    await this.#watching
    return new Map(await Promise.all(this.#roots.map(async root => [root.name, await this.#look(root)] as const)))
  }

  /** This file is damaged by us: whatever is seen of it says nothing about anybody else. */
  async spoil (path: string): Promise<void> {
    const { dev, ino } = await lstat(path)
    this.#spoilt.add(`${dev}:${ino}`)
  }

  async isSpoilt (path: string): Promise<boolean> {
    const { dev, ino } = await lstat(path)
    return this.#spoilt.has(`${dev}:${ino}`)
  }

  async #watch (): Promise<void> {
    while (!this.#isStopped) {
      for (const root of this.#roots) await this.#look(root)
      this.looks++
      await delay(LOOK_MS)
    }
  }

  async #look (root: WatchedRoot): Promise<Listing> {
    const listing: Listing = new Map()
    await this.#folder(root, '', listing)
    return listing
  }

  async #folder (root: WatchedRoot, path: string, listing: Listing): Promise<void> {
    for (const name of await readdir(join(root.path, path)).catch(gone) ?? []) {
      // Ours, and what is being made: nobody serves what begins with a dot and our name.
      if (name.startsWith('.sluice')) continue
      const below = `${path}/${name}`
      const stat = await lstat(join(root.path, below), { bigint: true }).catch(gone)
      if (stat?.isDirectory() === true) await this.#folder(root, below, listing)
      if (stat?.isFile() !== true || this.#spoilt.has(`${stat.dev}:${stat.ino}`)) continue
      const digest = await this.#digest(root, below, `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`)
      if (digest == null) continue
      listing.set(below, digest)
      if (this.#allowed.get(below)?.has(digest) !== true && !this.#spoilt.has(`${stat.dev}:${stat.ino}`)) this.#say(`${root.name} shows ${below} (inode ${stat.ino}, ${stat.size} bytes) with content that nobody published there`)
    }
  }

  async #digest (root: WatchedRoot, path: string, stamp: string): Promise<string | undefined> {
    const key = `${root.name}${path}`
    const known = this.#known.get(key)
    if (known?.stamp === stamp) return known.digest
    const digest = await digestOf(join(root.path, path)).catch(gone)
    if (digest != null) this.#known.set(key, { stamp, digest })
    return digest
  }

  #say (what: string): void {
    if (this.#said.has(what)) return
    this.#said.add(what)
    this.violations.push(what)
  }
}

export async function digestOf (path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

/** It was there a moment ago: moved, replaced, or removed with its disk. */
function gone (error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
