import { FIRST_HOLDER_TIMEOUT_MS, FIRST_HOLDER_WINDOWS, KEPT_FACTOR, MAX_GIVEN, RING_SLOW, RELAY_AFTER_MS, RELAY_AFTER_SHARE, SPREAD_SHARE, SPREAD_TIMEOUT_FACTOR, SPREAD_TIMEOUT_MS, SPREAD_WEIGHT, SPREAD_WEIGHT_OF_ONE, SPREAD_WINDOWS } from './limits.ts'
import { firstHolder, type Holder } from './policies/first-holder.ts'
import { newestFirst } from './policies/newest-first.ts'
import type { Prng } from './prng.ts'
import { Ring } from './ring.ts'
import type { SwarmMedia } from './swarm-media.ts'

/**
 * The source's rule: every chunk goes out once before any goes out twice. It is
 * bound to its first holder only when the window has room, and goes to another
 * only if that holder died, shows no sign of it, or passes it on to nobody for
 * very long; and to a second one at the end, if those it has are too slow to
 * spread it.
 */
export class FreshChunks {
  readonly #media: SwarmMedia
  readonly #prng: Prng
  readonly #ring: Ring
  readonly #waiting: number[] = []
  readonly #bound = new Map<number, { peer: string, atMs: number }>()
  /** Bound for the first time, but its lane has not had its turn yet: nothing of it has left. */
  readonly #unsent = new Set<number>()
  readonly #assigned = new Map<string, number>()
  /** Who takes nothing of this put. */
  readonly #declined = new Set<string>()
  /** Chunks that only their first holder has, as far as is known here. */
  readonly #unspread = new Map<number, { peer: string, sinceMs: number, heldMs: number }>()
  /** Waiting for a second holder, because the first one has kept it to itself for very long: ahead of what is fresh. */
  readonly #kept: number[] = []
  /** Waiting for another holder, because those it has are slow to pass it on: behind what is fresh. */
  readonly #stuck: number[] = []
  /** When each chunk went out last, and then when it got its last holder: as long as it gets others it is passed on. No more once it is with many. */
  readonly #spreading = new Map<number, { sinceMs: number, holders: number }>()
  /** How long it took until a second peer had a chunk, smoothed; undefined before the first. */
  #spreadMs: number | undefined
  /** … and how long of that after the first one had announced it. */
  #passMs: number | undefined
  readonly #spreadMsOf = new Map<string, number>()
  /** How often a chunk was given in vain. */
  readonly #given = new Map<number, number>()
  #beganMs: number | undefined
  /** When every chunk was known to be with somebody else. */
  #outMs: number | undefined
  #spread = false
  /** So many holders of a chunk spread it by themselves. */
  #enough = 1

  /** @param servers - by rank */
  constructor (media: SwarmMedia, prng: Prng, servers: readonly string[] = []) {
    this.#media = media
    this.#prng = prng
    this.#ring = new Ring(servers)
  }

  /** Everything went out once, and was announced by others: the source is a relay like any other now. */
  get spread (): boolean {
    return this.#spread
  }

  /** Chunks that wait for their first holder, or for a second one. */
  get waiting (): number {
    return this.#kept.length + this.#waiting.length + this.#stuck.length
  }

