import type { ArrivingFile } from '../src/arriving-media.ts'

/** A file on its way, piece by piece as a test says. Who reads what is not here has read something unverified. */
export class FakeArrivingFile implements ArrivingFile {
  readonly job = 'j0123456789abcdef'
  readonly seq = 3
  readonly entry = { attributes: { mtimeSeconds: 1_700_000_000 }, digest: new Uint8Array() }
  readonly place: ArrivingFile['place']
  state: ArrivingFile['state'] = { state: 'arriving' }
  pieces: number | undefined
  /** Pieces whose length is known: all, or those before this one. */
  known = Number.POSITIVE_INFINITY
  /** The put's sequence, by piece. */
  readonly content: readonly Uint8Array[]
  readonly #held = new Set<number>()
  readonly #watchers = new Set<() => void>()

  constructor (content: readonly Uint8Array[], place: ArrivingFile['place'], pieces: number | undefined) {
    this.content = content
    this.place = place
    this.pieces = pieces
  }

  get watchers (): number {
    return this.#watchers.size
  }

  pieceLength (piece: number): number | undefined {
    return piece < this.known ? this.content[piece]?.length : undefined
  }

  held (piece: number): boolean {
    return this.#held.has(piece)
  }

  async read (piece: number): Promise<Uint8Array> {
    if (!this.#held.has(piece)) throw new Error(`piece ${piece} is not here`)
    return this.content[piece] as Uint8Array
  }

  watch (listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => { this.#watchers.delete(listener) }
  }

  arrive (...pieces: number[]): void {
    for (const piece of pieces) this.#held.add(piece)
    this.change()
  }

  lose (piece: number): void {
    this.#held.delete(piece)
  }

  change (): void {
    for (const listener of [...this.#watchers]) listener()
  }
}
