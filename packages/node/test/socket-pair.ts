import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Both ends of a TCP connection on loopback. */
export class SocketPair {
  readonly near: Socket
  readonly far: Socket
  readonly #server: Server

  private constructor (server: Server, near: Socket, far: Socket) {
    this.#server = server
    this.near = near
    this.far = far
  }

  static async open (): Promise<SocketPair> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection') as Promise<Socket[]>
    const near = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true })
    return new SocketPair(server, near, (await accepted)[0] as Socket)
  }

  close (): void {
    this.near.destroy()
    this.far.destroy()
    this.#server.close()
  }
}
