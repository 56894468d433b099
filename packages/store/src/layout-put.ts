import { HASH_BYTES, isAlias, Layout, PIECE_BYTES, sameBytes, sha256, type Entry, type Segment } from '@sluice/wire'
import { type AttributePolicy, AttributeWriter, NotApplied } from './attributes.ts'
import { audit } from './audit.ts'
import { Bitmap } from './bitmap.ts'
import { Commit } from './commit.ts'
import { eachLimited } from './each-limited.ts'
import { across } from './failpoint.ts'
import type { CommitPlan } from './file-publisher.ts'
import { liveMedia } from './media-bytes.ts'
import { entryFile } from './staging-folder.ts'
import { PublishedFiles } from './published-files.ts'
import type { PutShape } from './put-shape.ts'
import type { CommitResult, LiveEnd, TreePut } from './tree-put.ts'
import { SEQUENCE, SequencePut, type Lease } from './sequence-put.ts'
import { StoreError } from './store-error.ts'

/**
 * Its presence says that large files have staging files of their own, with all
 * their pieces in them, and the manifest is whole. It holds the manifest's hash.
 */
const SPLIT = 'split'

/** Pieces moved at one time, once the manifest is there. */
const MOVES_AT_ONCE = 8

/**
 * A node's put. Before its manifest is complete every piece goes to the
 * sequence file; then each large file gets a sparse file of its own, that a
 * commit only needs to link. Manifest and small files stay in the sequence.
 *
 * After a crash a piece must be where it is looked for: so the manifest, and the
 * pieces that came early and were moved, are durable before the mark `split`
 * appears, and no piece is written to its own file before that. The mark counts
 * more than the bitmap, which may be older, or lack a forgotten manifest piece.
 */
export class LayoutPut extends SequencePut implements TreePut {
  #layout: Layout | undefined
  #entries: Entry[] = []
  /** Whether the mark is there. */
  #split = false
  /** What it held before a restart. */
  #mark: Uint8Array | undefined
  #manifestHash = new Uint8Array()
  #adopting: Promise<void> | undefined
  /** Writes to the sequence that began before the manifest was complete. */
  readonly #early = new Set<Promise<void>>()
  /** Pieces that such writes have brought there, or the run before this one. */
  readonly #inSequence: Bitmap
  #committing: Promise<CommitResult> | undefined
  /** Of a live put, once it is known. */
  #end: LiveEnd | undefined
  readonly #links: boolean
  readonly #policy: AttributePolicy

  constructor (shape: PutShape, written: Bitmap, lease: Lease, { links, attributes }: { links: boolean, attributes: AttributePolicy }) {
    super(shape, written, lease)
    this.#inSequence = Bitmap.fromBytes(written.toBytes())
    this.#links = links
    this.#policy = attributes
  }

  override async resume (): Promise<void> {
    this.#mark = await this.#readMark()
    await super.resume(this.#mark != null)
  }

  closed (end: LiveEnd): void {
    // A put of known length knows its end from its command.
    if (this.shape.pieces == null) this.#end = end
  }

  async commit (): Promise<CommitResult> {
    this.check()
    this.#committing ??= this.#commit().finally(() => { this.#committing = undefined })
    return await this.#committing
  }

  override async discard (): Promise<void> {
    await this.#committing?.catch(() => {})
    await super.discard()
  }

  override async close (): Promise<void> {
    await this.#committing?.catch(() => {})
    await super.close()
  }

  async #commit (): Promise<CommitResult> {
    const notApplied = new NotApplied()
    return await new Commit(await this.plan(notApplied), notApplied).run()
  }

  async hold (): Promise<number> {
    const { entries, live } = await this.plan(new NotApplied())
    return live == null ? entries.reduce((sum, { size }) => sum + size, 0) : liveMedia(this.shape, live).bytes
  }

  async audit (entry: Entry, place: readonly string[]): Promise<string | undefined> {
    const { folder, entries, extents, live } = await this.plan(new NotApplied())
    const index = entries.indexOf(entry)
    const origin = entry.copyOf ?? index
    return await audit(folder, { entry, index: origin, start: extents.find(extent => extent.entry === origin)?.start ?? 0, live: live == null ? undefined : liveMedia(this.shape, live) }, place)
  }

  /** All that publishing it rests on, once all of it is here and durable. @throws {StoreError} incomplete */
  async plan (notApplied: NotApplied): Promise<CommitPlan> {
    this.check()
    await this.manifestRead()
    const live = this.#end
    const pieces = this.shape.pieces ?? live?.pieces
    const missing = pieces == null ? 'its end' : this.#firstMissing(pieces, live)
    if (this.manifest == null || missing != null) throw new StoreError('incomplete', this.folder.path, `put ${this.label} cannot be committed yet: ${missing ?? 'its manifest'} is missing`)
    await this.folder.sync()
    const { shape, folder, manifest: entries } = this
    return { shape, folder, entries, extents: this.#layout?.extents ?? [], live, links: this.#links, attributes: new AttributeWriter(this.#policy, notApplied) }
  }

  #firstMissing (pieces: number, end: LiveEnd | undefined): string | undefined {
    if (end == null && this.written.complete(pieces)) return undefined
    for (let piece = 0; piece < pieces; piece++) {
      if (!this.written.get(piece) && end?.length(piece) !== 0) return `piece ${piece}`
    }
    return undefined
  }

