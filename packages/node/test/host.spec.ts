import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Stream } from '@libp2p/interface'
import { expect } from 'chai'
import { createHost, type Host } from '../src/host.ts'

const PING = '/ipfs/ping/1.0.0'

describe('host', () => {
  let hosts: Host[]

  beforeEach(async () => {
    hosts = await Promise.all([1, 2].map(async () => await createHost({ key: await generateKeyPair('Ed25519'), listen: ['/ip4/127.0.0.1/tcp/0'], refuse: () => false })))
    for (const host of hosts) await host.start()
  })
  afterEach(async () => { for (const host of hosts) await host.stop() })

  /** Libp2p's monitor pings each connection, and so does its DHT: whoever is refused a stream aborts the connection. */
  it('has room for several pings at once on one connection', async () => {
    const [near, far] = hosts as [Host, Host]
    const connection: Connection = await near.dial(far.getMultiaddrs())
    const pings: Stream[] = []
    for (let i = 0; i < 4; i++) pings.push(await connection.newStream(PING))
    for (const ping of pings) {
      const answer = new Promise<Uint8Array>(resolve => { ping.addEventListener('message', ({ data }) => resolve(data.subarray()), { once: true }) })
      ping.send(new Uint8Array(32).fill(7))
      expect(await answer).to.have.length(32)
      ping.abort(new Error('enough'))
    }
    expect(connection.status).to.equal('open')
  })
})
