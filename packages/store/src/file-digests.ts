import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { TreeError } from './tree-error.ts'

/** Digests remembered: a million files of media would be 20 MiB of them, and are a large server. */
const MAX_REMEMBERED = 100_000
/** Read at one time. */
const READ_BYTES = 1024 * 1024
/**
 * A change within one tick of the file system's clock leaves no trace in it: what
 * changed so lately is hashed again when next asked for. In milliseconds.
 */
const SETTLED_MS = 2_000

interface Remembered {
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly digest: Uint8Array
}

/** SHA-256 of whole files, on demand, and remembered for as long as a file is evidently the same. */
export class FileDigests {
  // In order of last use: a Map keeps insertion order, and use re-inserts.
  readonly #remembered = new Map<string, Remembered>()

  /**
   * @param onHashed - told how many bytes were read so far, after each part
   * @throws {TreeError} changed, if somebody wrote to the file meanwhile
   */
  async of (handle: FileHandle, path: readonly string[], onHashed: (bytes: number) => void = () => {}): Promise<Uint8Array> {
    const stat = await handle.stat({ bigint: true })
    const key = `${stat.dev}:${stat.ino}`
    const known = this.#remembered.get(key)
    if (known != null && sameFile(known, stat)) {
      this.#keep(key, known)
      return known.digest
    }
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Number(stat.size) + 1))
    for (let done = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, done)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      done += bytesRead
      onHashed(done)
    }
    const after = await handle.stat({ bigint: true })
    if (!sameFile(after, stat)) throw new TreeError('changed', path, 'changed while it was being read: ask again')
    const { size, mtimeNs, ctimeNs } = stat
    const digest = hash.digest()
    if (Number(ctimeNs / 1_000_000n) < Date.now() - SETTLED_MS) this.#keep(key, { size, mtimeNs, ctimeNs, digest })
    return digest
  }

  /** What is remembered of a file that is still the same. */
  async known (handle: FileHandle): Promise<Uint8Array | undefined> {
    const stat = await handle.stat({ bigint: true })
    const found = this.#remembered.get(`${stat.dev}:${stat.ino}`)
    return found != null && sameFile(found, stat) ? found.digest : undefined
  }

  #keep (key: string, entry: Remembered): void {
    this.#remembered.delete(key)
    this.#remembered.set(key, entry)
    if (this.#remembered.size <= MAX_REMEMBERED) return
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest)
      return
    }
  }
}

type Identity = Pick<BigIntStats, 'size' | 'mtimeNs' | 'ctimeNs'>

export function sameFile (a: Identity, b: Identity): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}
