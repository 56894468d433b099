import { Socket } from 'node:net'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'
import { NoiseFrames } from './noise-frames.ts'
import { type Flow, isDirect, isFlow, isFree, shortcut, spareEvents } from './shortcut.ts'
import { readSparingly } from './socket-reader.ts'

/** A read of at least so much has a full TCP segment in it: bulk is coming, and no short message waits to be answered. */
const SEGMENT_BYTES = 1_200
/** Reads of so much are few enough. */
const LARGE_READ_BYTES = 32 * 1024
/** How long a socket is left alone to gather: little beside the 130 ms of a window. 10 ms cost a tenth more processor time. */
const REST_MS = 20

/** Parts of so little are sooner put together than written one by one. */
const SMALL_BYTES = 1_200

type EncrypterFactory<C> = (components: C) => ConnectionEncrypter

/** What is used of libp2p's TCP connection, which keeps its socket to itself. */
interface RawConnection {
  readonly socket?: unknown
  sendData: (data: Uint8ArrayList) => { sentBytes: number, canSendMore: boolean }
}

/** What is used of noise's encrypted connection. */
interface Encrypted extends Flow {
  decoder: { readonly buffer: Uint8ArrayList } | NoiseFrames
  readonly decrypt: (frame: Uint8Array) => Uint8ArrayList
  readonly encrypt: (data: Uint8Array | Uint8ArrayList) => Uint8ArrayList
  send: (data: Uint8Array | Uint8ArrayList) => boolean
}

/**
 * Spares the kernel, and libp2p, work on the connections that `factory`'s
 * encrypter is given: it is the first of ours that sees them.
 *
 * Libp2p writes each part of a message to the socket by itself, so that the two
 * bytes of a noise frame's length are a system call and a TCP segment of their
 * own. Here a message is one write, a socket in bulk is read now and then
 * instead of for each segment, and what was read is deciphered where it is.
 */
export function sparingSockets<C> (factory: EncrypterFactory<C>): EncrypterFactory<C> {
  return components => {
    const encrypter = factory(components)
    const { secureInbound, secureOutbound } = encrypter
    encrypter.secureInbound = async (connection, options) => spare(connection, await secureInbound.call(encrypter, gathering(connection), options))
    encrypter.secureOutbound = async (connection, options) => spare(connection, await secureOutbound.call(encrypter, gathering(connection), options))
    return encrypter
  }
}

/** The handshake's messages are whole writes, too. */
function gathering (connection: MessageStream): MessageStream {
  const raw = connection as unknown as RawConnection
  const { socket } = raw
  // Other transports have no socket, and nothing to spare.
  if (socket instanceof Socket) raw.sendData = data => writeWhole(socket, data)
  return connection
}

function spare<T> (connection: MessageStream, secured: SecuredConnection<T>): SecuredConnection<T> {
  const raw = connection as unknown as RawConnection
  const { socket } = raw
  const encrypted = secured.connection as unknown as Encrypted
  const takes = isFlow(connection) && isFlow(encrypted) && decipher(connection, encrypted)
  if (!(socket instanceof Socket)) return secured
  if (takes) encipher(connection as Flow, raw, encrypted)
  const read = (bytes: Uint8Array): void => { if (bytes.length >= SEGMENT_BYTES && bytes.length < LARGE_READ_BYTES) rests.add(socket) }
  const sparing = takes && readSparingly(socket, bytes => {
    // What libp2p keeps must be its own.
    connection.onData(isDirect(connection) ? bytes : bytes.slice())
    read(bytes)
  })
  if (!sparing) socket.on('data', read)
  return secured
}

/** What `raw` brings is taken apart, deciphered and handed on without a list or an event. @returns whether it is */
function decipher (raw: Flow, encrypted: Encrypted): boolean {
  if (typeof encrypted.decrypt !== 'function' || !('buffer' in encrypted.decoder)) return false
  const frames = new NoiseFrames()
  // The first bytes behind the handshake may be here already.
  const early = encrypted.decoder.buffer.subarray()
  // Noise's own way, where the shortcut is not to be taken, has to go on with the same bytes.
  encrypted.decoder = frames
  const take = (data: Uint8Array | Uint8ArrayList): void => {
    try {
      for (const frame of frames.decode(data)) encrypted.onData(encrypted.decrypt(frame))
    } catch (error) {
      encrypted.abort(error as Error)
    }
  }
  if (early.length > 0) take(early)
  shortcut(raw, take)
  for (const flow of [raw, encrypted]) spareEvents(flow)
  return true
}

/** What the muxer sends is enciphered and written at once where nothing waits; otherwise it takes libp2p's own way. */
function encipher (flow: Flow, raw: RawConnection, encrypted: Encrypted): void {
  const { send } = encrypted
  encrypted.send = data => {
    if (!isFree(flow) || !isFree(encrypted)) return send.call(encrypted, data)
    try {
      const { canSendMore } = raw.sendData(encrypted.encrypt(data))
      flow.writableNeedsDrain = encrypted.writableNeedsDrain = !canSendMore
      return canSendMore
    } catch (error) {
      encrypted.abort(error as Error)
      throw error
    }
  }
}

function writeWhole (socket: Socket, data: Uint8ArrayList): { sentBytes: number, canSendMore: boolean } {
  const sentBytes = data.byteLength
  if (sentBytes <= SMALL_BYTES) return { sentBytes, canSendMore: socket.write(data.subarray()) }
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
