import type { Connection, MultiaddrConnection, PeerId, Stream, StreamHandler, StreamHandlerOptions, StreamMiddleware } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import type { Host } from '../../src/host.ts'
import { silent } from '../../src/log.ts'
import type { Components } from '../../src/protocols/handler.ts'
import { Gathered } from '../gathered.ts'

type Role = 'node' | 'provider' | 'base'

/** One end of a connection between two stub hosts. */
export class StubConnection extends EventTarget {
  readonly local: StubHost
  readonly remotePeer: PeerId
  readonly direction: MultiaddrConnection['direction']
  partner!: StubConnection
  status = 'open'
  error: Error | undefined

  constructor (local: StubHost, remotePeer: PeerId, direction: MultiaddrConnection['direction']) {
    super()
    this.local = local
    this.remotePeer = remotePeer
    this.direction = direction
  }

  async newStream (id: string): Promise<Stream> {
    const handler = this.partner.local.handlers.get(id)?.handler
    if (handler == null) throw new Error(`nobody handles ${id}`)
    const [outbound, inbound] = await streamPair({ protocol: id, capacity: this.local.capacity })
    void handler(inbound, this.partner.asConnection)
    return outbound
  }

  async close (): Promise<void> {
    this.#end('closed')
    this.partner.#end('closed')
  }

  abort (error: Error): void {
    this.error ??= error
    this.#end('aborted')
    this.partner.#end('closed')
  }

  get asConnection (): Connection {
    return this as unknown as Connection
  }

  #end (status: string): void {
    if (this.status !== 'open') return
    this.status = status
    this.dispatchEvent(new Event('close'))
  }
}

/** A libp2p host without sockets: its streams are pairs in memory. */
export class StubHost extends EventTarget {
  readonly peerId: PeerId
  readonly handlers = new Map<string, { handler: StreamHandler, options: StreamHandlerOptions | undefined }>()
  readonly connections = new Map<string, StubConnection>()
  readonly dialled = new Gathered<string>()
  readonly hungUp = new Gathered<string>()
  readonly opened: Stream[] = []
  /** Messages of 64 KiB on their way before a stream says that it is full. */
  capacity = 5

  constructor (peer: string) {
    super()
    this.peerId = peerIdFromString(peer)
  }

  readonly contentRouting = {
    provide: async (): Promise<void> => {},
    findProviders: async function * (): AsyncGenerator<never> {}
  }

  get peer (): string {
    return this.peerId.toString()
  }

  get asHost (): Host {
    return this as unknown as Host
  }

  /** What a protocol class is built from, where every peer has the given role. */
  components (role: Role = 'node', log = silent): Components {
    return { host: this.asHost, log, admitted: async () => role }
  }

  async handle (id: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void> {
    this.handlers.set(id, { handler, options })
  }

  /** Protocols that somebody stands in front of. */
  readonly guarded = new Map<string, StreamMiddleware>()

  use (id: string, middleware: StreamMiddleware): void {
    this.guarded.set(id, middleware)
  }

  /** Connect to `other`, as the dialler. */
  meet (other: StubHost): StubConnection {
    const outbound = new StubConnection(this, other.peerId, 'outbound')
    const inbound = new StubConnection(other, this.peerId, 'inbound')
    outbound.partner = inbound
    inbound.partner = outbound
    this.connections.set(other.peer, outbound)
    other.connections.set(this.peer, inbound)
    other.dispatchEvent(new CustomEvent('connection:open', { detail: inbound }))
    this.dispatchEvent(new CustomEvent('connection:open', { detail: outbound }))
    return outbound
  }

  async dialProtocol (peer: PeerId, id: string): Promise<Stream> {
    const connection = this.connections.get(peer.toString())
    if (connection == null) throw new Error(`${peer.toString()} cannot be reached`)
    const stream = await connection.newStream(id)
    this.opened.push(stream)
    return stream
  }

  async dial (peer: PeerId): Promise<Connection> {
    this.dialled.push(peer.toString())
    const connection = this.connections.get(peer.toString())
    if (connection == null) throw new Error(`${peer.toString()} cannot be reached`)
    return connection.asConnection
  }

  async hangUp (peer: PeerId): Promise<void> {
    this.hungUp.push(peer.toString())
  }
}

/** How a stream ended, once it has. */
export async function ending (stream: Stream): Promise<string> {
  if (stream.status === 'open' || stream.status === 'closing') await new Promise(resolve => { stream.addEventListener('close', resolve, { once: true }) })
  return stream.status
}
