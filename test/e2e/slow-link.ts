import { once } from 'node:events'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What is let through at a time. */
const SLICE_BYTES = 32 * 1024
/** Bytes that wait in this process, beside those in the kernel's buffers. */
const BUFFERED_BYTES = 64 * 1024

/** A way to a TCP port that lets so many bytes a second through; what comes back is not slowed down. */
export class SlowLink {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #port: number
  readonly #bytesPerMs: number

  private constructor (server: Server, port: number, bytesPerSecond: number) {
    this.#server = server
    this.#port = port
    this.#bytesPerMs = bytesPerSecond / 1000
    server.on('connection', socket => { this.#join(socket) })
  }

  static async to (port: number, bytesPerSecond: number): Promise<SlowLink> {
    const server = createServer({ highWaterMark: BUFFERED_BYTES, pauseOnConnect: true })
    const link = new SlowLink(server, port, bytesPerSecond)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return link
  }

  get port (): number {
    return (this.#server.address() as { port: number }).port
  }

  async close (): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join (socket: Socket): void {
    const far = connect(this.#port, '127.0.0.1')
    for (const end of [socket, far]) {
      this.#sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        socket.destroy()
        far.destroy()
      })
    }
    far.pipe(socket)
    void this.#carry(socket, far)
  }

  /** A slice, then a pause: the kernel's buffers fill, and whoever sends must wait. */
  async #carry (socket: Socket, far: Socket): Promise<void> {
    let freeMs = 0
    for await (const bytes of socket as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
        const slice = bytes.subarray(at, at + SLICE_BYTES)
        far.write(slice)
        freeMs = Math.max(freeMs, performance.now()) + slice.length / this.#bytesPerMs
        await delay(Math.max(1, freeMs - performance.now()))
      }
    }
  }
}
