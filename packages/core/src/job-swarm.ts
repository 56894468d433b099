import { Awaited } from './awaited.ts'
import type { Effect } from './effect.ts'
import { FreshChunks } from './fresh-chunks.ts'
import type { JobInfo } from './input.ts'
import { GRACE_START_MS, MAX_INBOUND_LANES, OPENING_MS, PIECE_BYTES } from './limits.ts'
import type { LaneDecision } from './message.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from './optimizations.ts'
import { chooseLane } from './policies/lane-choice.ts'
import { pushedTo, pushOffsets, pushTree, waitingBehind } from './policies/push-tree.ts'
import { rareBelow } from './policies/rare-below.ts'
import type { Prng } from './prng.ts'
import { SwarmMedia } from './swarm-media.ts'

/** A lane into this peer: an accepted source. */
export interface InboundLane {
  /** Bytes per second as offered; replaced by what was measured. */
  rate: number
  /** When it last brought a piece, or was first asked for one after a pause. */
  progressMs: number
  /** The longest pause between two of its pieces lately; 0 before the first. */
  gapMs: number
  /** Time per piece while something was asked of it, on average. */
  paceMs: number
  pieces: number
  quarantinedUntilMs: number
}

/** A lane out of this peer. */
type OutboundLane = 'offered' | 'accepted' | 'declined' | 'refused'

/** One job's swarm as this peer sees it: its lanes, both ways, and its media. */
export class JobSwarm {
  readonly info: JobInfo
  readonly inbound = new Map<string, InboundLane>()
  readonly media = new Map<number, SwarmMedia>()
  /** Chunks asked of each source. */
  readonly asked = new Map<string, number>()
  /** Only where media enters the swarm: at the base. */
  readonly fresh = new Map<number, FreshChunks>()
  readonly #outbound = new Map<string, OutboundLane>()
  readonly #isSource: boolean
  /** Index in the server list; undefined at the base. */
  readonly #rank: number | undefined
  /** Whom live pieces come from, and go to, unasked. */
  readonly #pushers: ReadonlySet<string>
  /** It has an open-ended put. */
  #live = false
  /** When the first server opened a lane to here; what it has of a live put is then on its way to others, too. */
  #openedMs = Number.POSITIVE_INFINITY
  /** When the first lane was offered to somebody. */
  #offeredMs = Number.POSITIVE_INFINITY
  /** Last command known here. */
  head = 0
  readonly #prng: Prng
  readonly #rates = new Map<string, number>()
  readonly #meanRate: number
  readonly #switching: boolean

  constructor (info: JobInfo, self: string, prng: Prng, { rateSort, dynamicSwitching }: Optimizations = ALL_OPTIMIZATIONS) {
    this.info = info
    this.#isSource = info.base === self
    const rank = info.servers.indexOf(self)
    this.#rank = rank < 0 ? undefined : rank
    this.#pushers = new Set(rank < 0 ? [] : [info.base, ...pushOffsets(info.servers.length).map(offset => info.servers[(rank + offset) % info.servers.length] as string)])
    this.#prng = prng
    this.#switching = dynamicSwitching
    for (const [rank, server] of info.servers.entries()) this.#rates.set(server, rateSort ? info.rates[rank] ?? 0 : 0)
    const known = info.rates.filter(rate => rate > 0)
    this.#meanRate = known.length === 0 ? 1 : known.reduce((sum, rate) => sum + rate, 0) / known.length
  }

  get isSource (): boolean {
    return this.#isSource
  }

  isMember (peer: string): boolean {
    return peer === this.info.base || this.#rates.has(peer)
  }

  /** Chunks asked of all sources. */
  get requests (): number {
    let requests = 0
    for (const count of this.asked.values()) requests += count
    return requests
  }

  /** Whether `peer` takes chunks from here. */
  serves (peer: string): boolean {
    return this.#outbound.get(peer) === 'accepted'
  }

  /** How much of an uplink a server should have beside others: fast servers first, since what they have spreads faster. */
  weightOf (peer: string): number {
    const rate = this.#rates.get(peer) ?? 0
    return rate > 0 ? rate / this.#meanRate : 1
  }

  /** … and of a put, in which whoever is behind the others is to catch up. */
  weightIn (seq: number, peer: string): number {
    return this.weightOf(peer) * (this.media.get(seq)?.catchingUp.shareOf(peer) ?? 1)
  }

