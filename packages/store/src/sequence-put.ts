import { MAX_MANIFEST_BYTES, PIECE_BYTES, decodeManifest, type Entry } from '@sluice/wire'
import type { Bitmap } from './bitmap.ts'
import type { PutShape, StagedPut } from './put-shape.ts'
import type { Reservation } from './space.ts'
import type { StagingFolder } from './staging-folder.ts'
import { StoreError } from './store-error.ts'

/** One sparse file that has every piece at its number × 64 KiB. */
export const SEQUENCE = 'sequence'

/** What a store lends to a put of its own. */
export interface Lease {
  readonly folder: StagingFolder
  readonly space: Reservation
  /** The put is closed or discarded: its (job, seq) may be opened again. */
  readonly ended: () => void
}

/**
 * A put whose pieces all stand in one sparse file: the base's way. A node's
 * puts begin like that too, and go on by themselves once their manifest tells
 * which piece belongs to which file (layout-put.ts).
 */
export class SequencePut implements StagedPut {
  readonly shape: PutShape
  protected readonly folder: StagingFolder
  protected readonly space: Reservation
  protected readonly written: Bitmap
  /** What is being done to a piece, so that two writes of it do not mix. */
  readonly #running = new Map<number, Promise<void>>()
  readonly #ended: () => void
  readonly #manifestPieces: number
  #manifest: Entry[] | undefined
  #reading: Promise<void> | undefined
  #open = true

  constructor (shape: PutShape, written: Bitmap, { folder, space, ended }: Lease) {
    this.shape = shape
    this.written = written
    this.folder = folder
    this.space = space
    this.#ended = ended
    this.#manifestPieces = Math.ceil(shape.manifestBytes / PIECE_BYTES)
  }

  get manifest (): Entry[] | undefined {
    return this.#manifest
  }

  /**
   * Take up what was written before a restart.
   *
   * @param whole - whether the manifest is known to be on the disk, whatever the bitmap says
   */
  async resume (whole = false): Promise<void> {
    if (this.shape.manifestBytes > MAX_MANIFEST_BYTES) throw this.bad(`is of ${this.shape.manifestBytes} bytes, more than ${MAX_MANIFEST_BYTES}`)
    await this.#readManifest(whole)
  }

  has (piece: number): boolean {
    return this.written.get(piece)
  }

  async write (piece: number, bytes: Uint8Array): Promise<void> {
    this.check()
    const { pieces } = this.shape
    if (!Number.isSafeInteger(piece) || piece < 0 || (pieces != null && piece >= pieces)) throw new RangeError(`put ${this.label} has no piece ${piece}, only 0 to ${(pieces ?? Infinity) - 1}`)
    if (bytes.length > PIECE_BYTES) throw new RangeError(`piece ${piece} of put ${this.label} has ${bytes.length} bytes, more than ${PIECE_BYTES}`)
    while (!this.written.get(piece)) {
      const other = this.#running.get(piece)
      if (other == null) {
        const turn = this.#writeOnce(piece, bytes).finally(() => { this.#running.delete(piece) })
        this.#running.set(piece, turn)
        await turn
      } else {
        // If the other one fails, this one may not.
        await other.catch(() => {})
      }
      this.check()
    }
  }

  async #writeOnce (piece: number, bytes: Uint8Array): Promise<void> {
    // Only live media can find that too little was promised to it.
    await this.space.cover(bytes.length)
    await this.place(piece, bytes)
    this.written.set(piece)
    this.space.spend(bytes.length)
    if (piece < this.#manifestPieces) await this.#readManifest()
  }

  async read (piece: number, length: number): Promise<Uint8Array> {
    this.check()
    if (length > PIECE_BYTES) throw new RangeError(`a read of ${length} bytes is longer than a piece of ${PIECE_BYTES}`)
    if (!this.written.get(piece)) throw new StoreError('incomplete', this.folder.path, `piece ${piece} of put ${this.label} is not written yet`)
    return await this.fetch(piece, length)
  }

  forget (piece: number): void {
    this.written.clear(piece)
  }

  async sync (): Promise<void> {
    this.check()
    await this.folder.sync()
  }

  async discard (): Promise<void> {
    await this.#end(async () => { await this.folder.remove() })
  }

  async close (): Promise<void> {
    if (this.#open) await this.#end(async () => { await this.folder.close() })
  }

  /** Write a piece where it belongs. */
  protected async place (piece: number, bytes: Uint8Array): Promise<void> {
    await this.folder.write(SEQUENCE, bytes, piece * PIECE_BYTES)
  }

  /** Read a piece from where it is. */
  protected async fetch (piece: number, length: number): Promise<Uint8Array> {
    return await this.folder.read(SEQUENCE, length, piece * PIECE_BYTES)
  }

  /** The manifest's bytes are there. Throw if they are not what they were. */
  protected examine (_manifest: Uint8Array): void {}

  /** The manifest is there, is valid, and is not shown to anyone yet. */
  protected async adopt (_entries: Entry[]): Promise<void> {}

  protected get label (): string {
    return `${this.shape.job}/${this.shape.seq}`
  }

  /** Put an end to this put: its provider's manifest cannot be followed. */
  protected bad (problem: string, cause?: unknown): StoreError {
    return this.folder.fail(new StoreError('bad-manifest', this.folder.path, `the manifest of put ${this.label} ${problem}: the provider has to send the put again`, { cause }))
  }

  protected check (): void {
    this.folder.check()
    if (!this.#open) throw new StoreError('busy', this.folder.path, `put ${this.label} is closed: open it again`)
  }

  /** The manifest's last piece may be written, and told of by another who brought it too, while it is still being read. */
  protected async manifestRead (): Promise<void> {
    await this.#reading
  }

  /** Read the manifest once all its pieces are there, and only once. */
  async #readManifest (whole = false): Promise<void> {
    if (!whole && !this.written.complete(this.#manifestPieces)) return
    this.#reading ??= this.#decode()
    await this.#reading
  }

  async #decode (): Promise<void> {
    try {
      const entries = await this.#entries()
      await this.adopt(entries)
      this.#manifest = entries
    } catch (cause) {
      throw cause instanceof StoreError ? this.folder.fail(cause) : cause
    }
  }

  async #entries (): Promise<Entry[]> {
    const { manifestBytes, single } = this.shape
    const bytes = manifestBytes === 0 ? new Uint8Array() : await this.folder.read(SEQUENCE, manifestBytes, 0)
    this.examine(bytes)
    try {
      return decodeManifest(bytes, single).map(withoutEmpties)
    } catch (cause) {
      throw this.bad(`is not valid (${(cause as Error).message})`, cause)
    }
  }

  async #end (work: () => Promise<void>): Promise<void> {
    this.#open = false
    await Promise.allSettled(this.#running.values())
    await work()
    this.space.release()
    this.#ended()
  }
}

const NO_BYTES = new Uint8Array()
const NO_TARGET: string[] = []

/** Most entries have neither digest nor target: with a million of them, a buffer and a list of their own for nothing are 230 of 750 MiB. */
function withoutEmpties (entry: Entry): Entry {
  if (entry.digest.length === 0) entry.digest = NO_BYTES
  if (entry.target.length === 0) entry.target = NO_TARGET
  return entry
}
