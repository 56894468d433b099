import { Socket } from 'node:net'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

/** A read of at least so much has a full TCP segment in it: bulk is coming, and no short message waits to be answered. */
const SEGMENT_BYTES = 1_200
/** Reads of so much are few enough. */
const LARGE_READ_BYTES = 32 * 1024
/** How long a socket is left alone to gather: little beside the 130 ms of a window. 10 ms cost a tenth more processor time. */
const REST_MS = 20

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
 * own. Here a message is one write, and a socket in bulk is read now and then
 * instead of for each segment.
 */
export function sparingSockets<C> (factory: EncrypterFactory<C>): EncrypterFactory<C> {
  return components => {
    const encrypter = factory(components)
    const { secureInbound, secureOutbound } = encrypter
    encrypter.secureInbound = async (connection, options) => quiet(await secureInbound.call(encrypter, spare(connection), options))
    encrypter.secureOutbound = async (connection, options) => quiet(await secureOutbound.call(encrypter, spare(connection), options))
    return encrypter
  }
}

function spare (connection: MessageStream): MessageStream {
  const raw = connection as unknown as RawConnection
  const { socket } = raw
  // Other transports have no socket, and nothing to spare.
  if (socket instanceof Socket) {
    raw.sendData = data => writeWhole(socket, data)
    socket.on('data', bytes => { if (bytes.length >= SEGMENT_BYTES && bytes.length < LARGE_READ_BYTES) rests.add(socket) })
  }
  return connection
}

/** What is used of noise's encrypted connection. */
interface Encrypted {
  readonly decoder?: { lengthDecoder: (data: Uint8ArrayList) => number }
}

const LENGTH_BYTES = 2
/** Thrown again and again: a new error looks at the stack, and that costs more than the rest of a small read. */
const TOO_SHORT = new RangeError('the length of a frame is not here yet')

/** Noise learns by an exception that it has taken all frames of a read. */
function quiet<T> (secured: SecuredConnection<T>): SecuredConnection<T> {
  const { decoder } = secured.connection as unknown as Encrypted
  if (decoder == null) return secured
  const { lengthDecoder } = decoder
  decoder.lengthDecoder = data => {
    if (data.byteLength < LENGTH_BYTES) throw TOO_SHORT
    return lengthDecoder(data)
  }
  return secured
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

/** What is used of a socket's handle: no public way of a flowing socket leaves bytes in the kernel. */
interface Handle {
  /** Whether Node itself wants to read. */
  reading: boolean
  readStop: () => void
  readStart: () => void
}

/** Sockets that are not read for some milliseconds, so that the kernel hands over many segments at once. All are woken together. */
class Rests {
  readonly #sockets = new Set<Socket>()

  add (socket: Socket): void {
    const handle = handleOf(socket)
    if (handle == null || !handle.reading || this.#sockets.has(socket)) return
    handle.readStop()
    if (this.#sockets.size === 0) setTimeout(() => this.#wake(), REST_MS)
    this.#sockets.add(socket)
  }

  #wake (): void {
    const sockets = [...this.#sockets]
    this.#sockets.clear()
    for (const socket of sockets) {
      const handle = handleOf(socket)
      // Closed meanwhile, or stopped by Node for reasons of its own.
      if (handle?.reading === true) handle.readStart()
    }
  }
}

const rests = new Rests()

function handleOf (socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: Handle | null }
  return typeof handle?.readStop === 'function' && typeof handle.readStart === 'function' ? handle : undefined
}
