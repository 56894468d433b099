import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Stands between two processes, counts what passes, and cuts the line when it is told to. */
export class Tap {
  /** Bytes from who dials to who is dialled, and back. */
  up = 0
  down = 0
  connections = 0
  readonly #server: Server
  readonly #target: () => number
  readonly #sockets = new Set<Socket>()

  private constructor (server: Server, target: () => number) {
    this.#server = server
    this.#target = target
  }

  /** @param target - port of who is dialled, at the time of a connection */
  static async open (target: () => number): Promise<Tap> {
    const server = createServer()
    const tap = new Tap(server, target)
    server.on('connection', socket => { tap.#pass(socket) })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return tap
  }

  get address (): string {
    return `/ip4/127.0.0.1/tcp/${(this.#server.address() as AddressInfo).port}`
  }

  /** As a router that lost its state does it: both ends are told by a reset. */
  reset (): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  close (): void {
    this.reset()
    this.#server.close()
  }

  #pass (caller: Socket): void {
    this.connections++
    const callee = connect(this.#target(), '127.0.0.1')
    caller.on('data', bytes => { this.up += bytes.length })
    callee.on('data', bytes => { this.down += bytes.length })
    for (const [socket, other] of [[caller, callee], [callee, caller]] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      // Who ends, or is killed, ends the other's connection, too.
      socket.on('error', () => { other.resetAndDestroy() })
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }
}

/** A port of loopback that nobody has. */
export async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
