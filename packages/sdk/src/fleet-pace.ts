/** Bytes that a live put may be ahead of its servers: three windows of the base, seconds of any media. */
export const LIVE_LEAD_BYTES = 64 * 1024 * 1024

/** A server that got no further for this long, in milliseconds, is away or full rather than slow; they report twice a second. */
const STALE_MS = 10_000

/**
 * How far the servers have come with one live put, by their own word, and who
 * waits for them. Of those that get on it is the one in the middle that counts:
 * half of them keep up, and one that is away holds up nobody.
 */
export class FleetPace {
  readonly #leadBytes: number
  readonly #nowMs: () => number
  readonly #held = new Map<string, { bytes: number, atMs: number }>()
  #news = Promise.withResolvers<void>()
  #ended = false

  constructor (leadBytes: number, nowMs: () => number = () => performance.now()) {
    this.#leadBytes = leadBytes
    this.#nowMs = nowMs
  }

  /** So much of the put is verified on a server. */
  heard (peer: string, bytes: number): void {
    if (bytes <= (this.#held.get(peer)?.bytes ?? 0)) return
    this.#held.set(peer, { bytes, atMs: this.#nowMs() })
    this.#wake()
  }

  /** Bytes that half of the servers that get on hold at least; unset where none does. */
  get middle (): number | undefined {
    const held = [...this.#held.values()].filter(({ atMs }) => this.#nowMs() - atMs < STALE_MS).map(({ bytes }) => bytes).sort((a, b) => b - a)
    return held[Math.ceil(held.length / 2) - 1]
  }

  /** Resolves when `bytes` are no more than the lead ahead of the server in the middle. */
  async wait (bytes: number): Promise<void> {
    while (!this.#ended && bytes - (this.middle ?? bytes) > this.#leadBytes) {
      const timer = setTimeout(() => { this.#wake() }, STALE_MS)
      await this.#news.promise
      clearTimeout(timer)
    }
  }

  /** Nobody is to wait any more. */
  end (): void {
    this.#ended = true
    this.#wake()
  }

  #wake (): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}
