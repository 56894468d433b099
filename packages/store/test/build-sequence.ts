import { EntryType, Layout, PIECE_BYTES, encodeManifest, type Attributes, type Entry } from '@sluice/wire'
import type { PutShape } from '../src/index.ts'

/** One entry of a tree, with a file's bytes. */
export interface TreeItem {
  readonly path: string[]
  readonly type?: EntryType
  readonly content?: Uint8Array
  readonly attributes?: Partial<Attributes>
  readonly target?: string[]
}

export interface Sequence {
  readonly shape: PutShape
  readonly entries: Entry[]
  readonly pieces: Uint8Array[]
}

export const JOB = 'j0123456789abcdef'

export function entryOf ({ path, type = EntryType.FILE, content, attributes, target = [] }: TreeItem): Entry {
  const entry: Entry = { path, type, size: content?.length ?? 0, digest: new Uint8Array(), target }
  if (attributes != null) entry.attributes = { xattrs: [], ...attributes }
  return entry
}

/** The byte sequence of a tree, cut into pieces as a provider does. */
export function buildSequence (items: TreeItem[], shape: Partial<PutShape> = {}): Sequence {
  const entries = items.map(entryOf)
  const manifest = encodeManifest(entries)
  const layout = new Layout(manifest.length, entries)
  const all = new Uint8Array(layout.pieces * PIECE_BYTES)
  all.set(manifest)
  for (const { entry, start } of layout.extents) all.set(items[entry]?.content ?? new Uint8Array(), start)
  const pieces = Array.from({ length: layout.pieces }, (_, piece) =>
    all.slice(piece * PIECE_BYTES, piece * PIECE_BYTES + layout.pieceLength(piece)))
  return {
    entries,
    pieces,
    shape: { job: JOB, seq: 1, destination: ['vod'], single: false, pieces: layout.pieces, manifestBytes: manifest.length, bytes: layout.bytes - manifest.length, ...shape }
  }
}

/** Bytes that differ from file to file and from place to place, so that a mistaken offset shows. */
export function contentOf (size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = (seed * 2654435761) >>> 0 || 1
  for (let i = 0; i < size; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state & 0xff
  }
  return bytes
}

export function file (path: string, size: number, attributes?: Partial<Attributes>): TreeItem {
  const item = { path: path.split('/'), content: contentOf(size, path.length * 7919 + size) }
  return attributes == null ? item : { ...item, attributes }
}

export function folder (path: string, attributes?: Partial<Attributes>): TreeItem {
  const item = { path: path.split('/'), type: EntryType.DIRECTORY }
  return attributes == null ? item : { ...item, attributes }
}
