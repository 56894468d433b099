import type { Effect } from './effect.ts'
import { APPROACH_RETRY_MS, ERRAND_TIMEOUT_MS, MAX_APPROACHES, MAX_ERRANDS, RESEND_MS, TAKE_BACK_MS } from './limits.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from './optimizations.ts'
import type { PeerInit } from './peer-init.ts'
import { errandsAtOnce, handedOn } from './policies/hand-on.ts'
import { Ranges, type Range } from './ranges.ts'

/** One server this peer has approached with the job. */
type Child =
  /** Being dialled; nothing was sent. */
  | { state: 'dialling', rank: number, ranges: Range[], sinceMs: number }
  /** The job, or newer commands, are on their way. */
  | { state: 'sent', rank: number, ranges: Range[], sinceMs: number, errand: number, sentHead: number, ackedHead: number | undefined, resends: number }
  /** It has the job and its queue up to `ackedHead`; the ranges are its own to approach. */
  | { state: 'settled', rank: number, ranges: Range[], ackedHead: number, lostMs: number | undefined, resends: number }

/**
 * How a job, and every command added to it, travels: as ranges of ranks. A
 * holder approaches the first ranks of its ranges, as many at once as it may, and
 * hands each of them an equal part of the rest with the job. What a server did
 * not acknowledge, or did not live to serve, comes back.
 */
export class Handover {
  readonly #job: string
  readonly #servers: readonly string[]
  readonly #self: string
  readonly #errandsAtOnce: number
  readonly #indexLists: boolean
  readonly #pending = new Ranges()
  readonly #children = new Map<string, Child>()
  readonly #retries = new Map<number, { atMs: number, failures: number }>()
  #errands = 0
  #steps = 0

  constructor (job: string, servers: readonly string[], self: string, { multipleNodes, indexLists, errands }: Optimizations & Pick<PeerInit, 'errands'> = ALL_OPTIMIZATIONS) {
    this.#job = job
    this.#servers = servers
    this.#self = self
    this.#errandsAtOnce = multipleNodes ? Math.min(errands ?? MAX_ERRANDS, errandsAtOnce(servers.length)) : 1
    this.#indexLists = indexLists
  }

  /** Ranks not approached yet. */
  get pending (): number {
    return this.#pending.size
  }

  /** Grows with every approach and every one that failed: a peer that has only this left to do moves all the same. */
  get steps (): number {
    return this.#steps
  }

