import type { PeerId } from '@libp2p/interface'
import { Bitmap } from '@sluice/store'
import type { Driver } from './driver.ts'
import type { Host } from './host.ts'
import type { BookedJob } from './job-book.ts'

/** Pieces that are not what they should be, by put. */
export type BadPieces = ReadonlyMap<number, ReadonlySet<number>>

/** How long a hang-up, and a dial, may take, in milliseconds. */
const HANG_UP_MS = 1_000
const DIAL_MS = 10_000

/** What can be done for one job on this node from outside of the core: each is what a restart would do, for this job alone. */
export class JobCare {
  readonly #host: Host
  readonly #driver: Driver

  constructor (host: Host, driver: Driver) {
    this.#host = host
    this.#driver = driver
  }

  /**
   * Drop the connections to the job's other servers, and dial them anew: dead sockets and stuck streams go with
   * them. The base's carries the order, and stays.
   *
   * @returns how many were dropped
   */
  async reconnect (job: BookedJob): Promise<number> {
    const dropped = await this.#hangUp(job)
    // Who cannot be dialled is dialled again by the core.
    for (const peer of dropped) this.#host.dial(peer, { signal: AbortSignal.timeout(DIAL_MS) }).catch(() => {})
    return dropped.length
  }

  async #hangUp (job: BookedJob): Promise<PeerId[]> {
    const servers = new Set(job.signed.value.servers.map(({ peer }) => peer))
    const connected = this.#host.getPeers().filter(peer => servers.has(peer.toString()))
    await Promise.allSettled(connected.map(peer => this.#host.hangUp(peer, { signal: AbortSignal.timeout(HANG_UP_MS) })))
    return connected
  }

  /** Compare the staged pieces with the hashes that the provider signed, until `signal` says that it is enough. */
  async reverify (job: BookedJob, signal: AbortSignal): Promise<{ held: number, checked: number, bad: BadPieces }> {
    const bad = new Map<number, Set<number>>()
    let held = 0
    let checked = 0
    for (const [seq, pages] of job.pages) {
      const pieces = this.#driver.peer.pieces(job.key, seq)
      if (pieces == null || pieces.count === 0) continue
      held += pieces.count
      const { put } = await this.#driver.intake.media(job, seq)
      for (const piece of [...pieces.indexes()]) {
        if (signal.aborted) break
        if (!pages.covers(piece)) continue
        checked++
        // What cannot be read is as bad as what reads wrong.
        const problem = await put.read(piece, pages.length(piece)).then(bytes => pages.problem(piece, bytes), (error: Error) => error.message)
        if (problem != null) bad.set(seq, (bad.get(seq) ?? new Set()).add(piece))
      }
    }
    return { held, checked, bad }
  }

  /** Take the job up anew from the journal, as after a restart, without the pieces that are bad: they are fetched again. */
  async renew (job: BookedJob, bad: BadPieces): Promise<void> {
    // Others believe what we announced: they must hear it anew.
    const partners = await this.#hangUp(job)
    await this.#driver.intake.reopen(job, () => this.#driver.input({ type: 'jobClosed', job: job.key }), (seq, pieces) => {
      const bitmap = Bitmap.fromBytes(pieces)
      for (const piece of bad.get(seq) ?? []) bitmap.clear(piece)
      return bitmap.toBytes()
    })
    this.#driver.restore(job)
    for (const peer of partners) this.#host.dial(peer, { signal: AbortSignal.timeout(DIAL_MS) }).catch(() => {})
  }
}