  /** See who is behind. In a live put what somebody lacks is too late. @returns how many receivers there are */
  compareReceivers (nowMs: number): number {
    for (const { openEnded, catchingUp, startedMs } of this.media.values()) if (!openEnded) catchingUp.compare(startedMs, nowMs)
    return [...this.receivers()].length
  }

  /** Receivers with an open lane from here, with their weights. */
  * receivers (): Generator<{ peer: string, weight: number }> {
    for (const [peer, state] of this.#outbound) {
      if (state === 'accepted') yield { peer, weight: this.weightOf(peer) }
    }
  }

  /** Whether what partners say that they have of a put may be on its way here by itself, as what they hear of is: it has just begun, or the lanes have. */
  hasJustBegun (media: SwarmMedia, nowMs: number): boolean {
    return nowMs - Math.max(media.startedMs, this.#openedMs) < GRACE_START_MS
  }

  /** Bytes per second that this peer's uplink is said to do; 0: unknown. */
  get ownRate (): number {
    return this.#rank == null ? 0 : this.info.rates[this.#rank] ?? 0
  }

  /** How long a piece takes from a usual server, as they say what they do, in milliseconds; 0: unknown. */
  get usualPieceMs (): number {
    return this.#meanRate <= 1 ? 0 : PIECE_BYTES * 1000 / this.#meanRate
  }

  /** Whether it has a put of which nobody knows how long it will be. */
  get isLive (): boolean {
    return this.#live
  }

  /** Whether somebody has yet to say if he takes a lane of those that were offered just now. A put may be here for long by then: at a base that waited for its servers, say. */
  isOpening (media: SwarmMedia, nowMs: number): boolean {
    if (nowMs - Math.max(media.startedMs, this.#offeredMs) >= OPENING_MS) return false
    for (const state of this.#outbound.values()) if (state === 'offered') return true
    return false
  }

  /** Everybody with a lane, in either direction: whom haves concern. */
  partners (): Set<string> {
    const partners = new Set(this.inbound.keys())
    for (const { peer } of this.receivers()) partners.add(peer)
    return partners
  }

  mediaOf (seq: number, nowMs: number): SwarmMedia {
    let media = this.media.get(seq)
    if (media == null) {
      media = new SwarmMedia(this.info.id, seq, nowMs, this.asked, rareBelow(this.info.servers.length))
      this.media.set(seq, media)
      if (this.#isSource) this.fresh.set(seq, new FreshChunks(media, this.#prng, this.info.servers))
    }
    return media
  }

  /** Its command says that nobody knows how long it will be: it is pushed along trees. */
  goLive (media: SwarmMedia): void {
    this.#live = true
    const { servers } = this.info
    if (this.#rank == null || servers.length < 2) return
    const { slots } = pushTree(servers.length)
    media.awaited = new Awaited(slots * this.usualPieceMs, slots)
  }

  /** Whom live pieces come from, and go to, once there is a live put. To the base an offer says that it can offer one, too. */
  pushPartners (): Iterable<string> {
    if (!this.#live) return []
    // Who had enough lanes has not when he knows that the job is live.
    for (const [peer, state] of this.#outbound) if (state === 'refused' && this.#pushers.has(peer)) this.#outbound.set(peer, 'declined')
    return this.#pushers
  }

  /** Whether `peer` may yet pass on a chunk to here that was waited for too long. */
  mayPush (peer: string, media: SwarmMedia, chunk: number): boolean {
    return media.awaited?.isOverdue(chunk) === true && this.#pushers.has(peer)
  }

  /** The rank of `peer` as the first holder of a piece of this put; undefined if such pieces are not passed on unasked. */
  firstOf (media: SwarmMedia, peer: string): number | undefined {
    const rank = media.isPushed ? this.info.servers.indexOf(peer) : -1
    return rank < 0 ? undefined : rank
  }

  /** To whom a piece of a live put goes on from here without being asked for, and how many get it from each of them. */
  pushedTo (first: number): Array<{ readonly peer: string, readonly behind: number }> {
    const { servers } = this.info
    if (this.#rank == null || first >= servers.length) return []
    return pushedTo(servers.length, first, this.#rank).map(rank => ({ peer: servers[rank] as string, behind: waitingBehind(servers.length, first, rank) }))
  }

  /** → offered. Nobody is offered a lane twice, unless he asked for the job first. */
  offer (peer: string, rate: number, head: number, nowMs: number): Effect[] {
    if (!this.isMember(peer)) return []
    const state = this.#outbound.get(peer)
    if (state === 'offered' || state === 'accepted' || state === 'refused') return []
    this.#outbound.set(peer, 'offered')
    this.#offeredMs = Math.min(this.#offeredMs, nowMs)
    return [{ type: 'send', to: peer, message: { type: 'laneOffer', job: this.info.id, rate, head } }]
  }

  /** offered → accepted | declined; accepted → declined when the receiver switched away. */
  answered (peer: string, decision: LaneDecision): Effect[] {
    // Who does not have the job has nothing to give of it, either.
    if (decision === 'decline-unknown-job') this.#dropSource(peer)
    if (!this.#outbound.has(peer)) return []
    // One that has enough lanes would decline the next offer too; he knows where we are.
    this.#outbound.set(peer, decision === 'accept' ? 'accepted' : decision === 'decline-enough' || decision === 'switched' ? 'refused' : 'declined')
    if (decision !== 'accept') return []
    const effects: Effect[] = []
    for (const media of this.media.values()) effects.push(...this.announceAll(media, peer))
    return effects
  }

  /** Everything held of `media`, to one partner. A source that still spreads keeps quiet, so that nobody asks it to repeat itself. */
  announceAll (media: SwarmMedia, peer: string): Effect[] {
    if (this.fresh.get(media.seq)?.spread === false || media.disowned || media.pieces.count === 0) return []
    const effects: Effect[] = [{ type: 'send', to: peer, message: { type: 'bitfield', job: this.info.id, seq: media.seq, bits: media.have.toBytes() } }]
    const coming = [...media.begun.without(media.have)]
    if (coming.length > 0 && peer !== this.info.base) effects.push({ type: 'send', to: peer, message: { type: 'coming', job: this.info.id, seq: media.seq, chunks: coming } })
    return effects
  }

  /** What a receiver says to an offer. The base takes nothing from nodes: what it has came from the provider. */
  offered (peer: string, rate: number, nowMs: number): Effect[] {
    const answer = (to: string, decision: LaneDecision): Effect => ({ type: 'send', to, message: { type: 'laneAnswer', job: this.info.id, decision } })
    if (this.#isSource || !this.isMember(peer)) return [answer(peer, 'decline-done')]
    // A lane that live pieces come by is never refused: they have no other way. The others have what is left.
    const isKept = (source: string): boolean => this.#live && this.#pushers.has(source)
    const kept = [...this.inbound.keys()].filter(isKept).length
    const others = [...this.inbound].filter(([other]) => other !== peer && !isKept(other)).map(([other, lane]) => ({ peer: other, rate: lane.rate }))
    const choice = isKept(peer) ? { decision: 'accept' } as const : chooseLane(others, rate, MAX_INBOUND_LANES - kept)
    if (choice.decision === 'decline' || (choice.decision === 'switch' && !this.#switching)) return [answer(peer, 'decline-enough')]
    const effects = [answer(peer, 'accept')]
    if (peer !== this.info.base) this.#openedMs = Math.min(this.#openedMs, nowMs)
    if (choice.decision === 'switch') {
      this.inbound.delete(choice.from)
      effects.push(answer(choice.from, 'switched'))
    }
    // He is a partner now, and must know what we hold: above all a source that counts on us to spread it.
    for (const media of this.media.values()) effects.push(...this.announceAll(media, peer))
    if (!this.inbound.has(peer)) this.inbound.set(peer, { rate, progressMs: nowMs, gapMs: 0, paceMs: 0, pieces: 0, quarantinedUntilMs: 0 })
    return effects
  }

  lost (peer: string): void {
    this.#outbound.delete(peer)
    this.#dropSource(peer)
    for (const fresh of this.fresh.values()) fresh.lost(peer)
  }

  #dropSource (peer: string): void {
    this.inbound.delete(peer)
    for (const media of this.media.values()) {
      media.partners.drop(peer)
      media.catchingUp.drop(peer)
      for (const [chunk, request] of media.requests) if (request.peer === peer) this.release(media, chunk)
    }
  }

  /** A request is given up; if it had brought something, the next source goes on where this one left off. */
  release (media: SwarmMedia, chunk: number): void {
    media.forget(chunk)
    if (media.resumePoint(chunk) > media.firstPiece(chunk)) media.switches++
  }
}
