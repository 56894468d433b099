import type { Stream } from '@libp2p/interface'
import { companyMs, type LaneDecision, type Message, type Range } from '@sluice/core'
import { offer, PROTOCOLS, toHex } from '@sluice/wire'
import type { FrameBuffer } from '../framing.ts'
import { FrameError } from '../framing.ts'
import { readFrames } from '../stream-end.ts'
import { type Components, register } from './handler.ts'
import { OutboxStream } from './outbox-stream.ts'

/** A job, or more of its queue, on its way; everything signed is still in its envelope. */
export interface HandedOver {
  /** Hex of the job's hash: what the core calls the job. */
  readonly job: string
  /** The signed Job; undefined if the receiver has it. */
  readonly jobBytes: Uint8Array | undefined
  readonly commands: ReadonlyArray<{ readonly command: Uint8Array, readonly acceptance: Uint8Array }>
  readonly ranges: readonly Range[]
  readonly errand: number
}

/** The page that covers a piece; or all pages from a number on, of a lossy put, whose pieces are not asked for. */
export type PagesWanted = { readonly piece: number } | { readonly from: number }

export interface OfferInit {
  readonly onMessage: (from: string, message: Message) => void
  /** Messages behind this one wait until it resolves. */
  readonly onHandover: (from: string, handover: HandedOver) => Promise<void>
  /** A chunk is about to be asked of `peer`: pieces whose pages it is to send, too; none of those that are here or on their way. */
  readonly pagesToAsk: (peer: string, job: string, seq: number, chunk: number) => readonly number[]
  /** `peer` asked for a chunk: it has the page, or has asked somebody for it. */
  readonly onPageHeld: (peer: string, job: string, seq: number, chunk: number) => void
  /** `peer` lacks these pages. */
  readonly onPagesWanted?: ((peer: string, job: string, seq: number, wanted: PagesWanted) => void) | undefined
  /** The control stream to `peer` broke. */
  readonly onBroken: (peer: string, error: Error) => void
}

const DECISIONS: Record<LaneDecision, offer.LaneDecision> = {
  accept: offer.LaneDecision.ACCEPT,
  'decline-enough': offer.LaneDecision.DECLINE_ENOUGH,
  'decline-unknown-job': offer.LaneDecision.DECLINE_UNKNOWN_JOB,
  'decline-done': offer.LaneDecision.DECLINE_DONE,
  switched: offer.LaneDecision.SWITCHED
}
const DECISION_OF = new Map(Object.entries(DECISIONS).map(([name, value]) => [value, name as LaneDecision]))

/** Jobs that one peer may bind handles to. */
const MAX_HANDLES = 65_536
/** Messages of one peer that may wait behind a hand-over that is being verified. */
const MAX_WAITING = 16_384
/** What one read may leave over: one message, and what the stream's window holds. */
const MAX_BUFFERED_BYTES = PROTOCOLS.offer.maxMessageBytes + 16 * 1024 * 1024

interface Outbound {
  readonly stream: OutboxStream
  readonly handles: Map<string, number>
  /** What waits for company, in the order it was said, and pieces to acknowledge behind that. */
  readonly waiting: offer.OfferMessage[]
  acknowledge: number
  /** When all that leaves at the latest, by `performance.now()`. */
  dueMs: number
  /** When the timer fires. */
  wakesMs: number
  timer: NodeJS.Timeout | undefined
}

/**
 * `offer`: the control stream of a pair, one in each direction. Jobs and
 * commands are handed over on it, lanes are offered, chunks are announced and
 * asked for. See docs/protocols/offer.md.
 */
export class Offer {
  readonly #components: Components
  readonly #init: OfferInit
  readonly #outbound = new Map<string, Outbound>()

  constructor (components: Components, init: OfferInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'offer', (stream, peer) => this.#receive(stream, peer))
  }

