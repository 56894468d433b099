import { type Attributes, type ctp, Entry, EntryType, PIECE_BYTES, type Verb } from '@sluice/wire'
import type { Capabilities } from './capabilities.ts'
import type { Ctp } from './protocols/ctp.ts'
import { CREDIT_BYTES, type ErrandLine } from './protocols/ctp-errand.ts'

/** A media server did not do an errand. `code` says why: denied, not-found, exists, link, busy … */
export class ErrandError extends Error {
  override readonly name = 'ErrandError'
  readonly code: string

  constructor (code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Abortable {
  readonly signal?: AbortSignal | undefined
}

export interface ListRequest extends Abortable {
  readonly recursive?: boolean | undefined
  /** With the SHA-256 of each file. */
  readonly digests?: boolean | undefined
  /** Go on behind this path, relative to the listing's. */
  readonly after?: readonly string[] | undefined
}

export interface GetRequest extends Abortable {
  readonly offset?: number | undefined
  readonly length?: number | undefined
  /** End with the SHA-256 of the whole file. */
  readonly digest?: boolean | undefined
}

export interface PutRequest extends Abortable {
  readonly size: number
  readonly attributes?: Attributes | undefined
  /** SHA-256 that must arrive. */
  readonly digest?: Uint8Array | undefined
  /** Make the folders on the way. */
  readonly parents?: boolean | undefined
}

/** A file that is being fetched. */
export interface RemoteFile {
  readonly entry: Entry
  /** To be iterated once, or closed. Returns the digest of the whole file, if that was asked for. */
  readonly bytes: AsyncGenerator<Uint8Array, Uint8Array>
}

/** What a server made of a put, mkdir or setattr. */
export interface RemotePlaced {
  readonly entry: Entry
  readonly notApplied: string[]
  readonly viewers: number
}

const NO_BYTES = new Uint8Array()
const NOTHING: Omit<ctp.Errand, 'capability' | 'verb' | 'path'> = { recursive: false, digest: false, after: [], offset: 0, entry: NO_BYTES, parents: false }

/**
 * The media of one server, from afar. Paths are components below its media
 * root. Every method throws an ErrandError, or what broke the connection.
 */
export class RemoteMedia {
  readonly #ctp: Ctp
  readonly #node: string
  readonly #capabilities: Capabilities

  constructor (protocol: Ctp, node: string, capabilities: Capabilities) {
    this.#ctp = protocol
    this.#node = node
    this.#capabilities = capabilities
  }

  /** What is below a folder, a page ahead of whoever iterates. Returns how many things no path can name. */
  async * list (path: readonly string[], { recursive = false, digests = false, after = [], signal }: ListRequest = {}): AsyncGenerator<Entry, number> {
    const line = await this.#errand('list', path, { recursive, digest: digests, after: [...after] }, signal)
    try {
      for (;;) {
        const { listed } = await answer(line)
        if (listed == null) throw unexpected('list')
        if (!listed.last) await line.request({ more: 1 })
        for (const entry of listed.entries) yield Entry.decode(entry)
        if (listed.last) return listed.unnamed
      }
    } finally {
      await line.close()
    }
  }

  async stat (path: readonly string[], { digest = false, signal }: { digest?: boolean | undefined } & Abortable = {}): Promise<Entry> {
    const line = await this.#errand('stat', path, { digest }, signal)
    return (await outcome(line)).entry
  }

  /** As `stat`, and how many viewers the server has. */
  async look (path: readonly string[], { signal }: Abortable = {}): Promise<{ entry: Entry, viewers: number }> {
    const { entry, viewers } = await outcome(await this.#errand('stat', path, {}, signal))
    return { entry, viewers }
  }

  async get (path: readonly string[], { offset = 0, length, digest = false, signal }: GetRequest = {}): Promise<RemoteFile> {
    const line = await this.#errand('get', path, { offset, digest, ...length == null ? {} : { length } }, signal)
    try {
      const { entry } = await answer(line)
      if (entry == null) throw unexpected('get')
      return { entry: Entry.decode(entry), bytes: bytesOf(line) }
    } catch (error) {
      line.abort(error as Error)
      throw error
    }
  }

  async put (path: readonly string[], source: AsyncIterable<Uint8Array>, { size, attributes, digest = NO_BYTES, parents = false, signal }: PutRequest): Promise<RemotePlaced> {
    const entry = Entry.encode({ path: [], type: EntryType.FILE, size, digest, target: [], ...attributes == null ? {} : { attributes } })
    const line = await this.#errand('put', path, { entry, parents }, signal)
    try {
      const more = async (): Promise<number> => (await answer(line)).more ?? 0
      // Whether the server would have it is heard before the source is begun.
      let room = size > 0 ? await more() : 0
      let sent = 0
      for await (const part of source) {
        // Before the last of them is there: the server shows the file then.
        if (part.length > size - sent) throw new ErrandError('changed', `the source has more bytes than the ${size} that were announced`)
        for (let at = 0; at < part.length;) {
          if (room === 0) room = await more()
          const bytes = part.subarray(at, at + Math.min(PIECE_BYTES, room))
          if (bytes.length === 0) throw unexpected('put')
          await line.request({ data: bytes })
          at += bytes.length
          sent += bytes.length
          room -= bytes.length
        }
      }
      if (sent < size) throw new ErrandError('changed', `the source ended after ${sent} of ${size} bytes`)
      return await outcome(line)
    } catch (error) {
      line.abort(error as Error)
      throw error
    }
  }

  async mkdir (path: readonly string[], { attributes, parents = false, signal }: { attributes?: Attributes | undefined, parents?: boolean | undefined } & Abortable = {}): Promise<RemotePlaced> {
    return await outcome(await this.#errand('mkdir', path, { entry: encoded(attributes), parents }, signal))
  }

  /** Change what is named, and leave the rest. */
  async setattr (path: readonly string[], attributes: Attributes, { signal }: Abortable = {}): Promise<RemotePlaced> {
    return await outcome(await this.#errand('setattr', path, { entry: encoded(attributes) }, signal))
  }

  async #errand (verb: Verb, path: readonly string[], errand: Partial<ctp.Errand>, signal: AbortSignal | undefined): Promise<ErrandLine> {
    const capability = await this.#capabilities.for({ node: this.#node, path, verb }, signal)
    const line = await this.#ctp.errand(this.#node, signal)
    await line.request({ errand: { ...NOTHING, ...errand, capability, verb, path: [...path] } })
    return line
  }
}

function encoded (attributes: Attributes | undefined): Uint8Array {
  return Entry.encode({ path: [], type: EntryType.FILE, size: 0, digest: NO_BYTES, target: [], ...attributes == null ? {} : { attributes } })
}

/** The next word that is more than a sign of life. */
async function answer (line: ErrandLine): Promise<ctp.CtpReply> {
  for (;;) {
    const reply = await line.nextReply()
    if (reply.failed != null) {
      await line.close()
      throw new ErrandError(reply.failed.code, reply.failed.message)
    }
    if (reply.refused != null) throw new ErrandError('denied', reply.refused)
    if (reply.hashed == null) return reply
  }
}

async function outcome (line: ErrandLine): Promise<RemotePlaced> {
  try {
    const { entry } = await answer(line)
    const { done } = await answer(line)
    if (entry == null || done == null) throw unexpected('the errand')
    await line.close()
    return { entry: { ...Entry.decode(entry), digest: done.digest }, notApplied: done.notApplied, viewers: done.viewers ?? 0 }
  } catch (error) {
    line.abort(error as Error)
    throw error
  }
}

/** A server's data, as much at a time as there is credit for: what nobody iterates is not sent. */
async function * bytesOf (line: ErrandLine): AsyncGenerator<Uint8Array, Uint8Array> {
  let ended = false
  try {
    await line.request({ more: CREDIT_BYTES })
    let used = 0
    for (;;) {
      const { data, done } = await answer(line)
      if (done != null) {
        ended = true
        return done.digest
      }
      if (data == null) throw unexpected('get')
      yield data
      used += data.length
      if (used < CREDIT_BYTES / 2) continue
      await line.request({ more: used })
      used = 0
    }
  } finally {
    if (ended) await line.close()
    else line.abort(new Error('no more of it is wanted'))
  }
}

function unexpected (what: string): ErrandError {
  return new ErrandError('broken', `the server answered ${what} with something else: it may be of another version`)
}
