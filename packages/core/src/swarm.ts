import { Bitfield } from './bitfield.ts'
import type { Effect } from './effect.ts'
import type { JobInfo } from './input.ts'
import { JobSwarm, type InboundLane } from './job-swarm.ts'
import { HAVE_BATCH_MS, MAX_CHUNKS, MAX_COMMANDS, MAX_COMMANDS_AHEAD, MAX_FIRST_REQUESTS, MAX_QUEUED_REQUESTS, MIN_REQUEST_BYTES, MIN_REQUESTS, MIN_REQUESTS_PER_SOURCE, PIECE_BYTES, QUARANTINE_MS, REQUEST_AHEAD_MS, REQUEST_LOST_GAPS, REQUEST_LOST_MS, STALL_GAPS, STALL_MS, FIRST_HOLDER_TIMEOUT_MS, FIRST_PIECE_MS, GAP_DECAY, PACE_PIECES, PACE_WEIGHT } from './limits.ts'
import type { Message } from './message.ts'
import { rarestFirst } from './policies/rarest-first.ts'
import { chooseSource, type Candidate } from './policies/source-choice.ts'
import type { Prng } from './prng.ts'
import type { SwarmMedia } from './swarm-media.ts'
import type { Uplink } from './uplink.ts'

/** The arrival rate is measured over this long. */
const RATE_INTERVAL_MS = 500

/**
 * The chunk path of one peer, for all its jobs: whom to ask for what, and what
 * to send to whom next. It owns the peer's one uplink and downlink.
 */
export class Swarm {
  readonly #self: string
  readonly #prng: Prng
  readonly #uplink: Uplink
  readonly #jobs = new Map<string, JobSwarm>()
  #havesMs = 0
  #turn = 0
  #arrived = 0
  #arrivalRate = 0
  #arrivalMs = 0

  constructor (self: string, prng: Prng, uplink: Uplink) {
    this.#self = self
    this.#prng = prng
    this.#uplink = uplink
  }

  get uplink (): Uplink {
    return this.#uplink
  }

  join (info: JobInfo): JobSwarm {
    const job = new JobSwarm(info, this.#self, this.#prng)
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

  /** Nothing more of this put is wanted: call off what was asked for. */
  abandon (job: JobSwarm, media: SwarmMedia): Effect[] {
    media.abandoned = true
    const effects = [...media.requests].filter(([, { pushed }]) => !pushed).map(([chunk, { peer }]) => cancel(job, media, peer, chunk))
    media.requests.clear()
    return effects
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
      this.#uplink.acknowledged(from, message.pieces)
      return []
    }
    const job = this.#jobs.get(message.job)
    if (job == null) return []
    switch (message.type) {
      case 'laneAnswer': return job.answered(from, message.decision)
      case 'have': return this.#had(job, from, message.seq, message.chunks, nowMs)
      case 'bitfield': return this.#had(job, from, message.seq, new Bitfield(message.bits).indexes(), nowMs)
      case 'request': return this.#requested(job, from, message.seq, message.chunk, message.offset)
      case 'cancel':
        this.#uplink.cancel(from, message.job, message.seq, message.chunk)
        return []
      default: return []
    }
  }

  #had (job: JobSwarm, from: string, seq: number, chunks: Iterable<number>, nowMs: number): Effect[] {
    // Strangers to the job have no say in who holds what.
    if (!job.isMember(from)) return []
    if (seq === 0 || seq > MAX_COMMANDS) return [{ type: 'ban', peer: from, reason: `announced chunks of command ${seq}` }]
    if (seq > job.head + MAX_COMMANDS_AHEAD) return []
    const media = job.mediaOf(seq, nowMs)
    for (const chunk of chunks) {
      if (chunk >= MAX_CHUNKS) return [{ type: 'ban', peer: from, reason: `announced chunk ${chunk}` }]
      media.addPartnerChunk(from, chunk)
    }
    return []
  }

