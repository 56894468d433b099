import type { Downlink } from './downlink.ts'
import type { Effect } from './effect.ts'
import type { InboundLane, JobSwarm } from './job-swarm.ts'
import { FIRST_PIECE_MS, LANE_AHEAD_MS, LATE_FACTOR, LEAST_EXPECTED_MS, MAX_QUEUED_REQUESTS, MIN_LANE_REQUESTS, ORIGIN_TAKES_OVER_MS, PACE_PIECES, PIECE_BYTES, QUARANTINE_MS, REQUEST_LOST_GAPS, REQUEST_LOST_MS, RESTED_MS, STALL_GAPS, STALL_MS, SWITCH_INTERVAL_MS, SWITCH_SAVING_MS, WANTED_AHEAD_BYTES } from './limits.ts'
import { newestFirst } from './policies/newest-first.ts'
import { rarestFirst } from './policies/rarest-first.ts'
import { chooseSource, type Candidate } from './policies/source-choice.ts'
import { worthSwitching } from './policies/takeover.ts'
import type { Prng } from './prng.ts'
import type { Request, SwarmMedia } from './swarm-media.ts'

/** A chunk that was asked for. */
interface Waiting {
  readonly chunk: number
  readonly peer: string
  /** Bytes that are missing of it. */
  readonly left: number
  /** … and of all that its source was asked for up to it. */
  readonly bytes: number
  /** What the source brings now, bytes per second. */
  readonly rate: number
  /** From here on the base may take it over. */
  readonly originFromMs: number
}

/**
 * The receiving side of the chunk path: whom to ask for what, and when to ask
 * somebody else. The source is chosen first, so that every lane has work for
 * its rate, then the rarest chunk it has: choosing the chunk first sends all
 * receivers to the one source that has the rarest (64 nodes: 1.63 against 1.05
 * × the bound).
 */
export class Requester {
  readonly #prng: Prng
  readonly #downlink: Downlink
  readonly #switching: boolean
  readonly #rateSort: boolean
  #lookedMs = 0

  constructor (prng: Prng, downlink: Downlink, { dynamicSwitching, rateSort }: { dynamicSwitching: boolean, rateSort: boolean }) {
    this.#prng = prng
    this.#downlink = downlink
    this.#switching = dynamicSwitching
    this.#rateSort = rateSort
  }

