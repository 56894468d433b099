import type { Connection, Stream } from '@libp2p/interface'
import { PROTOCOLS, type ProtocolName } from '@sluice/wire'
import type { Host } from '../host.ts'
import type { Logger } from '../log.ts'

/** What every protocol class is built from. */
export interface Components {
  readonly host: Host
  readonly log: Logger
  /** The remote's role, once it has shown it; rejects if it does not. */
  readonly admitted: (connection: Connection) => Promise<'node' | 'provider' | 'base'>
}

/** How long a stream may take to say that it is done. */
const CLOSE_TIMEOUT_MS = 1_000

/** Register one protocol with the limits, and for the roles, of its row in the table. */
export async function register (components: Components, word: ProtocolName, handler: (stream: Stream, peer: string) => Promise<void>): Promise<void> {
  const { host, log, admitted } = components
  const { id, maxStreams, dialers } = PROTOCOLS[word]
  await host.handle(id, async (stream, connection) => {
    const peer = connection.remotePeer.toString()
    try {
      const role = await admitted(connection)
      if (!(dialers as readonly string[]).includes(role)) throw new Error(`a ${role} may not open ${word}`)
      await handler(stream, peer)
      // Our half stays open otherwise, and counts against the limit of streams.
      await stream.close({ signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) })
    } catch (error) {
      log.debug('stream failed', { protocol: word, peer, error: (error as Error).message })
      stream.abort(error as Error)
    }
  }, { maxInboundStreams: maxStreams, maxOutboundStreams: maxStreams, runOnLimitedConnection: false })
}
