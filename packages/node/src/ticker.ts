import { PIECE_BYTES } from '@sluice/wire'

/** Media that this peer sent and received so far, all jobs together. */
export interface MediaCount {
  readonly sentInAll: number
  readonly receivedInAll: number
  /** Pieces of live media among all that. */
  readonly liveInAll: number
}

/** How often the core's timers are looked at while it has a job, in milliseconds: its finest one is 20. */
export const HURRIED_MS = 20
/** … but not sooner than a piece takes on a slow line, up to this: at 10 Mbit/s all timers together are 4 % of the processor time. */
export const PATIENT_MS = 50
/** … and a line on which less moves than this, in bytes per second, says nothing of what it can do: four pieces. */
const LEAST_RATE = 4 * PIECE_BYTES
/** The rate is looked at this often: some rounds of requests, and some pieces of a line that is slow. */
const MEASURE_MS = 1_000

/**
 * The clock of the core's timers. It goes by what the lines are seen to do: where a piece takes 50 ms nothing is
 * gained by looking, or reading, more often than that. Where live media comes each wait is a viewer's.
 */
export class Ticker {
  readonly #count: MediaCount
  readonly #tick: () => void
  #timer: NodeJS.Timeout | undefined
  #sinceMs = performance.now()
  #before = { sent: 0, received: 0, live: 0 }
  /** Bytes per second, of whichever direction moves more. */
  #rate = 0
  #live = false

  constructor (count: MediaCount, tick: () => void) {
    this.#count = count
    this.#tick = tick
  }

  /** What is not urgent may wait so long, in milliseconds. */
  get paceMs (): number {
    if (this.#live || this.#rate < LEAST_RATE) return HURRIED_MS
    return Math.min(PATIENT_MS, Math.max(HURRIED_MS, PIECE_BYTES * 1000 / this.#rate))
  }

  start (): void {
    this.#timer = setTimeout(() => {
      this.measure(performance.now())
      this.start()
      this.#tick()
    }, this.paceMs)
  }

  stop (): void {
    clearTimeout(this.#timer)
  }

  /** Take note of what moved, now and then. */
  measure (nowMs: number): void {
    const elapsedMs = nowMs - this.#sinceMs
    if (elapsedMs < MEASURE_MS) return
    const { sentInAll: sent, receivedInAll: received, liveInAll: live } = this.#count
    const rate = Math.max(sent - this.#before.sent, received - this.#before.received) * 1000 / elapsedMs
    // A pause is no slow line: what it did before counts for a while.
    this.#rate = Math.max(rate, this.#rate / 2)
    this.#live = live > this.#before.live
    this.#before = { sent, received, live }
    this.#sinceMs = nowMs
  }
}
