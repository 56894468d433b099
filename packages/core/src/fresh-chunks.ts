import { FIRST_HOLDER_TIMEOUT_MS, MAX_GIVEN, RELAY_AFTER_MS, RELAY_AFTER_SHARE, SPREAD_SHARE, SPREAD_TIMEOUT_FACTOR, SPREAD_TIMEOUT_MS, SPREAD_WEIGHT, SPREAD_WEIGHT_OF_ONE } from './limits.ts'
import { firstHolder, type Holder } from './policies/first-holder.ts'
import { newestFirst } from './policies/newest-first.ts'
import type { Prng } from './prng.ts'
import type { SwarmMedia } from './swarm-media.ts'

/**
 * The source's rule: every chunk goes out once before any goes out twice. It is
 * bound to its first holder only when the window has room, and goes to another
 * only if that holder died, or shows no sign of it; and to a second one at the
 * end, if the first one is too slow to spread it.
 */
export class FreshChunks {
  readonly #media: SwarmMedia
  readonly #prng: Prng
  readonly #waiting: number[] = []
  readonly #bound = new Map<number, { peer: string, atMs: number }>()
  readonly #assigned = new Map<string, number>()
  /** Chunks that only their first holder has, as far as is known here. */
  readonly #unspread = new Map<number, { peer: string, sinceMs: number }>()
  /** Waiting for another holder, because those it has keep it to themselves. */
  readonly #stuck: number[] = []
  /** When each chunk went out last; no more once it is with many. */
  readonly #boundMs = new Map<number, number>()
  /** How long it took until a second peer had a chunk, smoothed; undefined before the first. */
  #spreadMs: number | undefined
  readonly #spreadMsOf = new Map<string, number>()
  /** How often a chunk was given in vain. */
  readonly #given = new Map<number, number>()
  #beganMs: number | undefined
  /** When every chunk was known to be with somebody else. */
  #outMs: number | undefined
  #spread = false
  /** So many holders of a chunk spread it by themselves. */
  #enough = 1

  constructor (media: SwarmMedia, prng: Prng) {
    this.#media = media
    this.#prng = prng
  }

  /** Everything went out once, and was announced by others: the source is a relay like any other now. */
  get spread (): boolean {
    return this.#spread
  }

  /** Chunks that wait for their first holder, or for a second one. */
  get waiting (): number {
    return this.#waiting.length + this.#stuck.length
  }

