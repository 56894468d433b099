import type { JobSwarm } from './job-swarm.ts'
import { GRACE_START_MS, MAX_WAITING_PUSHES } from './limits.ts'
import type { SwarmMedia } from './swarm-media.ts'
import type { Uplink } from './uplink.ts'

/** A live piece for somebody; what there is no lane for yet waits for it. */
interface Owed {
  readonly media: SwarmMedia
  readonly piece: number
  readonly first: number
  readonly behind: number
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
    this.#uplink.claim(job.ownRate)
    for (const { peer, behind } of job.pushedTo(first)) {
      const owed = { media, piece, first, behind, atMs: nowMs }
      if (job.serves(peer)) this.#push(job, peer, owed)
      else this.#owe(job, peer, owed)
    }
  }

  /** `peer` has accepted a lane from here, or says so. */
  opened (job: JobSwarm, peer: string, nowMs: number): void {
    if (!job.serves(peer)) return
    const owed = this.#owed.get(job)
    for (const piece of owed?.get(peer) ?? []) {
      if (nowMs - piece.atMs < GRACE_START_MS && !piece.media.disowned) this.#push(job, peer, piece)
    }
    owed?.delete(peer)
  }

  /** Unless he has it. What the uplink does not take he finds elsewhere. */
  #push (job: JobSwarm, peer: string, { media, piece, first, behind }: Owed): void {
    if (media.partners.hasAnnounced(peer, piece)) return
    this.#uplink.push(peer, { job: job.info.id, seq: media.seq, chunk: piece, next: piece, end: piece + 1, first }, behind, [...job.receivers()].length)
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
