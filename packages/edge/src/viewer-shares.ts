import { UplinkShare } from './uplink-share.ts'

/** Addresses remembered: beyond that the ones that were longest away begin anew. */
const MAX_VIEWERS = 10_000

/** A rate for each viewer by itself, whatever number of connections it opens. */
export class ViewerShares {
  readonly #rate: number
  // In order of last use.
  readonly #shares = new Map<string, UplinkShare>()

  /** @param rate - bytes per second of one viewer */
  constructor (rate: number) {
    this.#rate = rate
  }

  of (viewer: string): UplinkShare {
    const share = this.#shares.get(viewer) ?? new UplinkShare(this.#rate)
    this.#shares.delete(viewer)
    this.#shares.set(viewer, share)
    if (this.#shares.size > MAX_VIEWERS) {
      for (const oldest of this.#shares.keys()) {
        this.#shares.delete(oldest)
        break
      }
    }
    return share
  }
}
