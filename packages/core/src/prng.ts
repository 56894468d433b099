/**
 * Seeded randomness: mulberry32 (Tommy Ettinger, public domain), 32 bits of
 * state, good enough to break ties and to pick partners, and the same on every machine.
 */
export class Prng {
  #state: number

  constructor (seed: number) {
    this.#state = seed >>> 0
  }

  /** A seed out of any text, by FNV-1a. */
  static fromText (text: string): Prng {
    let hash = 0x811c9dc5
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    return new Prng(hash)
  }

  /** A whole number, 0 ≤ n < bound. */
  below (bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * bound)
  }
}
