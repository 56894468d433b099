import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Host } from './host.ts'

/** Bytes of one protocol, both ways, as they were handed to its streams: encryption and framing below are not among them. */
export interface ProtocolBytes {
  readonly sent: number
  readonly received: number
}

/** Whatever a transport registers when it listens: nobody looks at it. */
const METRIC = { update: () => {}, increment: () => {}, decrement: () => {}, reset: () => {}, timer: () => () => {}, observe: () => {} }
const register = (): typeof METRIC => METRIC
const SILENT = {
  registerMetric: register,
  registerMetricGroup: register,
  registerCounter: register,
  registerCounterGroup: register,
  registerHistogram: register,
  registerHistogramGroup: register,
  registerSummary: register,
  registerSummaryGroup: register
}

/** Counts what a host says and hears, by protocol, at its streams: libp2p's own protocols too. */
export class Traffic {
  readonly #protocols = new Map<string, { sent: number, received: number }>()

  constructor (host: Host) {
    // Libp2p tells its metrics of every stream; to be told is all that is wanted of them.
    const { components } = host as unknown as { components: { metrics?: object } }
    components.metrics = { ...SILENT, trackProtocolStream: (stream: Stream) => this.#watch(stream), trackMultiaddrConnection: () => {} }
  }

  /** By protocol id. */
  get bytes (): ReadonlyMap<string, ProtocolBytes> {
    return this.#protocols
  }

  #watch (stream: Stream): void {
    const count = this.#protocols.get(stream.protocol) ?? { sent: 0, received: 0 }
    this.#protocols.set(stream.protocol, count)
    const send = stream.send.bind(stream)
    stream.send = data => {
      count.sent += data.byteLength
      return send(data)
    }
    // A stream is read by whoever listens, and until then keeps what comes: this only looks on once somebody does.
    const listen = stream.addEventListener.bind(stream)
    let looking = false
    stream.addEventListener = ((type: string, ...rest: Parameters<typeof stream.addEventListener> extends [unknown, ...infer R] ? R : never) => {
      if (type === 'message' && !looking) {
        looking = true
        listen('message', (event: StreamMessageEvent) => { count.received += event.data.byteLength })
      }
      listen(type as 'message', ...rest as [never])
    }) as typeof stream.addEventListener
  }
}
