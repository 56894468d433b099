import { decode as decodeVarint, encode as encodeVarint, encodingLength } from 'uint8-varint'
import { concat } from 'uint8arrays/concat'
import { HASH_BYTES } from './hash.ts'
import { travels } from './layout.ts'
import { CollisionCheck, checkPath } from './path.ts'
import { Entry, EntryType } from './pb/signed.ts'

/** A manifest is held in memory while it is read: a million entries of ~60 bytes. */
export const MAX_MANIFEST_BYTES = 128 * 1024 * 1024

/** The longest single entry: a path of 3 KiB and its attributes. */
const MAX_ENTRY_BYTES = 64 * 1024

export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}

/** The manifest as it heads a put's byte sequence: entries, each behind its length. */
export function encodeManifest (entries: readonly Entry[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    const bytes = Entry.encode(entry)
    parts.push(encodeVarint(bytes.length), bytes)
  }
  return concat(parts)
}

/**
 * Read and check a manifest: paths, collisions, sizes, and that folders come before what is in them.
 *
 * @param single - whether the put is one file, whose entry has no path of its own
 * @throws {ManifestError | PathError}
 */
export function decodeManifest (bytes: Uint8Array, single: boolean): Entry[] {
  if (bytes.length > MAX_MANIFEST_BYTES) throw new ManifestError(`a manifest of ${bytes.length} bytes is over the limit of ${MAX_MANIFEST_BYTES}`)
  const entries: Entry[] = []
  const collisions = new CollisionCheck()
  let position = 0
  while (position < bytes.length) {
    const length = entryLength(bytes, position)
    position += encodingLength(length)
    if (position + length > bytes.length) throw new ManifestError(`manifest entry at byte ${position} claims ${length} bytes`)
    let entry: Entry
    try {
      entry = Entry.decode(bytes.subarray(position, position + length))
    } catch (cause) {
      throw new ManifestError(`manifest entry at byte ${position} is malformed`, { cause })
    }
    position += length
    // A tree may begin with its own folder, for that one's attributes.
    const isRoot = entries.length === 0 && entry.path.length === 0 && entry.type === EntryType.DIRECTORY
    checkEntry(entry, single, isRoot)
    if (!single && !isRoot) collisions.add(entry.path, entry.type === EntryType.DIRECTORY ? 'folder' : 'other')
    checkOrigin(entry, entries)
    entries.push(entry)
  }
  if (single && entries.length !== 1) throw new ManifestError(`a single file's manifest has ${entries.length} entries`)
  return entries
}

function entryLength (bytes: Uint8Array, position: number): number {
  let length: number
  try {
    length = decodeVarint(bytes, position)
  } catch (cause) {
    throw new ManifestError(`manifest is cut off at byte ${position}`, { cause })
  }
  if (length > MAX_ENTRY_BYTES) throw new ManifestError(`manifest entry at byte ${position} claims ${length} bytes`)
  // A longer form of the same number would put the entry elsewhere for a reader who counts differently.
  if (encodeVarint(length).some((byte, index) => byte !== bytes[position + index])) throw new ManifestError(`manifest entry at byte ${position} has a length in more bytes than it needs`)
  return length
}

/** Bytes that do not travel must be there, or be known by their digest. */
function checkOrigin ({ path, type, size, digest, target, copyOf }: Entry, before: readonly Entry[]): void {
  if (type !== EntryType.FILE) {
    if (copyOf != null) throw new ManifestError(`${path.join('/')} is no file and says whose copy it is`)
    return
  }
  if (target.length > 0) {
    checkPath(target)
    if (copyOf != null) throw new ManifestError(`${path.join('/')} has two origins`)
    if (digest.length !== HASH_BYTES) throw new ManifestError(`${path.join('/')} is held by the server and has no digest to know it by`)
  }
  if (copyOf == null) return
  const original = before[copyOf]
  if (original == null || original.size !== size || !travels(original)) throw new ManifestError(`${path.join('/')} is a copy of entry ${copyOf}, which is no earlier file of its size`)
}

function checkEntry (entry: Entry, single: boolean, isRoot: boolean): void {
  if (single) {
    if (entry.path.length !== 0 || entry.type !== EntryType.FILE) throw new ManifestError('a single file has no path of its own')
  } else if (!isRoot) {
    if (entry.path.length === 0) throw new ManifestError('an entry of a tree has no path')
    checkPath(entry.path)
  }
  if (!Number.isSafeInteger(entry.size) || entry.size < 0) throw new ManifestError(`size ${entry.size} of ${entry.path.join('/')}`)
  if (entry.digest.length !== 0 && entry.digest.length !== HASH_BYTES) throw new ManifestError(`${entry.path.join('/')} has a digest of ${entry.digest.length} bytes`)
  if (entry.type !== EntryType.FILE && entry.size !== 0) throw new ManifestError(`${entry.path.join('/')} is no file and has a size`)
}
