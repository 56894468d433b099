import { PAGE_PIECES, PIECE_BYTES, type Signed, sha256 } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { PageBook, PageError } from '../src/page-book.ts'
import { NO_BYTES, piecesOf, SignedJob, type SignedPage } from './signed-job.ts'

describe('page book', () => {
  let job: SignedJob
  let put: Signed<'command'>
  let book: PageBook

  beforeEach(async () => {
    job = await SignedJob.open()
    put = await job.put(5)
    book = new PageBook(put.hash)
  })

  const add = ({ page, seal }: SignedPage): boolean => book.add(page, seal)
  /** Five pieces on three pages: 2, 2 and 1. */
  const threePages = async (): Promise<SignedPage[]> => await job.pages(put, piecesOf(PIECE_BYTES, 100, PIECE_BYTES, 200, 300), { perPage: 2 })

  it('closes with the last page that comes, and says what the seal covers', async () => {
    const pages = await threePages()
    for (const page of pages.slice(0, 2)) expect(add(page)).to.equal(true)
    expect(book.closed).to.equal(undefined)
    add(pages[2] as SignedPage)
    const { final } = (pages[2] as SignedPage).page.value
    expect(book.closed).to.deep.equal({ pieces: 5, bytes: final?.bytes, root: final?.root, gaps: [] })
    expect([...book].map(({ number }) => number)).to.deep.equal([0, 1, 2])
    expect([...book].map(({ seal }) => seal.length > 0)).to.deep.equal([false, false, true])
  })

  it('closes whatever the order and however often pages come', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 1, max: PIECE_BYTES }), { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), async (perPage, lengths, random) => {
      const pieces = piecesOf(...lengths)
      const pages = await job.pages(put, pieces, { perPage })
      const anyBook = new PageBook(put.hash)
      const order = pages.map(page => ({ page, at: random.next().value as number })).sort((a, b) => a.at - b.at).map(({ page }) => page)
      for (const { page, seal } of order) {
        expect(anyBook.closed).to.equal(undefined)
        expect(anyBook.add(page, seal)).to.equal(true)
        expect(anyBook.add(page, seal), 'known by now').to.equal(false)
      }
      expect(anyBook.closed?.pieces).to.equal(pieces.length)
      expect(anyBook.count).to.equal(pages.length)
      for (const [piece, bytes] of pieces.entries()) {
        expect(anyBook.length(piece)).to.equal(bytes.length)
        expect(anyBook.problem(piece, bytes)).to.equal(undefined)
        expect(anyBook.pageOf(piece)?.number).to.equal(Math.floor(piece / perPage))
      }
      expect(anyBook.covers(pieces.length)).to.equal(false)
    }), { numRuns: 30 })
  })

  it('tells pieces that are right from pieces that are not', async () => {
    const [first] = await threePages()
    add(first as SignedPage)
    const [whole, short] = piecesOf(PIECE_BYTES, 100) as [Uint8Array, Uint8Array]
    expect(book.problem(0, whole)).to.equal(undefined)
    expect(book.problem(1, short)).to.equal(undefined)
    expect(book.problem(0, short)).to.match(/has 100 bytes instead of 65536/)
    expect(book.problem(1, new Uint8Array(100))).to.equal('does not match its hash')
    expect(book.problem(2, whole)).to.equal('its page has not come')
    expect(book.length(2)).to.equal(0)
  })

  it('says which pages are missing, and gives those that are here without a gap', async () => {
    const [first, second, third] = await threePages() as [SignedPage, SignedPage, SignedPage]
    expect(book.firstMissing).to.equal(0)
    add(third)
    add(first)
    expect(book.firstMissing).to.equal(1)
    expect(book.from(0, 64).map(({ number }) => number)).to.deep.equal([0])
    expect(book.from(1, 64)).to.deep.equal([])
    add(second)
    expect(book.firstMissing).to.equal(3)
    expect(book.from(1, 64).map(({ number }) => number)).to.deep.equal([1, 2])
    expect(book.from(0, 2).map(({ number }) => number)).to.deep.equal([0, 1])
  })

  it('takes the gaps of the final page where they can be', async () => {
    for (const [gaps, message] of [
      [[{ firstPiece: 1, pieces: 1 }, { firstPiece: 2, pieces: 2 }], undefined],
      [[{ firstPiece: 2, pieces: 1 }, { firstPiece: 1, pieces: 1 }], /gap of 1 pieces at 1, which is not behind/],
      [[{ firstPiece: 3, pieces: 2 }], /gap of 2 pieces at 3/],
      [[{ firstPiece: 0, pieces: 0 }], /gap of 0 pieces/]
    ] as const) {
      const anyBook = new PageBook(put.hash)
      const pages = await job.pages(put, piecesOf(PIECE_BYTES, 100, PIECE_BYTES, 200, 300), { perPage: 2, final: { gaps: [...gaps] } })
      const adding = (): void => { for (const { page, seal } of pages) anyBook.add(page, seal) }
      if (message == null) {
        adding()
        expect(anyBook.closed?.gaps).to.deep.equal([{ first: 1, end: 2 }, { first: 2, end: 4 }])
      } else expect(adding).to.throw(PageError, message)
    }
  })

  it('closes a put without a piece', async () => {
    const [only] = await job.pages(put, [])
    add(only as SignedPage)
    expect(book.closed).to.include({ pieces: 0, bytes: 0 })
  })

  it('covers 16 MiB with one page', async () => {
    const hashes = Buffer.concat(Array.from({ length: PAGE_PIECES + 1 }, (_, i) => sha256(Buffer.from(`${i}`))))
    const full = await job.page(put, { hashes: hashes.subarray(0, PAGE_PIECES * 32) })
    expect(book.add(full, undefined)).to.equal(true)
    expect(book.covers(PAGE_PIECES - 1)).to.equal(true)
    expect(book.covers(PAGE_PIECES)).to.equal(false)
  })

  describe('refuses', () => {
    const refuses = (page: Signed<'page'>, seal: Signed<'seal'> | undefined, message: RegExp): void => {
      expect(() => book.add(page, seal)).to.throw(PageError, message)
      expect(book.closed).to.equal(undefined)
    }
    const hash = (text: string): Uint8Array => sha256(Buffer.from(text))

    it('a second version of a page', async () => {
      book.add(await job.page(put, { hashes: hash('a') }), undefined)
      refuses(await job.page(put, { hashes: hash('b') }), undefined, /page 0 has two versions/)
    })

    it('hashes and lengths that are none', async () => {
      refuses(await job.page(put, { hashes: new Uint8Array(33) }), undefined, /33 bytes of hashes/)
      refuses(await job.page(put, { hashes: NO_BYTES }), undefined, /0 bytes of hashes/)
      refuses(await job.page(put, { hashes: new Uint8Array((PAGE_PIECES + 1) * 32) }), undefined, /bytes of hashes/)
      refuses(await job.page(put, { hashes: hash('a'), lengths: [1, 2] }), undefined, /2 lengths for 1 pieces/)
      refuses(await job.page(put, { hashes: hash('a'), lengths: [0] }), undefined, /impossible length/)
      refuses(await job.page(put, { hashes: hash('a'), lengths: [PIECE_BYTES + 1] }), undefined, /impossible length/)
    })

    it('a final page without a seal, or with another page\'s', async () => {
      const [{ page, seal }] = await job.pages(put, piecesOf(10)) as [SignedPage]
      const other = await job.page(put, { hashes: hash('other') })
      refuses(page, undefined, /without the base's seal/)
      refuses(page, await job.seal(other), /sealed another final page/)
      refuses(page, await job.seal(page, { bent: { root: hash('another root') } }), /sealed another final page/)
      expect(book.add(page, seal)).to.equal(true)
    })

    it('a chain that is broken', async () => {
      const pages = await threePages()
      const [first, second, last] = pages as [SignedPage, SignedPage, SignedPage]
      book.add(first.page, undefined)
      book.add((await job.page(put, { ...second.page.value, previous: hash('elsewhere') })), undefined)
      refuses(last.page, last.seal, /page 1 does not follow|page 2 does not follow/)
    })

    it('a first page that hangs on another command', async () => {
      const [{ page }] = await job.pages(put, piecesOf(10)) as [SignedPage]
      const bent = await job.page(put, { ...page.value, previous: hash('another command') })
      refuses(bent, await job.seal(bent), /page 0 does not follow/)
    })

    it('pages that leave pieces out, or name them twice', async () => {
      for (const firstPiece of [1, 3]) {
        book = new PageBook(put.hash)
        const first = await job.page(put, { hashes: Buffer.concat([hash('a'), hash('b')]) })
        const root = sha256(hash('a'), hash('b'), hash('c'))
        const last = await job.page(put, { number: 1, firstPiece, hashes: hash('c'), previous: first.hash, final: { pieces: 3, bytes: 3, root, digests: NO_BYTES, gaps: [] } })
        book.add(first, undefined)
        refuses(last, await job.seal(last), /begins at piece \d instead of 2/)
      }
    })

    it('a final page that counts, or sums up, otherwise than the pages', async () => {
      const counts = await job.pages(put, piecesOf(10), { final: { pieces: 2 } }) as [SignedPage]
      refuses(counts[0].page, counts[0].seal, /pages name 1 pieces, the final one says 2/)
      book = new PageBook(put.hash)
      const roots = await job.pages(put, piecesOf(10), { final: { root: hash('nothing') } }) as [SignedPage]
      refuses(roots[0].page, roots[0].seal, /the root is not that of the pieces/)
    })

    it('a second final page: two ends are two versions of one put', async () => {
      const long = await threePages()
      const [short] = await job.pages(put, piecesOf(10)) as [SignedPage]
      add(long[2] as SignedPage)
      refuses(short.page, short.seal, /final/)
    })

    it('a page beyond the final one', async () => {
      const [only] = await job.pages(put, piecesOf(10)) as [SignedPage]
      book.add(await job.page(put, { number: 3, firstPiece: 3, hashes: hash('late') }), undefined)
      refuses(only.page, only.seal, /page 3|after the final|is final/)
    })

    it('a page whose number says that there are pages without a piece', async () => {
      // Numbers are at most the first piece: else a book of four thousand million holes would be walked.
      refuses(await job.page(put, { number: 0xffff_fff0, firstPiece: 0, hashes: hash('a') }), undefined, /number|begins/)
    })
  })
})
