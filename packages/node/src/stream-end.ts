import type { MessageStream, Stream, StreamMessageEvent } from '@libp2p/interface'
import { FrameBuffer, FrameError } from './framing.ts'

export interface FrameHandler {
  readonly maxMessageBytes: number
  /** Bytes that may wait for `take`; a peer that sends more than its window allows is cut off. */
  readonly maxBufferedBytes: number
  /** Take what is whole out of the buffer. A throw aborts the stream. */
  take (buffer: FrameBuffer): void
}

/**
 * Read a stream by its events, to its end. Iterating it would buffer without
 * bound, and `pause()` is undone inside a handler that `resume()` fired; the
 * bound here is the sender's window, and a sender that ignores it is cut off.
 *
 * @returns when the stream ended cleanly
 * @throws the reason of a reset, an abort, or what `take` threw
 */
export function readFrames (stream: Stream, handler: FrameHandler): Promise<void> {
  const buffer = new FrameBuffer(handler.maxMessageBytes)
  return new Promise((resolve, reject) => {
    const finish = (error?: Error): void => {
      stream.removeEventListener('message', onMessage)
      stream.removeEventListener('close', onClose)
      stream.removeEventListener('remoteCloseWrite', onEnd)
      stream.removeEventListener('end', onClose)
      if (error != null) reject(error)
      else resolve()
    }
    const onMessage = (event: StreamMessageEvent): void => {
      try {
        buffer.push(event.data)
        handler.take(buffer)
        if (buffer.length > handler.maxBufferedBytes) throw new FrameError(`${buffer.length} bytes wait, ${handler.maxBufferedBytes} are allowed`)
      } catch (error) {
        // In this order: an abort closes the stream at once, and the reason would be lost.
        finish(error as Error)
        stream.abort(error as Error)
      }
    }
    // A reset that lands early looks like a clean end: the status tells them apart.
    const onClose = (): void => finish(endOf(stream, buffer))
    const onEnd = (): void => { if (stream.readBufferLength === 0) finish(endOf(stream, buffer)) }
    stream.addEventListener('close', onClose)
    stream.addEventListener('remoteCloseWrite', onEnd)
    stream.addEventListener('end', onClose)
    stream.addEventListener('message', onMessage)
    // It may have ended before anybody looked.
    if ((stream.status !== 'open' || stream.remoteWriteStatus === 'closed') && stream.readBufferLength === 0) finish(endOf(stream, buffer))
  })
}

function endOf (stream: Stream, buffer: FrameBuffer): Error | undefined {
  if (stream.status === 'reset' || stream.status === 'aborted') return new Error(`stream was ${stream.status}`)
  if (buffer.length > 0) return new FrameError(`stream ended ${buffer.length} bytes into a message`)
  return undefined
}

/**
 * Wait until a stream takes more. `onDrain()` works once only, so this listens
 * for the event itself.
 *
 * @throws if the stream closes meanwhile
 */
export function drained (stream: MessageStream): Promise<void> {
  if (!stream.writableNeedsDrain) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const clear = (): void => {
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
    }
    const onDrain = (): void => { clear(); resolve() }
    const onClose = (): void => { clear(); reject(new Error(`stream was ${stream.status}`)) }
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
  })
}
