/** Bits that grow: chunks or pieces held, bit 0 the lowest of byte 0. */
export class Bitfield {
  #bytes: Uint8Array
  #count = 0

  constructor (bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes.slice()
    for (const byte of this.#bytes) for (let b = byte; b !== 0; b &= b - 1) this.#count++
  }

  /** How many bits are set. */
  get count (): number {
    return this.#count
  }

  has (index: number): boolean {
    const byte = this.#bytes[index >> 3]
    return byte != null && (byte & (1 << (index & 7))) !== 0
  }

  /** @returns whether the bit was clear before */
  set (index: number): boolean {
    if (this.has(index)) return false
    const at = index >> 3
    if (at >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes[at] = (this.#bytes[at] as number) | (1 << (index & 7))
    this.#count++
    return true
  }

  clear (index: number): void {
    if (!this.has(index)) return
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] as number) & ~(1 << (index & 7))
    this.#count--
  }

  /** Indexes set here and not in `other`. */
  * without (other: Bitfield): Generator<number> {
    for (let at = 0; at < this.#bytes.length; at++) {
      const byte = (this.#bytes[at] as number) & ~(other.#bytes[at] ?? 0)
      if (byte === 0) continue
      for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) yield at * 8 + bit
    }
  }

  /** Whether all bits below `length` are set. */
  complete (length: number): boolean {
    if (this.#count < length) return false
    for (let i = 0; i < length; i++) if (!this.has(i)) return false
    return true
  }

  /** Index of the first clear bit at or after `from`. */
  firstClear (from: number): number {
    let index = from
    while (this.has(index)) index++
    return index
  }

  * indexes (): Generator<number> {
    for (let at = 0; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at] as number
      if (byte === 0) continue
      for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) yield at * 8 + bit
    }
  }

  /** Bytes up to the last set bit. */
  toBytes (): Uint8Array {
    let end = this.#bytes.length
    while (end > 0 && this.#bytes[end - 1] === 0) end--
    return this.#bytes.slice(0, end)
  }
}
