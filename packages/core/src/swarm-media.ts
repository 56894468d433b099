import type { Awaited } from './awaited.ts'
import { Bitfield } from './bitfield.ts'
import { CatchingUp } from './catching-up.ts'
import { invariant } from './invariant.ts'
import { Lateness, type Lossy } from './lateness.ts'
import { EARLY_SWITCHES_SHARE, LARGE_CHUNK_PIECES, MAX_CHUNKS, RARE_ANNOUNCERS } from './limits.ts'
import { Partners } from './partners.ts'
import { rareBelowIdle } from './policies/rare-below.ts'
import { Wants } from './wants.ts'

/** A chunk asked of, or being pushed by, one source. */
export interface Request {
  readonly peer: string
  /** When it last brought a piece, or was asked. */
  progressMs: number
  /** From here on it is late, and another source may take it over. */
  readonly dueMs: number
  readonly pushed: boolean
  /** Its source knows that a viewer waits for it. */
  urgent?: boolean
}

/**
 * What one peer holds, wants and knows of one put: its own pieces and chunks,
 * its partners' chunks, and what is in flight. Chunks are the unit of
 * scheduling, pieces of resumption.
 */
export class SwarmMedia {
  readonly job: string
  readonly seq: number
  readonly startedMs: number
  /** Chunks held whole. */
  readonly have = new Bitfield()
  readonly pieces = new Bitfield()
  /** Chunks of which the first piece is here: cut-through, the others are passed on as they come. */
  readonly begun = new Bitfield()
  readonly partners = new Partners()
  readonly requests = new Map<number, Request>()
  /** What viewers wait for. */
  readonly wants = new Wants()
  /** Partners found to hold nothing that is still to be asked for; until they announce more, or a request is given up. */
  readonly exhausted = new Set<string>()
  /** Chunks held, or asked for. */
  readonly #taken = new Bitfield()
  readonly #asked: Map<string, number>
  readonly #rareBelow: number
  readonly catchingUp = new CatchingUp()
  /** Bytes from each source, in order of first use. */
  readonly sources = new Map<string, number>()
  switches = 0
  /** Requests that went to another source since nothing else was left for it to do, most of them before they were late. */
  earlySwitches = 0
  bytes = 0
  /** Chunks that partners are still to be told of: begun, and held. */
  readonly news: { readonly coming: number[], held: number[], urgent: boolean } = { coming: [], held: [], urgent: false }
  /** Of an open-ended put, where it is pushed: what is on its way here without being asked for. */
  awaited: Awaited | undefined
  /** When partners were last told of what is coming, and of what is held. */
  comingMs = 0
  haveMs = 0
  /** Pieces of a lossy put that are not waited for any more: too late, or left out by the provider. They may come yet. */
  readonly gone = new Bitfield()
  /** Of a lossy put. */
  lateness: Lateness | undefined
  /** When the pages of a lossy put were last asked for by themselves, or a piece came. */
  pagesMs: number
  #lateEnd = 0
  /** Its command failed or was superseded: nothing more of it is asked for. */
  abandoned = false
  /** The disk could not keep it: nothing of it is served any more. */
  disowned = false
  #pieceCount: number | undefined
  #chunkPieces = 1
  #shaped = false
  #openEnded = false
  #closed = false

  /**
   * @param asked - chunks asked of each peer, kept for all media of the job together
   * @param rareBelow - a chunk of one piece, or a large one, that so many have announced is not told of at once
   */
  constructor (job: string, seq: number, nowMs: number, asked = new Map<string, number>(), rareBelow = RARE_ANNOUNCERS) {
    this.#asked = asked
    this.#rareBelow = rareBelow
    this.job = job
    this.seq = seq
    this.startedMs = nowMs
    this.pagesMs = nowMs
  }