  send (to: string, message: Message): void {
    const outbound = this.#to(to)
    if (message.type === 'acknowledge') outbound.acknowledge += message.pieces
    else {
      if (message.type === 'request') this.#askPages(outbound, to, message)
      outbound.waiting.push(this.#encode(outbound, message))
    }
    this.#within(outbound, companyMs(message))
  }

  handOver (to: string, { job, jobBytes, commands, ranges, errand }: HandedOver): void {
    const outbound = this.#to(to)
    const handle = this.#handle(outbound, job)
    outbound.waiting.push({ handover: { handle, job: jobBytes ?? new Uint8Array(), commands: [...commands], ranges: [...ranges], errand } })
    this.#leave(outbound)
  }

  /** A piece is written to this peer next: what waits goes ahead of it in the same write, and so costs no packet of its own. */
  leaveWithPiece (to: string): void {
    const outbound = this.#outbound.get(to)
    if (outbound == null) return
    this.#leave(outbound)
    outbound.stream.flush()
  }

  /** Ask for pages by themselves. */
  wantPages (to: string, job: string, seq: number, wanted: PagesWanted): void {
    const outbound = this.#to(to)
    outbound.waiting.push({ pagesWanted: { handle: this.#handle(outbound, job), seq, from: 0, ...wanted } })
    this.#leave(outbound)
  }

  /** In the frame of the request that needs one, or will be followed by those that need the next. */
  #askPages (outbound: Outbound, to: string, { job, seq, chunk }: Extract<Message, { type: 'request' }>): void {
    for (const piece of this.#init.pagesToAsk(to, job, seq, chunk)) outbound.waiting.push({ pagesWanted: { handle: this.#handle(outbound, job), seq, from: 0, piece } })
  }

  /** The connection is gone, and its handles with it. */
  lost (peer: string): void {
    const outbound = this.#outbound.get(peer)
    if (outbound == null) return
    clearTimeout(outbound.timer)
    outbound.stream.close()
    this.#outbound.delete(peer)
  }

  /** Something waits that has to leave so soon. */
  #within (outbound: Outbound, ms: number): void {
    if (ms === 0) return this.#leave(outbound)
    outbound.dueMs = Math.min(outbound.dueMs, performance.now() + ms)
    if (outbound.dueMs < outbound.wakesMs) this.#wake(outbound)
  }

  /** A timer finds out what is due when it fires: what left with company before needs none of its own. */
  #wake (outbound: Outbound): void {
    clearTimeout(outbound.timer)
    outbound.wakesMs = outbound.dueMs
    if (outbound.dueMs === Number.POSITIVE_INFINITY) return
    outbound.timer = setTimeout(() => {
      if (performance.now() >= outbound.dueMs) this.#leave(outbound)
      this.#wake(outbound)
    }, Math.max(1, outbound.dueMs - performance.now()))
  }

  /** All that waits leaves in one write. */
  #leave (outbound: Outbound): void {
    outbound.dueMs = Number.POSITIVE_INFINITY
    for (const message of outbound.waiting.splice(0)) outbound.stream.send(offer.OfferMessage.encode(message))
    if (outbound.acknowledge === 0) return
    outbound.stream.send(offer.OfferMessage.encode({ acknowledge: { pieces: outbound.acknowledge } }))
    outbound.acknowledge = 0
  }

  #to (peer: string): Outbound {
    let outbound = this.#outbound.get(peer)
    if (outbound == null) {
      const stream = new OutboxStream(this.#components.host, peer, 'offer', error => {
        clearTimeout(this.#outbound.get(peer)?.timer)
        this.#outbound.delete(peer)
        this.#init.onBroken(peer, error)
      })
      this.#outbound.set(peer, outbound = { stream, handles: new Map(), waiting: [], acknowledge: 0, dueMs: Number.POSITIVE_INFINITY, wakesMs: Number.POSITIVE_INFINITY, timer: undefined })
    }
    return outbound
  }

