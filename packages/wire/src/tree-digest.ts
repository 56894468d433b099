import { createHash } from 'node:crypto'
import { encode as encodeVarint } from 'uint8-varint'
import { Entry, EntryType } from './pb/signed.ts'

/** rwx for owner, group and others. */
const PERMISSIONS = 0o777
/** Every server keeps the right to read what it serves. */
const OWNER_READ = 0o400

/**
 * An entry without what two right copies of it may differ in: a server sets
 * permission bits only, and file systems keep times to different fractions of a
 * second. Owner and extended attributes are not part of it.
 */
export function comparable ({ path, type, size, attributes, digest, target }: Entry): Entry {
  // A link has neither mode nor time that matter to whom follows it.
  const kept = type === EntryType.SYMLINK ? {} : { mode: ((attributes?.mode ?? 0) & PERMISSIONS) | OWNER_READ, mtimeSeconds: attributes?.mtimeSeconds ?? 0 }
  return { path, type, size, attributes: { ...kept, xattrs: [] }, digest: type === EntryType.FILE ? digest : new Uint8Array(), target: type === EntryType.SYMLINK ? target : [] }
}

/** One digest of a whole tree: of its comparable entries, in the order of a listing. Two servers that agree in it hold the same. */
export class TreeDigest {
  readonly #hash = createHash('sha256')

  add (entry: Entry): void {
    const bytes = Entry.encode(comparable(entry))
    this.#hash.update(encodeVarint(bytes.length)).update(bytes)
  }

  digest (): Uint8Array {
    return this.#hash.digest()
  }
}