  /** The chunk is held here whole. */
  add (chunk: number): void {
    // One that a viewer waits for has perhaps been given away with its first piece.
    if (!this.#bound.has(chunk)) this.#waiting.push(chunk)
  }

  /** A viewer waits for the chunk: if it has no holder yet, it gets the next that there is. */
  hurry (chunk: number): void {
    const at = this.#waiting.indexOf(chunk)
    if (at > 0) this.#waiting.unshift(...this.#waiting.splice(at, 1))
  }

  /** … and `peer`, to whose viewer it goes, can be the one. @returns false if it has just been given to somebody, who will announce it */
  give (chunk: number, peer: string, nowMs: number): boolean {
    if (this.#bound.has(chunk) && this.#media.partners.holders(chunk) === 0) return false
    for (const queue of [this.#waiting, this.#stuck]) if (queue.includes(chunk)) queue.splice(queue.indexOf(chunk), 1)
    if (this.#media.partners.holders(chunk) === 0) this.#bindTo(chunk, peer, nowMs)
    return true
  }

  /** Bind the next fresh chunk to one of `holders`, those whose lanes have nothing queued. */
  bind (holders: ReadonlyArray<{ peer: string, weight: number }>, nowMs: number): { peer: string, chunk: number } | undefined {
    for (const [queue, enough] of [[this.#waiting, 1], [this.#stuck, this.#enough]] as const) {
      // Somebody announced it meanwhile, an earlier holder that was given up perhaps.
      while (queue.length > 0 && this.#media.partners.holders(queue[0] as number) >= enough) queue.shift()
      const chunk = queue === this.#waiting ? this.#next(nowMs) : queue[0]
      if (chunk == null) continue
      const holder = firstHolder(this.#candidates(holders, chunk), this.#prng)
      if (holder == null) continue
      queue.splice(queue.lastIndexOf(chunk), 1)
      this.#bindTo(chunk, holder.peer, nowMs)
      return { peer: holder.peer, chunk }
    }
    return undefined
  }

  #bindTo (chunk: number, peer: string, nowMs: number): void {
    this.#beganMs ??= nowMs
    this.#bound.set(chunk, { peer, atMs: nowMs })
    this.#boundMs.set(chunk, nowMs)
    this.#unspread.set(chunk, { peer, sinceMs: nowMs })
    this.#assigned.set(peer, (this.#assigned.get(peer) ?? 0) + 1)
  }

  /** In order; of a lossy put the newest, and nothing that is too late by now. */
  #next (nowMs: number): number | undefined {
    const { lateness } = this.#media
    if (lateness == null) return this.#waiting[0]
    const late = lateness.lateEnd(nowMs)
    while (this.#waiting.length > 0 && (this.#waiting[0] as number) < late) this.#waiting.shift()
    return newestFirst(this.#waiting)
  }

  #candidates (holders: ReadonlyArray<{ peer: string, weight: number }>, chunk: number): Holder[] {
    const unspread = new Map<string, number>()
    for (const { peer } of this.#unspread.values()) unspread.set(peer, (unspread.get(peer) ?? 0) + 1)
    return holders.filter(({ peer }) => !this.#media.partners.hasAnnounced(peer, chunk))
      .map(({ peer, weight }) => ({ peer, weight: weight * this.#speed(peer), assigned: this.#assigned.get(peer) ?? 0, unspread: unspread.get(peer) ?? 0 }))
  }

  /** How fast a holder passes chunks on, beside what is usual; 1 at most. */
  #speed (peer: string): number {
    const own = this.#spreadMsOf.get(peer)
    return own == null || this.#spreadMs == null ? 1 : Math.min(1, this.#spreadMs / Math.max(1, own))
  }

  /** A piece of the chunk left for its holder: it is being worked on. */
  sent (chunk: number, nowMs: number): void {
    const bound = this.#bound.get(chunk)
    if (bound != null) bound.atMs = nowMs
  }

  /** The holder takes what it is sent, however slowly: nothing bound to it is given up meanwhile. */
  heard (peer: string, nowMs: number): void {
    for (const bound of this.#bound.values()) if (bound.peer === peer) bound.atMs = nowMs
  }

  /** What only this holder had goes out again. */
  lost (peer: string): void {
    for (const [chunk, bound] of [...this.#bound]) if (bound.peer === peer) this.#giveUp(chunk)
    for (const [chunk, holder] of [...this.#unspread]) if (holder.peer === peer) this.#unspread.delete(chunk)
    if (this.#spread) return
    // What he had announced and nobody else has is lost with him, too.
    const waiting = new Set(this.#waiting)
    for (const chunk of this.#media.have.indexes()) {
      if (this.#media.partners.holders(chunk) === 0 && !this.#bound.has(chunk) && !waiting.has(chunk)) this.#waiting.push(chunk)
    }
  }

  /**
   * @param receivers - how many have a lane from here
   * @param patienceMs - how long a holder may take until it announces a chunk
   * @returns whether the last chunk has just gone out
   */
  tick (nowMs: number, receivers: number, patienceMs = FIRST_HOLDER_TIMEOUT_MS): boolean {
    for (const [chunk, bound] of [...this.#bound]) {
      if (this.#media.partners.holders(chunk) > 0) this.#bound.delete(chunk)
      else if (nowMs - bound.atMs > patienceMs) this.#giveUp(chunk)
    }
    this.#enough = receivers * SPREAD_SHARE
    this.#watchSpread(nowMs)
    if (this.#waiting.length === 0 && this.#media.complete && !this.#spread) this.#findStuck(nowMs)
    if (this.#spread || !this.#media.complete || this.#waiting.length > 0 || this.#bound.size > 0) return false
    this.#outMs ??= nowMs
    const tookMs = this.#outMs - (this.#beganMs ?? this.#outMs)
    this.#spread = nowMs - this.#outMs >= Math.max(RELAY_AFTER_MS, tookMs * RELAY_AFTER_SHARE)
    return this.#spread
  }

  #watchSpread (nowMs: number): void {
    for (const [chunk, { peer, sinceMs }] of [...this.#unspread]) {
      if (this.#media.partners.holders(chunk) < 2) continue
      this.#unspread.delete(chunk)
      const tookMs = nowMs - sinceMs
      const own = this.#spreadMsOf.get(peer)
      this.#spreadMsOf.set(peer, own == null ? tookMs : own + (tookMs - own) * SPREAD_WEIGHT_OF_ONE)
      // A slow holder is not what is usual, however often it comes.
      this.#spreadMs = this.#spreadMs == null ? tookMs : this.#spreadMs + (Math.min(tookMs, 2 * this.#spreadMs) - this.#spreadMs) * SPREAD_WEIGHT
    }
  }

  /** When every chunk went out once, what slow holders keep to themselves goes to somebody else, too. */
  #findStuck (nowMs: number): void {
    const lateMs = Math.max(SPREAD_TIMEOUT_MS, SPREAD_TIMEOUT_FACTOR * (this.#spreadMs ?? FIRST_HOLDER_TIMEOUT_MS))
    for (const [chunk, boundMs] of this.#boundMs) {
      const holders = this.#media.partners.holders(chunk)
      if (holders >= this.#enough) this.#boundMs.delete(chunk)
      else if (nowMs - boundMs > lateMs && holders > 0) {
        this.#boundMs.delete(chunk)
        this.#stuck.push(chunk)
      }
    }
  }

  #giveUp (chunk: number): void {
    this.#bound.delete(chunk)
    // Given away before it was here whole: it waits when it is.
    if (!this.#media.have.has(chunk)) return
    const given = (this.#given.get(chunk) ?? 0) + 1
    this.#given.set(chunk, given)
    // What several cannot hold, such as the end of a put whose length they do not know yet, is left to be asked for.
    if (this.#media.partners.holders(chunk) === 0 && given < MAX_GIVEN) this.#waiting.unshift(chunk)
  }
}