  /** Ask for what is missing, as far as requests may be out. @param jobs - the more urgent first */
  plan (jobs: readonly JobSwarm[], nowMs: number): Effect[] {
    const effects: Effect[] = []
    for (const job of jobs) for (const media of job.media.values()) if (media.wants.size > 0 && media.wanting) this.#planWanted(job, media, nowMs, effects)
    let out = 0
    for (const job of jobs) out += job.requests
    // One request for each put that misses something, then another: none waits until all others are done.
    let wanting = jobs.flatMap(job => [...job.media.values()].filter(media => media.wanting).map(media => ({ job, media })))
    while (wanting.length > 0) {
      wanting = wanting.filter(({ job, media }) => {
        if (out >= this.#downlink.limit(media.chunkPieces * PIECE_BYTES)) return false
        if (!this.#request(job, media, nowMs, effects)) return false
        out++
        return true
      })
    }
    return effects
  }

  /** What viewers wait for comes before all else, whatever is out already; a source that was asked for it before is told that it hurries. */
  #planWanted (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): void {
    let room = Math.max(MIN_LANE_REQUESTS, Math.floor(WANTED_AHEAD_BYTES / (media.chunkPieces * PIECE_BYTES)))
    const urgent = new Map<string, number>()
    for (const chunk of media.wants.chunks()) {
      if (room === 0) return
      if (media.have.has(chunk) || media.awaited?.has(chunk) === true) continue
      const request = media.requests.get(chunk)
      const peer = request?.peer ?? this.#holderOf(job, media, chunk, urgent, nowMs)
      if (peer == null) continue
      room--
      urgent.set(peer, (urgent.get(peer) ?? 0) + 1)
      if (request == null) effects.push(ask(this.#downlink, job, media, peer, chunk, nowMs))
      else if (!request.pushed && !request.urgent) {
        request.urgent = true
        effects.push(requestOf(job, media, peer, chunk, true))
      }
    }
  }

  /** @param requests - urgent ones out with each source: others are not ahead of this one */
  #holderOf (job: JobSwarm, media: SwarmMedia, chunk: number, requests: ReadonlyMap<string, number>, nowMs: number): string | undefined {
    const holders: Candidate[] = []
    for (const [peer, { rate, quarantinedUntilMs }] of job.inbound) {
      if (media.mayAsk(peer, chunk)) holders.push({ peer, requests: requests.get(peer) ?? 0, rate: this.#rateSort ? rate : 0, quarantined: quarantinedUntilMs > nowMs, origin: peer === job.info.base })
    }
    return chooseSource(holders)?.peer
  }

  /** @returns false if nothing is to be asked of anybody */
  #request (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): boolean {
    for (;;) {
      const source = chooseSource(this.#candidates(job, media, nowMs))
      if (source == null) return false
      const missing = media.missingFrom(source.peer)
      const chunk = media.lateness == null ? rarestFirst(missing, index => media.partners.announcers(index), this.#prng) : newestFirst(missing)
      if (chunk != null) {
        effects.push(ask(this.#downlink, job, media, source.peer, chunk, nowMs), ...notPushed(job, media, source.peer, chunk))
        return true
      }
      media.exhausted.add(source.peer)
    }
  }

  * #candidates (job: JobSwarm, media: SwarmMedia, nowMs: number): Generator<Candidate> {
    for (const [peer, lane] of job.inbound) {
      if (media.exhausted.has(peer)) continue
      const candidate = this.#candidate(job, media, peer, lane, nowMs)
      if (candidate != null) yield candidate
    }
  }

  /** A source that may be asked for one chunk more. */
  #candidate (job: JobSwarm, media: SwarmMedia, peer: string, lane: InboundLane, nowMs: number): Candidate | undefined {
    const requests = job.asked.get(peer) ?? 0
    const chunkBytes = media.chunkPieces * PIECE_BYTES
    // Where sources are few each of them is asked for its share of all that may be out.
    const share = this.#downlink.limit(chunkBytes) / job.inbound.size
    const most = Math.max(MIN_LANE_REQUESTS, Math.ceil(share), Math.ceil(lane.rate * LANE_AHEAD_MS / 1000 / chunkBytes))
    if (requests >= Math.min(most, MAX_QUEUED_REQUESTS)) return undefined
    return { peer, requests, rate: this.#rateSort ? lane.rate : 0, quarantined: lane.quarantinedUntilMs > nowMs, origin: peer === job.info.base, rested: requests === 0 && nowMs - lane.progressMs >= RESTED_MS && this.#leftMs(media) >= RESTED_MS }
  }

  /** How long the rest of a put takes at the rate at which media come here. */
  #leftMs (media: SwarmMedia): number {
    return (media.chunkCount - media.have.count) * media.chunkPieces * PIECE_BYTES * 1000 / this.#downlink.rate
  }

  /** Timers: take requests away from sources that bring nothing, and chunks from those that others beat. */
  tick (jobs: Iterable<JobSwarm>, nowMs: number): Effect[] {
    const effects: Effect[] = []
    const look = this.#switching && nowMs - this.#lookedMs >= SWITCH_INTERVAL_MS
    if (look) this.#lookedMs = nowMs
    for (const job of jobs) {
      for (const media of job.media.values()) {
        media.miss(nowMs)
        this.#reclaim(job, media, nowMs, effects)
        if (media.wanting && (look || (this.#switching && media.mayRebalance))) this.#switch(job, media, nowMs, effects)
      }
    }
    return effects
  }

  /** A silent source loses what it was asked for; the next one goes on at the piece after the last. */
  #reclaim (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): void {
    // Where our own downlink is what is slow, all that was asked for is late, and no source silent.
    const queueMs = Math.min(FIRST_PIECE_MS, this.#downlink.queueMs(job.requests * media.chunkPieces * PIECE_BYTES, nowMs))
    for (const [chunk, request] of [...media.requests]) {
      const lane = job.inbound.get(request.peer)
      const patience = Math.max(queueMs, patienceMs(lane))
      if (!isSilent(request, lane, media.chunkPieces, patience, nowMs)) continue
      // Asked again, the only source would send again what is on its way already.
      if (patience < FIRST_PIECE_MS && this.#isAlone(job, media, chunk, request.peer) && !isSilent(request, lane, media.chunkPieces, FIRST_PIECE_MS, nowMs)) continue
      if (lane != null) lane.quarantinedUntilMs = nowMs + QUARANTINE_MS
      if (!request.pushed) effects.push(cancel(job, media, request.peer, chunk))
      job.release(media, chunk)
    }
  }

  /** Nobody else can be asked for the chunk now. */
  #isAlone (job: JobSwarm, media: SwarmMedia, chunk: number, than: string): boolean {
    for (const peer of job.inbound.keys()) if (peer !== than && media.mayAsk(peer, chunk)) return false
    return true
  }

  /** Whatever a lane will bring late is taken over by one that brings it clearly sooner, at the piece after the last. */
  #switch (job: JobSwarm, media: SwarmMedia, nowMs: number, effects: Effect[]): void {
    const ahead = new Map<string, number>()
    const others: Waiting[] = []
    for (const [chunk, { peer, pushed, dueMs, progressMs }] of [...media.requests]) {
      const lane = job.inbound.get(peer)
      const left = (media.endPiece(chunk) - media.resumePoint(chunk)) * PIECE_BYTES
      const bytes = (ahead.get(peer) ?? 0) + left
      ahead.set(peer, bytes)
      if (pushed || lane == null) continue
      const waiting = { chunk, peer, left, bytes, rate: rateNow(lane, nowMs), originFromMs: dueMs + ORIGIN_TAKES_OVER_MS }
      if (nowMs >= dueMs && this.#takeOver(job, media, waiting, false, nowMs, effects)) ahead.set(peer, bytes - left)
      // What has brought nothing for a while may take as long again, whatever its lane is measured at: pieces of other chunks come by it.
      else others.push({ ...waiting, rate: Math.min(waiting.rate, bytes * 1000 / Math.max(1, nowMs - progressMs)) })
    }
    if (media.mayRebalance) this.#rebalance(job, media, others, nowMs, effects)
  }

  /** In the end of a put what waits at one source is all that is left for another to do: it is taken over before it is late, first what would come last, if both were measured. */
  #rebalance (job: JobSwarm, media: SwarmMedia, others: Waiting[], nowMs: number, effects: Effect[]): void {
    for (const waiting of others.sort((a, b) => b.bytes * a.rate - a.bytes * b.rate)) {
      if (!media.mayRebalance) return
      if (isMeasured(job.inbound.get(waiting.peer)) && this.#takeOver(job, media, waiting, true, nowMs, effects)) media.earlySwitches++
    }
  }

  #takeOver (job: JobSwarm, media: SwarmMedia, waiting: Waiting, early: boolean, nowMs: number, effects: Effect[]): boolean {
    const { peer, chunk } = waiting
    const better = this.#better(job, media, waiting, early, nowMs)
    if (better == null) return false
    effects.push(cancel(job, media, peer, chunk))
    job.release(media, chunk)
    effects.push(ask(this.#downlink, job, media, better, chunk, nowMs))
    return true
  }

  #better (job: JobSwarm, media: SwarmMedia, { chunk, peer: than, left, bytes: before, rate, originFromMs }: Waiting, early: boolean, nowMs: number): string | undefined {
    const holders: Candidate[] = []
    for (const [peer, lane] of job.inbound) {
      if (peer === than || !media.mayAsk(peer, chunk) || lane.quarantinedUntilMs > nowMs || (early && !isMeasured(lane))) continue
      const candidate = this.#candidate(job, media, peer, lane, nowMs)
      if (candidate != null && (candidate.origin !== true || nowMs >= originFromMs)) holders.push({ ...candidate, rate: this.#rateSort ? expectedRate(job, lane) : 0, rested: false })
    }
    const best = chooseSource(holders)
    if (best == null) return undefined
    const lane = job.inbound.get(best.peer) as InboundLane
    const bytes = best.requests * media.chunkPieces * PIECE_BYTES + left
    return worthSwitching({ bytes: before, rate }, { bytes, rate: best.requests === 0 ? expectedRate(job, lane) : rateNow(lane, nowMs) || expectedRate(job, lane) }) ? best.peer : undefined
  }
}

function ask (downlink: Downlink, job: JobSwarm, media: SwarmMedia, peer: string, chunk: number, nowMs: number): Effect {
  const lane = job.inbound.get(peer) as InboundLane
  const requests = job.asked.get(peer) ?? 0
  // A lane of which nothing was asked was not silent, it had nothing to say.
  if (requests === 0) lane.progressMs = nowMs
  const chunkBytes = media.chunkPieces * PIECE_BYTES
  const expectedMs = lane.rate > 0 ? Math.min(Math.max(LEAST_EXPECTED_MS, downlink.usualMs(chunkBytes)), (requests + 1) * chunkBytes * 1000 / lane.rate) : FIRST_PIECE_MS
  const urgent = media.wants.has(chunk)
  media.ask(chunk, { peer, progressMs: nowMs, dueMs: nowMs + SWITCH_SAVING_MS + LATE_FACTOR * expectedMs, pushed: false, urgent })
  return requestOf(job, media, peer, chunk, urgent)
}

/** What was to come by itself, and is now asked of one, need not come from others: it may stand in their lines for seconds (seed 3055: 48 of 276 live pieces came twice, now 12). */
function notPushed (job: JobSwarm, media: SwarmMedia, of: string, chunk: number): Effect[] {
  return [...job.inbound.keys()].filter(peer => peer !== of && job.mayPush(peer, media, chunk) && media.partners.hasAnnounced(peer, chunk)).map(peer => cancel(job, media, peer, chunk))
}

function requestOf (job: JobSwarm, media: SwarmMedia, to: string, chunk: number, urgent: boolean): Effect {
  return { type: 'send', to, message: { type: 'request', job: job.info.id, seq: media.seq, chunk, offset: media.resumePoint(chunk) - media.firstPiece(chunk), ...urgent ? { urgent } : {}, held: media.have.count } }
}

export function cancel (job: JobSwarm, media: SwarmMedia, to: string, chunk: number): Effect {
  return { type: 'send', to, message: { type: 'cancel', job: job.info.id, seq: media.seq, chunk } }
}

/** How long a lane may be silent: by its own pace, not by what it claims, since a slow uplink that serves many in turn is silent for a while each time. */
function patienceMs (lane: InboundLane | undefined): number {
  return lane == null || lane.gapMs === 0 ? FIRST_PIECE_MS : Math.max(STALL_MS, STALL_GAPS * lane.gapMs)
}

function isSilent (request: Request, lane: InboundLane | undefined, chunkPieces: number, patience: number, nowMs: number): boolean {
  // The lane as a whole counts, not the request: a busy source serves us in turn.
  if (nowMs - Math.max(request.progressMs, lane?.progressMs ?? 0) >= patience) return true
  return !request.pushed && nowMs - request.progressMs >= Math.max(REQUEST_LOST_MS, REQUEST_LOST_GAPS * (lane?.gapMs ?? 0) * chunkPieces)
}

/** Its rate is no promise any more. */
function isMeasured (lane: InboundLane | undefined): boolean {
  return lane != null && lane.pieces >= PACE_PIECES
}

/** What a lane of which something was asked brings now: its measured rate, unless it pauses for longer than it ever did lately; 0 if it brought nothing yet. */
function rateNow (lane: InboundLane, nowMs: number): number {
  const silentMs = nowMs - lane.progressMs
  const rate = knownRate(lane)
  return lane.gapMs > 0 && silentMs > lane.gapMs ? Math.min(rate, PIECE_BYTES * 1000 / silentMs) : rate
}

/** What was measured or promised; where nothing was promised a few pieces say more than nothing. */
function knownRate (lane: InboundLane): number {
  return lane.rate > 0 ? lane.rate : lane.paceMs > 0 ? PIECE_BYTES * 1000 / lane.paceMs : 0
}

/** A lane that promised nothing and was never asked is taken for as fast as the others are on average: or nobody would ever ask it instead of a slow one. */
function expectedRate (job: JobSwarm, lane: InboundLane): number {
  const own = knownRate(lane)
  if (own > 0) return own
  const known = [...job.inbound.values()].map(knownRate).filter(rate => rate > 0)
  return known.length === 0 ? 0 : known.reduce((sum, rate) => sum + rate, 0) / known.length
}
