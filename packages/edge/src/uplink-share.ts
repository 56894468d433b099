/** Bytes that may leave at once though the rate would spread them: as much time as a viewer's player never notices. */
const BURST_MS = 50

/**
 * A rate that many readers share: whoever takes bytes runs up a debt, and the
 * next one waits until it is paid off. In the order of asking, so that each gets
 * as much as any other.
 */
export class UplinkShare {
  #rate: number
  readonly #now: () => number
  #paidMs = 0
  #queue: Promise<void> = Promise.resolve()
  #taken = 0

  /**
   * @param rate - bytes per second; 0: no limit
   * @param now - a monotonic clock, in milliseconds
   */
  constructor (rate: number, now: () => number = () => performance.now()) {
    this.#rate = rate
    this.#now = now
  }

  /** Bytes taken since the start. */
  get taken (): number {
    return this.#taken
  }

  /** Bytes per second; 0: no limit. */
  get rate (): number {
    return this.#rate
  }

  set rate (rate: number) {
    this.#rate = rate
  }

  /**
   * How long to wait until so many bytes may leave, in milliseconds; they count as taken.
   */
  reserve (bytes: number): number {
    this.#taken += bytes
    if (this.#rate === 0) return 0
    const now = this.#now()
    // What was not used is not saved for longer than a burst.
    this.#paidMs = Math.max(this.#paidMs, now - BURST_MS)
    const waitMs = this.#paidMs - now
    this.#paidMs += bytes * 1000 / this.#rate
    return Math.max(0, waitMs)
  }

  /** Resolves when `bytes` may leave. @throws the signal's reason */
  async take (bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#rate === 0) {
      this.#taken += bytes
      return
    }
    const turn = this.#queue.then(async () => {
      if (signal.aborted) return
      await elapsed(this.reserve(bytes), signal)
    })
    this.#queue = turn
    await turn
    signal.throwIfAborted()
  }
}

/** A pause that ends early when nobody waits for it any more. */
async function elapsed (ms: number, signal: AbortSignal): Promise<void> {
  // A timer has whole milliseconds: the debt stays on the books, so what is too short to wait for is waited for later.
  if (ms < 1) return
  await new Promise<void>(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