  #handle (outbound: Outbound, job: string): number {
    let handle = outbound.handles.get(job)
    if (handle == null) {
      handle = outbound.handles.size + 1
      outbound.handles.set(job, handle)
      outbound.stream.send(offer.OfferMessage.encode({ bind: { handle, job: Buffer.from(job, 'hex') } }))
    }
    return handle
  }

  #encode (outbound: Outbound, message: Exclude<Message, { type: 'acknowledge' }>): offer.OfferMessage {
    const handle = this.#handle(outbound, message.job)
    switch (message.type) {
      case 'laneOffer': return { offer: { handle, rate: message.rate, head: message.head } }
      case 'laneAnswer': return { answer: { handle, decision: DECISIONS[message.decision] } }
      case 'have': return { have: { handle, seq: message.seq, chunks: [...message.chunks] } }
      case 'coming': return { coming: { handle, seq: message.seq, chunks: [...message.chunks] } }
      case 'bitfield': return { bitfield: { handle, seq: message.seq, bits: message.bits } }
      case 'request': return { request: { handle, seq: message.seq, chunk: message.chunk, offset: message.offset, urgent: message.urgent === true, held: message.held ?? 0 } }
      case 'want': return { want: { handle, seq: message.seq, first: message.first, end: message.end } }
      case 'cancel': return { cancel: { handle, seq: message.seq, chunk: message.chunk } }
      case 'handoverAck': return { handoverAck: { handle, errand: message.errand, head: message.head, refused: message.refused ?? '' } }
    }
  }

  /** Messages of one peer are taken in order; a hand-over is verified before what came behind it. */
  async #receive (stream: Stream, peer: string): Promise<void> {
    const handles = new Map<number, string>()
    const waiting: offer.OfferMessage[] = []
    let working = false
    const work = async (): Promise<void> => {
      working = true
      try {
        for (let message = waiting.shift(); message != null; message = waiting.shift()) {
          const verifying = this.#take(peer, handles, message)
          if (verifying != null) await verifying
        }
      } catch (error) {
        stream.abort(error as Error)
        this.#init.onBroken(peer, error as Error)
      } finally {
        working = false
      }
    }
    await readFrames(stream, {
      maxMessageBytes: PROTOCOLS.offer.maxMessageBytes,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      take: (buffer: FrameBuffer) => {
        for (let bytes = buffer.message(); bytes != null; bytes = buffer.message()) waiting.push(offer.OfferMessage.decode(bytes))
        if (waiting.length > MAX_WAITING) throw new FrameError(`${waiting.length} messages wait`)
        if (!working) void work()
      }
    })
  }

  #take (from: string, handles: Map<number, string>, message: offer.OfferMessage): Promise<void> | undefined {
    const { onMessage } = this.#init
    if (message.bind != null) {
      if (handles.size >= MAX_HANDLES) throw new FrameError('too many handles')
      handles.set(message.bind.handle, toHex(message.bind.job))
      return
    }
    if (message.acknowledge != null) return onMessage(from, { type: 'acknowledge', pieces: message.acknowledge.pieces }) as undefined
    const body = message.handover ?? message.handoverAck ?? message.offer ?? message.answer ?? message.have ?? message.bitfield ?? message.request ?? message.cancel ?? message.coming ?? message.want ?? message.pagesWanted
    // A kind that a newer version added: not for us.
    if (body == null) return
    const job = handles.get(body.handle)
    if (job == null) throw new FrameError(`handle ${body.handle} was not bound`)
    if (message.handover != null) {
      const { job: jobBytes, commands, ranges, errand } = message.handover
      return this.#init.onHandover(from, { job, jobBytes: jobBytes.length > 0 ? jobBytes : undefined, commands, ranges, errand })
    }
    if (message.handoverAck != null) {
      const { errand, head, refused } = message.handoverAck
      onMessage(from, { type: 'handoverAck', job, errand, head, ...refused === '' ? {} : { refused } })
    } else if (message.offer != null) onMessage(from, { type: 'laneOffer', job, rate: message.offer.rate, head: message.offer.head })
    else if (message.answer != null) onMessage(from, { type: 'laneAnswer', job, decision: DECISION_OF.get(message.answer.decision) ?? 'decline-done' })
    else if (message.have != null) onMessage(from, { type: 'have', job, seq: message.have.seq, chunks: message.have.chunks })
    else if (message.coming != null) onMessage(from, { type: 'coming', job, seq: message.coming.seq, chunks: message.coming.chunks })
    else if (message.bitfield != null) onMessage(from, { type: 'bitfield', job, seq: message.bitfield.seq, bits: message.bitfield.bits })
    else if (message.want != null) onMessage(from, { type: 'want', job, seq: message.want.seq, first: message.want.first, end: message.want.end })
    else if (message.request != null) {
      const { seq, chunk, offset, urgent, held } = message.request
      this.#init.onPageHeld(from, job, seq, chunk)
      onMessage(from, { type: 'request', job, seq, chunk, offset, ...urgent ? { urgent } : {}, held })
    } else if (message.pagesWanted != null) {
      const { seq, from: number, piece } = message.pagesWanted
      this.#init.onPagesWanted?.(from, job, seq, piece == null ? { from: number } : { piece })
    } else if (message.cancel != null) onMessage(from, { type: 'cancel', job, seq: message.cancel.seq, chunk: message.cancel.chunk })
    return undefined
  }
}
