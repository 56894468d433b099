import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { pbStream } from '@libp2p/utils'
import { across, JournalError } from '@sluice/store'
import { notify, PROTOCOLS, type session } from '@sluice/wire'
import { type Components, register } from './handler.ts'

/** A receipt that says something else than one of the same node that is here. */
export class ReceiptConflict extends Error {
  override readonly name = 'ReceiptConflict'
  /** Signed receipts of that node, from the number of the refused one on. */
  readonly known: readonly Uint8Array[]

  constructor (message: string, known: readonly Uint8Array[]) {
    super(message)
    this.known = known
  }
}

/** The other side will never take it. */
export interface Refusal {
  readonly reason: string
  /** Of a receipt: what the base has of this node instead. */
  readonly known: readonly Uint8Array[]
}

export interface NotifyInit {
  /** Resolves once the receipt is durable here; a rejection refuses it for good. */
  readonly onReceipt: (from: string, receipt: Uint8Array) => Promise<void>
  readonly onProgress?: (from: string, progress: session.Progress) => void
  /** The final notice of a job. Resolves once it is durable here. */
  readonly onClosed?: (from: string, closed: session.Closed) => Promise<void>
}

/** Twice a message may wait unread: libp2p's own limit of 4 MiB is below a final notice's. */
const LIMITS = { maxDataLength: PROTOCOLS.notify.maxMessageBytes, maxBufferSize: 2 * PROTOCOLS.notify.maxMessageBytes }
/** Streams idle longer than this between two messages are the other side's to open again. */
const IDLE_MS = 5 * 60_000

/**
 * `notify`: receipts from a node to its base, and the final notice from the
 * base to a provider, each kept by its sender until it is acknowledged as
 * durable. See docs/protocols/notify.md.
 */
export class Notify {
  readonly #components: Components
  readonly #init: NotifyInit

  constructor (components: Components, init: NotifyInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'notify', (stream, peer) => this.#receive(stream, peer))
  }

  /** Open a line to `to`, to tell it several things one after the other. */
  async open (to: string): Promise<NotifyLine> {
    const { id, timeoutMs } = PROTOCOLS.notify
    const stream = await this.#components.host.dialProtocol(peerIdFromString(to), id, { signal: AbortSignal.timeout(timeoutMs) })
    return new NotifyLine(stream)
  }

  async #receive (stream: Stream, peer: string): Promise<void> {
    const messages = pbStream(stream, LIMITS)
    while (stream.remoteWriteStatus === 'writable') {
      const message = await messages.read(notify.NotifyMessage, { signal: AbortSignal.timeout(IDLE_MS) })
      if (message.progress != null) this.#init.onProgress?.(peer, message.progress)
      if (message.id === 0) continue
      let refused = ''
      let known: readonly Uint8Array[] = []
      try {
        if (message.receipt.length > 0) await this.#init.onReceipt(peer, message.receipt)
        if (message.closed != null) await this.#init.onClosed?.(peer, message.closed)
      } catch (error) {
        // Our disk's fault and not the receipt's: a refusal is for good and its sender would drop it. Without an answer it comes again.
        if (error instanceof JournalError && error.code !== 'unknown') throw error
        refused = (error as Error).message
        if (error instanceof ReceiptConflict) known = error.known
        this.#components.log.warn('notice refused', { peer, reason: refused })
      }
      await across('notice-acknowledged', async () => { await messages.write({ id: message.id, refused, known: [...known] }, notify.NotifyAck, { signal: AbortSignal.timeout(PROTOCOLS.notify.timeoutMs) }) })
    }
    await stream.close()
  }
}

/** The sender's end of a notify stream. */
export class NotifyLine {
  readonly #stream: Stream
  readonly #messages: ReturnType<typeof pbStream>
  #next = 1

  constructor (stream: Stream) {
    this.#stream = stream
    this.#messages = pbStream(stream, LIMITS)
  }

  get isOpen (): boolean {
    return this.#stream.status === 'open'
  }

  /** @returns why the other side will never take it; undefined once it is durable there */
  async tell (content: { receipt?: Uint8Array, closed?: session.Closed }): Promise<Refusal | undefined> {
    const signal = AbortSignal.timeout(PROTOCOLS.notify.timeoutMs)
    const id = this.#next++
    await this.#messages.write({ id, receipt: content.receipt ?? new Uint8Array(), ...content.closed == null ? {} : { closed: content.closed } }, notify.NotifyMessage, { signal })
    const ack = await this.#messages.read(notify.NotifyAck, { signal })
    if (ack.id !== id) throw new Error(`acknowledgement ${ack.id} for notice ${id}`)
    return ack.refused === '' ? undefined : { reason: ack.refused, known: ack.known }
  }

  /** A word on how far this node is; nobody acknowledges it. */
  async progress (progress: session.Progress): Promise<void> {
    await this.#messages.write({ id: 0, receipt: new Uint8Array(), progress }, notify.NotifyMessage, { signal: AbortSignal.timeout(PROTOCOLS.notify.timeoutMs) })
  }

  async close (): Promise<void> {
    await this.#stream.close({ signal: AbortSignal.timeout(1_000) }).catch((error: Error) => this.#stream.abort(error))
  }
}
