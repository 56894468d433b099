/** Ten segments (RFC 6928). */
const INITIAL_BYTES = 10 * 1_448
/** Above this no line of the lab is short of window; losses, which would bound it, are not modelled. */
const MAX_BYTES = 4 * 1024 * 1024
/** Linux's least retransmission timeout, beside the round trip; a window that rested for so long is halved (RFC 2861). */
const REST_US = 200_000

/** TCP's window in one direction of a connection, as far as it makes pieces late: it doubles with each round trip in which it was used up. */
export class SlowStart {
  #bytes = INITIAL_BYTES
  /** When the last byte left. */
  #outUs = 0

  /** How long what was sent last will be kept. */
  keptUs (nowUs: number): number {
    return Math.max(0, this.#outUs - nowUs)
  }

  /**
   * @param startUs - when the line would send the first of so many bytes
   * @param endUs - when it would send the last of them
   * @returns how much later that one leaves
   */
  lateUs (bytes: number, startUs: number, endUs: number, roundTripUs: number): number {
    const rests = Math.floor(Math.max(0, startUs - this.#outUs) / (REST_US + roundTripUs))
    this.#bytes = Math.max(INITIAL_BYTES, this.#bytes / 2 ** rests)
    const beganUs = Math.max(startUs, this.#outUs)
    let roundTrips = 0
    for (let window = this.#bytes, sent = window; sent < bytes; sent += window) {
      window *= 2
      roundTrips++
    }
    this.#bytes = Math.min(MAX_BYTES, this.#bytes + bytes)
    this.#outUs = Math.max(endUs, beganUs + roundTrips * roundTripUs)
    return this.#outUs - endUs
  }
}
