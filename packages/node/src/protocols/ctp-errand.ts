import type { Stream } from '@libp2p/interface'
import { pbStream } from '@libp2p/utils'
import { ctp, PROTOCOLS } from '@sluice/wire'
import type { Uint8ArrayList } from 'uint8arraylist'
import { frame } from '../framing.ts'
import { drained } from '../stream-end.ts'

/** See chunk.ts. */
const PACE_BYTES = 256 * 1024
/** Data that may be on its way or unread at either end: 100 MB/s at a round trip of 20 ms, and little memory. */
export const CREDIT_BYTES = 2 * 1024 * 1024

/** Either end of a ctp stream that carries one errand on a server's media. */
export class ErrandLine {
  /** The peer at the other end. */
  readonly peer: string
  readonly #stream: Stream
  readonly #messages: ReturnType<typeof pbStream>
  readonly #signal: AbortSignal | undefined

  constructor (stream: Stream, peer: string, signal?: AbortSignal) {
    this.peer = peer
    this.#stream = stream
    const { maxMessageBytes } = PROTOCOLS.ctp
    // Beside the credit, one message that nobody asked for: more is not waited for.
    this.#messages = pbStream(stream, { maxDataLength: maxMessageBytes, maxBufferSize: CREDIT_BYTES + 2 * maxMessageBytes })
    this.#signal = signal
    const onAbort = (): void => stream.abort(signal?.reason as Error)
    signal?.addEventListener('abort', onAbort, { once: true })
    stream.addEventListener('close', () => signal?.removeEventListener('abort', onAbort), { once: true })
  }

  async request (request: ctp.CtpRequest): Promise<void> {
    await this.#write(frame(ctp.CtpRequest.encode(request)))
  }

  async reply (reply: ctp.CtpReply): Promise<void> {
    await this.#write(frame(ctp.CtpReply.encode(reply)))
  }

  /** Say something that nobody waits for, unless the stream is full. */
  mention (reply: ctp.CtpReply): void {
    if (this.#stream.writeStatus === 'writable' && this.#stream.writeBufferLength < PACE_BYTES) this.#stream.send(frame(ctp.CtpReply.encode(reply)))
  }

  async nextRequest (): Promise<ctp.CtpRequest> {
    return await this.#read(signal => this.#messages.read(ctp.CtpRequest, { signal }))
  }

  async nextReply (): Promise<ctp.CtpReply> {
    return await this.#read(signal => this.#messages.read(ctp.CtpReply, { signal }))
  }

  async close (): Promise<void> {
    await this.#stream.close({ signal: AbortSignal.timeout(PROTOCOLS.ctp.timeoutMs) }).catch((error: Error) => this.#stream.abort(error))
  }

  abort (error: Error): void {
    this.#stream.abort(error)
  }

  async #read<T> (read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await read(AbortSignal.timeout(PROTOCOLS.ctp.timeoutMs))
    } catch (error) {
      this.#signal?.throwIfAborted()
      this.#stream.abort(error as Error)
      throw error
    }
  }

  /** A reader that takes nothing for too long is gone: its stream must not be waited for. */
  async #write (list: Uint8ArrayList): Promise<void> {
    this.#signal?.throwIfAborted()
    this.#stream.send(list)
    if (this.#stream.writeBufferLength < PACE_BYTES) return
    const timer = setTimeout(() => this.#stream.abort(new Error(`nothing was read for ${PROTOCOLS.ctp.timeoutMs} ms`)), PROTOCOLS.ctp.timeoutMs)
    try {
      await drained(this.#stream)
    } finally {
      clearTimeout(timer)
    }
  }
}
