import { Bitfield } from './bitfield.ts'

interface Partner {
  /** Chunks it can pass on: held, or on their way to it. */
  readonly announced: Bitfield
  readonly held: Bitfield
}

/** What the partners of one put said they have of it. */
export class Partners {
  readonly #partners = new Map<string, Partner>()
  readonly #announcers: number[] = []
  readonly #holders: number[] = []

  /** It holds the first piece of the chunk, and passes the others on as they come. @returns whether that is news */
  coming (peer: string, chunk: number): boolean {
    const { announced } = this.#of(peer)
    if (!announced.set(chunk)) return false
    this.#announcers[chunk] = this.announcers(chunk) + 1
    return true
  }

  /** It holds the chunk whole. @returns whether that is news */
  holds (peer: string, chunk: number): boolean {
    if (!this.#of(peer).held.set(chunk)) return false
    this.#holders[chunk] = this.holders(chunk) + 1
    this.coming(peer, chunk)
    return true
  }

  hasAnnounced (peer: string, chunk: number): boolean {
    return this.#partners.get(peer)?.announced.has(chunk) === true
  }

  hasWhole (peer: string, chunk: number): boolean {
    return this.#partners.get(peer)?.held.has(chunk) === true
  }

  /** How many have announced a chunk: its rarity. */
  announcers (chunk: number): number {
    return this.#announcers[chunk] ?? 0
  }

  /** How many hold a chunk whole. */
  holders (chunk: number): number {
    return this.#holders[chunk] ?? 0
  }

  /** Chunks that `peer` announced, without those in `other`. */
  announcedBy (peer: string, other: Bitfield): Iterable<number> {
    return this.#partners.get(peer)?.announced.without(other) ?? []
  }

  drop (peer: string): void {
    const partner = this.#partners.get(peer)
    if (partner == null) return
    for (const chunk of partner.announced.indexes()) this.#announcers[chunk] = this.announcers(chunk) - 1
    for (const chunk of partner.held.indexes()) this.#holders[chunk] = this.holders(chunk) - 1
    this.#partners.delete(peer)
  }

  #of (peer: string): Partner {
    let partner = this.#partners.get(peer)
    if (partner == null) this.#partners.set(peer, partner = { announced: new Bitfield(), held: new Bitfield() })
    return partner
  }
}
