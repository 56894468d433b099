/** Unit of hashing, transfer, verification and forwarding. Short only at the end of an entry or of the manifest. */
export const PIECE_BYTES = 64 * 1024

/** Piece hashes in one signed page: 256 × 32 bytes cover 16 MiB, so that pages are 0.05 % of the bytes. */
export const PAGE_PIECES = 256

/** Chunks a put is cut into at most, about: enough for 1.02 × the fluid bound (performance notes in docs). */
const CHUNKS_WANTED = 1024

/** A chunk's largest size: the unit that is fetched twice at worst when a source lies. */
const MAX_CHUNK_PIECES = 64

/**
 * Pieces per chunk for a put of `pieces` pieces: a power of two, 64 KiB to 4 MiB,
 * chosen so that there are about a thousand chunks to schedule.
 */
export function chunkPiecesFor (pieces: number): number {
  let size = 1
  while (size < MAX_CHUNK_PIECES && pieces / (size * 2) >= CHUNKS_WANTED) size *= 2
  return size
}
