/** A page that has not come by then is asked of another source: the first one is lost, or slow. Under load one takes a window's time and a round trip. */
export const PAGE_PATIENCE_MS = 500
/** A piece that came ahead of its page waits for it so often; its own source is asked for it, too. Then it is passed over. */
export const MAX_PAGE_WAITS = 3
/** Pieces that may wait for pages, 16 MiB of what nobody has verified; one more is passed over at once. In the simulator 121 of 65,536 pieces waited at all. */
export const MAX_EARLY_PIECES = 256

/**
 * Of whom each page was asked that is not here yet. Several sources are asked
 * for chunks of one page within the time that it takes to come: each would send
 * it, and it would come three times on average where everybody has many sources.
 */
export class PageAsks {
  readonly #asked = new Map<string, { readonly peer: string, readonly atMs: number }>()

  /** Whether a page is to be asked of `peer` now, and then it counts as asked. @param page - its job, command, and what tells it from others */
  ask (page: string, peer: string, nowMs: number): boolean {
    const before = this.#asked.get(page)
    if (before != null && nowMs - before.atMs < PAGE_PATIENCE_MS) return false
    this.#asked.set(page, { peer, atMs: nowMs })
    return true
  }

  /** Whether a page that is not needed yet is to be asked of `peer` now: nobody was asked for it before. Who was may have to wait for it, and is not pressed. */
  askAhead (page: string, peer: string, nowMs: number): boolean {
    return !this.#asked.has(page) && this.ask(page, peer, nowMs)
  }

  /** What this peer was asked for does not come from it any more. */
  lost (peer: string): void {
    for (const [page, asked] of this.#asked) if (asked.peer === peer) this.#asked.delete(page)
  }

  /** Nothing of a job is waited for any more. */
  drop (job: string): void {
    for (const page of this.#asked.keys()) if (page.startsWith(`${job}/`)) this.#asked.delete(page)
  }

  /** A page is here. */
  arrived (page: string): void {
    this.#asked.delete(page)
  }
}
