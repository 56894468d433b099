import { Socket } from 'node:net'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

type EncrypterFactory<C> = (components: C) => ConnectionEncrypter

/** What is used of libp2p's TCP connection, which keeps its socket to itself. */
interface RawConnection {
  readonly socket?: unknown
  sendData: (data: Uint8ArrayList) => { sentBytes: number, canSendMore: boolean }
}

/**
 * Spares the kernel work on the connections that `factory`'s encrypter is
 * given: it is the first of ours that sees them.
 *
 * Libp2p writes each part of a message to the socket by itself, so that the two
 * bytes of a noise frame's length are a system call and a TCP segment of their
 * own. Here a message is one write.
 */
export function sparingSockets<C> (factory: EncrypterFactory<C>): EncrypterFactory<C> {
  return components => {
    const encrypter = factory(components)
    const { secureInbound, secureOutbound } = encrypter
    encrypter.secureInbound = (connection, options) => secureInbound.call(encrypter, spare(connection), options)
    encrypter.secureOutbound = (connection, options) => secureOutbound.call(encrypter, spare(connection), options)
    return encrypter
  }
}

function spare (connection: MessageStream): MessageStream {
  const raw = connection as unknown as RawConnection
  const { socket } = raw
  // Other transports have no socket, and nothing to spare.
  if (socket instanceof Socket) raw.sendData = data => writeWhole(socket, data)
  return connection
}

function writeWhole (socket: Socket, data: Uint8ArrayList): { sentBytes: number, canSendMore: boolean } {
  const sentBytes = data.byteLength
  let canSendMore = true
  socket.cork()
  for (const bytes of data) canSendMore = socket.write(bytes)
  socket.uncork()
  // All of it is the socket's now; `false` only says that a drain will follow.
  return { sentBytes, canSendMore }
}
