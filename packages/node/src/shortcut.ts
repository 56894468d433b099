import type { Uint8ArrayList } from 'uint8arraylist'

type Data = Uint8Array | Uint8ArrayList

/** What is used of libp2p's `AbstractMessageStream`: of connections, encrypted connections and streams. */
export interface Flow {
  readonly readStatus: string
  readonly readBufferLength: number
  readonly writeStatus: string
  readonly writeBufferLength: number
  readonly sendingData: boolean
  writableNeedsDrain: boolean
  onData: (data: Data) => void
  abort: (error: Error) => void
  listenerCount: (type: string) => number
  safeDispatchEvent: (type: string, detail?: object) => boolean
}

export function isFlow (value: object): value is Flow {
  const { onData, safeDispatchEvent, listenerCount } = value as Partial<Flow>
  return typeof onData === 'function' && typeof safeDispatchEvent === 'function' && typeof listenerCount === 'function'
}

/**
 * What `flow` receives goes straight to `take`, the only one who listens to it:
 * libp2p puts it into a list and that into an event, at each of its levels. While the
 * flow is paused, something older waits in it, or others listen too, it takes libp2p's
 * own way.
 *
 * @param take - what throws aborts what it takes for, by itself
 */
export function shortcut (flow: Flow, take: (data: Data) => void): void {
  const { onData } = flow
  flow.onData = data => {
    if (isDirect(flow)) take(data)
    else onData.call(flow, data)
  }
}

/** Whether what comes now goes straight to the one who listens. */
export function isDirect (flow: Flow): boolean {
  return flow.readStatus === 'readable' && flow.readBufferLength === 0 && flow.listenerCount('message') === 1
}

/** Whether what is sent now need not wait for anything. */
export function isFree (flow: Flow): boolean {
  return flow.writeStatus === 'writable' && !flow.writableNeedsDrain && !flow.sendingData && flow.writeBufferLength === 0
}

/** `flow` makes no event that nobody listens to: `idle` is told of each message at each level. */
export function spareEvents (flow: Flow): void {
  const { safeDispatchEvent } = flow
  flow.safeDispatchEvent = (type, detail) => flow.listenerCount(type) === 0 || safeDispatchEvent.call(flow, type, detail)
}
