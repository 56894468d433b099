import { identify, identifyPush, type Identify } from '@libp2p/identify'
import type { Libp2p, PeerId, PrivateKey, StreamMiddleware } from '@libp2p/interface'
import { kadDHT, passthroughMapper, type KadDHT } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { KAD_PROTOCOL } from '@sluice/wire'
import { createLibp2p } from 'libp2p'
import { noiseCipher } from './noise-cipher.ts'
import { sparingMuxer } from './sparing-muxer.ts'
import { sparingSockets } from './sparing-socket.ts'

export type Services = { identify: Identify, identifyPush: unknown, ping: Ping, dht: KadDHT }
export type Host = Libp2p<Services>

export interface HostInit {
  readonly key: PrivateKey
  /** Multiaddrs; none: dial only. */
  readonly listen: readonly string[]
  /** Multiaddrs told to others instead of those listened on. */
  readonly announce?: readonly string[] | undefined
  /** Peers that are refused before they can say a word. */
  readonly refuse: (peer: PeerId) => boolean
  /** Peers that are not dialled for now. */
  readonly avoid?: ((peer: PeerId) => boolean) | undefined
}

/** Connections of one peer at most. A view has ~30 members; a base hears of everybody. */
const MAX_CONNECTIONS = 2_000
/** New connections a second from one host: a whole fleet may stand behind one address, or run on loopback. */
const INBOUND_PER_SECOND = 1_000
/** TCP's queue of connections not accepted yet, and those that have not finished their handshakes. */
const BACKLOG = 511
const MAX_PENDING = 200
/** A window bounds one stream's throughput at window ÷ round trip: 4 MiB are 100 MB/s at 40 ms. */
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024
/** Must exceed the window: a full window that lands on a slow reader resets the stream otherwise. */
const READ_BUFFER_BYTES = 8 * 1024 * 1024
/**
 * Pings of one peer at once, each way. Libp2p's monitor and its DHT ping, each by itself; of the two that libp2p
 * allows itself the second fails, and the monitor takes that for a dead connection and aborts a good one.
 */
const MAX_PINGS = 16
/**
 * A connection is dead when a ping takes longer than this: it may wait behind a full window at both ends (16 pieces
 * at 1 Mbit/s are 8 s), and libp2p's 5 s cut off slow servers that were at work.
 */
const PING_TIMEOUT_MS = 15_000
/** A dial that takes longer than this is a dead host, not a far one. */
const DIAL_TIMEOUT_MS = 8_000

/** The one place that knows how libp2p is put together. */
export async function createHost ({ key, listen, announce, refuse, avoid }: HostInit): Promise<Host> {
  const host = await createLibp2p<Services>({
    // Whoever makes it starts it, when everything that answers is in place.
    start: false,
    privateKey: key,
    addresses: { listen: [...listen], announce: [...announce ?? []] },
    transports: [tcp({ backlog: BACKLOG })],
    connectionEncrypters: [sparingSockets(noise({ crypto: noiseCipher }))],
    // initialStreamWindowSize is not told to the other side: leave it alone.
    streamMuxers: [sparingMuxer(yamux({ streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES, maxReadBufferLength: READ_BUFFER_BYTES } }))],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: INBOUND_PER_SECOND,
      maxIncomingPendingConnections: MAX_PENDING,
      dialTimeout: DIAL_TIMEOUT_MS
    },
    connectionGater: {
      denyDialMultiaddr: () => false,
      denyDialPeer: peer => refuse(peer) || avoid?.(peer) === true,
      denyInboundEncryptedConnection: refuse
    },
    connectionMonitor: { pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping({ maxInboundStreams: MAX_PINGS, maxOutboundStreams: MAX_PINGS, timeout: PING_TIMEOUT_MS }),
      // Private and loopback addresses are ours too, and every member serves the table.
      dht: kadDHT({ protocol: KAD_PROTOCOL, peerInfoMapper: passthroughMapper, clientMode: false, allowQueryWithZeroPeers: true })
    }
  })
  freshMiddleware(host)
  return host
}

/**
 * Libp2p 3.3 appends each stream's handler to the very list of middleware that was
 * registered, so that the second stream would be handled twice: hand out a copy.
 */
function freshMiddleware (host: Host): void {
  const { registrar } = (host as unknown as { components: { registrar: { getMiddleware (protocol: string): StreamMiddleware[] } } }).components
  const { getMiddleware } = registrar
  registrar.getMiddleware = protocol => [...getMiddleware.call(registrar, protocol)]
}
