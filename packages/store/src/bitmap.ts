/**
 * Which pieces of a put are there: one bit each, piece 0 the lowest bit of
 * byte 0. It grows as pieces are set, because a live put's length is unknown.
 */
export class Bitmap {
  #bytes: Uint8Array
  #count = 0
  /** One past the highest bit that was ever set. */
  #end = 0

  /** @param pieces - how many bits to make room for at once; more can follow */
  constructor (pieces = 0) {
    this.#bytes = new Uint8Array(Math.ceil(pieces / 8))
  }

  /** Copies `bytes`, as `toBytes` gave them. */
  static fromBytes (bytes: Uint8Array): Bitmap {
    const bitmap = new Bitmap()
    bitmap.#bytes = Uint8Array.from(bytes)
    bytes.forEach((byte, index) => {
      if (byte === 0) return
      bitmap.#count += bitsIn(byte)
      bitmap.#end = index * 8 + 32 - Math.clz32(byte)
    })
    return bitmap
  }

  get (piece: number): boolean {
    return (((this.#bytes[piece >>> 3] ?? 0) >>> (piece & 7)) & 1) === 1
  }

  /** @returns whether the bit was not set before */
  set (piece: number): boolean {
    if (this.get(piece)) return false
    const index = piece >>> 3
    if (index >= this.#bytes.length) this.#grow(index + 1)
    this.#bytes[index] = (this.#bytes[index] as number) | (1 << (piece & 7))
    this.#count++
    if (piece >= this.#end) this.#end = piece + 1
    return true
  }

  /** @returns whether the bit was set before */
  clear (piece: number): boolean {
    if (!this.get(piece)) return false
    const index = piece >>> 3
    this.#bytes[index] = (this.#bytes[index] as number) & ~(1 << (piece & 7))
    this.#count--
    return true
  }

  /** How many bits are set. */
  get count (): number {
    return this.#count
  }

  /** One past the highest piece that was ever set. */
  get end (): number {
    return this.#end
  }

  /** Whether every piece from `first` up to, not including, `end` is set. */
  complete (end: number, first = 0): boolean {
    if (this.#count < end - first) return false
    for (let piece = first; piece < end; piece++) if (!this.get(piece)) return false
    return true
  }

  /** The set pieces, in order. A piece that is set or cleared meanwhile may or may not be among them. */
  * pieces (): Generator<number> {
    for (let piece = 0; piece < this.#end; piece++) if (this.get(piece)) yield piece
  }

  /** A copy, without the room that was made in advance. */
  toBytes (): Uint8Array {
    return this.#bytes.slice(0, Math.ceil(this.#end / 8))
  }

  #grow (bytes: number): void {
    // Doubling keeps a live put's growth linear in its length.
    const grown = new Uint8Array(Math.max(bytes, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

function bitsIn (byte: number): number {
  let count = 0
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++
  return count
}
