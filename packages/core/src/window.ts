import { Echoes } from './echoes.ts'
import { INITIAL_WINDOW_PIECES, LARGE_WINDOW_MS, PIECE_BYTES, STARVED_SHARE, WHOLE_WINDOW_MS, WINDOW_MS } from './limits.ts'
import { windowPieces } from './policies/window-pieces.ts'

/** Acknowledgements are counted over this long for the uplink's rate: a few windows. */
const RATE_INTERVAL_MS = 500

/**
 * How much may be under way on an uplink, and the rate it was measured at: so
 * many pieces as fill it for the window's time. On a fast line that time is
 * what acknowledgements take at best, and a little, as long as that is enough:
 * receivers that have much else to do acknowledge later. A line that did more
 * before, and always had more to send, was starved by it; so it has the whole
 * window for a while, and each time for longer.
 */
export class Window {
  readonly #echoes = new Echoes()
  #pieces = INITIAL_WINDOW_PIECES
  #rate = 0
  /** The most it did with a full window. */
  #bestRate = 0
  #acknowledged = 0
  #intervalMs = 0
  /** In this interval it was full at some time; and at some time there was nothing to send. */
  #full = false
  #rested = false
  /** The receiver of what left last acknowledges it later than usual. */
  #large = false
  #wholeUntilMs = 0
  #wholeForMs = WHOLE_WINDOW_MS

  /** Pieces that may be under way. */
  get pieces (): number {
    return this.#pieces
  }

  /** Bytes per second, as measured while it was busy; 0 before. */
  get rate (): number {
    return this.#rate
  }

  /** A piece leaves. @param inFlightTo - pieces under way to this peer now; @param counted - … and to all, as far as they count; @param large - it is of a large chunk: its acknowledgement waits longer */
  sent (peer: string, inFlightTo: number, counted: number, nowMs: number, large = false): void {
    this.#large = large
    this.#echoes.sent(peer, inFlightTo, nowMs)
    if (counted >= this.#pieces) this.#full = true
  }

  /** There is room, and nothing to send. */
  rests (): void {
    this.#rested = true
  }

  /** @param nowMs - if it is known when: a fast line's window goes by it */
  acknowledged (peer: string, pieces: number, nowMs?: number): void {
    if (nowMs != null) this.#echoes.acknowledged(peer, pieces, nowMs)
    this.#acknowledged += pieces
  }

  lost (peer: string): void {
    this.#echoes.lost(peer)
  }

  /**
   * Measure, and set the window to its time's worth of the rate. Only one that was full says what the uplink can do.
   *
   * @param counted - of the pieces in flight those that count in the window
   * @returns whether it was; undefined as long as nothing was measured anew
   */
  tick (nowMs: number, inFlight: number, counted = inFlight): boolean | undefined {
    if (this.#intervalMs === 0) this.#intervalMs = nowMs
    const elapsedMs = nowMs - this.#intervalMs
    if (elapsedMs < RATE_INTERVAL_MS) return undefined
    // What left is still on its way, or is being written: that says nothing of the line. The interval lasts until something has come.
    if (this.#acknowledged === 0 && inFlight > 0) return undefined
    const rate = this.#acknowledged * PIECE_BYTES * 1000 / elapsedMs
    const wasFull = this.#full
    if (wasFull) this.#resize(rate, nowMs)
    // A window that was never full only says that the uplink can do at least this.
    else this.#rate = Math.max(this.#rate, rate)
    this.#acknowledged = 0
    this.#full = counted >= this.#pieces
    this.#rested = false
    this.#intervalMs = nowMs
    return wasFull
  }

  /** Self-clocking: while acknowledgements take less than the window's time, rate × time is more than the window, and it grows. */
  #resize (rate: number, nowMs: number): void {
    this.#rate = this.#rate === 0 ? rate : (this.#rate + rate) / 2
    this.#bestRate = Math.max(this.#rate, this.#bestRate)
    if (!this.#rested && nowMs >= this.#wholeUntilMs && this.#rate < this.#bestRate * STARVED_SHARE) {
      this.#wholeUntilMs = nowMs + this.#wholeForMs
      this.#wholeForMs *= 2
    }
    this.#pieces = windowPieces(this.#rate, nowMs < this.#wholeUntilMs ? Number.POSITIVE_INFINITY : this.#echoes.meanMs, this.#large ? LARGE_WINDOW_MS - WINDOW_MS : 0)
  }
}
