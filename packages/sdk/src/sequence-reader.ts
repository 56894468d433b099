import { type FileHandle, open } from 'node:fs/promises'
import { encodeManifest, Layout, PIECE_BYTES } from '@sluice/wire'
import { SourceError } from './errors.ts'
import type { Scanned } from './scan.ts'

/** A put's byte sequence, read piece by piece from the files themselves: manifest first, then one file after the other. */
export class SequenceReader {
  readonly manifestBytes: number
  readonly layout: Layout
  /** Of media, that travel. */
  readonly mediaBytes: number
  readonly #manifest: Uint8Array
  readonly #scanned: Scanned
  #open: { entry: number, handle: FileHandle } | undefined

  /** @param like - one of the same scan, that need not be laid out again */
  constructor (scanned: Scanned, like?: SequenceReader) {
    this.#scanned = scanned
    this.#manifest = like == null ? encodeManifest(scanned.entries) : like.#manifest
    this.manifestBytes = this.#manifest.length
    this.layout = like?.layout ?? new Layout(this.#manifest.length, scanned.entries)
    this.mediaBytes = this.layout.bytes - this.manifestBytes
  }

  /** Another reader of the same files, that is elsewhere in them. */
  another (): SequenceReader {
    return new SequenceReader(this.#scanned, this)
  }

  /**
   * @returns the bytes of one piece
   * @throws {SourceError} if a file became shorter, or cannot be read
   */
  async read (piece: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(this.layout.pieceLength(piece))
    const start = piece * PIECE_BYTES
    if (start < this.#manifest.length) bytes.set(this.#manifest.subarray(start, Math.min(this.#manifest.length, start + PIECE_BYTES)))
    for (const { entry, offset, pieceOffset, length } of this.layout.segments(piece)) {
      const handle = await this.#handle(entry)
      let done = 0
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, pieceOffset + done, length - done, offset + done)
        if (bytesRead === 0) throw new SourceError(`${this.#scanned.local[entry]} became shorter while it was being published: publish it again when it is finished`)
        done += bytesRead
      }
    }
    return bytes
  }

  /**
   * Whether the files are still those that were scanned.
   *
   * @throws {SourceError} naming the first that is not
   */
  async check (entry: number): Promise<void> {
    const { size, attributes } = this.#scanned.entries[entry] ?? {}
    const stat = await (await this.#handle(entry)).stat({ bigint: true })
    const mtimeNs = BigInt(attributes?.mtimeSeconds ?? 0) * 1_000_000_000n + BigInt(attributes?.mtimeNanos ?? 0)
    if (Number(stat.size) !== size || stat.mtimeNs !== mtimeNs) throw this.#changed(entry)
  }

  /** What is wrong when a piece is not what it was when it was read before. */
  changed (piece: number): SourceError {
    return this.#changed(this.layout.segments(piece)[0]?.entry ?? 0)
  }

  #changed (entry: number): SourceError {
    return new SourceError(`${this.#scanned.local[entry]} changed while it was being published: publish it again when it is finished`)
  }

  /** The last piece was read: the file it came from is to be what it was, too. */
  async finish (): Promise<void> {
    if (this.#open != null) await this.check(this.#open.entry)
    // What does not travel is not read, and must be what it was all the same.
    for (const [entry, { copyOf }] of this.#scanned.entries.entries()) if (copyOf != null) await this.check(entry)
  }

  async close (): Promise<void> {
    await this.#open?.handle.close()
    this.#open = undefined
  }

  /** Files are read in order, but for what viewers wait for, so that one of them is open at a time. One that is left behind is checked. */
  async #handle (entry: number): Promise<FileHandle> {
    if (this.#open?.entry === entry) return this.#open.handle
    const previous = this.#open
    if (previous != null && previous.entry < entry) await this.check(previous.entry)
    await this.close()
    const path = this.#scanned.local[entry] as string
    try {
      this.#open = { entry, handle: await open(path) }
    } catch (cause) {
      throw new SourceError(`cannot read ${path}: ${(cause as Error).message}`, { cause })
    }
    return this.#open.handle
  }
}
