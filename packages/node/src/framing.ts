import { decode as decodeVarint, encode as encodeVarint, encodingLength } from 'uint8-varint'
import { Uint8ArrayList } from 'uint8arraylist'

/** A frame that no honest peer sends. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** A length prefix of a message of at most 256 MiB has at most so many bytes. */
const MAX_PREFIX_BYTES = 4

/** `message` behind its length. */
export function frame (message: Uint8Array): Uint8ArrayList {
  return new Uint8ArrayList(encodeVarint(message.length), message)
}

/**
 * What came over a stream and is not yet understood: length-prefixed messages,
 * and raw bytes that a message announced. A length is checked before anything
 * waits or is allocated for it.
 */
export class FrameBuffer {
  readonly #buffer = new Uint8ArrayList()
  readonly #maxMessageBytes: number

  constructor (maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  get length (): number {
    return this.#buffer.length
  }

  push (data: Uint8Array | Uint8ArrayList): void {
    this.#buffer.append(data)
  }

  /**
   * The next whole message, if it is here.
   *
   * @throws {FrameError}
   */
  message (): Uint8Array | undefined {
    if (this.#buffer.length === 0) return undefined
    const head = this.#buffer.slice(0, Math.min(MAX_PREFIX_BYTES, this.#buffer.length))
    if (head.every(byte => byte >= 0x80)) {
      if (head.length === MAX_PREFIX_BYTES) throw new FrameError('a message claims more than 256 MiB')
      return undefined
    }
    const length = decodeVarint(head)
    if (length > this.#maxMessageBytes) throw new FrameError(`a message claims ${length} bytes, ${this.#maxMessageBytes} are allowed`)
    const prefix = encodingLength(length)
    if (this.#buffer.length < prefix + length) return undefined
    const message = this.#buffer.slice(prefix, prefix + length)
    this.#buffer.consume(prefix + length)
    return message
  }

  /** The next `length` raw bytes, if they are here, as one piece of memory of their own. */
  raw (length: number): Uint8Array | undefined {
    if (this.#buffer.length < length) return undefined
    const bytes = this.#buffer.slice(0, length)
    this.#buffer.consume(length)
    return bytes
  }
}
