import { PIECE_BYTES } from './sizes.ts'
import { EntryType, type Entry } from './pb/signed.ts'

/** What a layout needs to know of an entry. */
export type Sized = Pick<Entry, 'type' | 'size'> & Partial<Pick<Entry, 'copyOf' | 'target'>>

/** Where a file's bytes stand in its put's sequence. */
export interface Extent {
  /** Index into the manifest. */
  readonly entry: number
  /** Position of its first byte. */
  readonly start: number
  readonly size: number
}

/** A stretch of one piece that belongs to one file, or to the head (manifest and packed small files have positions of their own there). */
export interface Segment {
  readonly entry: number
  /** Offset within the file. */
  readonly offset: number
  /** Offset within the piece. */
  readonly pieceOffset: number
  readonly length: number
}

/**
 * How a put's entries follow one another in its byte sequence: the manifest,
 * then the files in its order. A file of a piece or more starts a new piece, so
 * that its pieces are its own; smaller ones are packed. The gap before a large
 * file is never sent: the piece before it is short (Page.lengths).
 * A file whose bytes are in the put already, or on the server, takes no place.
 */
export class Layout {
  readonly extents: readonly Extent[]
  readonly pieces: number
  /** Bytes that travel: manifest and files, without the gaps. */
  readonly bytes: number
  readonly #manifestBytes: number

  constructor (manifestBytes: number, entries: readonly Sized[]) {
    const extents: Extent[] = []
    let position = manifestBytes
    let bytes = manifestBytes
    entries.forEach((sized, entry) => {
      if (!travels(sized)) return
      const { size } = sized
      if (size >= PIECE_BYTES) position = Math.ceil(position / PIECE_BYTES) * PIECE_BYTES
      extents.push({ entry, start: position, size })
      position += size
      bytes += size
    })
    this.extents = extents
    this.pieces = Math.ceil(position / PIECE_BYTES)
    this.bytes = bytes
    this.#manifestBytes = manifestBytes
  }

  /** Whether a file has pieces of its own. */
  isLarge (extent: Extent): boolean {
    return extent.size >= PIECE_BYTES
  }

  /** Bytes of piece `piece` that travel. */
  pieceLength (piece: number): number {
    const start = piece * PIECE_BYTES
    let end = Math.min(this.#manifestBytes, start + PIECE_BYTES)
    for (let i = this.#firstExtent(start); i < this.extents.length; i++) {
      const extent = this.extents[i] as Extent
      if (extent.start >= start + PIECE_BYTES) break
      end = Math.max(end, Math.min(extent.start + extent.size, start + PIECE_BYTES))
    }
    return Math.max(0, end - start)
  }

  /** The files that piece `piece` belongs to, in order. The manifest's own bytes are not among them. */
  segments (piece: number): Segment[] {
    const start = piece * PIECE_BYTES
    const end = start + PIECE_BYTES
    const segments: Segment[] = []
    for (let i = this.#firstExtent(start); i < this.extents.length; i++) {
      const extent = this.extents[i] as Extent
      if (extent.start >= end) break
      const from = Math.max(start, extent.start)
      const to = Math.min(end, extent.start + extent.size)
      segments.push({ entry: extent.entry, offset: from - extent.start, pieceOffset: from - start, length: to - from })
    }
    return segments
  }

  /** Index of the first extent that ends after `position`. */
  #firstExtent (position: number): number {
    let low = 0
    let high = this.extents.length
    while (low < high) {
      const middle = (low + high) >> 1
      const extent = this.extents[middle] as Extent
      if (extent.start + extent.size > position) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Whether an entry's bytes are part of its put's sequence. */
export function travels (entry: Sized): boolean {
  return entry.type === EntryType.FILE && entry.size > 0 && !isAlias(entry)
}

/** Whether a file is made of bytes that are in the put already, or on the server. */
export function isAlias ({ type, copyOf, target }: Sized): boolean {
  return type === EntryType.FILE && (copyOf != null || (target != null && target.length > 0))
}
