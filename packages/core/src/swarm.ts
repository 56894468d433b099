import { Bitfield } from './bitfield.ts'
import { Downlink } from './downlink.ts'
import type { Effect } from './effect.ts'
import type { Input, JobInfo } from './input.ts'
import { JobSwarm, type InboundLane } from './job-swarm.ts'
import { FRESH_AT_ONCE, FRESH_SHARE, FRESH_SHARE_OF_ONE, GAP_DECAY, HAVE_BATCH_MS, LIVE_HELD_BATCH_MS, MAX_CHUNKS, MAX_COMMANDS, MAX_COMMANDS_AHEAD, MIN_WINDOW_PIECES, OPENING_WEIGHT, PACE_PIECES, PAGES_MS, PACE_WEIGHT, PIECE_BYTES, WANTED_WEIGHT } from './limits.ts'
import type { Message } from './message.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from './optimizations.ts'
import { PassingOn } from './passing-on.ts'
import { heldBatchMs } from './policies/held-batch.ts'
import type { Prng } from './prng.ts'
import type { Range } from './ranges.ts'
import { cancel, Requester } from './requester.ts'
import type { SwarmMedia } from './swarm-media.ts'
import type { Serving, Uplink } from './uplink.ts'
import { WantRouter } from './want-router.ts'

/**
 * The chunk path of one peer, for all its jobs: whom to ask for what, and what
 * to send to whom next. It owns the peer's one uplink and downlink.
 */
export class Swarm {
  readonly #self: string
  readonly #prng: Prng
  readonly #uplink: Uplink
  readonly #downlink = new Downlink()
  readonly #requester: Requester
  readonly #wants: WantRouter
  readonly #passingOn: PassingOn
  readonly #optimizations: Optimizations
  readonly #jobs = new Map<string, JobSwarm>()
  #turn = 0

  constructor (self: string, prng: Prng, uplink: Uplink, optimizations: Optimizations = ALL_OPTIMIZATIONS) {
    this.#self = self
    this.#prng = prng
    this.#uplink = uplink
    this.#optimizations = optimizations
    this.#requester = new Requester(prng, this.#downlink, optimizations)
    this.#wants = new WantRouter(uplink)
    this.#passingOn = new PassingOn(uplink)
  }

  get uplink (): Uplink {
    return this.#uplink
  }

  join (info: JobInfo): JobSwarm {
    const job = new JobSwarm(info, this.#self, this.#prng, this.#optimizations)
    this.#jobs.set(info.id, job)
    return job
  }

  job (id: string): JobSwarm | undefined {
    return this.#jobs.get(id)
  }

  leave (id: string): void {
    const job = this.#jobs.get(id)
    if (job == null) return
    this.#uplink.cancelJob(id)
    this.#jobs.delete(id)
  }

  /** A viewer waits for pieces `first` … `end - 1`. */
  wanted (job: JobSwarm, seq: number, first: number, end: number, nowMs: number): Effect[] {
    return this.#wants.wanted(job, seq, first, end, nowMs)
  }

  /** Nothing more of this put is wanted: call off what was asked for. */
  abandon (job: JobSwarm, media: SwarmMedia): Effect[] {
    media.abandoned = true
    const effects = [...media.requests].filter(([, { pushed }]) => !pushed).map(([chunk, { peer }]) => cancel(job, media, peer, chunk))
    for (const chunk of [...media.requests.keys()]) media.forget(chunk)
    return effects
  }

  /** What the disk could not keep is not vouched for: others get none of it from here. */
  disown (job: JobSwarm, seq: number, nowMs: number): void {
    job.mediaOf(seq, nowMs).disowned = true
    this.#uplink.cancelPut(job.info.id, seq)
  }

  /** A server takes nothing of this put: it is no first holder, and what it had of it is lost. */
  declined (job: JobSwarm, seq: number, peer: string): void {
    this.#uplink.cancel(peer, job.info.id, seq)
    job.fresh.get(seq)?.decline(peer)
  }

  /** Its final page is here and holds; what the provider left out is not waited for. */
  close (job: JobSwarm, media: SwarmMedia, pieces: number, gaps: readonly Range[], nowMs: number): Effect[] {
    if (media.closed) return []
    media.close(pieces)
    media.lateness?.known(pieces, nowMs)
    const effects: Effect[] = []
    for (const { first, end } of gaps) for (let piece = first; piece < end; piece++) this.#giveUp(job, media, piece, effects)
    return effects
  }

  #giveUp (job: JobSwarm, media: SwarmMedia, piece: number, effects: Effect[]): void {
    const asked = media.requests.get(media.chunkOf(piece))
    if (asked?.pushed === false) effects.push(cancel(job, media, asked.peer, media.chunkOf(piece)))
    media.giveUp(piece)
  }