  #requested (job: JobSwarm, from: string, seq: number, chunk: number, offset: number): Effect[] {
    const media = job.media.get(seq)
    // Not an offence: what was announced may have been released since.
    if (media == null || !job.serves(from) || !media.have.has(chunk)) return []
    const first = media.firstPiece(chunk) + offset
    const end = media.endPiece(chunk)
    if (first >= end) return [{ type: 'ban', peer: from, reason: `asked for piece ${offset} of chunk ${chunk}, which has ${end - media.firstPiece(chunk)}` }]
    this.#uplink.cancel(from, job.info.id, seq, chunk)
    // What is over the limit is dropped: its receiver asks elsewhere in time.
    this.#uplink.enqueue(from, { job: job.info.id, seq, chunk, next: first, end })
    return []
  }

  /** A piece that is verified and written. */
  stored (job: JobSwarm, media: SwarmMedia, piece: number, bytes: number, from: string | undefined, nowMs: number): Effect[] {
    const effects: Effect[] = []
    if (from != null) effects.push({ type: 'send', to: from, message: { type: 'acknowledge', pieces: 1 } })
    const lane = from == null ? undefined : job.inbound.get(from)
    if (lane != null) {
      paced(lane, nowMs - lane.progressMs, bytes)
      lane.progressMs = nowMs
    }
    this.#arrived += bytes
    const chunk = media.chunkOf(piece)
    const held = media.have.count
    const asked = media.requests.get(chunk)
    if (!media.addPiece(piece, bytes, from)) {
      // Whoever sends what we hold does not know that we hold it.
      if (from != null && media.have.has(chunk)) effects.push({ type: 'send', to: from, message: { type: 'have', job: job.info.id, seq: media.seq, chunks: [chunk] } })
      return effects
    }
    if (asked != null) asked.progressMs = nowMs
    else if (from != null && !media.have.has(chunk)) media.requests.set(chunk, { peer: from, progressMs: nowMs, pushed: true })
    if (media.have.count > held) {
      job.fresh.get(media.seq)?.add(chunk)
      // It came from one source and was asked of another: that one can stop.
      if (asked != null && !asked.pushed && asked.peer !== from) effects.push(cancel(job, media, asked.peer, chunk))
    }
    return effects
  }

  /** Send what the window has room for. */
  serve (nowMs: number): Effect[] {
    const effects: Effect[] = []
    this.#uplink.refill(nowMs)
    while (this.#uplink.room > 0) {
      this.#bindFresh(nowMs)
      const next = this.#uplink.next()
      if (next == null) break
      const { peer, job, seq, piece } = next
      const media = this.#jobs.get(job)?.media.get(seq)
      this.#jobs.get(job)?.fresh.get(seq)?.sent(media?.chunkOf(piece) ?? 0, nowMs)
      effects.push({ type: 'sendPiece', to: peer, job, seq, piece })
    }
    return effects
  }

  /** Where media enters the swarm: bind a fresh chunk to a lane that has nothing to send. Jobs of one priority take turns, so that a small one is not behind a large one. */
  #bindFresh (nowMs: number): void {
    for (const job of this.#byPriority()) {
      for (const [seq, fresh] of job.fresh) {
        if (fresh.waiting === 0 || job.media.get(seq)?.abandoned === true) continue
        const idle = [...job.receivers()].filter(({ peer }) => this.#uplink.queued(peer) === 0)
        const bound = fresh.bind(idle, nowMs)
        if (bound == null) continue
        const media = job.media.get(seq) as SwarmMedia
        this.#uplink.enqueue(bound.peer, { job: job.info.id, seq, chunk: bound.chunk, next: media.firstPiece(bound.chunk), end: media.endPiece(bound.chunk) })
        this.#turn++
        return
      }
    }
  }

  /** Ask for what is missing, as far as requests may be out. */
  plan (nowMs: number): Effect[] {
    const effects: Effect[] = []
    const out = new Map<string, number>()
    let total = 0
    for (const job of this.#jobs.values()) {
      for (const media of job.media.values()) {
        for (const { peer } of media.requests.values()) {
          out.set(peer, (out.get(peer) ?? 0) + 1)
          total++
        }
      }
    }
    // One request for each put that misses something, then another: none waits until all others are done.
    let wanting = this.#byPriority().flatMap(job => [...job.media.values()].filter(media => media.shaped && !media.abandoned && media.have.count < media.chunkCount).map(media => ({ job, media })))
    while (wanting.length > 0) {
      wanting = wanting.filter(({ job, media }) => {
        const chunkBytes = media.chunkPieces * PIECE_BYTES
        const first = Math.min(MAX_FIRST_REQUESTS, Math.max(MIN_REQUESTS, Math.floor(MIN_REQUEST_BYTES / chunkBytes)))
        const limit = Math.max(first, Math.ceil(this.#arrivalRate * REQUEST_AHEAD_MS / 1000 / chunkBytes))
        if (total >= limit) return false
        const perSource = Math.min(MAX_QUEUED_REQUESTS, Math.max(MIN_REQUESTS_PER_SOURCE, Math.ceil(limit * 2 / Math.max(1, job.inbound.size))))
        const request = this.#request(job, media, out, perSource, nowMs)
        if (request == null) return false
        effects.push(request)
        total++
        return true
      })
    }
    return effects
  }

  /** The rarest chunk that is missing, from the best source that may still be asked. */
  #request (job: JobSwarm, media: SwarmMedia, out: Map<string, number>, perSource: number, nowMs: number): Effect | undefined {
    const chunk = rarestFirst(this.#wanted(job, media, out, perSource), index => media.rarity(index), this.#prng)
    if (chunk == null) return undefined
    const source = chooseSource(this.#holders(job, media, chunk, out, nowMs), perSource)
    if (source == null) return undefined
    if (source.requests === 0) (job.inbound.get(source.peer) as InboundLane).progressMs = nowMs
    media.requests.set(chunk, { peer: source.peer, progressMs: nowMs, pushed: false })
    out.set(source.peer, source.requests + 1)
    return { type: 'send', to: source.peer, message: { type: 'request', job: job.info.id, seq: media.seq, chunk, offset: media.resumePoint(chunk) - media.firstPiece(chunk) } }
  }

  /** Chunks that are missing, not asked for, and held by a source that may still be asked. */
  * #wanted (job: JobSwarm, media: SwarmMedia, out: ReadonlyMap<string, number>, perSource: number): Generator<number> {
    const free = [...job.inbound.keys()].filter(peer => (out.get(peer) ?? 0) < perSource).map(peer => media.partners.get(peer))
    if (free.length === 0) return
    const count = Math.min(media.chunkCount, media.knownChunks)
    for (let chunk = media.have.firstClear(0); chunk < count; chunk++) {
      if (media.have.has(chunk) || media.requests.has(chunk) || media.rarity(chunk) === 0) continue
      if (free.some(bits => bits?.has(chunk))) yield chunk
    }
  }

  #holders (job: JobSwarm, media: SwarmMedia, chunk: number, out: ReadonlyMap<string, number>, nowMs: number): Candidate[] {
    const holders: Candidate[] = []
    for (const [peer, lane] of job.inbound) {
      if (media.partnerHas(peer, chunk)) holders.push({ peer, requests: out.get(peer) ?? 0, rate: lane.rate, quarantined: lane.quarantinedUntilMs > nowMs, origin: peer === job.info.base })
    }
    return holders
  }

  /** Timers: announce, measure, and take requests away from sources that bring nothing. */
  tick (nowMs: number): Effect[] {
    this.#uplink.tick(nowMs)
    if (nowMs - this.#arrivalMs >= RATE_INTERVAL_MS) {
      this.#arrivalRate = (this.#arrivalRate + this.#arrived * 1000 / (nowMs - this.#arrivalMs)) / 2
      this.#arrived = 0
      this.#arrivalMs = nowMs
    }
    // What is in a full window takes its time on a slow uplink.
    const windowMs = this.#uplink.rate === 0 ? 0 : Math.max(this.#uplink.window, this.#uplink.inFlight) * PIECE_BYTES * 1000 / this.#uplink.rate
    const patienceMs = Math.max(FIRST_HOLDER_TIMEOUT_MS, 3 * windowMs)
    const effects: Effect[] = []
    for (const job of this.#jobs.values()) {
      for (const media of job.media.values()) this.#reclaim(job, media, nowMs, effects)
      for (const [seq, fresh] of job.fresh) {
        if (fresh.tick(nowMs, patienceMs)) for (const peer of job.partners()) effects.push(...job.announceAll(job.media.get(seq) as SwarmMedia, peer))
      }
    }
    if (nowMs - this.#havesMs >= HAVE_BATCH_MS) {
      this.#havesMs = nowMs
      for (const job of this.#jobs.values()) for (const media of job.media.values()) this.#announce(job, media, effects)
    }
    return effects
  }

  #reclaim (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): void {
    for (const [chunk, request] of [...media.requests]) {
      const lane = job.inbound.get(request.peer)
      // The lane as a whole counts, not the request: a busy source serves us in turn.
      const sinceMs = nowMs - Math.max(request.progressMs, lane?.progressMs ?? 0)
      // Its own pace, not what it claims: a slow uplink that serves many in turn is silent for a while each time.
      const gapMs = lane?.gapMs ?? 0
      const patienceMs = gapMs === 0 ? FIRST_PIECE_MS : Math.max(STALL_MS, STALL_GAPS * gapMs)
      const lost = !request.pushed && nowMs - request.progressMs >= Math.max(REQUEST_LOST_MS, REQUEST_LOST_GAPS * gapMs * media.chunkPieces)
      if (!lost && sinceMs < patienceMs) continue
      if (lane != null) lane.quarantinedUntilMs = nowMs + QUARANTINE_MS
      if (!request.pushed) effects.push(cancel(job, media, request.peer, chunk))
      job.release(media, chunk)
    }
  }

  #announce (job: JobSwarm, media: SwarmMedia, effects: Effect[]): void {
    if (media.unannounced.length === 0) return
    const chunks = media.unannounced.splice(0)
    if (job.fresh.get(media.seq)?.spread === false) return
    for (const peer of job.partners()) {
      const news = chunks.filter(chunk => !media.partnerHas(peer, chunk))
      if (news.length > 0) effects.push({ type: 'send', to: peer, message: { type: 'have', job: job.info.id, seq: media.seq, chunks: news } })
    }
  }

  /** Higher priority first; those alike in turn. */
  #byPriority (): JobSwarm[] {
    const jobs = [...this.#jobs.values()]
    const turned = jobs.map((_, index) => jobs[(index + this.#turn) % jobs.length] as JobSwarm)
    return turned.sort((a, b) => b.info.priority - a.info.priority)
  }
}

function cancel (job: JobSwarm, media: SwarmMedia, to: string, chunk: number): Effect {
  return { type: 'send', to, message: { type: 'cancel', job: job.info.id, seq: media.seq, chunk } }
}

/** A piece came after a pause in which it was waited for: what a lane is measured by, however little is asked of it. */
function paced (lane: InboundLane, pauseMs: number, bytes: number): void {
  lane.gapMs = Math.max(1, pauseMs, lane.gapMs * GAP_DECAY)
  lane.paceMs = lane.paceMs === 0 ? Math.max(1, pauseMs) : lane.paceMs + (pauseMs - lane.paceMs) * PACE_WEIGHT
  // The source's promise counts until there are enough pieces to tell.
  if (++lane.pieces >= PACE_PIECES) lane.rate = bytes * 1000 / Math.max(0.1, lane.paceMs)
}
