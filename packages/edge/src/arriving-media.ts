import { PIECE_BYTES, toHex } from '@sluice/wire'
import { ArrivingExtent, type ArrivingPieces } from './arriving-extent.ts'
import { type MediaSource, type Medium, MediumError } from './medium.ts'

/** A file that is on its way here, as the node tells of it. */
export interface ArrivingFile extends ArrivingPieces {
  /** Job id. */
  readonly job: string
  readonly seq: number
  readonly entry: {
    readonly attributes?: { readonly mtimeSeconds?: number | undefined, readonly mtimeNanos?: number | undefined } | undefined
    /** SHA-256, where the provider knew it; else empty. */
    readonly digest: Uint8Array
  }
  readonly state: { readonly state: 'arriving' | 'complete' } | { readonly state: 'failed', readonly reason: string }
  /** A held piece, verified. */
  read (piece: number): Promise<Uint8Array>
  /** @returns what ends it */
  watch (listener: () => void): () => void
}

export interface ArrivingFiles {
  find (path: readonly string[]): Promise<ArrivingFile | undefined>
  /** A put that may have a file at `path`, and whose manifest is not here: tells of its changes. */
  watchManifest (path: readonly string[], listener: () => void): Promise<{ readonly job: string, readonly seq: number, readonly pieces: number, readonly stop: () => void } | undefined>
}

/** Somebody waits for pieces `first` … `end - 1` of a put. Said again for as long as somebody does. */
export type Wanted = (job: string, seq: number, first: number, end: number) => void

export interface ArrivingMediaInit {
  readonly files: ArrivingFiles
  readonly wanted: Wanted
  /** Where a file is once it is published and its staged bytes are gone. */
  readonly published: MediaSource
  readonly onWait: () => void
  /** How long one byte is waited for, in milliseconds. */
  readonly waitMs?: number | undefined
}

/** How long a viewer is kept waiting for one byte: longer than a swarm takes to find another source, shorter than an idle connection lives. */
export const ARRIVAL_WAIT_MS = 30_000
/** How long for a manifest, which says whether there will be such a file at all. */
const MANIFEST_WAIT_MS = 5_000
/** Wants are forgotten by the swarm, and a failure may be told to nobody: both are looked at again this often. */
const REPEAT_MS = 1_000
/** What is wanted ahead of a viewer who waits, 8 MiB: some seconds of a film. */
const WANTED_PIECES = 128
/** A player that comes back so soon finds the next bytes there. */
const RETRY_S = 2
const NANOS_PER_MS = 1_000_000

/** Media that is still on its way to this node: what is here is read at once, what is not is wanted, and waited for. */
export class ArrivingMedia implements MediaSource {
  readonly #init: ArrivingMediaInit
  // A live file's table of pieces is one for all its viewers.
  readonly #extents = new WeakMap<ArrivingFile, ArrivingExtent>()

  constructor (init: ArrivingMediaInit) {
    this.#init = init
  }

  async open (path: readonly string[]): Promise<Medium | undefined> {
    const file = await this.#init.files.find(path)
    if (file == null) return undefined
    let extent = this.#extents.get(file)
    if (extent == null) this.#extents.set(file, extent = new ArrivingExtent(file))
    return new ArrivingMedium(path, file, extent, this.#init)
  }

  /** A path that nothing stands at, and that a put whose manifest has not come yet may have a file for. */
  async openLater (path: readonly string[], signal: AbortSignal): Promise<Medium | undefined> {
    const until = performance.now() + MANIFEST_WAIT_MS
    while (performance.now() < until && !signal.aborted) {
      const change = Promise.withResolvers<void>()
      const watched = await this.#init.files.watchManifest(path, change.resolve)
      if (watched == null) return await this.open(path) ?? await this.#init.published.open(path, signal)
      this.#init.wanted(watched.job, watched.seq, 0, watched.pieces)
      await changed(change.promise, Math.min(REPEAT_MS, until - performance.now()), signal)
      watched.stop()
    }
    return undefined
  }
}

class ArrivingMedium implements Medium {
  readonly #path: readonly string[]
  readonly #file: ArrivingFile
  readonly #extent: ArrivingExtent
  readonly #init: ArrivingMediaInit
  /** Its bytes where they were published, once the staged ones are gone. */
  #published: Medium | undefined

