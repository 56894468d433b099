import { Bitfield } from './bitfield.ts'
import { invariant } from './invariant.ts'
import { MAX_CHUNKS } from './limits.ts'

/** A chunk asked of, or being pushed by, one source. */
export interface Request {
  readonly peer: string
  /** When it last brought a piece, or was asked. */
  progressMs: number
  readonly pushed: boolean
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
  readonly partners = new Map<string, Bitfield>()
  readonly requests = new Map<number, Request>()
  /** Bytes from each source, in order of first use. */
  readonly sources = new Map<string, number>()
  switches = 0
  bytes = 0
  /** Chunks become held in this order and are announced from here on. */
  readonly unannounced: number[] = []
  /** Its command failed or was superseded: nothing more of it is asked for. */
  abandoned = false
  /** One past the highest chunk that any partner ever held. */
  knownChunks = 0
  #pieceCount: number | undefined
  #chunkPieces = 1
  #shaped = false
  #closed = false
  readonly #rarity: number[] = []

  constructor (job: string, seq: number, nowMs: number) {
    this.job = job
    this.seq = seq
    this.startedMs = nowMs
  }

  /** Its command is known: how it is cut, and how long it is if anybody knows. */
  shape (pieceCount: number | undefined, chunkPieces: number): void {
    invariant(!this.#shaped, 'a put has one shape')
    this.#shaped = true
    this.#pieceCount ??= pieceCount
    this.#chunkPieces = chunkPieces
  }

  get shaped (): boolean {
    return this.#shaped
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

  /** Chunks in all, as far as is known. */
  get chunkCount (): number {
    return this.#pieceCount == null ? MAX_CHUNKS : Math.ceil(this.#pieceCount / this.#chunkPieces)
  }

  get complete (): boolean {
    return this.#closed && this.pieces.count >= (this.#pieceCount as number)
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
    this.bytes += bytes
    if (from != null) this.sources.set(from, (this.sources.get(from) ?? 0) + bytes)
    this.#completeChunk(this.chunkOf(piece))
    return true
  }

  #completeChunk (chunk: number): void {
    if (chunk < 0 || this.have.has(chunk)) return
    if (this.resumePoint(chunk) < this.endPiece(chunk)) return
    this.have.set(chunk)
    this.requests.delete(chunk)
    this.unannounced.push(chunk)
  }

  /** How many partners hold a chunk. */
  rarity (chunk: number): number {
    return this.#rarity[chunk] ?? 0
  }

  partnerHas (peer: string, chunk: number): boolean {
    return this.partners.get(peer)?.has(chunk) === true
  }

  addPartnerChunk (peer: string, chunk: number): void {
    let bits = this.partners.get(peer)
    if (bits == null) this.partners.set(peer, bits = new Bitfield())
    if (bits.set(chunk)) this.#rarity[chunk] = this.rarity(chunk) + 1
    this.knownChunks = Math.max(this.knownChunks, chunk + 1)
  }

  dropPartner (peer: string): void {
    const bits = this.partners.get(peer)
    if (bits == null) return
    for (const chunk of bits.indexes()) this.#rarity[chunk] = this.rarity(chunk) - 1
    this.partners.delete(peer)
  }
}
