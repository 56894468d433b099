import type { Range } from '@sluice/core'
import { type Gap, HASH_BYTES, MAX_GAPS, PAGE_PIECES, PIECE_BYTES, sameBytes, sha256, type Seal, type Signed } from '@sluice/wire'

/** Pages that contradict each other, their command or their seal: two versions of one put. */
export class PageError extends Error {
  override readonly name = 'PageError'
}

export interface BookedPage {
  readonly number: number
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly firstPiece: number
  readonly pieces: number
  /** The base's seal, on the final page; empty on others. */
  readonly seal: Uint8Array
}

interface Page extends BookedPage {
  readonly hashes: Uint8Array
  readonly lengths: readonly number[]
  readonly previous: Uint8Array
}

/** What the final page, sealed by the base, says of the put. */
export interface Closing {
  readonly pieces: number
  /** Of media. */
  readonly bytes: number
  readonly root: Uint8Array
  /** Pieces that the provider of a lossy put left out: nobody may have them. */
  readonly gaps: readonly Range[]
}

/**
 * The pages of one put: what every piece must hash to. Pages come in any order,
 * each verified by its own signature; the chain of hashes from the sealed final
 * page back to the command shows that all of them belong to one version.
 */
export class PageBook {
  readonly #command: Uint8Array
  /** By number, and in order of their first piece. */
  readonly #pages: Array<Page | undefined> = []
  #final: { page: Page, closing: Closing } | undefined
  #closed: Closing | undefined
  #count = 0
  #lastFound = 0

  /** @param command - hash of the put's command: what page 0 is chained to */
  constructor (command: Uint8Array) {
    this.#command = command
  }

  /** Pages held. */
  get count (): number {
    return this.#count
  }

  /** Set once all pages are here and their chain holds. */
  get closed (): Closing | undefined {
    return this.#closed
  }

