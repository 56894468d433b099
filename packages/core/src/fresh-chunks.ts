import { FIRST_HOLDER_TIMEOUT_MS, RELAY_AFTER_MS, RELAY_AFTER_SHARE } from './limits.ts'
import { firstHolder, type Holder } from './policies/first-holder.ts'
import type { Prng } from './prng.ts'
import type { SwarmMedia } from './swarm-media.ts'

/**
 * The source's rule: every chunk goes out once before any goes out twice. It is
 * bound to its first holder only when the window has room, and goes to another
 * only if that holder died, or shows no sign of it.
 */
export class FreshChunks {
  readonly #media: SwarmMedia
  readonly #prng: Prng
  readonly #waiting: number[] = []
  readonly #bound = new Map<number, { peer: string, atMs: number }>()
  readonly #assigned = new Map<string, number>()
  #beganMs: number | undefined
  /** When every chunk was known to be with somebody else. */
  #outMs: number | undefined
  #spread = false

  constructor (media: SwarmMedia, prng: Prng) {
    this.#media = media
    this.#prng = prng
  }

  /** Everything went out once, and was announced by others: the source is a relay like any other now. */
  get spread (): boolean {
    return this.#spread
  }

  /** Chunks that wait for their first holder. */
  get waiting (): number {
    return this.#waiting.length
  }

  /** The chunk is held here whole. */
  add (chunk: number): void {
    this.#waiting.push(chunk)
  }

  /** Bind the next fresh chunk to one of `holders`, those whose lanes have nothing queued. */
  bind (holders: ReadonlyArray<{ peer: string, rate: number }>, nowMs: number): { peer: string, chunk: number } | undefined {
    while (this.#waiting.length > 0) {
      const chunk = this.#waiting[0] as number
      if (this.#media.rarity(chunk) > 0) {
        // Somebody announced it meanwhile, an earlier holder that was given up perhaps.
        this.#waiting.shift()
        continue
      }
      const candidates: Holder[] = holders.map(({ peer, rate }) => ({ peer, rate, assigned: this.#assigned.get(peer) ?? 0 }))
      const holder = firstHolder(candidates, this.#prng)
      if (holder == null) return undefined
      this.#waiting.shift()
      this.#beganMs ??= nowMs
      this.#bound.set(chunk, { peer: holder.peer, atMs: nowMs })
      this.#assigned.set(holder.peer, holder.assigned + 1)
      return { peer: holder.peer, chunk }
    }
    return undefined
  }

  /** A piece of the chunk left for its holder: it is being worked on. */
  sent (chunk: number, nowMs: number): void {
    const bound = this.#bound.get(chunk)
    if (bound != null) bound.atMs = nowMs
  }

  /** What only this holder had goes out again. */
  lost (peer: string): void {
    for (const [chunk, bound] of [...this.#bound]) if (bound.peer === peer) this.#giveUp(chunk)
    if (this.#spread) return
    // What he had announced and nobody else has is lost with him, too.
    const waiting = new Set(this.#waiting)
    for (const chunk of this.#media.have.indexes()) {
      if (this.#media.rarity(chunk) === 0 && !this.#bound.has(chunk) && !waiting.has(chunk)) this.#waiting.push(chunk)
    }
  }

  /**
   * @param patienceMs - how long a holder may take until it announces a chunk
   * @returns whether the last chunk has just gone out
   */
  tick (nowMs: number, patienceMs = FIRST_HOLDER_TIMEOUT_MS): boolean {
    for (const [chunk, bound] of [...this.#bound]) {
      if (this.#media.rarity(chunk) > 0) this.#bound.delete(chunk)
      else if (nowMs - bound.atMs > patienceMs) this.#giveUp(chunk)
    }
    if (this.#spread || !this.#media.complete || this.#waiting.length > 0 || this.#bound.size > 0) return false
    this.#outMs ??= nowMs
    const tookMs = this.#outMs - (this.#beganMs ?? this.#outMs)
    this.#spread = nowMs - this.#outMs >= Math.max(RELAY_AFTER_MS, tookMs * RELAY_AFTER_SHARE)
    return this.#spread
  }

  #giveUp (chunk: number): void {
    this.#bound.delete(chunk)
    if (this.#media.rarity(chunk) === 0) this.#waiting.unshift(chunk)
  }
}
