import { PIECE_BYTES } from '@sluice/wire'

/** What is known of the pieces of one file that is on its way; it grows. */
export interface ArrivingPieces {
  readonly place:
    | { readonly kind: 'fixed', readonly start: number, readonly size: number }
    | { readonly kind: 'live', readonly firstPiece: number }
  /** Of the whole put; undefined while nobody knows (live). */
  readonly pieces: number | undefined
  /** Bytes of a piece; undefined while that is not known. */
  pieceLength (piece: number): number | undefined
  /** Whether a piece is here, verified. */
  held (piece: number): boolean
}

/** Where the byte at an offset stands. */
export type Whereabouts =
  | { readonly kind: 'piece', readonly piece: number, readonly within: number }
  /** Nobody has said yet where, if at all: not before this piece. */
  | { readonly kind: 'ahead', readonly piece: number }
  | { readonly kind: 'end' }

/** Which byte of a file that is still arriving is in which piece, and how far it can be read. No clock and no disk. */
export class ArrivingExtent {
  readonly #source: ArrivingPieces
  /** Of a live file: where each of its pieces begins, and at the end where the next one will. */
  readonly #starts = [0]

  constructor (source: ArrivingPieces) {
    this.#source = source
  }

  /** In bytes; undefined while nobody knows. */
  get size (): number | undefined {
    const { place, pieces } = this.#source
    if (place.kind === 'fixed') return place.size
    this.#grow()
    return pieces != null && place.firstPiece + this.#starts.length - 1 >= pieces ? this.#starts.at(-1) : undefined
  }

  locate (offset: number): Whereabouts {
    const { place } = this.#source
    const { size } = this
    if (size != null && offset >= size) return { kind: 'end' }
    if (place.kind === 'fixed') {
      const position = place.start + offset
      return { kind: 'piece', piece: Math.floor(position / PIECE_BYTES), within: position % PIECE_BYTES }
    }
    const known = this.#starts.length - 1
    if (offset >= (this.#starts[known] as number)) return { kind: 'ahead', piece: place.firstPiece + known }
    let low = 0
    let high = known
    // The last piece that begins at or before it. Of a gap, which has no bytes, and the piece behind it, that is the latter.
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return { kind: 'piece', piece: place.firstPiece + low, within: offset - (this.#starts[low] as number) }
  }

  /** Behind the last byte of the run that begins at `offset` and is here. */
  heldUntil (offset: number): number {
    for (let at = offset; ;) {
      const found = this.locate(at)
      if (found.kind !== 'piece' || !this.#source.held(found.piece)) return at
      at += this.inPiece(found.piece, found.within, at)
    }
  }

  /** All that is here, in order: a run for each piece. */
  * heldRuns (): Generator<{ readonly first: number, readonly end: number }> {
    for (let at = 0; ;) {
      const found = this.locate(at)
      if (found.kind !== 'piece') return
      const end = at + this.inPiece(found.piece, found.within, at)
      if (this.#source.held(found.piece)) yield { first: at, end }
      at = end
    }
  }

  /** Bytes of this file in a piece, from a place in it on. */
  inPiece (piece: number, within: number, offset: number): number {
    const { place } = this.#source
    if (place.kind === 'fixed') return Math.min(PIECE_BYTES - within, place.size - offset)
    return (this.#source.pieceLength(piece) ?? 0) - within
  }

  /** The piece behind the one with the last byte before `end`. */
  endPiece (end: number): number {
    const last = this.locate(Math.max(0, end - 1))
    if (last.kind === 'end') return this.#source.pieces ?? 0
    return last.piece + 1
  }

  #grow (): void {
    const { place, pieces = Number.POSITIVE_INFINITY } = this.#source
    if (place.kind === 'fixed') return
    for (let piece = place.firstPiece + this.#starts.length - 1; piece < pieces; piece++) {
      const length = this.#source.pieceLength(piece)
      if (length == null) return
      this.#starts.push((this.#starts.at(-1) as number) + length)
    }
  }
}