  /**
   * Add a page whose signature was checked, and the seal that came with it.
   *
   * @returns false if it was known
   * @throws {PageError} if it contradicts what is known
   */
  add (signed: Signed<'page'>, seal: { readonly value: Seal, readonly bytes: Uint8Array } | undefined): boolean {
    const { value, bytes, hash } = signed
    const known = this.#pages[value.number]
    if (known != null) {
      if (!sameBytes(known.hash, hash)) throw new PageError(`page ${value.number} has two versions`)
      return false
    }
    if (value.number > value.firstPiece) throw new PageError(`page ${value.number} begins at piece ${value.firstPiece}: the pages before it cannot all have pieces`)
    if (this.#final != null && (value.final != null || value.number > this.#final.page.number)) throw new PageError(`page ${value.number} is behind the final page ${this.#final.page.number}`)
    if (value.final != null && value.number < this.#pages.length - 1) throw new PageError(`page ${value.number} is final, and there are pages behind it`)
    const pieces = value.hashes.length / HASH_BYTES
    if (!Number.isInteger(pieces) || pieces > PAGE_PIECES || (pieces === 0 && value.final == null)) throw new PageError(`page ${value.number} has ${value.hashes.length} bytes of hashes`)
    if (value.lengths.length !== 0 && value.lengths.length !== pieces) throw new PageError(`page ${value.number} has ${value.lengths.length} lengths for ${pieces} pieces`)
    if (value.lengths.some(length => length === 0 || length > PIECE_BYTES)) throw new PageError(`page ${value.number} has a piece of impossible length`)
    const page: Page = { number: value.number, bytes, hash, firstPiece: value.firstPiece, pieces, seal: seal?.bytes ?? new Uint8Array(), hashes: value.hashes, lengths: value.lengths, previous: value.previous }
    if (value.final != null) {
      if (seal == null) throw new PageError(`final page ${value.number} came without the base's seal`)
      if (!sameBytes(seal.value.page, hash) || !sameBytes(seal.value.root, value.final.root)) throw new PageError(`the base sealed another final page than page ${value.number}`)
      this.#final = { page, closing: { pieces: value.final.pieces, bytes: value.final.bytes, root: value.final.root, gaps: rangesOf(value.final.gaps, value.firstPiece) } }
    }
    this.#pages[value.number] = page
    this.#count++
    this.#close()
    return true
  }

  /** Whether the page that covers `piece` is here. */
  covers (piece: number): boolean {
    return this.#find(piece) != null
  }

  /** The page that covers `piece`. */
  pageOf (piece: number): BookedPage | undefined {
    return this.#find(piece)
  }

  /** Bytes of `piece`; 0 if its page is not here. */
  length (piece: number): number {
    const page = this.#find(piece)
    if (page == null) return 0
    return page.lengths.length === 0 ? PIECE_BYTES : page.lengths[piece - page.firstPiece] as number
  }

  /** Why `bytes` are not `piece`; undefined if they are. */
  problem (piece: number, bytes: Uint8Array): string | undefined {
    const page = this.#find(piece)
    if (page == null) return 'its page has not come'
    const length = this.length(piece)
    if (bytes.length !== length) return `has ${bytes.length} bytes instead of ${length}`
    const at = (piece - page.firstPiece) * HASH_BYTES
    if (!sameBytes(sha256(bytes), page.hashes.subarray(at, at + HASH_BYTES))) return 'does not match its hash'
    return undefined
  }

  /** Number of the first page that is not here. */
  get firstMissing (): number {
    const missing = this.#pages.findIndex(page => page == null)
    return missing < 0 ? this.#pages.length : missing
  }

  /** Pages from `number` on, as far as they are here without a gap. @param most - no more than these */
  from (number: number, most: number): BookedPage[] {
    const pages: BookedPage[] = []
    for (let page = this.#pages[number]; page != null && pages.length < most; page = this.#pages[number + pages.length]) pages.push(page)
    return pages
  }

  /** All pages, in order, as far as they are here. */
  * [Symbol.iterator] (): Generator<BookedPage> {
    for (const page of this.#pages) if (page != null) yield page
  }

  #find (piece: number): Page | undefined {
    // Pages of a put of known length are all full but the last: nearly always the first guess is right.
    const guess = this.#pages[Math.floor(piece / PAGE_PIECES)]
    if (guess != null && piece >= guess.firstPiece && piece < guess.firstPiece + guess.pieces) return guess
    // A live put's pages are cut by time. Who reads it does so in order: it is the page that was found last, or the next.
    for (let number = this.#lastFound; number < this.#lastFound + 2; number++) {
      const page = this.#pages[number]
      if (page == null || piece < page.firstPiece || piece >= page.firstPiece + page.pieces) continue
      this.#lastFound = number
      return page
    }
    // They are never smaller than a piece, so the page is at or before its piece's number.
    for (let number = Math.min(piece, this.#pages.length - 1); number >= 0; number--) {
      const page = this.#pages[number]
      if (page == null || page.firstPiece > piece) continue
      if (piece >= page.firstPiece + page.pieces) return undefined
      this.#lastFound = number
      return page
    }
    return undefined
  }

  /** All pages are here: walk the chain, and hash all hashes to the root. */
  #close (): void {
    if (this.#final == null || this.#count <= this.#final.page.number) return
    let previous = this.#command
    let piece = 0
    const hashes: Uint8Array[] = []
    for (let number = 0; number <= this.#final.page.number; number++) {
      const page = this.#pages[number]
      if (page == null || !sameBytes(page.previous, previous)) throw new PageError(`page ${number} does not follow the one before it`)
      if (page.firstPiece !== piece) throw new PageError(`page ${number} begins at piece ${page.firstPiece} instead of ${piece}`)
      previous = page.hash
      piece += page.pieces
      hashes.push(page.hashes)
    }
    const { closing } = this.#final
    if (piece !== closing.pieces) throw new PageError(`pages name ${piece} pieces, the final one says ${closing.pieces}`)
    if (!sameBytes(sha256(...hashes), closing.root)) throw new PageError('the root is not that of the pieces')
    this.#closed = closing
  }
}

/** @throws {PageError} where they are out of order, or in the final page itself: its pieces are what it is learned by */
function rangesOf (gaps: readonly Gap[], end: number): Range[] {
  if (gaps.length > MAX_GAPS) throw new PageError(`the final page names ${gaps.length} gaps, more than ${MAX_GAPS}`)
  let last = 0
  return gaps.map(({ firstPiece, pieces }) => {
    if (firstPiece < last || pieces === 0 || firstPiece + pieces > end) throw new PageError(`the final page names a gap of ${pieces} pieces at ${firstPiece}, which is not behind the one before it and before ${end}`)
    last = firstPiece + pieces
    return { first: firstPiece, end: last }
  })
}
