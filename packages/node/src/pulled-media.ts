import { createHash } from 'node:crypto'
import { type CachedFile, PULL_BLOCK_BYTES, type PullCache } from '@sluice/store'
import { type ctp, Entry, EntryType, sameBytes, toHex } from '@sluice/wire'
import type { Logger } from './log.ts'
import type { RemoteMedia } from './remote-media.ts'

/** A file that other media servers have, to be read while it is being fetched. */
export interface PulledFile {
  readonly size: number
  readonly mtimeMs: number
  /** SHA-256 of all of it, once all of it is here and is what its server says it is. */
  readonly digest: Uint8Array | undefined
  /** Bytes at `offset`: at least one and at most `length`. */
  read (offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>
  close (): Promise<void>
}

export interface PulledMediaInit {
  readonly cache: PullCache
  /** Who has a file now, the least busy first. */
  readonly locate: (path: readonly string[], signal: AbortSignal | undefined) => Promise<ctp.Holder[]>
  readonly media: (node: string) => Pick<RemoteMedia, 'get' | 'stat'>
  readonly log: Logger
}

/** What is known of a path is asked for again after this, in milliseconds: so old may a replaced file be that is still served. */
const FRESH_MS = 10_000
/** Paths that are known. */
const MAX_PATHS = 1_000
/** Blocks fetched beyond the one that is read: enough for a fast viewer at a distance. */
const BLOCKS_AHEAD = 3
/** Blocks on their way at once, for all viewers: a server does 8 errands of one peer at a time. */
const FETCHES_AT_ONCE = 4

/**
 * Pull-through: media that the fleet has and this node has not, fetched when a
 * viewer asks for it. Viewers of one path share what is fetched. The base says
 * who has it and grants the reading; the bytes come from that server over a
 * connection that has proved its key, and that is what a viewer who does not
 * wait for all of it relies on. When all blocks are here their SHA-256 is
 * compared with the server's, and a file that is not the same is thrown away.
 */
export class PulledMedia {
  readonly #init: PulledMediaInit
  readonly #files = new Map<string, { readonly atMs: number, readonly shared: Promise<SharedFile | undefined> }>()
  readonly #lanes = new Lanes(FETCHES_AT_ONCE)

  constructor (init: PulledMediaInit) {
    this.#init = init
  }

