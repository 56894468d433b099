/**
 * A base that says nothing for so long is asked anew, in milliseconds: perhaps
 * it does not know any more that it was asked. That costs it a message, or the
 * receipts of a job so far.
 */
const SILENCE_MS = 60_000

/** Aborts when `other` does, or when nothing was said for too long. */
export class Silence {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout

  constructor (other?: AbortSignal, ms = SILENCE_MS) {
    const silent = new AbortController()
    this.signal = other == null ? silent.signal : AbortSignal.any([other, silent.signal])
    this.#timer = setTimeout(() => silent.abort(new Error(`the base has said nothing for ${ms / 1000} s`)), ms)
  }

  /** Something was said. */
  broken (): void {
    this.#timer.refresh()
  }

  stop (): void {
    clearTimeout(this.#timer)
  }
}
