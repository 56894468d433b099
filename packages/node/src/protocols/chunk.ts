import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { chunk, PIECE_BYTES, PROTOCOLS, toHex } from '@sluice/wire'
import { Uint8ArrayList } from 'uint8arraylist'
import { type FrameBuffer, FrameError, frame } from '../framing.ts'
import { drained, readFrames } from '../stream-end.ts'
import { type Components, register } from './handler.ts'

export interface ChunkInit {
  /** The bytes of a held piece. */
  readonly readPiece: (job: string, seq: number, piece: number) => Promise<Uint8Array>
  /** The page that verifies a held piece, and its seal if it is the final one. */
  readonly pageOf: (job: string, seq: number, piece: number) => PageBytes
  /** A page arrived. Its pieces wait until this resolves. */
  readonly onPage: (from: string, job: string, seq: number, page: Uint8Array, seal: Uint8Array) => Promise<void>
  /** A piece arrived: not verified yet. `first`: it goes on from here unasked, along the tree of the first holder of this rank. */
  readonly onPiece: (from: string, job: string, seq: number, piece: number, bytes: Uint8Array, first: number | undefined) => Promise<void>
  /** A piece is written to this peer next, in this turn: what else there is to say goes with it. */
  readonly beforePiece?: ((to: string) => void) | undefined
  readonly onBroken: (peer: string, error: Error) => void
}

/** More than this unsent in a stream makes its connection's control messages wait: echo under bulk 112 → 5 ms. */
const PACE_BYTES = 256 * 1024
/** Pieces read ahead of the wire for one receiver. */
const READ_AHEAD = 2
/** What an honest source may have in flight here (its window of 8 MiB), twice. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024
/** Pieces of one source that may be in verification or on their way to the disk. */
const MAX_IN_HAND = 512
/** A failed bulk stream is noticed by its window not opening; opening one takes no longer than this. */
const OPEN_TIMEOUT_MS = 10_000

interface PageBytes { readonly number: number, readonly bytes: Uint8Array, readonly seal: Uint8Array }

/** A piece, or pages that go without one. */
type Sending = { readonly job: string, readonly seq: number } & ({ readonly piece: number, readonly first: number | undefined } | { readonly pages: readonly PageBytes[] })

interface Outbound {
  readonly queue: Sending[]
  readonly handles: Map<string, number>
  /** Pages the receiver has, or was sent: `job/seq/number`. */
  readonly pages: Set<string>
  running: boolean
  closed: boolean
  stream: Stream | undefined
}

/**
 * `chunk`: the bulk stream of a lane, pieces behind the pages that verify them.
 * The core's window bounds what is in flight; here each stream is only kept
 * from filling the connection. See docs/protocols/chunk.md.
 */
export class Chunk {
  readonly #components: Components
  readonly #init: ChunkInit
  readonly #outbound = new Map<string, Outbound>()
  /** Bytes of media sent, by job: the base's egress, for one. */
  readonly sentBytes = new Map<string, number>()
  sentInAll = 0

  constructor (components: Components, init: ChunkInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'chunk', (stream, peer) => this.#receive(stream, peer))
  }

  send (to: string, job: string, seq: number, piece: number, first?: number): void {
    this.#queue(to, { job, seq, piece, first })
  }

  /** Pages that are asked for by themselves. They go with no piece after that. */
  sendPages (to: string, job: string, seq: number, pages: readonly PageBytes[]): void {
    if (pages.length > 0) this.#queue(to, { job, seq, pages })
  }