  protected override async place (piece: number, bytes: Uint8Array): Promise<void> {
    if (this.#adopting != null) await this.#adopting
    if (!this.#split) {
      const write = super.place(piece, bytes).then(() => { this.#inSequence.set(piece) })
      this.#early.add(write)
      try {
        await write
      } finally {
        this.#early.delete(write)
      }
      return
    }
    const layout = this.#layout as Layout
    if (bytes.length !== layout.pieceLength(piece)) throw this.bad(`gives piece ${piece} ${layout.pieceLength(piece)} bytes, and its page ${bytes.length}`)
    const segments = layout.segments(piece)
    const own = this.#own(segments)
    if (own != null) {
      await this.folder.write(entryFile(own.entry), bytes, own.offset)
      return
    }
    await super.place(piece, bytes)
    await this.#placeTails(segments, bytes)
  }

  protected override async fetch (piece: number, length: number): Promise<Uint8Array> {
    const own = this.#split ? this.#own((this.#layout as Layout).segments(piece)) : undefined
    if (own == null) return await super.fetch(piece, length)
    if (length > own.length) throw new RangeError(`piece ${piece} of put ${this.label} has ${own.length} bytes, not ${length}`)
    try {
      return await this.folder.read(entryFile(own.entry), length, own.offset)
    } catch (cause) {
      if (!(cause instanceof StoreError) || cause.code !== 'vanished' || this.manifest == null) throw cause
      // Where links are not permitted, the commit has moved the file away.
      const published = new PublishedFiles(this.shape, this.folder.root)
      return await published.read(this.manifest[own.entry] as Entry, length, own.offset)
    }
  }

  protected override examine (manifest: Uint8Array): void {
    this.#manifestHash = Uint8Array.from(sha256(manifest))
    if (this.#mark == null || sameBytes(this.#mark, this.#manifestHash)) return
    throw new StoreError('vanished', this.folder.path, `the manifest of put ${this.label} in ${this.folder.path} is not what was written there: the disk lost it or somebody changed it, and the put must be fetched anew`)
  }

  protected override async adopt (entries: Entry[]): Promise<void> {
    // How long a live media's only file gets is known when it ends; all of it stays in the sequence until then.
    if (this.shape.pieces == null) return
    const layout = new Layout(this.shape.manifestBytes, entries)
    const media = layout.bytes - this.shape.manifestBytes
    if (layout.pieces !== this.shape.pieces) throw this.bad(`has ${layout.pieces} pieces, and its command ${this.shape.pieces}`)
    if (this.shape.bytes !== 0 && media !== this.shape.bytes) throw this.bad(`has ${media} bytes of media, and its command ${this.shape.bytes}`)
    this.#layout = layout
    this.#entries = entries
    // Small files are written a second time when they are published: refuse now rather than in mid-commit.
    let small = 0
    for (const extent of layout.extents) if (!layout.isLarge(extent)) small += extent.size
    // So are copies, and what is made of files that are here.
    for (const entry of entries) if (isAlias(entry)) small += entry.size
    await this.space.extend(small)
    this.#adopting = this.#moveEarly(layout)
    try {
      await this.#adopting
    } finally {
      this.#adopting = undefined
    }
  }

  async #moveEarly (layout: Layout): Promise<void> {
    await Promise.allSettled(this.#early)
    if (this.#mark == null && layout.extents.some(extent => layout.isLarge(extent))) {
      await eachLimited(this.#inSequence.pieces(), MOVES_AT_ONCE, async piece => {
        const segments = this.#largeOf(layout.segments(piece))
        if (segments.length === 0) return
        const bytes = await this.folder.read(SEQUENCE, layout.pieceLength(piece), piece * PIECE_BYTES)
        await this.#placeTails(segments, bytes)
      })
      await this.folder.sync()
      await across('split-mark', async () => { await this.folder.write(SPLIT, this.#manifestHash, 0) })
    }
    this.#split = true
  }

  async #readMark (): Promise<Uint8Array | undefined> {
    if (!(await this.folder.names()).includes(SPLIT)) return undefined
    // Cut off before its bytes were on the disk: then no sync() after it has succeeded, and nothing rests on it.
    return await this.folder.read(SPLIT, HASH_BYTES, 0).catch(() => undefined)
  }

  /** Give large files their share of a piece that stands in the sequence. */
  async #placeTails (segments: Segment[], bytes: Uint8Array): Promise<void> {
    for (const { entry, offset, pieceOffset, length } of this.#largeOf(segments)) {
      await this.folder.write(entryFile(entry), bytes.subarray(pieceOffset, pieceOffset + length), offset)
    }
  }

  /** The segment of a piece that belongs to one large file alone. Small files may be packed behind a large one's tail: such a piece stands in both places. */
  #own (segments: Segment[]): Segment | undefined {
    return segments.length === 1 ? this.#largeOf(segments)[0] : undefined
  }

  #largeOf (segments: Segment[]): Segment[] {
    return segments.filter(({ entry }) => (this.#entries[entry] as Entry).size >= PIECE_BYTES)
  }
}
