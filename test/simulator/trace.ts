import type { Effect, Input } from '@sluice/core'

/** Multiplier of the golden ratio: spreads whole numbers over 32 bits. */
const GOLDEN = 0x9e3779b1

/** A digest of everything that happens, in order: whole numbers mixed in, no text. */
export class TraceHash {
  #hash = 0x811c9dc5
  readonly #codes = new Map<string, number>()

  get value (): number {
    return this.#hash >>> 0
  }

  input (nowUs: number, host: number, input: Input): void {
    this.#mix(nowUs)
    this.#mix(host << 8 | this.#code(input.type))
    if (input.type === 'pieceStored') this.#mix(input.piece)
    else if (input.type === 'message') this.#mix(this.#code(input.message.type))
  }

  effect (effect: Effect): void {
    this.#mix(this.#code(effect.type))
    if (effect.type === 'sendPiece') this.#mix(effect.piece)
    else if (effect.type === 'send') {
      const { message } = effect
      this.#mix(this.#code(message.type) << 20 | ('chunk' in message ? message.chunk : 'chunks' in message ? message.chunks[0] ?? 0 : 0))
    }
  }

  #mix (value: number): void {
    const mixed = Math.imul(this.#hash ^ value, GOLDEN)
    this.#hash = mixed ^ (mixed >>> 15)
  }

  /** A number for each word, in order of first use: the same in every run of a seed. */
  #code (word: string): number {
    let code = this.#codes.get(word)
    if (code == null) this.#codes.set(word, code = this.#codes.size + 1)
    return code
  }
}