  #queue (to: string, sending: Sending): void {
    const outbound = this.#to(to)
    outbound.queue.push(sending)
    if (outbound.running) return
    outbound.running = true
    this.#run(to, outbound).catch((error: Error) => {
      if (outbound.closed) return
      this.lost(to)
      this.#init.onBroken(to, error)
    })
  }

  /** The receiver has this page already, or asks for it by itself. */
  pageHeld (to: string, job: string, seq: number, page: number): void {
    this.#to(to).pages.add(`${job}/${seq}/${page}`)
  }

  lost (peer: string): void {
    const outbound = this.#outbound.get(peer)
    if (outbound == null) return
    outbound.closed = true
    outbound.queue.length = 0
    outbound.stream?.abort(new Error('closed'))
    this.#outbound.delete(peer)
  }

  #to (peer: string): Outbound {
    let outbound = this.#outbound.get(peer)
    if (outbound == null) this.#outbound.set(peer, outbound = { queue: [], handles: new Map(), pages: new Set(), running: false, closed: false, stream: undefined })
    return outbound
  }

  async #run (to: string, outbound: Outbound): Promise<void> {
    outbound.stream ??= await this.#components.host.dialProtocol(peerIdFromString(to), PROTOCOLS.chunk.id, { signal: AbortSignal.timeout(OPEN_TIMEOUT_MS) })
    const { stream } = outbound
    const reading: Array<{ sending: Sending, bytes: Promise<Uint8Array> }> = []
    while (!outbound.closed) {
      while (reading.length < READ_AHEAD && outbound.queue.length > 0) {
        const sending = outbound.queue.shift() as Sending
        const bytes = 'piece' in sending ? this.#init.readPiece(sending.job, sending.seq, sending.piece) : Promise.resolve(new Uint8Array())
        bytes.catch(() => {})
        reading.push({ sending, bytes })
      }
      const next = reading.shift()
      if (next == null) break
      await this.#write(to, stream, outbound, next.sending, await next.bytes)
    }
    outbound.running = false
  }

  async #write (to: string, stream: Stream, outbound: Outbound, sending: Sending, bytes: Uint8Array): Promise<void> {
    const { job, seq } = sending
    const list = new Uint8ArrayList()
    const add = (message: chunk.ChunkMessage): void => { list.appendAll([frame(chunk.ChunkMessage.encode(message))]) }
    let handle = outbound.handles.get(job)
    if (handle == null) {
      outbound.handles.set(job, handle = outbound.handles.size + 1)
      add({ bind: { handle, job: Buffer.from(job, 'hex') } })
    }
    const isPiece = 'piece' in sending
    for (const page of isPiece ? [this.#init.pageOf(job, seq, sending.piece)] : sending.pages) {
      const key = `${job}/${seq}/${page.number}`
      // Who asks for pages alone has not got them, whatever it was sent.
      if (isPiece && outbound.pages.has(key)) continue
      outbound.pages.add(key)
      add({ page: { handle, seq, page: page.bytes, seal: page.seal } })
    }
    if (isPiece) {
      add({ piece: { handle, seq, piece: sending.piece, length: bytes.length, first: sending.first } })
      list.append(bytes)
    }
    if (isPiece) this.#init.beforePiece?.(to)
    // One write a piece: yamux frames grow with what is written at once, and only whole frames are delivered.
    // A few pieces wait in the stream, so that the socket finds the next one when it has room, and no more.
    stream.send(list)
    if (stream.writeBufferLength >= PACE_BYTES) await drained(stream)
    this.sentInAll += bytes.length
    this.sentBytes.set(job, (this.sentBytes.get(job) ?? 0) + bytes.length)
  }

  async #receive (stream: Stream, peer: string): Promise<void> {
    const handles = new Map<number, string>()
    let announced: chunk.BulkPiece | undefined
    let inHand = 0
    // Pages are verified in order and before the pieces behind them; pieces are not waited for.
    let pages: Promise<void> = Promise.resolve()
    const failed = (error: Error): void => {
      if (stream.status === 'open') stream.abort(error)
      this.#init.onBroken(peer, error)
    }
    const jobOf = (handle: number): string => {
      const job = handles.get(handle)
      if (job == null) throw new FrameError(`handle ${handle} was not bound`)
      return job
    }
    const takePiece = (header: chunk.BulkPiece, bytes: Uint8Array): void => {
      if (++inHand > MAX_IN_HAND) throw new FrameError(`${inHand} pieces in hand`)
      pages.then(() => this.#init.onPiece(peer, jobOf(header.handle), header.seq, header.piece, bytes, header.first)).catch(failed).finally(() => { inHand-- })
    }
    await readFrames(stream, {
      maxMessageBytes: PROTOCOLS.chunk.maxMessageBytes,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      take: buffer => {
        for (;;) {
          if (announced != null) {
            const bytes = buffer.raw(announced.length)
            if (bytes == null) return
            takePiece(announced, bytes)
            announced = undefined
          }
          const message = nextMessage(buffer)
          if (message == null) return
          if (message.bind != null) handles.set(message.bind.handle, toHex(message.bind.job))
          else if (message.page != null) {
            const { handle, seq, page, seal } = message.page
            const job = jobOf(handle)
            pages = pages.then(() => this.#init.onPage(peer, job, seq, page, seal))
            pages.catch(failed)
          } else if (message.piece != null) {
            if (message.piece.length > PIECE_BYTES || message.piece.length === 0) throw new FrameError(`piece of ${message.piece.length} bytes`)
            announced = message.piece
          }
        }
      }
    })
  }
}

function nextMessage (buffer: FrameBuffer): chunk.ChunkMessage | undefined {
  const bytes = buffer.message()
  return bytes == null ? undefined : chunk.ChunkMessage.decode(bytes)
}
