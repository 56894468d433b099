import { chunkPiecesFor, type Put, type Visibility } from '@sluice/wire'
import type { Scanned } from './scan.ts'
import type { SequenceReader } from './sequence-reader.ts'

/** What a put's command says of it. */
export function putOf (destination: string[], { entries, single }: Scanned, { layout: { pieces }, manifestBytes, mediaBytes }: SequenceReader, visibility: Visibility, expires?: Date | number): Put {
  return {
    destination,
    pieces,
    manifestBytes,
    chunkPieces: chunkPiecesFor(pieces),
    bytes: mediaBytes,
    entries: entries.length,
    visibility,
    lossy: false,
    deadlineMs: 0,
    single,
    ...expires == null ? {} : { expires: Number(expires) }
  }
}