  /** Its command is known: how it is cut, and how long it is if anybody knows. */
  shape (pieceCount: number | undefined, chunkPieces: number, lossy?: Lossy): void {
    invariant(!this.#shaped, 'a put has one shape')
    invariant(lossy == null || (pieceCount == null && chunkPieces === 1), 'only an open-ended put of single pieces is lossy')
    if (lossy != null) this.lateness = new Lateness(lossy)
    this.#lateEnd = lossy?.firstPiece ?? 0
    this.#shaped = true
    this.#openEnded = pieceCount == null
    this.#pieceCount ??= pieceCount
    this.#chunkPieces = chunkPieces
  }

  get shaped (): boolean {
    return this.#shaped
  }

  /** Whether its command does not say how long it is: partners may not know yet. */
  get openEnded (): boolean {
    return this.#openEnded
  }

  /** Whether servers pass its pieces on unasked: nobody knows how long it will be, so that it is made just now, and its chunks are single pieces. */
  get isPushed (): boolean {
    return this.#openEnded && this.#chunkPieces === 1
  }

  /** Its chunks take so long that what is said of them has time; but not where it is made just now. */
  get isLarge (): boolean {
    return this.#chunkPieces >= LARGE_CHUNK_PIECES && !this.#openEnded
  }

  get chunkPieces (): number {
    return this.#chunkPieces
  }

  get pieceCount (): number | undefined {
    return this.#pieceCount
  }

  /** Its final page is here and holds. */
  close (pieces: number): void {
    this.#closed = true
    this.#pieceCount = pieces
    // Only now does an open-ended put know that its last chunk is a short one.
    this.#completeChunk(this.chunkCount - 1)
  }

  get closed (): boolean {
    return this.#closed
  }

  /** Whether something of it is to be asked for. */
  get wanting (): boolean {
    return this.#shaped && !this.abandoned && this.have.count + this.gone.count < this.chunkCount
  }

  /** Nothing is left to be asked for, and not too much of it was moved already: sources with time to spare have no other work here than what waits at others. */
  get mayRebalance (): boolean {
    return this.wanting && !this.#openEnded && this.have.count + this.requests.size >= this.chunkCount && this.earlySwitches < Math.floor(this.chunkCount * EARLY_SWITCHES_SHARE)
  }

  /** Chunks in all, as far as is known. */
  get chunkCount (): number {
    return this.#pieceCount == null ? MAX_CHUNKS : Math.ceil(this.#pieceCount / this.#chunkPieces)
  }

  get complete (): boolean {
    return this.#closed && this.pieces.count + this.gone.count >= (this.#pieceCount as number)
  }

  firstPiece (chunk: number): number {
    return chunk * this.#chunkPieces
  }

  /** One past the last piece of a chunk. */
  endPiece (chunk: number): number {
    const end = (chunk + 1) * this.#chunkPieces
    return this.#pieceCount == null ? end : Math.min(end, this.#pieceCount)
  }

  chunkOf (piece: number): number {
    return Math.floor(piece / this.#chunkPieces)
  }

  /** First piece of a chunk that is missing here: where another source goes on. */
  resumePoint (chunk: number): number {
    return Math.min(this.pieces.firstClear(this.firstPiece(chunk)), this.endPiece(chunk))
  }

  /** @returns whether it was new */
  addPiece (piece: number, bytes: number, from: string | undefined): boolean {
    if (!this.pieces.set(piece)) return false
    this.gone.clear(piece)
    this.bytes += bytes
    const chunk = this.chunkOf(piece)
    if (piece === this.firstPiece(chunk)) {
      this.begun.set(chunk)
      if (this.#chunkPieces > 1) this.news.coming.push(chunk)
    }
    if (from != null) this.sources.set(from, (this.sources.get(from) ?? 0) + bytes)
    this.#completeChunk(chunk)
    return true
  }

  /** held → missing: it is asked for like any other. */
  losePiece (piece: number): void {
    if (!this.pieces.has(piece)) return
    const chunk = this.chunkOf(piece)
    this.pieces.clear(piece)
    this.have.clear(chunk)
    if (piece === this.firstPiece(chunk)) this.begun.clear(chunk)
    if (!this.requests.has(chunk)) this.#taken.clear(chunk)
    this.news.held = this.news.held.filter(held => held !== chunk)
    this.exhausted.clear()
  }

  #completeChunk (chunk: number): void {
    if (chunk < 0 || this.have.has(chunk)) return
    if (this.resumePoint(chunk) < this.endPiece(chunk)) return
    this.have.set(chunk)
    this.forget(chunk)
    this.awaited?.forget(chunk)
    this.#taken.set(chunk)
    this.news.held.push(chunk)
    if (this.#chunkPieces === 1 && this.isRare(chunk)) this.news.urgent = true
  }

  /**
   * Chunks begun that partners are to be told of now; the others are told of when they are whole.
   *
   * @param idle - the uplink has room, so that whoever hears of a chunk may have it at once
   */
  takeBegun (idle: boolean): number[] {
    const below = idle ? rareBelowIdle(this.#fewAnnouncers) : this.#fewAnnouncers
    return this.news.coming.splice(0).filter(chunk => this.partners.announcers(chunk) < below)
  }

  /** So few have announced it that partners are waiting for it: they are told at once. */
  isRare (chunk: number): boolean {
    return this.partners.announcers(chunk) < this.#fewAnnouncers
  }

  /** Of single pieces each message tells of one, and of large chunks one announcer can feed many: both are told of less. */
  get #fewAnnouncers (): number {
    return this.isLarge || (this.#chunkPieces === 1 && !this.#openEnded) ? this.#rareBelow : RARE_ANNOUNCERS
  }

  /** → asked for. */
  ask (chunk: number, request: Request): void {
    this.requests.set(chunk, request)
    this.#taken.set(chunk)
    this.#asked.set(request.peer, (this.#asked.get(request.peer) ?? 0) + 1)
  }

  /** asked for → missing again. */
  forget (chunk: number): void {
    const request = this.requests.get(chunk)
    if (request == null) return
    this.requests.delete(chunk)
    this.#taken.clear(chunk)
    this.#asked.set(request.peer, (this.#asked.get(request.peer) ?? 0) - 1)
    this.exhausted.clear()
  }

  /**
   * Chunks that may be asked of `peer`: announced by it, and neither held here
   * nor asked for. One that was begun here is asked only of those that hold it
   * whole, so that no two peers wait for each other.
   */
  * missingFrom (peer: string): Generator<number> {
    for (const chunk of this.partners.announcedBy(peer, this.#taken)) {
      // What lies behind the end is a partner's mistake: there is nothing to ask for.
      if (chunk >= this.chunkCount) return
      if (this.mayAsk(peer, chunk)) yield chunk
    }
  }

  mayAsk (peer: string, chunk: number): boolean {
    return this.partners.hasWhole(peer, chunk) || (this.partners.hasAnnounced(peer, chunk) && !this.pieces.has(this.firstPiece(chunk)))
  }

  /** Pieces that are too late by now and are neither here nor given up yet, each once. */
  takeLate (nowMs: number): number[] {
    const end = this.lateness?.lateEnd(nowMs) ?? 0
    const late: number[] = []
    for (; this.#lateEnd < end; this.#lateEnd++) if (!this.pieces.has(this.#lateEnd)) late.push(this.#lateEnd)
    return late
  }

  /** missing | asked for → given up. */
  giveUp (piece: number): void {
    if (this.pieces.has(piece)) return
    const chunk = this.chunkOf(piece)
    this.forget(chunk)
    this.awaited?.forget(chunk)
    this.#taken.set(chunk)
    this.gone.set(piece)
  }

  /** A partner announced a chunk. */
  announced (peer: string, chunk: number, whole: boolean): void {
    const news = whole ? this.partners.holds(peer, chunk) : this.partners.coming(peer, chunk)
    if (news && !this.#taken.has(chunk)) this.exhausted.delete(peer)
  }

  /** It is on its way here by itself, probably: missing → awaited, for a while. */
  awaits (chunk: number, nowMs: number): void {
    if (this.awaited == null || chunk >= this.chunkCount || this.#taken.has(chunk)) return
    this.awaited.heard(chunk, nowMs)
    this.#taken.set(chunk)
  }

  /** awaited → missing: what did not come is asked for. */
  miss (nowMs: number): void {
    const overdue = this.awaited?.takeOverdue(nowMs) ?? []
    for (const chunk of overdue) this.#taken.clear(chunk)
    if (overdue.length > 0) this.exhausted.clear()
  }
}
