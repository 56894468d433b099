import type { JobBook } from './job-book.ts'
import type { BookedPage, PageBook } from './page-book.ts'
import type { PagesWanted } from './protocols/offer.ts'

/** Pages sent to one who asks for them by themselves, a second's worth of live media several times over: he asks again for more. */
const MAX_PAGES_AT_ONCE = 64
/** Pages that one peer may wait for here: it asks one page ahead of what it asks of us, of each put that it takes; what is more is not kept, and will be asked for when it is needed. */
export const MAX_WISHES = 16

export interface PageDeskInit {
  readonly jobs: JobBook
  /** Pages go to a peer, by themselves. */
  readonly send: (to: string, job: string, seq: number, pages: readonly BookedPage[]) => void
  /** A peer sees to this page itself: it goes to it with no piece. */
  readonly held: (peer: string, job: string, seq: number, page: number) => void
}

interface Wish {
  readonly to: string
  readonly piece: number
}

/**
 * What a source knows of the pages of others: who sees to which by itself, and
 * who waits for one that has not come here either. Each page is asked for while
 * pieces of the one before it come, so that it is there before its pieces are,
 * and the one who was asked may have to wait for it himself.
 */
export class PageDesk {
  readonly #init: PageDeskInit
  /** By `job/seq`. */
  readonly #wishes = new Map<string, Wish[]>()

  constructor (init: PageDeskInit) {
    this.#init = init
  }

  book (key: string, seq: number): PageBook | undefined {
    return this.#init.jobs.get(key)?.pages.get(seq)
  }

  firstPiece (key: string, seq: number, chunk: number): number {
    return chunk * Math.max(1, this.#init.jobs.get(key)?.commands[seq - 1]?.signed.value.put?.chunkPieces ?? 1)
  }

  /** `peer` has verified a piece of this chunk, or asks for one: it has that page or sees to it, and has asked somebody for the next. */
  held (peer: string, key: string, seq: number, chunk: number): void {
    const page = this.book(key, seq)?.pageOf(this.firstPiece(key, seq, chunk))
    if (page == null) return
    this.#init.held(peer, key, seq, page.number)
    // Where nobody knows how long a put will be there is no next page to ask for.
    if (this.#init.jobs.get(key)?.commands[seq - 1]?.signed.value.put?.pieces != null) this.#init.held(peer, key, seq, page.number + 1)
  }

  /** Pages are small, and public to all who are on the job's list. What is not here yet goes when it comes. */
  wanted (to: string, key: string, seq: number, wanted: PagesWanted): void {
    const job = this.#init.jobs.get(key)
    const book = this.book(key, seq)
    if (job == null || book == null || (to !== job.signed.value.base && !job.signed.value.servers.some(({ peer }) => peer === to))) return
    if ('from' in wanted) return this.#init.send(to, key, seq, book.from(wanted.from, MAX_PAGES_AT_ONCE))
    const page = book.pageOf(wanted.piece)
    if (page != null) this.#init.send(to, key, seq, [page])
    else if (wanted.piece < (job.commands[seq - 1]?.signed.value.put?.pieces ?? 0)) this.#wish(to, `${key}/${seq}`, wanted.piece)
  }

  #wish (to: string, put: string, piece: number): void {
    let count = 0
    for (const wishes of this.#wishes.values()) for (const wish of wishes) if (wish.to === to) count++
    const wishes = this.#wishes.get(put) ?? []
    if (count >= MAX_WISHES || wishes.some(wish => wish.to === to && wish.piece === piece)) return
    this.#wishes.set(put, [...wishes, { to, piece }])
  }

  /** A page of this put is here now: whoever waits for it gets it. */
  came (key: string, seq: number): void {
    const put = `${key}/${seq}`
    const book = this.book(key, seq)
    const wishes = this.#wishes.get(put)
    if (wishes == null || book == null) return
    this.#keep(put, wishes.filter(({ piece }) => !book.covers(piece)))
    for (const { to, piece } of wishes) {
      const page = book.pageOf(piece)
      if (page != null) this.#init.send(to, key, seq, [page])
    }
  }

  /** The connection to a peer is gone: it asks anew. */
  lost (peer: string): void {
    for (const [put, wishes] of this.#wishes) this.#keep(put, wishes.filter(({ to }) => to !== peer))
  }

  /** Nothing of a job is sent any more. */
  drop (key: string): void {
    for (const put of this.#wishes.keys()) if (put.startsWith(`${key}/`)) this.#wishes.delete(put)
  }

  #keep (put: string, wishes: Wish[]): void {
    if (wishes.length > 0) this.#wishes.set(put, wishes)
    else this.#wishes.delete(put)
  }
}
