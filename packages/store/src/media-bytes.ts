import { PIECE_BYTES } from '@sluice/wire'
import type { PutShape } from './put-shape.ts'
import type { LiveEnd } from './tree-put.ts'
import { SEQUENCE } from './sequence-put.ts'
import { entryFile, type StagingFolder } from './staging-folder.ts'

/** A file's bytes in order, a part at a time. */
export type Bytes = AsyncIterable<Uint8Array>

/** Read at one time while a file is copied: 16 copies at once hold 16 MiB. */
const COPY_BYTES = 1024 * 1024

/** The bytes of one entry: in a staging file of its own, or from `start` on in the sequence. */
export async function * mediaAt (folder: StagingFolder, size: number, where: { file: number } | { start: number }): Bytes {
  const name = 'file' in where ? entryFile(where.file) : SEQUENCE
  const start = 'file' in where ? 0 : where.start
  for (let done = 0; done < size;) {
    const length = Math.min(COPY_BYTES, size - done)
    yield await folder.read(name, length, start + done)
    done += length
  }
}

export interface LiveFile {
  readonly bytes: number
  readonly read: (folder: StagingFolder) => Bytes
}

/**
 * A live put's only file: the pieces that follow the manifest, each as long as
 * its page said, one after the other; gaps leave nothing behind.
 */
export function liveMedia (shape: PutShape, { pieces, length }: LiveEnd): LiveFile {
  const first = Math.ceil(shape.manifestBytes / PIECE_BYTES)
  let bytes = 0
  for (let piece = first; piece < pieces; piece++) bytes += length(piece)
  return {
    bytes,
    read: async function * (folder) {
      for (let piece = first; piece < pieces; piece++) {
        if (length(piece) > 0) yield await folder.read(SEQUENCE, length(piece), piece * PIECE_BYTES)
      }
    }
  }
}
