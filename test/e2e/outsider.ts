import type { Connection, PrivateKey, Stream } from '@libp2p/interface'
import { createHost, type Host } from '@sluice/node'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'

/** A bare libp2p host that speaks none of our protocols by itself: what it says is up to the test. */
export class Outsider {
  readonly host: Host

  private constructor (host: Host) {
    this.host = host
  }

  static async start (key?: PrivateKey): Promise<Outsider> {
    const host = await createHost({ key: key ?? await generateKeyPair('Ed25519'), listen: [], refuse: () => false })
    await host.start()
    return new Outsider(host)
  }

  async dial (address: string): Promise<Connection> {
    return await this.host.dial(multiaddr(address))
  }

  async stop (): Promise<void> {
    await this.host.stop()
  }
}

/** Resolves when the other side, or the network, has ended the connection. */
export async function closeOf (connection: Connection): Promise<void> {
  if (connection.status !== 'open') return
  await new Promise<void>(resolve => { connection.addEventListener('close', () => resolve(), { once: true }) })
}

/** What the other side says on a stream until it ends it, however it ends it. */
export async function answerOn (stream: Stream): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  stream.addEventListener('message', event => { parts.push(event.data.subarray()) })
  await new Promise<void>(resolve => {
    if (stream.status !== 'open') return resolve()
    stream.addEventListener('close', () => resolve(), { once: true })
    stream.addEventListener('remoteCloseWrite', () => resolve(), { once: true })
  })
  return Buffer.concat(parts)
}

/** Say `bytes`, and hear what is answered. */
export async function sayAll (stream: Stream, bytes: Uint8Array): Promise<Uint8Array> {
  const answer = answerOn(stream)
  try {
    stream.send(bytes)
  } catch {
    // Reset before we could speak: its answer is nothing.
  }
  return await answer
}

/** As `sayAll`, on a protocol that may be refused: then the answer is nothing. */
export async function sayOn (connection: Connection, protocol: string, bytes: Uint8Array): Promise<Uint8Array> {
  const stream = await connection.newStream(protocol).catch(() => undefined)
  return stream == null ? new Uint8Array() : await sayAll(stream, bytes)
}
