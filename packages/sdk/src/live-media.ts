import { createHash } from 'node:crypto'
import type { PrivateKey } from '@libp2p/interface'
import { UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { type ctp, encodeManifest, type Entry, gapsOf, HASH_BYTES, MAX_GAPS, PIECE_BYTES, type Signed, sha256, sign } from '@sluice/wire'
import { SourceError } from './errors.ts'

export interface LiveMediaInit {
  readonly key: PrivateKey
  readonly job: Signed<'job'>
  readonly command: Signed<'command'>
  /** Of the put's only file: its size is not known yet, and says 0. */
  readonly entry: Entry
  /** Of a lossy put: what could not be sent so long after it was written, in milliseconds, is left out. */
  readonly deadlineMs?: number | undefined
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: (() => number) | undefined
}

/** A page that was cut, and where its pieces are in the sequence. */
export interface LivePage {
  readonly page: Signed<'page'>
  readonly first: number
  readonly end: number
}

/**
 * What was written waits for a page at most this long, in milliseconds, even where it fills no piece: nodes
 * have it a moment later. Shorter costs more signatures, and more pieces of the MAX_PIECES that a put may have.
 */
const FLUSH_MS = 100
/** Pieces in a page where media comes fast: 1 MiB is 50 ms of 20 MiB/s, and one signature for it costs nothing. */
const LIVE_PAGE_PIECES = 16
/** The largest index of a chunk that anybody may name, and a live put's chunks are single pieces: 64 GiB, or 29 hours of short ones. */
const MAX_PIECES = 1 << 20

/**
 * A put whose length nobody knows yet: what is written is cut into pieces and
 * pages as it comes, and kept until it is durable at the base, and no longer.
 *
 * Nodes learn of a page by a piece of it, so the final page needs one: the last
 * byte written is held back until more comes, or the end.
 */
export class LiveMedia {
  readonly #init: LiveMediaInit
  /** Pages that are not durable yet with all their pieces, in order. */
  readonly #pages: LivePage[] = []
  readonly #kept = new Map<number, { readonly bytes: Uint8Array, readonly atMs: number }>()
  /** Bytes of each piece that was left out. */
  readonly #gaps = new Map<number, number>()
  readonly #nowMs: () => number
  readonly #root = createHash('sha256')
  /** Pieces that are to be in the next page; the manifest is the first. */
  #batch: Uint8Array[]
  #piece = Buffer.allocUnsafe(PIECE_BYTES)
  #filled = 0
  #cutPieces = 0
  #numbers = 0
  #previous: Uint8Array
  #timer: NodeJS.Timeout | undefined
  #cutting: Promise<void> = Promise.resolve()
  #keptBytes = 0
  #durableBytes = 0
  #room = Promise.withResolvers<void>()
  #news = Promise.withResolvers<void>()
  #failed: Error | undefined
  /** Of media, written so far. */
  bytes = 0
  final: Signed<'page'> | undefined

  constructor (init: LiveMediaInit) {
    this.#init = init
    this.#nowMs = init.nowMs ?? (() => performance.now())
    this.#batch = [encodeManifest([init.entry])]
    this.#previous = init.command.hash
  }

  /** Why it cannot go on, whatever connection is made. */
  get failed (): Error | undefined {
    return this.#failed
  }

  /** Bytes that are durable at the base. */
  get durableBytes (): number {
    return this.#durableBytes
  }

  /**
   * Take more media.
   *
   * @returns when there is room for more: no more is held than the base's window
   * @throws {SourceError} where it is longer than a live put can be; whatever `fail` was given
   */
  async write (bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      // A full piece goes when it is known not to be the last.
      if (this.#filled === PIECE_BYTES) await this.#pieceDone()
      const part = bytes.subarray(done, done + PIECE_BYTES - this.#filled)
      this.#piece.set(part, this.#filled)
      this.#filled += part.length
      done += part.length
      this.bytes += part.length
    }
    // What cannot be cut for want of a byte behind it need not wake anybody.
    if (this.#batch.length > 0 || this.#filled > 1) this.#timer ??= setTimeout(() => { this.#flush() }, FLUSH_MS)
  }

  /** Nothing more comes: cut the final page. */
  async close (): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#filled > 0) this.#endPiece(this.#filled)
    await this.#cut(true)
  }

  /** It cannot go on: whoever waits for room, or for a page, is told. */
  fail (error: Error): void {
    clearTimeout(this.#timer)
    this.#failed ??= error
    this.#room.resolve()
    this.#news.resolve()
  }

  /**
   * The page with this number, or the first one after it that is still needed; resolves when there is one.
   *
   * @param failed - asked whenever it was woken: why there is no use in waiting
   */
  async page (number: number, failed: () => Error | undefined): Promise<LivePage> {
    for (;;) {
      const error = failed() ?? this.#failed
      if (error != null) throw error
      const found = this.#pages.find(({ page }) => page.value.number >= number)
      if (found != null) return found
      await this.#news.promise
    }
  }

  /** Whoever waits for a page looks again. */
  wake (): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  /** A piece's bytes, as long as they are not durable, and not too late of a lossy put. */
  kept (piece: number): Uint8Array | undefined {
    const kept = this.#kept.get(piece)
    if (kept != null && this.#isLate(piece, kept.atMs)) this.#leaveOut(piece, kept.bytes.length)
    return this.#kept.get(piece)?.bytes
  }

  /** Pieces of a lossy put that were left out. */
  get leftOut (): number {
    return this.#gaps.size
  }

  /** What the base says is durable need not be kept. */
  durable (ranges: readonly ctp.PieceRange[], pages: number): void {
    const isDurable = (piece: number): boolean => ranges.some(({ first, end }) => piece >= first && piece < end)
    // It was on its way when it was given up.
    for (const piece of this.#gaps.keys()) if (isDurable(piece)) this.#gaps.delete(piece)
    for (const [piece, { bytes: { length } }] of this.#kept) {
      if (!isDurable(piece)) continue
      this.#kept.delete(piece)
      this.#keptBytes -= length
      this.#durableBytes += length
    }
    while (this.#pages.length > 0 && this.#isNeedless(this.#pages[0] as LivePage, pages)) this.#pages.shift()
    this.#room.resolve()
  }

  #isNeedless ({ page, first, end }: LivePage, pages: number): boolean {
    // The final page stays: it is what the base's seal is compared with.
    if (page.value.final != null || page.value.number >= pages) return false
    for (let piece = first; piece < end; piece++) if (this.#kept.has(piece)) return false
    return true
  }

  /** A piece is full and more comes. Waits while the window is. */
  async #pieceDone (): Promise<void> {
    this.#endPiece(PIECE_BYTES)
    if (this.#batch.length >= LIVE_PAGE_PIECES) await this.#cut(false)
    while (this.#keptBytes + this.#batch.length * PIECE_BYTES > UPLOAD_WINDOW_BYTES && this.#failed == null) {
      this.#room = Promise.withResolvers()
      // Whoever writes a lossy put is held up by no more than its deadline: all that fills the window is late by then.
      const timer = this.#init.deadlineMs == null ? undefined : setTimeout(() => { this.#leaveOutLate() }, this.#init.deadlineMs)
      await this.#room.promise
      clearTimeout(timer)
    }
    if (this.#failed != null) throw this.#failed
  }

  /** The manifest, and what the final page has named, are never left out: without them nobody could use the rest. */
  #isLate (piece: number, atMs: number): boolean {
    const { deadlineMs } = this.#init
    return deadlineMs != null && piece > 0 && this.final == null && this.#nowMs() - atMs >= deadlineMs
  }

  #leaveOut (piece: number, length: number): void {
    this.#kept.delete(piece)
    this.#keptBytes -= length
    this.#gaps.set(piece, length)
    this.#room.resolve()
  }

  #leaveOutLate (): void {
    for (const [piece, { bytes, atMs }] of this.#kept) if (this.#isLate(piece, atMs)) this.#leaveOut(piece, bytes.length)
    this.#room.resolve()
  }

  /** The first bytes of the piece that is being filled are a piece; what is behind them begins the next. */
  #endPiece (length: number): void {
    this.#batch.push(this.#piece.subarray(0, length))
    const rest = this.#piece.subarray(length, this.#filled)
    this.#piece = Buffer.allocUnsafe(PIECE_BYTES)
    this.#piece.set(rest)
    this.#filled = rest.length
  }

  #flush (): void {
    this.#timer = undefined
    if (this.#filled > 1) this.#endPiece(this.#filled - 1)
    this.#cut(false).catch((error: Error) => this.fail(error))
  }

  /** Pages are cut one after the other: each names the one before it. */
  async #cut (last: boolean): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    this.#batch = []
    for (const bytes of batch) this.#keptBytes += bytes.length
    const turn = this.#cutting.then(async () => { if (batch.length > 0) await this.#sign(batch, last) })
    this.#cutting = turn.catch(() => {})
    await turn
  }

  async #sign (batch: Uint8Array[], last: boolean): Promise<void> {
    const { key, job, command } = this.#init
    const first = this.#cutPieces
    const end = first + batch.length
    if (end > MAX_PIECES) throw new SourceError(`a live put has at most ${MAX_PIECES} pieces, and this one has them: end it, and go on with another`)
    const hashes = Buffer.concat(batch.map(bytes => sha256(bytes)), batch.length * HASH_BYTES)
    this.#root.update(hashes)
    const page = await sign('page', {
      job: job.hash,
      seq: command.value.seq,
      number: this.#numbers++,
      firstPiece: first,
      hashes,
      lengths: batch.every(bytes => bytes.length === PIECE_BYTES) ? [] : batch.map(bytes => bytes.length),
      previous: this.#previous,
      ...last ? { final: { pieces: end, bytes: this.bytes, root: this.#root.digest(), digests: new Uint8Array(), gaps: gapsOf([...this.#gaps.keys()].sort((a, b) => a - b), MAX_GAPS) } } : {}
    }, key)
    this.#previous = page.hash
    this.#cutPieces = end
    for (const [index, bytes] of batch.entries()) this.#kept.set(first + index, { bytes, atMs: this.#nowMs() })
    this.#pages.push({ page, first, end })
    if (last) this.final = page
    this.wake()
  }
}
