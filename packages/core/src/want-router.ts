import type { Effect } from './effect.ts'
import type { JobSwarm } from './job-swarm.ts'
import { MAX_CHUNKS, MAX_COMMANDS, PIECE_BYTES, WANT_BYTES, WANT_RELAYS, WANT_REPEAT_MS } from './limits.ts'
import type { Message } from './message.ts'
import type { SwarmMedia } from './swarm-media.ts'
import type { Uplink } from './uplink.ts'
import type { Want } from './wants.ts'

/**
 * Viewer-driven priority: what a viewer waits for, on its way to whoever can
 * bring it. Chunks that a source has are asked for ahead of others
 * (requester.ts). Those that none has are told to the base: it gives what it
 * has to whom the viewer sits at, before all else, and has the provider send
 * what has not come yet. A peer without a lane from the base tells some of its
 * sources, and they tell the base; nobody passes on further than that.
 */
export class WantRouter {
  readonly #uplink: Uplink

  constructor (uplink: Uplink) {
    this.#uplink = uplink
  }

  /** A viewer of this peer waits for pieces `first` … `end - 1`. */
  wanted (job: JobSwarm, seq: number, first: number, end: number, nowMs: number): Effect[] {
    const media = job.media.get(seq)
    if (media?.shaped !== true || end <= first) return []
    return this.#want(job, media, media.chunkOf(first), media.chunkOf(end - 1) + 1, undefined, nowMs)
  }

  /** Another peer's viewer does. */
  heard (job: JobSwarm, from: string, { seq, first, end }: Extract<Message, { type: 'want' }>, nowMs: number): Effect[] {
    if (!job.isMember(from)) return []
    if (seq === 0 || seq > MAX_COMMANDS || end <= first || end > MAX_CHUNKS) return [{ type: 'ban', peer: from, reason: `wants chunks ${first} to ${end} of command ${seq}` }]
    const media = job.media.get(seq)
    if (media?.shaped !== true) return []
    const effects = this.#want(job, media, first, end, from, nowMs)
    for (let chunk = first; chunk < clipped(media, first, end); chunk++) if (media.begun.has(chunk)) this.#give(job, media, chunk, from, nowMs)
    return effects
  }

  /** At the base: the first piece of a chunk has come, and viewers wait for it. It is passed on as it comes. */
  begun (job: JobSwarm, media: SwarmMedia, chunk: number, nowMs: number): void {
    const from = media.wants.of(chunk).find(want => want.from != null)?.from
    if (from != null) this.#give(job, media, chunk, from, nowMs)
  }

  tick (jobs: Iterable<JobSwarm>, nowMs: number): Effect[] {
    const effects: Effect[] = []
    for (const job of jobs) {
      for (const media of job.media.values()) {
        if (media.wants.size === 0) continue
        media.wants.prune(nowMs, want => media.abandoned || missingOf(media, want, () => true) == null)
        for (const want of media.wants) effects.push(...this.#pursue(job, media, want, nowMs))
      }
    }
    return effects
  }

  #want (job: JobSwarm, media: SwarmMedia, first: number, end: number, from: string | undefined, nowMs: number): Effect[] {
    const until = clipped(media, first, end)
    // What is lossy comes in the order in which it is made, or not at all.
    if (until <= first || media.abandoned || media.lateness != null) return []
    return this.#pursue(job, media, media.wants.add(first, until, from, nowMs), nowMs)
  }

  /** Tell it to whoever can do more about it than we can. */
  #pursue (job: JobSwarm, media: SwarmMedia, want: Want, nowMs: number): Effect[] {
    if (nowMs - want.toldMs < WANT_REPEAT_MS) return []
    const missing = missingOf(media, want, chunk => job.isSource || !(media.requests.has(chunk) || hasSource(job, media, chunk)))
    if (missing == null) return []
    const { info: { id } } = job
    const { seq } = media
    if (job.isSource) {
      // Of what has not been made yet there is nothing to send sooner.
      if (media.openEnded) return []
      want.toldMs = nowMs
      return [{ type: 'fetch', job: id, seq, first: media.resumePoint(missing.first), end: media.endPiece(missing.end - 1) }]
    }
    want.toldMs = nowMs
    return this.#relays(job, want).map(to => ({ type: 'send', to, message: { type: 'want', job: id, seq, ...missing } }))
  }

  /** The base; or, without a lane from it, our fastest sources, for our own viewers only: so wants do not go round. */
  #relays (job: JobSwarm, want: Want): string[] {
    const { base } = job.info
    if (job.inbound.has(base)) return [base]
    if (want.from != null) return []
    return [...job.inbound].toSorted(([, a], [, b]) => b.rate - a.rate).slice(0, WANT_RELAYS).map(([peer]) => peer)
  }

  /** At the base: the chunk goes to `peer` next, as far as it is here. */
  #give (job: JobSwarm, media: SwarmMedia, chunk: number, peer: string, nowMs: number): void {
    const { seq } = media
    const fresh = job.fresh.get(seq)
    if (fresh == null || media.partners.hasAnnounced(peer, chunk)) return
    if (!job.serves(peer)) return fresh.hurry(chunk)
    if (this.#uplink.hurry(peer, job.info.id, seq, chunk) || !fresh.give(chunk, peer, nowMs)) return
    this.#uplink.enqueue(peer, { job: job.info.id, seq, chunk, next: media.firstPiece(chunk), end: media.endPiece(chunk), urgent: true, first: job.firstOf(media, peer) })
  }
}

/** As much of a want as counts. */
function clipped (media: SwarmMedia, first: number, end: number): number {
  return Math.min(end, first + Math.max(1, Math.floor(WANT_BYTES / (media.chunkPieces * PIECE_BYTES))), media.chunkCount)
}

/** From the first to the last of a want's chunks that are not here whole and are of such a kind. */
function missingOf (media: SwarmMedia, { first, end }: Want, such: (chunk: number) => boolean): { first: number, end: number } | undefined {
  const missing: number[] = []
  for (let chunk = first; chunk < Math.min(end, media.chunkCount); chunk++) if (!media.have.has(chunk) && such(chunk)) missing.push(chunk)
  return missing.length === 0 ? undefined : { first: missing[0] as number, end: (missing.at(-1) as number) + 1 }
}

function hasSource (job: JobSwarm, media: SwarmMedia, chunk: number): boolean {
  for (const peer of job.inbound.keys()) if (media.mayAsk(peer, chunk)) return true
  return false
}
