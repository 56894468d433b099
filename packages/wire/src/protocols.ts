/** A protocol and what one peer may cost another by it. */
export interface Protocol {
  readonly id: string
  /** Longest framed message, in bytes. Checked before anything is allocated for it. */
  readonly maxMessageBytes: number
  /** Streams that one connection may have open at a time, in each direction. */
  readonly maxStreams: number
  /** How long an answer may take, in milliseconds; 0 for streams that live as long as the connection. */
  readonly timeoutMs: number
  /** Who may open it. Deny is the default: a role that is not listed is refused. */
  readonly dialers: ReadonlyArray<'stranger' | 'node' | 'provider' | 'base'>
}

const KiB = 1024
const MiB = 1024 * KiB

/** Every protocol of Sluice, and every limit on it. A word that is not here does not exist. */
export const PROTOCOLS = {
  // A stranger gets this one small stream and no more.
  hello: { id: '/sluice/hello/1.0.0', maxMessageBytes: 128 * KiB, maxStreams: 2, timeoutMs: 10_000, dialers: ['stranger', 'node', 'provider', 'base'] },
  // A job's server list may hold 100,000 ranks of ~60 bytes: an envelope of 8 MiB at most, in a message.
  session: { id: '/sluice/session/1.0.0', maxMessageBytes: 9 * MiB, maxStreams: 64, timeoutMs: 30_000, dialers: ['provider'] },
  ctp: { id: '/sluice/ctp/1.0.0', maxMessageBytes: 320 * KiB, maxStreams: 64, timeoutMs: 30_000, dialers: ['node', 'provider', 'base'] },
  offer: { id: '/sluice/offer/1.0.0', maxMessageBytes: 9 * MiB, maxStreams: 2, timeoutMs: 0, dialers: ['node', 'base'] },
  chunk: { id: '/sluice/chunk/1.0.0', maxMessageBytes: 320 * KiB, maxStreams: 2, timeoutMs: 0, dialers: ['node', 'base'] },
  notify: { id: '/sluice/notify/1.0.0', maxMessageBytes: 9 * MiB, maxStreams: 2, timeoutMs: 30_000, dialers: ['node', 'base'] },
  status: { id: '/sluice/status/1.0.0', maxMessageBytes: 4 * MiB, maxStreams: 4, timeoutMs: 10_000, dialers: ['base'] },
  recall: { id: '/sluice/recall/1.0.0', maxMessageBytes: 9 * MiB, maxStreams: 2, timeoutMs: 30_000, dialers: ['base'] }
} as const satisfies Record<string, Protocol>

export type ProtocolName = keyof typeof PROTOCOLS

/** The private DHT's protocol; kad-dht brings its own limits. */
export const KAD_PROTOCOL = '/sluice/kad/1.0.0'

/** The first message of a connection may not be larger from one whose membership is unknown. */
export const STRANGER_MAX_BYTES = 4 * KiB

/** How long a stranger may hold a connection before he has shown who he is, in milliseconds: a busy host needs a second or two for its handshakes. */
export const STRANGER_TIMEOUT_MS = 5_000
