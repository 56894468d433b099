import type { Socket } from 'node:net'

/** What a read may bring at most: as much as Node's own reads. */
const READ_BYTES = 64 * 1024
/** Everybody's: what was read is used up before the next read. No `Buffer`, whose `slice()` is no copy. */
const READ_BUFFER = new Uint8Array(READ_BYTES)

/** What `net.connect({ onread })` sets before a socket is connected; a socket that was accepted has no other way. */
interface Internals {
  _handle?: { useUserBuffer?: (buffer: Uint8Array) => void } | null
  [symbol: symbol]: unknown
}

/**
 * Have all that comes to `socket` from now on read into one buffer and given to
 * `take`, which keeps nothing of it. Node otherwise allocates 64 KiB for each
 * read, however little comes, and passes it through the machinery of its streams.
 *
 * @returns false if this Node does not do so; then nothing has changed
 */
export function readSparingly (socket: Socket, take: (bytes: Uint8Array) => void): boolean {
  const internals = socket as unknown as Internals
  const { _handle: handle } = internals
  const buffer = symbolOf(socket, 'kBuffer')
  const callback = symbolOf(socket, 'kBufferCb')
  if (typeof handle?.useUserBuffer !== 'function' || buffer == null || callback == null || internals[buffer] != null) return false
  internals[callback] = (length: number, bytes: Uint8Array) => {
    take(bytes.subarray(0, length))
    return true
  }
  internals[buffer] = READ_BUFFER
  handle.useUserBuffer(READ_BUFFER)
  return true
}

function symbolOf (socket: Socket, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(socket).find(({ description }) => description === name)
}
