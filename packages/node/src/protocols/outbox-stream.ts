import type { Stream } from '@libp2p/interface'
import { PROTOCOLS, type ProtocolName } from '@sluice/wire'
import { Uint8ArrayList } from 'uint8arraylist'
import { frame } from '../framing.ts'
import type { Host } from '../host.ts'
import { drained } from '../stream-end.ts'
import { peerIdFromString } from '@libp2p/peer-id'

/** Messages that may wait for one peer; beyond, it is not taking them and the connection is given up. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024

/**
 * One direction of a long-lived stream: opened when there is something to say,
 * written in the order it was said, a loop's turn of messages at a time.
 */
export class OutboxStream {
  readonly #host: Host
  readonly #peer: string
  readonly #word: ProtocolName
  readonly #onFailure: (error: Error) => void
  readonly #queue: Uint8ArrayList[] = []
  #queuedBytes = 0
  #running = false
  #closed = false
  #stream: Stream | undefined

  /** @param onFailure - the stream could not be opened, or broke; told once */
  constructor (host: Host, peer: string, word: ProtocolName, onFailure: (error: Error) => void) {
    this.#host = host
    this.#peer = peer
    this.#word = word
    this.#onFailure = onFailure
  }

  send (message: Uint8Array): void {
    if (this.#closed) return
    this.#queue.push(frame(message))
    this.#queuedBytes += message.length
    if (this.#queuedBytes > MAX_QUEUED_BYTES) {
      this.#fail(new Error(`${this.#queuedBytes} bytes wait for ${this.#peer}, which does not take them`))
    } else if (!this.#running) {
      this.#running = true
      setImmediate(() => { this.#run().catch((error: Error) => this.#fail(error)) })
    }
  }

  /** What waits for the end of this turn is written now, if the stream takes it: something else is about to be written that it can go with. */
  flush (): void {
    if (this.#closed || this.#queue.length === 0 || this.#stream == null || this.#stream.writableNeedsDrain) return
    try {
      this.#stream.send(this.#batch())
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  close (): void {
    this.#closed = true
    this.#queue.length = 0
    this.#stream?.abort(new Error('closed'))
  }

  async #run (): Promise<void> {
    this.#stream ??= await this.#host.dialProtocol(peerIdFromString(this.#peer), PROTOCOLS[this.#word].id, { signal: AbortSignal.timeout(10_000), runOnLimitedConnection: false })
    while (this.#queue.length > 0 && !this.#closed) {
      if (!this.#stream.send(this.#batch())) await drained(this.#stream)
    }
    this.#running = false
  }

  #batch (): Uint8ArrayList {
    const batch = new Uint8ArrayList()
    for (const message of this.#queue.splice(0)) batch.appendAll([message])
    this.#queuedBytes = 0
    return batch
  }

  #fail (error: Error): void {
    if (this.#closed) return
    this.close()
    this.#onFailure(error)
  }
}
