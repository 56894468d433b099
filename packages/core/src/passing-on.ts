import type { JobSwarm } from './job-swarm.ts'
import { GRACE_START_MS, MAX_WAITING_PUSHES } from './limits.ts'
import type { SwarmMedia } from './swarm-media.ts'
import type { Uplink } from './uplink.ts'

/** A live piece for somebody to whom there is no lane yet. */
interface Owed {
  readonly media: SwarmMedia
  readonly piece: number
  readonly first: number
  readonly atMs: number
}

/**
 * Live pieces go on to those behind us on their trees. The first ones come
 * before this server has lanes to all of these: they wait for them, as long as
 * nobody asks for what is to come by itself.
 */
export class PassingOn {
  readonly #uplink: Uplink
  readonly #owed = new WeakMap<JobSwarm, Map<string, Owed[]>>()

  constructor (uplink: Uplink) {
    this.#uplink = uplink
  }

  /** A piece that came along the tree of the server of rank `first` is here. */
  pass (job: JobSwarm, media: SwarmMedia, piece: number, first: number, nowMs: number): void {
    if (!media.isPushed || media.disowned) return
    for (const peer of job.pushedTo(first)) {
      if (job.serves(peer)) this.#push(job, peer, media, piece, first)
      else this.#owe(job, peer, { media, piece, first, atMs: nowMs })
    }
  }

  /** `peer` has accepted a lane from here, or says so. */
  opened (job: JobSwarm, peer: string, nowMs: number): void {
    if (!job.serves(peer)) return
    const owed = this.#owed.get(job)
    for (const { media, piece, first, atMs } of owed?.get(peer) ?? []) {
      if (nowMs - atMs < GRACE_START_MS && !media.disowned) this.#push(job, peer, media, piece, first)
    }
    owed?.delete(peer)
  }

  /** Unless he has it. What the uplink does not take he finds elsewhere. */
  #push (job: JobSwarm, peer: string, media: SwarmMedia, piece: number, first: number): void {
    if (media.partners.hasAnnounced(peer, piece)) return
    this.#uplink.push(peer, { job: job.info.id, seq: media.seq, chunk: piece, next: piece, end: piece + 1, first }, [...job.receivers()].length)
  }

  #owe (job: JobSwarm, peer: string, piece: Owed): void {
    let owed = this.#owed.get(job)
    if (owed == null) this.#owed.set(job, owed = new Map())
    const waiting = owed.get(peer) ?? []
    waiting.push(piece)
    // As many as may wait for a window.
    owed.set(peer, waiting.slice(-MAX_WAITING_PUSHES))
  }
}