  get #allOut (): boolean {
    return this.#media.complete && this.#waiting.length === 0
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
    for (const queue of [this.#kept, this.#waiting, this.#stuck]) if (queue.includes(chunk)) queue.splice(queue.indexOf(chunk), 1)
    if (this.#media.partners.holders(chunk) === 0) this.#bindTo(chunk, peer, nowMs)
    return true
  }

  /** Bind the next fresh chunk to one of `holders`, those whose lanes have nothing queued. */
  bind (holders: ReadonlyArray<{ peer: string, weight: number }>, nowMs: number): { peer: string, chunk: number } | undefined {
    for (const [queue, enough] of [[this.#kept, 2], [this.#waiting, 1], [this.#stuck, this.#enough]] as const) {
      // A lane that has its turn sooner would send a repeat before what nobody has at all.
      if (queue === this.#stuck && this.#unsent.size > 0) continue
      // Somebody announced it meanwhile, an earlier holder that was given up perhaps.
      while (queue.length > 0 && this.#media.partners.holders(queue[0] as number) >= enough) queue.shift()
      const bound = this.#bindOneOf(queue, enough, holders, nowMs)
      if (bound != null) return bound
    }
    return undefined
  }

  /** The next of those that are fresh; of others the first that one of `holders` has not announced: what is left for those who are not here now waits for them, and nothing for it. */
  #bindOneOf (queue: number[], enough: number, holders: ReadonlyArray<{ peer: string, weight: number }>, nowMs: number): { peer: string, chunk: number } | undefined {
    const isFresh = queue === this.#waiting
    for (const chunk of isFresh ? [this.#next(nowMs)] : [...queue]) {
      if (chunk == null) return undefined
      if (this.#media.partners.holders(chunk) >= enough) continue
      const candidates = this.#candidates(holders, chunk)
      const holder = this.#media.isPushed ? this.#ring.next(candidates) : firstHolder(candidates, this.#prng)
      if (holder == null) continue
      queue.splice(queue.lastIndexOf(chunk), 1)
      if (isFresh) this.#unsent.add(chunk)
      this.#bindTo(chunk, holder.peer, nowMs)
      return { peer: holder.peer, chunk }
    }
    return undefined
  }

  #bindTo (chunk: number, peer: string, nowMs: number): void {
    this.#beganMs ??= nowMs
    this.#bound.set(chunk, { peer, atMs: nowMs })
    this.#spreading.set(chunk, { sinceMs: nowMs, holders: this.#media.partners.holders(chunk) })
    this.#unspread.set(chunk, { peer, sinceMs: nowMs, heldMs: nowMs })
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
    const unspread = this.#unspreadOf()
    return holders.filter(({ peer }) => !this.#declined.has(peer) && !this.#media.partners.hasAnnounced(peer, chunk))
      .map(({ peer, weight }) => ({ peer, weight: weight * this.#speed(peer), assigned: this.#assigned.get(peer) ?? 0, unspread: unspread.get(peer) ?? 0 }))
  }

  /** How fast a holder passes chunks on, beside what is usual; 1 at most. */
  #speed (peer: string): number {
    const own = this.#spreadMsOf.get(peer)
    if (own == null || this.#spreadMs == null) return 1
    // In turn is in turn: only one that is clearly slower is left out at times.
    if (this.#media.isPushed && own < RING_SLOW * this.#spreadMs) return 1
    return Math.min(1, this.#spreadMs / Math.max(1, own))
  }

  /** A piece of the chunk left for `peer`: it is being worked on. If its holder had been given up, who has the rest of it in his lane gets it after all, and nobody else. */
  sent (chunk: number, peer: string, nowMs: number): void {
    this.#unsent.delete(chunk)
    const bound = this.#bound.get(chunk)
    if (bound != null) bound.atMs = nowMs
    else if (this.#waiting.includes(chunk)) {
      this.#waiting.splice(this.#waiting.indexOf(chunk), 1)
      this.#bound.set(chunk, { peer, atMs: nowMs })
    }
  }

  /** The holder takes what it is sent, however slowly: nothing bound to it is given up meanwhile. */
  heard (peer: string, nowMs: number): void {
    for (const bound of this.#bound.values()) if (bound.peer === peer) bound.atMs = nowMs
  }

  /** He is bound to nothing of this put any more. */
  decline (peer: string): void {
    this.#declined.add(peer)
    this.#media.partners.drop(peer)
    this.lost(peer)
  }

  /** What only this holder had goes out again. */
  lost (peer: string): void {
    for (const [chunk, bound] of [...this.#bound]) if (bound.peer === peer) this.#giveUp(chunk)
    for (const [chunk, holder] of [...this.#unspread]) if (holder.peer === peer) this.#unspread.delete(chunk)
    if (this.#spread) return
    // What he had announced and nobody else has is lost with him, too.
    const waiting = new Set([...this.#waiting, ...this.#kept])
    for (const chunk of this.#media.have.indexes()) {
      if (this.#media.partners.holders(chunk) === 0 && !this.#bound.has(chunk) && !waiting.has(chunk)) this.#waiting.push(chunk)
    }
  }

  /**
   * @param receivers - how many have a lane from here
   * @param windowMs - how long what is under way from here takes: as much may stand before a chunk at its holder
   * @param pieceMs - how long one piece takes from here, and so perhaps from a holder
   * @param holderPieceMs - … and from a usual one, as they say
   * @returns whether the last chunk has just gone out
   */
  tick (nowMs: number, receivers: number, windowMs = 0, pieceMs = 0, holderPieceMs = 0): boolean {
    const patienceMs = Math.max(FIRST_HOLDER_TIMEOUT_MS, FIRST_HOLDER_WINDOWS * windowMs)
    for (const [chunk, bound] of [...this.#bound]) {
      if (this.#media.partners.holders(chunk) > 0) this.#arrived(chunk, nowMs)
      else if (nowMs - bound.atMs > patienceMs) this.#giveUp(chunk)
    }
    this.#enough = receivers * SPREAD_SHARE
    this.#watchSpread(nowMs)
    const leastMs = receivers * this.#media.chunkPieces * pieceMs
    // As much stands before it in the lines of its holders, and these may be slower.
    const holderWindowMs = pieceMs === 0 ? windowMs : windowMs * Math.max(1, holderPieceMs / pieceMs)
    this.#findKept(nowMs, patienceMs, leastMs)
    if (this.#allOut && !this.#spread) this.#findStuck(nowMs, Math.max(SPREAD_WINDOWS * holderWindowMs, leastMs))
    if (this.#spread || !this.#allOut || this.#bound.size > 0) return false
    this.#outMs ??= nowMs
    const tookMs = this.#outMs - (this.#beganMs ?? this.#outMs)
    this.#spread = nowMs - this.#outMs >= Math.max(RELAY_AFTER_MS, tookMs * RELAY_AFTER_SHARE)
    return this.#spread
  }

  /** bound → with its holder, or with somebody else who announced it. */
  #arrived (chunk: number, nowMs: number): void {
    this.#bound.delete(chunk)
    this.#unsent.delete(chunk)
    const unspread = this.#unspread.get(chunk)
    if (unspread != null) unspread.heldMs = nowMs
  }

  #watchSpread (nowMs: number): void {
    for (const [chunk, spreading] of this.#spreading) {
      const holders = this.#media.partners.holders(chunk)
      if (holders > 0 && holders >= this.#enough) this.#spreading.delete(chunk)
      else if (holders !== spreading.holders) this.#spreading.set(chunk, { sinceMs: holders > spreading.holders ? nowMs : spreading.sinceMs, holders })
    }
    for (const [chunk, { peer, sinceMs, heldMs }] of [...this.#unspread]) {
      if (this.#media.partners.holders(chunk) < 2) continue
      this.#unspread.delete(chunk)
      const tookMs = nowMs - sinceMs
      this.#tookToSpread(peer, tookMs)
      this.#spreadMs = usual(this.#spreadMs, tookMs)
      this.#passMs = usual(this.#passMs, Math.max(1, nowMs - heldMs))
    }
  }

  #tookToSpread (peer: string, tookMs: number): void {
    const own = this.#spreadMsOf.get(peer)
    this.#spreadMsOf.set(peer, own == null ? tookMs : own + (tookMs - own) * SPREAD_WEIGHT_OF_ONE)
  }

  /**
   * A holder that became slow keeps what it was given last: nobody need wait for that until everything else went out.
   * What is pushed along a tree was never its alone.
   *
   * @param leastMs - how long one chunk to everybody takes from here, and so perhaps from a holder
   */
  #findKept (nowMs: number, patienceMs: number, leastMs: number): void {
    if (this.#passMs == null || this.#media.isPushed || this.#allOut) return
    const usualMs = Math.max(patienceMs, KEPT_FACTOR * this.#passMs)
    const unspread = this.#unspreadOf()
    for (const [chunk, { peer, sinceMs, heldMs }] of [...this.#unspread]) {
      const lateMs = Math.max(usualMs, leastMs * (unspread.get(peer) ?? 0))
      if (this.#bound.has(chunk) || nowMs - heldMs <= lateMs || this.#media.partners.holders(chunk) !== 1) continue
      this.#unspread.delete(chunk)
      this.#tookToSpread(peer, nowMs - sinceMs)
      this.#kept.push(chunk)
    }
  }

  /** How many chunks each holder alone has. */
  #unspreadOf (): Map<string, number> {
    const unspread = new Map<string, number>()
    for (const { peer } of this.#unspread.values()) unspread.set(peer, (unspread.get(peer) ?? 0) + 1)
    return unspread
  }

  /** When every chunk went out once, what slow holders keep to themselves goes to somebody else, too. */
  #findStuck (nowMs: number, leastMs: number): void {
    const lateMs = Math.max(SPREAD_TIMEOUT_MS, leastMs, SPREAD_TIMEOUT_FACTOR * (this.#passMs ?? FIRST_HOLDER_TIMEOUT_MS))
    for (const [chunk, { sinceMs, holders }] of this.#spreading) {
      if (holders === 0 || nowMs - sinceMs <= lateMs || this.#kept.includes(chunk)) continue
      this.#spreading.delete(chunk)
      this.#stuck.push(chunk)
    }
  }

  #giveUp (chunk: number): void {
    this.#bound.delete(chunk)
    this.#unsent.delete(chunk)
    // Given away before it was here whole: it waits when it is.
    if (!this.#media.have.has(chunk)) return
    const given = (this.#given.get(chunk) ?? 0) + 1
    this.#given.set(chunk, given)
    // What several cannot hold, such as the end of a put whose length they do not know yet, is left to be asked for.
    if (this.#media.partners.holders(chunk) === 0 && given < MAX_GIVEN) this.#waiting.unshift(chunk)
  }
}

/** A slow holder is not what is usual, however often it comes. */
function usual (before: number | undefined, tookMs: number): number {
  return before == null ? tookMs : before + (Math.min(tookMs, 2 * before) - before) * SPREAD_WEIGHT
}
