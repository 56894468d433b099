import type { PrivateKey } from '@libp2p/interface'
import { HASH_BYTES, PAGE_PIECES, PIECE_BYTES, type Signed, sameBytes, sha256, sign } from '@sluice/wire'
import { SourceError } from './errors.ts'
import type { SequenceReader } from './sequence-reader.ts'

export interface PageChainInit {
  readonly key: PrivateKey
  readonly job: Signed<'job'>
  readonly command: Signed<'command'>
  readonly reader: SequenceReader
  /** Hashes of pages that another process has made and the base has, by number: no other version of them is ever sent. */
  readonly before?: ReadonlyMap<number, Uint8Array> | undefined
}

/**
 * The signed pages of a put, made in order, since each names the one before it.
 * They are small, and made once: a page far ahead costs reading and hashing
 * what is before it, and that is read again when it is sent.
 */
export class PageChain {
  readonly #init: PageChainInit
  /** Pages may be made ahead of what is being sent: with a place of its own in the files. */
  readonly #reader: SequenceReader
  readonly #pages: Array<Signed<'page'>> = []
  readonly #hashes: Uint8Array[] = []
  #making: Promise<void> = Promise.resolve()
  #closed = false

  constructor (init: PageChainInit) {
    this.#init = init
    this.#reader = init.reader.another()
  }

  /** The page that is the last one of all, once it is made. */
  get final (): Signed<'page'> | undefined {
    const last = this.#pages.at(-1)
    return last?.value.final == null ? undefined : last
  }

  /** A page that is made. */
  at (number: number): Signed<'page'> | undefined {
    return this.#pages[number]
  }

  /**
   * Page `number`, and with it all before it that are not made yet. Two may ask
   * at a time: their pages are made in turn.
   *
   * @param kept - takes the pieces that are read for page `number`, so that they need not be read again
   * @throws {SourceError} if a file cannot be read, or is no longer what it was
   */
  async page (number: number, kept?: Map<number, Uint8Array>): Promise<Signed<'page'>> {
    for (let page = this.#pages[number]; ; page = this.#pages[number]) {
      if (page != null) return page
      const turn = this.#making.then(async () => {
        if (this.#closed) throw new Error('no pages are made any more')
        const next = this.#pages.length
        if (next <= number) await this.#make(next, next === number ? kept : undefined)
      })
      this.#making = turn.catch(() => {})
      await turn
    }
  }

  /** @throws {SourceError} if a piece that was read again is not the one that its page names */
  verify (piece: number, bytes: Uint8Array): void {
    const at = piece % PAGE_PIECES * HASH_BYTES
    const hash = this.#pages[Math.floor(piece / PAGE_PIECES)]?.value.hashes.subarray(at, at + HASH_BYTES)
    if (hash != null && !sameBytes(hash, sha256(bytes))) throw this.#reader.changed(piece)
  }

  /** Let go of the files. */
  async close (): Promise<void> {
    this.#closed = true
    await this.#making
    await this.#reader.close()
  }

  async #make (number: number, kept: Map<number, Uint8Array> | undefined): Promise<void> {
    const { key, job, command } = this.#init
    const { layout, manifestBytes } = this.#reader
    const first = number * PAGE_PIECES
    const end = Math.min(layout.pieces, first + PAGE_PIECES)
    const hashes = new Uint8Array((end - first) * HASH_BYTES)
    const lengths: number[] = []
    for (let piece = first; piece < end; piece++) {
      const bytes = await this.#reader.read(piece)
      hashes.set(sha256(bytes), (piece - first) * HASH_BYTES)
      lengths.push(bytes.length)
      kept?.set(piece, bytes)
    }
    const last = end >= layout.pieces
    if (last) await this.#reader.finish()
    const page = await sign('page', {
      job: job.hash,
      seq: command.value.seq,
      number,
      firstPiece: first,
      hashes,
      lengths: lengths.every(length => length === PIECE_BYTES) ? [] : lengths,
      previous: this.#pages.at(-1)?.hash ?? command.hash,
      ...last ? { final: { pieces: layout.pieces, bytes: layout.bytes - manifestBytes, root: sha256(...this.#hashes, hashes), digests: new Uint8Array(), gaps: [] } } : {}
    }, key)
    const before = this.#init.before?.get(number)
    if (before != null && !sameBytes(before, page.hash)) throw new SourceError(`what is published is not what it was when put ${command.value.seq} of job ${job.value.id} began: bring it back as it was, or publish it by a job of its own`)
    this.#hashes.push(hashes)
    this.#pages.push(page)
  }
}
