import type { Stream } from '@libp2p/interface'
import { ctp, PIECE_BYTES, PROTOCOLS } from '@sluice/wire'
import type { Uint8ArrayList } from 'uint8arraylist'
import { type FrameBuffer, FrameError, frame } from '../framing.ts'
import { drained, readFrames } from '../stream-end.ts'

type Reply = (message: ctp.CtpReply) => void

/** What the base does with what a provider sends on one stream, in order. */
export interface Upload {
  readonly command: (submission: ctp.CommandSubmission) => Promise<void>
  readonly resume: (resume: ctp.Resume) => Promise<void>
  readonly page: (page: Uint8Array) => Promise<void>
  readonly piece: (piece: number, bytes: Uint8Array) => Promise<void>
  /** The provider is gone, or done. */
  readonly ended: () => void
}

/**
 * Bytes that a provider has sent and the base has not yet made durable: all that
 * an interruption can cost, which is to be 16 MiB at most. Two of the base's
 * checkpoints nearly fit in: one is made durable while the other one comes.
 */
export const UPLOAD_WINDOW_BYTES = 15 * 1024 * 1024
/** What may wait in memory here before the sender has evidently no window. */
const MAX_BUFFERED_BYTES = UPLOAD_WINDOW_BYTES + 4 * 1024 * 1024
/** See chunk.ts. */
const PACE_BYTES = 256 * 1024
/** Pieces written to the base's disk at once. */
const WRITES_AT_ONCE = 8

/**
 * The base's end of a ctp stream: what comes is worked off in order.
 *
 * @param begin - may interrupt the stream: its provider comes back, and goes on from what is durable then
 */
export async function receiveUpload (stream: Stream, begin: (reply: Reply, interrupt: (error: Error) => void) => Upload, onAsk: (ask: ctp.Ask) => Promise<ctp.Granted>, onLocate: (path: string[]) => Promise<ctp.Located>): Promise<void> {
  const reply = (message: ctp.CtpReply): void => { if (stream.writeStatus === 'writable') stream.send(frame(ctp.CtpReply.encode(message))) }
  const upload = begin(reply, error => stream.abort(error))
  const waiting: Array<{ inOrder: boolean, run: () => Promise<void> }> = []
  let announced: ctp.PieceHeader | undefined
  let working = false
  let worked: Promise<void> = Promise.resolve()
  let waitingBytes = 0
  const work = async (): Promise<void> => {
    working = true
    const writes = new Set<Promise<void>>()
    try {
      for (let next = waiting.shift(); next != null; next = waiting.shift()) {
        const write = next.run().finally(() => writes.delete(write))
        writes.add(write)
        write.catch(() => {})
        // A page is verified before the pieces behind it; pieces may overtake each other.
        if (writes.size >= WRITES_AT_ONCE || next.inOrder || waiting.length === 0) await Promise.all(writes)
      }
    } catch (error) {
      reply({ refused: (error as Error).message })
      await stream.close({ signal: AbortSignal.timeout(1_000) }).catch(() => {})
      stream.abort(error as Error)
    } finally {
      working = false
    }
  }
  try {
    await readFrames(stream, {
      maxMessageBytes: PROTOCOLS.ctp.maxMessageBytes,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      take: (buffer: FrameBuffer) => {
        for (;;) {
          if (announced != null) {
            const bytes = buffer.raw(announced.length)
            if (bytes == null) break
            const { piece } = announced
            announced = undefined
            waitingBytes += bytes.length
            waiting.push({ inOrder: false, run: () => upload.piece(piece, bytes).finally(() => { waitingBytes -= bytes.length }) })
          }
          const message = buffer.message()
          if (message == null) break
          const request = ctp.CtpRequest.decode(message)
          const { command, page, resume, ask, locate } = request
          if (command != null) waiting.push({ inOrder: true, run: () => upload.command(command) })
          else if (resume != null) waiting.push({ inOrder: true, run: () => upload.resume(resume) })
          else if (page != null) waiting.push({ inOrder: true, run: () => upload.page(page) })
          else if (ask != null) waiting.push({ inOrder: true, run: async () => reply({ granted: await onAsk(ask) }) })
          else if (locate != null) waiting.push({ inOrder: true, run: async () => reply({ located: await onLocate(locate.path) }) })
          else if (request.errand != null) waiting.push({ inOrder: true, run: async () => { throw new Error('a base has no media: errands go to media servers') } })
          else if (request.piece != null) {
            if (request.piece.length === 0 || request.piece.length > PIECE_BYTES) throw new FrameError(`piece of ${request.piece.length} bytes`)
            announced = request.piece
          }
        }
        if (waitingBytes > MAX_BUFFERED_BYTES) throw new FrameError(`${waitingBytes} bytes wait: the window is ${UPLOAD_WINDOW_BYTES}`)
        if (!working) worked = work()
      }
    })
    // What came is still worked off, and answered.
    await worked
  } finally {
    upload.ended()
  }
}

/** The provider's end of a ctp stream. */
export class CtpLine {
  readonly #stream: Stream

  constructor (stream: Stream) {
    this.#stream = stream
  }

  async send (request: ctp.CtpRequest): Promise<void> {
    await this.#write(frame(ctp.CtpRequest.encode(request)))
  }

  async piece (piece: number, bytes: Uint8Array): Promise<void> {
    const list = frame(ctp.CtpRequest.encode({ piece: { piece, length: bytes.length } }))
    list.append(bytes)
    await this.#write(list)
  }

  async #write (list: Uint8ArrayList): Promise<void> {
    this.#stream.send(list)
    if (this.#stream.writeBufferLength >= PACE_BYTES) await drained(this.#stream)
  }

  async close (): Promise<void> {
    await this.#stream.close({ signal: AbortSignal.timeout(5_000) }).catch((error: Error) => this.#stream.abort(error))
  }

  abort (error: Error): void {
    this.#stream.abort(error)
  }
}
