const LENGTH_BYTES = 2
/** Room for the frames of a connection that only sends short messages; it grows with what comes. */
const FIRST_BYTES = 256

/**
 * Noise frames out of what a socket reads. A frame that is whole in one read is
 * looked at where it is; one in parts is put together in a buffer that all
 * frames of the connection use in turn. Kept as they come, the parts of slow
 * lanes live until V8 marks its whole heap, and make it do so every two seconds.
 */
export class NoiseFrames {
  #held = 0
  #buffer: Uint8Array

  constructor () {
    this.#buffer = new Uint8Array(0)
  }

  /** @returns each frame without its length; one has to be used up before the next is asked for, and before the next bytes come */
  * decode (data: Uint8Array | Iterable<Uint8Array>): Generator<Uint8Array> {
    if (!(data instanceof Uint8Array)) {
      for (const bytes of data) yield * this.decode(bytes)
      return
    }
    let at = 0
    while (at < data.length) {
      if (this.#held === 0) {
        const whole = wholeFrame(data, at)
        if (whole != null) {
          at += LENGTH_BYTES + whole.length
          if (whole.length > 0) yield whole
          continue
        }
      }
      const missing = this.#missing()
      const part = data.subarray(at, at + missing)
      this.#hold(part, missing)
      at += part.length
      if (this.#held < LENGTH_BYTES || this.#missing() > 0) continue
      const frame = this.#buffer.subarray(LENGTH_BYTES, this.#held)
      this.#held = 0
      if (frame.length > 0) yield frame
    }
  }

  /** Bytes that the length, and then the frame, still lack. */
  #missing (): number {
    return this.#held < LENGTH_BYTES ? LENGTH_BYTES - this.#held : LENGTH_BYTES + lengthAt(this.#buffer, 0) - this.#held
  }

  #hold (part: Uint8Array, missing: number): void {
    const needed = this.#held + missing
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(FIRST_BYTES, needed))
      grown.set(this.#buffer.subarray(0, this.#held))
      this.#buffer = grown
    }
    this.#buffer.set(part, this.#held)
    this.#held += part.length
  }
}

function wholeFrame (data: Uint8Array, at: number): Uint8Array | undefined {
  if (data.length - at < LENGTH_BYTES) return undefined
  const end = at + LENGTH_BYTES + lengthAt(data, at)
  return end > data.length ? undefined : data.subarray(at + LENGTH_BYTES, end)
}

function lengthAt (data: Uint8Array, at: number): number {
  return ((data[at] as number) << 8) + (data[at + 1] as number)
}