  /** Whether everything given to this peer is handed on, or given up to the base. */
  settled (head: number): boolean {
    if (this.#pending.size > 0 || this.#retries.size > 0) return false
    for (const child of this.#children.values()) if (child.state !== 'settled' || (child.ackedHead < head && child.resends < MAX_APPROACHES)) return false
    return true
  }

  /** Ranks that are now this peer's to approach. Own rank and those already settled are left out. */
  add (ranges: readonly Range[]): void {
    this.#pending.add(ranges.map(({ first, end }) => ({ first: Math.max(0, first), end: Math.min(end, this.#servers.length) })))
    const own = this.#servers.indexOf(this.#self)
    if (own >= 0) this.#pending.remove(own)
  }

  /** At the base: approach these again, one by one, with the whole queue. */
  reissue (ranks: readonly number[]): void {
    for (const rank of ranks) {
      const peer = this.#servers[rank]
      if (peer == null) continue
      const child = this.#children.get(peer)
      // One that is being approached right now gets its chance; a settled one evidently lost what it had, or its receipt.
      if (child != null && child.state !== 'settled') continue
      if (child != null) this.#children.delete(peer)
      this.#retries.delete(rank)
      this.#pending.add([{ first: rank, end: rank + 1 }])
    }
  }

  /** Approach as many servers as may be approached now, and send newer commands to those that have the job. */
  proceed (head: number, connected: (peer: string) => boolean, nowMs: number): Effect[] {
    const effects: Effect[] = []
    for (const [rank, retry] of this.#retries) {
      if (retry.atMs > nowMs || retry.failures >= MAX_APPROACHES) continue
      const peer = this.#servers[rank] as string
      if (!this.#children.has(peer)) this.#approach(peer, rank, [], head, connected, nowMs, effects)
    }
    for (let free = this.#errandsAtOnce - this.#underWay(); free > 0; free = this.#errandsAtOnce - this.#underWay()) {
      const rank = this.#pending.takeFirst()
      if (rank == null) break
      const peer = this.#servers[rank] as string
      if (this.#children.has(peer)) continue
      this.#approach(peer, rank, this.#indexLists ? this.#pending.takeLast(handedOn(this.#pending.size, free)) : [{ first: 0, end: this.#servers.length }], head, connected, nowMs, effects)
    }
    for (const [peer, child] of this.#children) {
      // Who does not acknowledge again and again is left to the base.
      if (child.state === 'settled' && child.ackedHead < head && child.resends < MAX_APPROACHES && connected(peer)) {
        this.#send(peer, { rank: child.rank, ranges: child.ranges, ackedHead: child.ackedHead, resends: child.resends }, head, nowMs, effects)
      }
    }
    return effects
  }

  #approach (peer: string, rank: number, ranges: Range[], head: number, connected: (peer: string) => boolean, nowMs: number, effects: Effect[]): void {
    this.#steps++
    if (connected(peer)) {
      this.#send(peer, { rank, ranges, ackedHead: undefined, resends: 0 }, head, nowMs, effects)
    } else {
      this.#children.set(peer, { state: 'dialling', rank, ranges, sinceMs: nowMs })
      effects.push({ type: 'connect', peer })
    }
  }

  #send (peer: string, child: { rank: number, ranges: Range[], ackedHead: number | undefined, resends: number }, head: number, nowMs: number, effects: Effect[]): void {
    const errand = ++this.#errands
    this.#children.set(peer, { state: 'sent', ...child, sinceMs: nowMs, errand, sentHead: head })
    // Ranges go with the job once: newer commands follow along the same tree.
    const first = child.ackedHead == null
    effects.push({ type: 'handOver', to: peer, job: this.#job, errand, withJob: first, afterSeq: child.ackedHead ?? 0, ranges: first ? child.ranges : [] })
  }

  /** dialling → sent */
  connected (peer: string, head: number, nowMs: number): Effect[] {
    const child = this.#children.get(peer)
    if (child?.state === 'settled') child.lostMs = undefined
    const retry = this.#retries.get(this.#servers.indexOf(peer))
    // It came by itself: nothing is to be waited for.
    if (retry != null) retry.atMs = Math.min(retry.atMs, nowMs)
    if (child?.state !== 'dialling') return []
    const effects: Effect[] = []
    this.#send(peer, { rank: child.rank, ranges: child.ranges, ackedHead: undefined, resends: 0 }, head, nowMs, effects)
    return effects
  }

  /** sent → settled. An answer to an older errand is no answer. */
  acknowledged (peer: string, errand: number, head: number, refused: boolean, nowMs: number): void {
    const child = this.#children.get(peer)
    if (child?.state !== 'sent' || child.errand !== errand) return
    if (refused) {
      this.#failed(peer, child.rank, child.ranges, nowMs, MAX_APPROACHES)
      return
    }
    this.#retries.delete(child.rank)
    this.#children.set(peer, { state: 'settled', rank: child.rank, ranges: child.ranges, ackedHead: child.sentHead, lostMs: undefined, resends: 0 })
    this.knows(peer, head)
  }

  /** Whether the job, or commands, are on their way to it from here. */
  isSending (peer: string): boolean {
    return this.#children.get(peer)?.state === 'sent'
  }

  /** Another peer evidently has the queue up to `head`: it said so itself. */
  knows (peer: string, head: number): void {
    const child = this.#children.get(peer)
    if (child?.state === 'settled' && head > child.ackedHead) child.ackedHead = head
  }

  /**
   * The connection is gone, or could not be made: an open errand comes back at
   * once. A settled child has its ranges durably and goes on with them, so it
   * gets some time to return before they are taken back; but not one that let
   * newer commands go unanswered, and was evidently gone before.
   */
  lost (peer: string, nowMs: number): void {
    const child = this.#children.get(peer)
    if (child?.state === 'settled' && child.resends === 0) child.lostMs ??= nowMs
    else if (child != null) this.#failed(peer, child.rank, child.ranges, nowMs)
  }

  #failed (peer: string, rank: number, ranges: readonly Range[], nowMs: number, failures?: number): void {
    this.#steps++
    this.#children.delete(peer)
    this.#pending.add(ranges)
    const count = failures ?? (this.#retries.get(rank)?.failures ?? 0) + 1
    if (count >= MAX_APPROACHES) this.#retries.delete(rank)
    else this.#retries.set(rank, { failures: count, atMs: nowMs + APPROACH_RETRY_MS * 2 ** (count - 1) })
  }

  /** Errands without an acknowledgement are taken back. */
  tick (nowMs: number): void {
    for (const [peer, child] of [...this.#children]) {
      if (child.state === 'settled') {
        if (child.lostMs != null && nowMs - child.lostMs >= TAKE_BACK_MS) this.#failed(peer, child.rank, child.ranges, nowMs)
      } else if (nowMs - child.sinceMs >= (child.state === 'sent' && child.ackedHead != null ? RESEND_MS : ERRAND_TIMEOUT_MS)) {
        if (child.state === 'sent' && child.ackedHead != null) {
          // Only commands are late: they are sent once more.
          this.#children.set(peer, { state: 'settled', rank: child.rank, ranges: child.ranges, ackedHead: child.ackedHead, lostMs: undefined, resends: child.resends + 1 })
        } else {
          this.#failed(peer, child.rank, child.ranges, nowMs)
        }
      }
    }
  }

  #underWay (): number {
    let count = 0
    for (const child of this.#children.values()) if (child.state === 'dialling' || (child.state === 'sent' && child.ackedHead == null)) count++
    return count
  }
}