  lost (peer: string): void {
    this.#uplink.lost(peer)
    for (const job of this.#jobs.values()) job.lost(peer)
  }

  /** The rate a lane opened now can be given: its share of what the uplink does. */
  offerRate (): number {
    let lanes = 1
    for (const job of this.#jobs.values()) for (const _ of job.receivers()) lanes++
    return Math.round(this.#uplink.rate / lanes)
  }

  /** A message about chunks. Handing the job on is not the swarm's business. */
  message (from: string, message: Message, nowMs: number): Effect[] {
    if (message.type === 'acknowledge') {
      this.#uplink.acknowledged(from, message.pieces, nowMs)
      for (const job of this.#jobs.values()) for (const fresh of job.fresh.values()) fresh.heard(from, nowMs)
      return []
    }
    const job = this.#jobs.get(message.job)
    // Closed here: whoever asks has not heard of it, and would ask for ever.
    if (job == null) return message.type === 'request' ? [{ type: 'send', to: from, message: { type: 'laneAnswer', job: message.job, decision: 'decline-unknown-job' } }] : []
    switch (message.type) {
      case 'laneAnswer': {
        const effects = job.answered(from, message.decision)
        if (message.decision === 'accept') this.#passingOn.opened(job, from, nowMs)
        return effects
      }
      case 'coming': return this.#announced(job, from, message.seq, message.chunks, false, nowMs)
      case 'have': return this.#announced(job, from, message.seq, message.chunks, true, nowMs)
      case 'bitfield': return this.#announced(job, from, message.seq, new Bitfield(message.bits).indexes(), true, nowMs, false)
      case 'request': return this.#requested(job, from, message, nowMs)
      case 'want': return this.#wants.heard(job, from, message, nowMs)
      case 'cancel':
        this.#uplink.cancel(from, message.job, message.seq, message.chunk)
        return []
      default: return []
    }
  }

  #announced (job: JobSwarm, from: string, seq: number, chunks: Iterable<number>, whole: boolean, nowMs: number, isNews = true): Effect[] {
    // Strangers to the job have no say in who holds what.
    if (!job.isMember(from)) return []
    if (seq === 0 || seq > MAX_COMMANDS) return [{ type: 'ban', peer: from, reason: `announced chunks of command ${seq}` }]
    if (seq > job.head + MAX_COMMANDS_AHEAD) return []
    const media = job.mediaOf(seq, nowMs)
    // What a partner says that it has when a put begins is on its way here, too.
    const comesByItself = isNews || job.hasJustBegun(media, nowMs)
    for (const chunk of chunks) {
      if (chunk >= MAX_CHUNKS) return [{ type: 'ban', peer: from, reason: `announced chunk ${chunk}` }]
      media.announced(from, chunk, whole)
      if (comesByItself) media.awaits(chunk, nowMs)
    }
    if (whole) this.#uplink.withdraw(from, job.info.id, seq, chunk => media.partners.hasWhole(from, chunk))
    return []
  }

  #requested (job: JobSwarm, from: string, { seq, chunk, offset, urgent, held }: Extract<Message, { type: 'request' }>, nowMs: number): Effect[] {
    const media = job.media.get(seq)
    // Not an offence: what was announced may have been released since.
    if (media == null || media.disowned || !job.serves(from) || !media.begun.has(chunk)) return []
    if (held != null) media.catchingUp.said(from, Math.min(held, media.chunkCount), nowMs)
    const first = media.firstPiece(chunk) + offset
    const end = media.endPiece(chunk)
    // Who does not know yet how long an open-ended put is may ask behind its end.
    if (first >= end && media.openEnded && offset < media.chunkPieces) return []
    if (first >= end) return [{ type: 'ban', peer: from, reason: `asked for piece ${offset} of chunk ${chunk}, which has ${end - media.firstPiece(chunk)}` }]
    if (urgent === true && this.#uplink.hurry(from, job.info.id, seq, chunk)) return []
    this.#uplink.cancel(from, job.info.id, seq, chunk)
    // What is over the limit is dropped: its receiver asks elsewhere in time.
    this.#uplink.enqueue(from, { job: job.info.id, seq, chunk, next: first, end, urgent, large: media.isLarge })
    return []
  }

  /** A piece that is verified and written. */
  stored (job: JobSwarm, media: SwarmMedia, { piece, bytes, from, first }: Pick<Extract<Input, { type: 'pieceStored' }>, 'piece' | 'bytes' | 'from' | 'first'>, nowMs: number): Effect[] {
    const effects: Effect[] = []
    if (from != null) effects.push(this.#uplink.acknowledge(from, media.isLarge, nowMs))
    const lane = from == null ? undefined : job.inbound.get(from)
    if (lane != null) {
      paced(lane, nowMs - lane.progressMs, bytes)
      lane.progressMs = nowMs
    }
    this.#downlink.arrived(bytes, nowMs)
    const chunk = media.chunkOf(piece)
    const held = media.have.count
    const begun = media.begun.count
    const asked = media.requests.get(chunk)
    if (first != null) media.awaited?.pushed(chunk, nowMs)
    if (!media.addPiece(piece, bytes, from)) {
      // Whoever sends what we hold does not know that we hold it, or that we have asked another for the rest.
      if (from != null && media.have.has(chunk)) effects.push({ type: 'send', to: from, message: { type: 'have', job: job.info.id, seq: media.seq, chunks: [chunk] } })
      else if (from != null && asked != null && asked.peer !== from) effects.push(cancel(job, media, from, chunk))
      return effects
    }
    if (media.lateness != null) {
      media.lateness.known(piece + 1, nowMs)
      media.pagesMs = nowMs
    }
    if (first != null) this.#passingOn.pass(job, media, piece, first, nowMs)
    effects.push(...this.#announceAll(nowMs))
    // What another one brings says nothing of the source that was asked.
    if (asked != null && asked.peer === from) asked.progressMs = nowMs
    // The source pushes; what others bring unasked is the rest of something called off.
    else if (asked == null && from === job.info.base && !media.have.has(chunk)) media.ask(chunk, { peer: from, progressMs: nowMs, dueMs: Number.POSITIVE_INFINITY, pushed: true })
    if (job.isSource && media.begun.count > begun) this.#wants.begun(job, media, chunk, nowMs)
    if (media.have.count > held) {
      const fresh = job.fresh.get(media.seq)
      fresh?.add(chunk)
      if (media.wants.has(chunk)) fresh?.hurry(chunk)
      // It came from one source and was asked of another: that one can stop.
      if (asked != null && !asked.pushed && asked.peer !== from) effects.push(cancel(job, media, asked.peer, chunk))
    }
    return effects
  }

  /** Send what the window has room for. */
  serve (nowMs: number): Effect[] {
    const effects: Effect[] = []
    this.#uplink.refill(nowMs)
    for (;;) {
      if (this.#uplink.room > 0) this.#bindFresh(nowMs)
      const next = this.#uplink.next(this.#held, this.#weight, this.#announcers)
      if (next == null) break
      const { peer, job, seq, piece, first } = next
      const media = this.#jobs.get(job)?.media.get(seq)
      this.#jobs.get(job)?.fresh.get(seq)?.sent(media?.chunkOf(piece) ?? 0, peer, nowMs)
      effects.push({ type: 'sendPiece', to: peer, job, seq, piece, ...first == null ? {} : { first } })
    }
    return effects
  }

  /** Where media enters the swarm: bind a fresh chunk to a lane that has nothing to send. Jobs of one priority take turns, so that a small one is not behind a large one. */
  #bindFresh (nowMs: number): void {
    for (const job of this.#byPriority()) {
      for (const [seq, fresh] of job.fresh) {
        const media = job.media.get(seq) as SwarmMedia
        if (fresh.waiting === 0 || media.abandoned || media.disowned) continue
        const receivers = [...job.receivers()]
        if (receivers.reduce((sum, { peer }) => sum + this.#uplink.queued(peer), 0) >= FRESH_AT_ONCE) return
        // The first to accept a lane is not given all that has come before the others do, and slower ones nothing: what comes first is to spread first.
        const opening = job.isOpening(media, nowMs)
        const most = Math.max(MIN_WINDOW_PIECES, this.#uplink.window * (receivers.length === 1 ? FRESH_SHARE_OF_ONE : FRESH_SHARE))
        const idle = receivers.filter(({ peer, weight }) => this.#uplink.queued(peer) === 0 && this.#uplink.inFlightTo(peer) < (opening ? Math.floor(media.chunkPieces * weight / OPENING_WEIGHT) : most))
        const bound = fresh.bind(idle, nowMs)
        if (bound == null) continue
        this.#uplink.enqueue(bound.peer, { job: job.info.id, seq, chunk: bound.chunk, next: media.firstPiece(bound.chunk), end: media.endPiece(bound.chunk), large: media.isLarge, first: job.firstOf(media, bound.peer) })
        this.#turn++
        return
      }
    }
  }

  /** Ask for what is missing, as far as requests may be out. */
  plan (nowMs: number): Effect[] {
    return this.#requester.plan(this.#byPriority(), nowMs)
  }

  /** Timers: announce, measure, and take requests away from sources that bring nothing. */
  tick (nowMs: number): Effect[] {
    this.#uplink.tick(nowMs)
    this.#downlink.tick(nowMs)
    // What is in a full window takes its time on a slow uplink.
    const pieceMs = this.#uplink.rate === 0 ? 0 : PIECE_BYTES * 1000 / this.#uplink.rate
    const windowMs = Math.max(this.#uplink.window, this.#uplink.inFlight) * pieceMs
    const effects = this.#requester.tick(this.#jobs.values(), nowMs)
    for (const job of this.#jobs.values()) {
      if (!job.isSource) for (const media of job.media.values()) this.#leaveOut(job, media, nowMs, effects)
      const receivers = job.compareReceivers(nowMs)
      for (const [seq, fresh] of job.fresh) {
        if (fresh.tick(nowMs, receivers, windowMs, pieceMs, job.usualPieceMs)) for (const peer of job.partners()) effects.push(...job.announceAll(job.media.get(seq) as SwarmMedia, peer))
      }
    }
    return [...effects, ...this.#wants.tick(this.#jobs.values(), nowMs), ...this.#announceAll(nowMs)]
  }

  /** What is too late of a lossy put is given up. Its page may have been to come with it, and with its page the put's end. */
  #leaveOut (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): void {
    if (media.lateness == null || media.abandoned) return
    for (const piece of media.takeLate(nowMs)) this.#giveUp(job, media, piece, effects)
    if (media.closed || nowMs - media.pagesMs < PAGES_MS) return
    const sources = [...job.inbound.keys()]
    if (sources.length === 0) return
    media.pagesMs = nowMs
    effects.push({ type: 'fetchPages', to: sources[this.#prng.below(sources.length)] as string, job: job.info.id, seq: media.seq })
  }

  /** At once if there was nothing to say for a while; else batched. What was announced before is confirmed in larger batches. Who has nothing to send says more: it may be asked for that. */
  #announceAll (nowMs: number): Effect[] {
    const effects: Effect[] = []
    for (const job of this.#jobs.values()) {
      for (const media of job.media.values()) {
        const begun = nowMs - media.comingMs >= HAVE_BATCH_MS ? media.takeBegun(this.#uplink.room > 0) : []
        if (begun.length > 0) {
          media.comingMs = nowMs
          this.#announce(job, media, { type: 'coming' }, begun, effects)
        }
        const { urgent } = media.news
        if (nowMs - media.haveMs >= (urgent ? HAVE_BATCH_MS : media.openEnded ? LIVE_HELD_BATCH_MS : heldBatchMs(nowMs - media.startedMs, this.#uplink.rate, this.#downlink.rate)) && media.news.held.length > 0) {
          media.news.urgent = false
          media.haveMs = nowMs
          // A chunk of one piece was not announced before: that it is held is the first that anybody hears of it.
          this.#announce(job, media, urgent || media.chunkPieces === 1 ? { type: 'have' } : { type: 'have', patient: true, large: media.isLarge }, media.news.held.splice(0), effects)
        }
      }
    }
    return effects
  }

  #announce (job: JobSwarm, media: SwarmMedia, kind: { type: 'coming' } | { type: 'have', patient?: boolean, large?: boolean }, chunks: number[], effects: Effect[]): void {
    if (job.fresh.get(media.seq)?.spread === false) return
    for (const peer of job.partners()) {
      // Whoever has a chunk whole does not ask for it, nor who has begun it for what has only begun here; the source only counts what is safe with others.
      if (kind.type === 'coming' && peer === job.info.base) continue
      const news = chunks.filter(chunk => !(kind.type === 'coming' ? media.partners.hasAnnounced(peer, chunk) : media.partners.hasWhole(peer, chunk)))
      if (news.length > 0) effects.push({ type: 'send', to: peer, message: { ...kind, job: job.info.id, seq: media.seq, chunks: news } })
    }
  }

  readonly #held = ({ job, seq, next }: Serving): boolean => this.#jobs.get(job)?.media.get(seq)?.pieces.has(next) === true

  readonly #weight = (peer: string, { job, seq, urgent }: Serving): number => (this.#jobs.get(job)?.weightIn(seq, peer) ?? 1) * (urgent === true ? WANTED_WEIGHT : 1)

  /** What is made just now goes as it was asked for: its oldest pieces are soon too late. */
  readonly #announcers = ({ job, seq, chunk }: Serving): number => {
    const media = this.#jobs.get(job)?.media.get(seq)
    return media == null || media.openEnded ? 0 : media.partners.announcers(chunk)
  }

  /** Higher priority first; those alike in turn. */
  #byPriority (): JobSwarm[] {
    const jobs = [...this.#jobs.values()]
    const turned = jobs.map((_, index) => jobs[(index + this.#turn) % jobs.length] as JobSwarm)
    return turned.sort((a, b) => b.info.priority - a.info.priority)
  }
}

/** A piece came after a pause in which it was waited for: what a lane is measured by, however little is asked of it. */
function paced (lane: InboundLane, pauseMs: number, bytes: number): void {
  lane.gapMs = Math.max(1, pauseMs, lane.gapMs * GAP_DECAY)
  lane.paceMs = lane.paceMs === 0 ? Math.max(1, pauseMs) : lane.paceMs + (pauseMs - lane.paceMs) * PACE_WEIGHT
  // The source's promise counts until there are enough pieces to tell.
  if (++lane.pieces >= PACE_PIECES) lane.rate = bytes * 1000 / Math.max(0.1, lane.paceMs)
}