  constructor (path: readonly string[], file: ArrivingFile, extent: ArrivingExtent, init: ArrivingMediaInit) {
    this.#path = path
    this.#file = file
    this.#extent = extent
    this.#init = init
  }

  get size (): number | undefined {
    return this.#extent.size
  }

  get modifiedMs (): number {
    const { mtimeSeconds = 0, mtimeNanos = 0 } = this.#file.entry.attributes ?? {}
    return mtimeSeconds * 1000 + Math.floor(mtimeNanos / NANOS_PER_MS)
  }

  get arriving (): boolean {
    return true
  }

  heldUntil (offset: number): number {
    return this.#extent.heldUntil(offset)
  }

  heldRuns (): Iterable<{ readonly first: number, readonly end: number }> {
    return this.#extent.heldRuns()
  }

  async digest (): Promise<string | undefined> {
    const { digest } = this.#file.entry
    return digest.length === 0 ? undefined : toHex(digest)
  }

  async ready (offset: number, signal: AbortSignal): Promise<void> {
    if (this.#published == null && !this.#isReady(offset)) await this.#wait(offset, offset + 1, signal)
  }

  async read (offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#published != null) return await this.#published.read(offset, length, signal)
    if (!this.#isReady(offset)) await this.#wait(offset, offset + length, signal)
    const found = this.#extent.locate(offset)
    if (found.kind !== 'piece') return new Uint8Array()
    const { piece, within } = found
    let bytes: Uint8Array
    try {
      bytes = await this.#file.read(piece)
    } catch (error) {
      return await this.#elsewhere(offset, length, signal, error as Error)
    }
    return bytes.subarray(within, within + Math.min(length, this.#extent.inPiece(piece, within, offset)))
  }

  async close (): Promise<void> {
    await this.#published?.close()
  }

  /** A byte that can be read, or the end. */
  #isReady (offset: number): boolean {
    const found = this.#extent.locate(offset)
    return found.kind === 'end' || (found.kind === 'piece' && this.#file.held(found.piece))
  }

  async #wait (offset: number, end: number, signal: AbortSignal): Promise<void> {
    this.#init.onWait()
    const until = performance.now() + (this.#init.waitMs ?? ARRIVAL_WAIT_MS)
    for (;;) {
      const change = Promise.withResolvers<void>()
      // Watched before it is looked at: nothing comes unseen in between.
      const stop = this.#file.watch(() => { if (this.#isReady(offset)) change.resolve() })
      try {
        signal.throwIfAborted()
        if (this.#isReady(offset)) return
        const { state } = this.#file
        if (state.state === 'failed') throw new MediumError(410, `will not arrive: ${state.reason}`)
        const left = until - performance.now()
        if (left <= 0) throw new MediumError(503, `has not arrived up to byte ${offset}: try again`, RETRY_S)
        this.#want(offset, end)
        await changed(change.promise, Math.min(REPEAT_MS, left), signal)
      } finally {
        stop()
      }
    }
  }

  #want (offset: number, end: number): void {
    const found = this.#extent.locate(offset)
    if (found.kind === 'end') return
    const last = Math.max(found.piece + 1, this.#extent.endPiece(Math.max(end, offset + WANTED_PIECES * PIECE_BYTES)))
    this.#init.wanted(this.#file.job, this.#file.seq, found.piece, Math.min(last, found.piece + WANTED_PIECES))
  }

  /** The staged bytes could not be read: they are lost and will come again, or the put is over and they are published. */
  async #elsewhere (offset: number, length: number, signal: AbortSignal, cause: Error): Promise<Uint8Array> {
    if (!this.#isReady(offset)) return await this.read(offset, length, signal)
    const published = this.#file.state.state === 'complete' ? await this.#init.published.open(this.#path, signal) : undefined
    // Another publication may have replaced it since: what was announced is of this one.
    if (published == null || published.size !== this.size || published.modifiedMs !== this.modifiedMs) {
      await published?.close()
      throw new MediumError(503, 'cannot be read here any more: ask again', RETRY_S, { cause })
    }
    this.#published = published
    return await published.read(offset, length, signal)
  }
}

/** A change, or so much time, or the viewer's leaving; whichever is first. */
async function changed (change: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>()
  const end = (): void => over.resolve()
  const timer = setTimeout(end, Math.max(0, ms))
  signal.addEventListener('abort', end, { once: true })
  await Promise.race([change, over.promise])
  clearTimeout(timer)
  signal.removeEventListener('abort', end)
}
