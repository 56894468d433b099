import { PIECE_BYTES } from '@sluice/wire'

/** Bytes may stand so long on their way, beyond what the way itself takes: longer than the base's pauses between two of its words. */
const STANDING_MS = 150
/** As many may always be on their way: less would not keep any link busy. */
const MIN_BYTES = 4 * PIECE_BYTES
/** A rate is measured over so long at least: the base's words come in bursts. */
const SPAN_MS = 100
/** The best rate of so long, and of as long before, is taken for that of the way. */
const BEST_MS = 2_000

/**
 * How much of an upload may be on its way to the base, as a time: what one sends
 * into a queue cannot be overtaken any more by what a viewer waits for. The
 * product of the best rate and the least delay that were seen is what fills the
 * way (as in BBR, Cardwell et al. 2016); a little stands in the queue beside it,
 * so that the window grows as long as the way takes more.
 */
export class TransitWindow {
  #sentBytes = 0
  #receivedBytes = 0
  /** Sent when nothing else was on its way: its answer tells the delay. */
  #probe: { readonly endBytes: number, readonly atMs: number } | undefined
  #leastMs: number | undefined
  #since: { readonly bytes: number, readonly atMs: number } | undefined
  /** In bytes per millisecond. */
  #best = 0
  #bestBefore = 0
  #bestUntilMs = 0

  /** Whether so many bytes may be sent now. One piece always may. */
  hasRoom (bytes: number): boolean {
    const onTheWay = this.#sentBytes - this.#receivedBytes
    return onTheWay === 0 || onTheWay + bytes <= this.bytes
  }

  /** In bytes. */
  get bytes (): number {
    return Math.max(MIN_BYTES, Math.max(this.#best, this.#bestBefore) * ((this.#leastMs ?? 0) + STANDING_MS))
  }

  sent (bytes: number, nowMs: number): void {
    if (this.#sentBytes === this.#receivedBytes) {
      this.#probe = { endBytes: this.#sentBytes + bytes, atMs: nowMs }
      this.#since ??= { bytes: 0, atMs: nowMs }
    }
    this.#sentBytes += bytes
  }

  /** @param bytes - that the base has received in all; more than were sent are not believed */
  received (bytes: number, nowMs: number): void {
    this.#receivedBytes = Math.max(this.#receivedBytes, Math.min(bytes, this.#sentBytes))
    if (this.#probe != null && this.#receivedBytes >= this.#probe.endBytes) {
      this.#leastMs = Math.min(this.#leastMs ?? Number.POSITIVE_INFINITY, nowMs - this.#probe.atMs)
      this.#probe = undefined
    }
    if (nowMs >= this.#bestUntilMs) {
      this.#bestBefore = this.#best
      this.#best = 0
      this.#bestUntilMs = nowMs + BEST_MS
    }
    if (this.#since == null || nowMs - this.#since.atMs < SPAN_MS) return
    this.#best = Math.max(this.#best, (this.#receivedBytes - this.#since.bytes) / (nowMs - this.#since.atMs))
    this.#since = { bytes: this.#receivedBytes, atMs: nowMs }
  }
}
