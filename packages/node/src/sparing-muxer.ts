import type { MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { type Flow, isFlow, shortcut, spareEvents } from './shortcut.ts'

/** What is used of libp2p's yamux; its class is not exported. */
interface Yamux {
  readonly status: string
  send: (data: Uint8Array | Uint8ArrayList) => boolean
  abort: (error: Error) => void
  onData: (data: Uint8Array | Uint8ArrayList) => void
  _newStream: (...args: unknown[]) => YamuxStream
}

interface YamuxStream {
  readonly state: number
  recvWindow: number
  readonly recvWindowCapacity: number
  readonly maxStreamWindowSize: number
  readonly getRTT: () => number
  sendWindowUpdate: () => void
}

/** Yamux's `StreamState.Established`: no flag of the stream's opening waits for a frame to carry it. */
const ESTABLISHED = 3
/** A noise frame's worth: more than this gains nothing by waiting. */
const GATHER_BYTES = 65_519
/** What yamux does: a window that is used up within so many round trips is too small. */
const GROWTH_ROUND_TRIPS = 4

/**
 * Makes fewer frames of what `factory`'s muxers send: those of one turn of the
 * event loop are encrypted and written together, and a reader gives room back
 * when half of its window is used, as yamux's specification has it; libp2p's
 * answers each frame, however small, with one of its own.
 */
export function sparingMuxer (factory: () => StreamMuxerFactory): () => StreamMuxerFactory {
  return () => {
    const muxers = factory()
    const { createStreamMuxer } = muxers
    muxers.createStreamMuxer = connection => {
      const muxer = createStreamMuxer.call(muxers, connection)
      gather(muxer, connection)
      if (isFlow(connection)) hearDirectly(muxer, connection)
      thinWindowUpdates(muxer)
      return muxer
    }
    return muxers
  }
}

function gather (streamMuxer: StreamMuxer, connection: MessageStream): void {
  const muxer = streamMuxer as unknown as Yamux
  const { send } = muxer
  let waiting = new Uint8ArrayList()
  const flush = (): boolean => {
    const frames = waiting
    waiting = new Uint8ArrayList()
    return frames.byteLength === 0 || send.call(muxer, frames)
  }
  const flushLater = (): void => {
    // A connection that has closed meanwhile takes nothing, and needs nothing.
    if (connection.status !== 'open') return
    try {
      flush()
    } catch (error) {
      muxer.abort(error as Error)
    }
  }
  muxer.send = frame => {
    if (waiting.byteLength === 0) setImmediate(flushLater)
    waiting.append(frame)
    // The last frames of a muxer that closes must not outlive its connection; one that is full has to hear of it now.
    if (waiting.byteLength >= GATHER_BYTES || muxer.status !== 'open' || connection.writableNeedsDrain) return flush()
    return true
  }
}

/** As the muxer's own listener does it. */
function hearDirectly (streamMuxer: StreamMuxer, connection: MessageStream & Flow): void {
  const muxer = streamMuxer as unknown as Yamux
  shortcut(connection, data => {
    try {
      muxer.onData(data)
    } catch (error) {
      muxer.abort(error as Error)
      connection.abort(error as Error)
    }
  })
}

function thinWindowUpdates (streamMuxer: StreamMuxer): void {
  const muxer = streamMuxer as unknown as Yamux
  const { _newStream: newStream } = muxer
  muxer._newStream = (...args) => {
    const stream = newStream.apply(muxer, args)
    const { sendWindowUpdate } = stream
    if (isFlow(stream)) spareEvents(stream)
    let frameMs = Date.now()
    stream.sendWindowUpdate = () => {
      if (stream.state === ESTABLISHED) {
        // It grows by the pace of frames, as it does in yamux, where each has its update.
        const nowMs = Date.now()
        const rttMs = stream.getRTT()
        if (rttMs >= 0 && nowMs - frameMs <= rttMs * GROWTH_ROUND_TRIPS) stream.recvWindow = Math.min(stream.recvWindow * 2, stream.maxStreamWindowSize)
        frameMs = nowMs
        if (stream.recvWindow - stream.recvWindowCapacity < stream.recvWindow / 2) return
      }
      sendWindowUpdate.call(stream)
    }
    return stream
  }
}