  /** @param path - checked components. @returns undefined if nobody who is there has such a file, or nobody knows */
  async find (path: readonly string[], signal?: AbortSignal): Promise<PulledFile | undefined> {
    const key = path.join('/')
    let known = this.#files.get(key)
    if (known == null || performance.now() - known.atMs > FRESH_MS) {
      known = { atMs: performance.now(), shared: this.#look(path, known?.shared, signal) }
      this.#files.delete(key)
      this.#files.set(key, known)
      // Its blocks stay in the cache until they give way; it is only looked for anew.
      for (const oldest of this.#files.keys()) {
        if (this.#files.size <= MAX_PATHS) break
        this.#files.delete(oldest)
      }
    }
    const shared = await known.shared.catch((error: Error) => {
      this.#init.log.debug('not found elsewhere', { path: key, error: error.message })
      return undefined
    })
    if (shared == null) {
      if (this.#files.get(key) === known) this.#files.delete(key)
      return undefined
    }
    return shared.open()
  }

  async #look (path: readonly string[], before: Promise<SharedFile | undefined> | undefined, signal: AbortSignal | undefined): Promise<SharedFile | undefined> {
    const { cache, locate, media, log } = this.#init
    const known = await before?.catch(() => undefined)
    let holders: ctp.Holder[]
    try {
      holders = await locate(path, signal)
    } catch (error) {
      // The base is away: what is here goes on being served. Where it says that nobody has it, it was removed.
      if (known?.isGone === false) return known
      throw error
    }
    const [first] = holders
    if (first == null) return undefined
    const entry = Entry.decode(first.entry)
    if (entry.type !== EntryType.FILE) return undefined
    const nodes = holders.map(({ node }) => node)
    if (known?.isOf(entry) === true) {
      known.nodes = nodes
      return known
    }
    const shared = new SharedFile({ path, entry, media, log, lanes: this.#lanes, drop: async file => await cache.drop(file) }, nodes)
    shared.file = await cache.add(entry.size, () => { shared.isGone = true })
    return shared
  }
}

interface SharedInit {
  readonly path: readonly string[]
  readonly entry: Entry
  readonly media: PulledMediaInit['media']
  readonly log: Logger
  readonly lanes: Lanes
  readonly drop: (file: CachedFile) => Promise<void>
}

/** One version of a file, for all who read it here. */
class SharedFile {
  readonly #init: SharedInit
  readonly #fetching = new Map<number, Promise<Uint8Array>>()
  nodes: string[]
  file: CachedFile | undefined
  /** It gave way in the cache, or is not what it should be. */
  isGone = false
  #digest: Uint8Array | undefined
  #checking = false

  constructor (init: SharedInit, nodes: string[]) {
    this.#init = init
    this.nodes = nodes
  }

  isOf (entry: Entry): boolean {
    return !this.isGone && isSame(entry, this.#init.entry)
  }

  open (): PulledFile {
    const file = this.file as CachedFile
    const { size, attributes } = this.#init.entry
    const digest = (): Uint8Array | undefined => this.#digest
    file.use()
    return {
      size,
      mtimeMs: (attributes?.mtimeSeconds ?? 0) * 1000 + Math.floor((attributes?.mtimeNanos ?? 0) / 1_000_000),
      get digest () { return digest() },
      read: async (offset, length, signal) => await this.#read(file, offset, length, signal),
      close: async () => await file.release()
    }
  }

  async #read (file: CachedFile, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const { size } = this.#init.entry
    const block = Math.floor(offset / PULL_BLOCK_BYTES)
    const within = offset - block * PULL_BLOCK_BYTES
    const end = Math.min(within + length, PULL_BLOCK_BYTES, size - block * PULL_BLOCK_BYTES)
    for (let ahead = block + 1; ahead <= block + BLOCKS_AHEAD && ahead * PULL_BLOCK_BYTES < size; ahead++) this.#block(file, ahead)?.catch(() => {})
    const fetching = this.#block(file, block)
    if (fetching == null) return await file.read(offset, end - within)
    return (await unless(signal, fetching)).subarray(within, end)
  }

  /** On its way, or undefined: it is here. */
  #block (file: CachedFile, block: number): Promise<Uint8Array> | undefined {
    if (file.has(block)) return undefined
    let fetching = this.#fetching.get(block)
    if (fetching == null) {
      fetching = this.#init.lanes.take(async () => await this.#fetch(block)).then(async bytes => {
        await file.write(block, bytes).catch((error: Error) => this.#init.log.warn('not kept', { path: this.#init.path.join('/'), error: error.message }))
        if (file.isComplete) this.#check(file).catch((error: Error) => this.#init.log.warn('not compared', { path: this.#init.path.join('/'), error: error.message }))
        return bytes
      }).finally(() => { this.#fetching.delete(block) })
      this.#fetching.set(block, fetching)
    }
    return fetching
  }

  /** From the first server that gives it; the next block begins with that one, too. */
  async #fetch (block: number): Promise<Uint8Array> {
    const { path, entry, media, log } = this.#init
    const offset = block * PULL_BLOCK_BYTES
    const length = Math.min(PULL_BLOCK_BYTES, entry.size - offset)
    const problems: string[] = []
    for (const node of [...this.nodes]) {
      try {
        const remote = await media(node).get(path, { offset, length })
        const parts: Uint8Array[] = []
        for await (const part of remote.bytes) parts.push(part)
        if (!isSame(remote.entry, entry)) throw new Error('it has another version by now')
        const bytes = Buffer.concat(parts)
        if (bytes.length !== length) throw new Error(`it gave ${bytes.length} of ${length} bytes`)
        return bytes
      } catch (error) {
        problems.push(`${node}: ${(error as Error).message}`)
        log.debug('another server is asked', { path: path.join('/'), node, error: (error as Error).message })
        this.nodes = [...this.nodes.filter(other => other !== node), node]
      }
    }
    this.isGone = true
    throw new Error(`/${path.join('/')} could not be fetched: ${problems.join('; ')}`)
  }

  /** All blocks are here: together they must be what a server says it has. */
  async #check (file: CachedFile): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    const { path, entry, media, log, drop } = this.#init
    file.use()
    try {
      const hash = createHash('sha256')
      for (let at = 0; at < entry.size; at += PULL_BLOCK_BYTES) hash.update(await file.read(at, Math.min(PULL_BLOCK_BYTES, entry.size - at)))
      const digest = hash.digest()
      const said = await media(this.nodes[0] as string).stat(path, { digest: true })
      if (isSame(said, entry) && sameBytes(said.digest, digest)) {
        this.#digest = digest
        return
      }
      log.error('what was fetched is not what its server has: it is thrown away', { path: path.join('/'), node: this.nodes[0], here: toHex(digest), there: toHex(said.digest) })
      this.isGone = true
      await drop(file)
    } finally {
      this.#checking = false
      await file.release()
    }
  }
}

/** So many at a time; the others wait in line. */
class Lanes {
  #free: number
  readonly #waiting: Array<() => void> = []

  constructor (count: number) {
    this.#free = count
  }

  async take<T> (work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>(resolve => this.#waiting.push(resolve))
    else this.#free--
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next == null) this.#free++
      else next()
    }
  }
}

function isSame (a: Entry, b: Entry): boolean {
  return a.type === b.type && a.size === b.size && a.attributes?.mtimeSeconds === b.attributes?.mtimeSeconds && a.attributes?.mtimeNanos === b.attributes?.mtimeNanos
}

/** What others share goes on when this one leaves. */
async function unless<T> (signal: AbortSignal, shared: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([shared, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
