import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { isStamped, type Journal, type MediaTree, type OpenMedia, type PublishedRow, TreeError } from '@sluice/store'
import { type ctp, Entry, sameBytes } from '@sluice/wire'
import type { Logger } from './log.ts'
import type { RemoteMedia } from './remote-media.ts'

export interface PublishedScrubInit {
  readonly journal: Journal
  readonly tree: Pick<MediaTree, 'read' | 'stat' | 'put'>
  readonly self: string
  /** Who has a file now. */
  readonly locate: (path: readonly string[]) => Promise<ctp.Holder[]>
  readonly media: (node: string) => Pick<RemoteMedia, 'get'>
  /** @throws where the media root is not there: an unmounted disk has removed nothing */
  readonly present: () => Promise<void>
  readonly log: Logger
  /** How fast files are read, in bytes per second; 0: nothing is looked after. */
  readonly rate: number
  /** Aborted when this node stops. */
  readonly signal: AbortSignal
}

/** What became of files that were found to be rotten, since the start. */
export interface Rot {
  mended: number
  /** Found, and nobody had it; once for every time that it was looked at. */
  unmended: number
}

/** Rows in memory at one time. */
const ROWS_AT_ONCE = 200
/** Read at one time, in bytes. */
const READ_BYTES = 1024 * 1024
/** What was published just now is in the machine's memory still: it is read so much faster than what is on the disk. */
const FRESH_FACTOR = 8

/**
 * Looks after published files for as long as they stand where a job has put
 * them, long after the job. Their digests are taken soon after they were shown;
 * a file that reads differently later, though nobody wrote to it, has rotted, and is
 * fetched from another server that has it as it was.
 */
export class PublishedScrub {
  readonly rot: Rot = { mended: 0, unmended: 0 }
  readonly #init: PublishedScrubInit

  constructor (init: PublishedScrubInit) {
    this.#init = init
  }

  /** Take the digests of what was published since. */
  async digestNew (): Promise<void> {
    const { journal, rate } = this.#init
    if (rate > 0) await this.#each((after, limit) => journal.undigested(after, limit), rate * FRESH_FACTOR)
  }

  /** Read every published file again. */
  async run (): Promise<void> {
    const { journal, rate } = this.#init
    if (rate > 0) await this.#each((after, limit) => journal.published(after, limit), rate)
  }

  async #each (rows: (after: string, limit: number) => PublishedRow[], rate: number): Promise<void> {
    const { signal, log } = this.#init
    for (let page = rows('', ROWS_AT_ONCE); page.length > 0; page = rows(page.at(-1)?.path as string, ROWS_AT_ONCE)) {
      for (const { path } of page) {
        if (signal.aborted) return
        // A page takes its time: what was published anew meanwhile has another row by now. A link has no bytes to rot.
        const row = this.#init.journal.publishedAt(path)
        if (row != null && row.digest?.length !== 0) await this.#look(row, rate).catch((error: Error) => { log.debug('not looked at', { path: row.path, error: error.message }) })
      }
    }
  }

  async #look (row: PublishedRow, rate: number): Promise<void> {
    const { journal, tree, log } = this.#init
    const path = row.path.split('/')
    const file = await tree.read(path).catch(async (error: Error) => {
      // Removed or replaced: not ours any more.
      if (!(error instanceof TreeError) || !GONE.has(error.code)) throw error
      await this.#init.present()
      if (journal.publishedAt(row.path)?.at === row.at) journal.forgetPublished(row.path)
    })
    if (file == null) return
    try {
      if (!isStamped(row.stamp, file.stamp)) {
        if (journal.publishedAt(row.path)?.at === row.at) journal.forgetPublished(row.path)
        return
      }
      // Bytes that cannot be read are as lost as wrong ones.
      const digest = await this.#hash(file, rate).catch((error: Error) => error)
      await file.check()
      if (this.#init.signal.aborted) return
      const problem = digest instanceof Error ? digest.message : 'it reads differently, and nobody wrote to it'
      const touched = row.stamp.mtimeNs !== file.stamp.mtimeNs
      if (!(digest instanceof Error) && (row.digest == null || touched || sameBytes(digest, row.digest))) {
        if (row.digest == null || touched || row.stamp.ino !== file.stamp.ino) journal.settlePublished(row.path, file.stamp, digest)
        return
      }
      log.error('a published file has rotted', { path: `/${row.path}`, job: row.job, problem })
      if (row.digest != null && await this.#mend(row, row.digest, file)) this.rot.mended++
      else this.rot.unmended++
    } finally {
      await file.close()
    }
  }

  async #hash (file: OpenMedia, rate: number): Promise<Uint8Array> {
    const hash = createHash('sha256')
    for (let at = 0; at < file.entry.size && !this.#init.signal.aborted; at += READ_BYTES) {
      const length = Math.min(READ_BYTES, file.entry.size - at)
      hash.update(await file.read(at, length))
      await delay(length * 1000 / rate, undefined, { signal: this.#init.signal, ref: false }).catch(() => {})
    }
    return hash.digest()
  }

  /** Get it from the first server that has it as it was published. @returns whether there was one */
  async #mend (row: PublishedRow, digest: Uint8Array, file: OpenMedia): Promise<boolean> {
    const { log, self, locate } = this.#init
    const path = row.path.split('/')
    const problems: string[] = []
    const holders = await locate(path).catch((error: Error) => {
      problems.push(`the base did not say who has it: ${error.message}`)
      return []
    })
    for (const { node, entry } of holders) {
      if (node === self || Entry.decode(entry).size !== row.stamp.size) continue
      try {
        await this.#fetch(path, digest, file, node)
        log.info('a rotten file was fetched again', { path: `/${row.path}`, from: node })
        return true
      } catch (error) {
        problems.push(`${node}: ${(error as Error).message}`)
      }
    }
    log.error('a rotten file is not mended: publish it again, nobody has given it as it was', { path: `/${row.path}`, job: row.job, problems })
    return false
  }

  /** It takes the rotten one's place at once, and only if it is what was published. */
  async #fetch (path: readonly string[], digest: Uint8Array, rotten: OpenMedia, node: string): Promise<void> {
    const { journal, tree, media, signal } = this.#init
    const deposit = await tree.put(path, { size: rotten.entry.size, digest, ...rotten.entry.attributes == null ? {} : { attributes: rotten.entry.attributes } }, false)
    try {
      const remote = await media(node).get(path, { signal })
      for await (const part of remote.bytes) await deposit.write(part)
      const there = await tree.read(path)
      await there.close()
      if (there.stamp.ino !== rotten.stamp.ino || there.stamp.mtimeNs !== rotten.stamp.mtimeNs) throw new Error('it was replaced here meanwhile')
      await deposit.place()
    } finally {
      await deposit.close()
    }
    const mended = await tree.read(path)
    await mended.close()
    journal.settlePublished(path.join('/'), mended.stamp, digest)
  }
}

const GONE: ReadonlySet<string> = new Set(['not-found', 'not-a-file', 'not-a-folder', 'link'])
