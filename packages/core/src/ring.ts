/**
 * Servers in turn, in the order of their ranks: the source of a live put makes
 * them first holders so, and what each of them has to pass on comes in even
 * steps. One with a lower weight has its turn less often.
 */
export class Ring {
  readonly #places: ReadonlyMap<string, number>
  readonly #credit = new Map<string, number>()
  #last = -1

  constructor (servers: readonly string[]) {
    this.#places = new Map(servers.map((server, rank) => [server, rank]))
  }

  /** Whose turn it is among these. @param holders - with weights above 0 */
  next <H extends { readonly peer: string, readonly weight: number }> (holders: readonly H[]): H | undefined {
    const most = Math.max(...holders.map(({ weight }) => weight))
    const inTurn = holders.toSorted((a, b) => this.#turnsUntil(a.peer) - this.#turnsUntil(b.peer))
    for (const holder of inTurn) {
      const credit = (this.#credit.get(holder.peer) ?? 0) + holder.weight / most
      this.#credit.set(holder.peer, credit >= 1 ? credit - 1 : credit)
      if (credit < 1) continue
      this.#last = this.#places.get(holder.peer) ?? this.#last
      return holder
    }
    // The one with the most weight has its turn each time.
    return undefined
  }

  #turnsUntil (peer: string): number {
    const size = this.#places.size
    return ((this.#places.get(peer) ?? 0) - this.#last - 1 + 2 * size) % size
  }
}
