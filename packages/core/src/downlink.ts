import { MAX_FIRST_REQUESTS, MIN_REQUEST_BYTES, MIN_REQUESTS, REQUEST_AHEAD_MS, STALL_MS } from './limits.ts'

/** The arrival rate is measured over this long: a few rounds of requests. */
const RATE_INTERVAL_MS = 500

/** What arrives at one peer from all its sources, and so how much may be asked for ahead. */
export class Downlink {
  #bytes = 0
  #rate = 0
  #best = 0
  #sinceMs = 0
  #arrivedMs = Number.NEGATIVE_INFINITY

  /** Bytes per second, smoothed. */
  get rate (): number {
    return this.#rate
  }

  arrived (bytes: number, nowMs: number): void {
    this.#bytes += bytes
    this.#arrivedMs = nowMs
  }

  tick (nowMs: number): void {
    const elapsedMs = nowMs - this.#sinceMs
    if (elapsedMs < RATE_INTERVAL_MS) return
    this.#rate = (this.#rate + this.#bytes * 1000 / elapsedMs) / 2
    this.#best = Math.max(this.#best, this.#rate)
    this.#bytes = 0
    this.#sinceMs = nowMs
  }

  /** How long a request takes when as many are out as may be, by Little's law, at the best rate there was: little arrives at the end of a put. Infinite before anything arrived. */
  usualMs (chunkBytes: number): number {
    return this.limit(chunkBytes) * chunkBytes * 1000 / this.#best
  }

  /** How long a piece may stand behind the others of so many bytes that were asked for, at the best rate there was; 0 if nothing comes at all, for then it is not here that they wait. */
  queueMs (bytes: number, nowMs: number): number {
    return this.#best === 0 || nowMs - this.#arrivedMs >= STALL_MS ? 0 : bytes * 1000 / this.#best
  }

  /** Chunks that may be asked for and not arrived: a time's worth of the rate, and enough to begin with. */
  limit (chunkBytes: number): number {
    const first = Math.min(MAX_FIRST_REQUESTS, Math.max(MIN_REQUESTS, Math.floor(MIN_REQUEST_BYTES / chunkBytes)))
    return Math.max(first, Math.ceil(this.#rate * REQUEST_AHEAD_MS / 1000 / chunkBytes))
  }
}
