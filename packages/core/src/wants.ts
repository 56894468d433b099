import { MAX_WANTS, MAX_WANTS_OF_ONE, WANT_MS } from './limits.ts'

/** A run of chunks that somebody waits for. */
export interface Want {
  readonly first: number
  readonly end: number
  /** Who told us; undefined: viewers of this peer. */
  readonly from: string | undefined
  untilMs: number
  /** When it was last passed on to somebody who can do more about it. */
  toldMs: number
}

/** What viewers wait for of one put: a few runs of chunks, each for a short time. */
export class Wants {
  readonly #wants: Want[] = []

  get size (): number {
    return this.#wants.length
  }

  /** Chunks `first` … `end - 1` are waited for, still or anew. */
  add (first: number, end: number, from: string | undefined, nowMs: number): Want {
    const known = this.#wants.findIndex(want => want.from === from && want.first === first && want.end === end)
    const [again] = known < 0 ? [] : this.#wants.splice(known, 1)
    const want = again ?? { first, end, from, untilMs: 0, toldMs: Number.NEGATIVE_INFINITY }
    want.untilMs = nowMs + WANT_MS
    this.#wants.push(want)
    // The oldest give way: of this one first, so that nobody pushes others out.
    const own = this.#wants.filter(other => other.from === from)
    if (own.length > MAX_WANTS_OF_ONE) this.#wants.splice(this.#wants.indexOf(own[0] as Want), 1)
    if (this.#wants.length > MAX_WANTS) this.#wants.shift()
    return want
  }

  /** Drop what nobody waits for any more. @param settled - nothing is left to do for such a want */
  prune (nowMs: number, settled: (want: Want) => boolean): void {
    for (let i = this.#wants.length - 1; i >= 0; i--) {
      const want = this.#wants[i] as Want
      if (nowMs >= want.untilMs || settled(want)) this.#wants.splice(i, 1)
    }
  }

  /** Those that a chunk belongs to, the oldest first. */
  of (chunk: number): Want[] {
    return this.#wants.filter(({ first, end }) => chunk >= first && chunk < end)
  }

  has (chunk: number): boolean {
    return this.#wants.some(({ first, end }) => chunk >= first && chunk < end)
  }

  /** The first chunk of each, then the second of each: no viewer waits until another has all. */
  * chunks (): Generator<number> {
    const seen = new Set<number>()
    const longest = Math.max(0, ...this.#wants.map(({ first, end }) => end - first))
    for (let at = 0; at < longest; at++) {
      for (const { first, end } of this.#wants) {
        const chunk = first + at
        if (chunk >= end || seen.has(chunk)) continue
        seen.add(chunk)
        yield chunk
      }
    }
  }

  [Symbol.iterator] (): Iterator<Want> {
    return [...this.#wants][Symbol.iterator]()
  }
}
