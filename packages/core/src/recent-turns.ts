/**
 * To whom the last pieces went, as many as a window holds. Under a cap next to
 * nothing is in flight, so that what is says nothing of who had how much.
 */
export class RecentTurns {
  readonly #peers: string[] = []

  /** A piece leaves for `peer`. @param most - how many are remembered */
  took (peer: string, most: number): void {
    this.#peers.push(peer)
    this.#peers.splice(0, this.#peers.length - most)
  }

  /** How many of them were his. */
  of (peer: string): number {
    let turns = 0
    for (const other of this.#peers) if (other === peer) turns++
    return turns
  }
}
