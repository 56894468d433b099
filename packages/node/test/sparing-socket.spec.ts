import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import { expect } from 'chai'
import { Uint8ArrayList } from 'uint8arraylist'
import { createHost, type Host } from '../src/host.ts'
import { sparingSockets } from '../src/sparing-socket.ts'
import { Gathered } from './gathered.ts'
import { SocketPair } from './socket-pair.ts'

const SEGMENT_BYTES = 1_448

interface Raw { socket?: Socket, sendData: (data: Uint8ArrayList) => { sentBytes: number, canSendMore: boolean } }

describe('sparing sockets', () => {
  let pair: SocketPair
  let near: Socket
  let far: Socket

  beforeEach(async () => {
    pair = await SocketPair.open()
    near = pair.near
    far = pair.far
    await once(near, 'connect').catch(() => {})
  })
  afterEach(() => pair.close())

  /** What an encrypter of ours is given, and what it gave back. */
  async function secure (raw: Raw): Promise<SecuredConnection> {
    const encrypter = sparingSockets(() => ({ protocol: '/test', secureOutbound: async () => ({ connection: raw }), secureInbound: async () => ({ connection: raw }) }) as unknown as ConnectionEncrypter)(undefined)
    return await encrypter.secureOutbound(raw as unknown as MessageStream)
  }

  function rawOf (socket: Socket): Raw {
    return { socket, sendData: () => { throw new Error('each part would be a write') } }
  }

  it('writes all parts of a message at once', async () => {
    const raw = rawOf(near)
    await secure(raw)
    let writes = 0
    const { _write: write, _writev: writev } = near
    near._write = (...args) => { writes++; write.apply(near, args) }
    near._writev = (...args) => { writes++; writev?.apply(near, args) }
    const parts = [2, 12, 70_000, 16].map((size, i) => new Uint8Array(size).fill(i))
    const wanted = Buffer.concat(parts)
    expect(raw.sendData(new Uint8ArrayList(...parts)).sentBytes).to.equal(wanted.length)
    near.end()
    const got: Buffer[] = []
    for await (const bytes of far) got.push(bytes as Buffer)
    expect(Buffer.concat(got).equals(wanted)).to.equal(true)
    expect(writes).to.equal(1)
  })

  it('reads many segments at once, all of them and to the end', async () => {
    await secure(rawOf(far))
    const got: Buffer[] = []
    far.on('data', bytes => { got.push(bytes as Buffer) })
    const ended = once(far, 'end')
    const segments = Array.from({ length: 300 }, (_, i) => Buffer.alloc(SEGMENT_BYTES, i))
    for (const segment of segments) {
      near.write(segment)
      await new Promise(setImmediate)
    }
    near.end()
    await ended
    expect(Buffer.concat(got).equals(Buffer.concat(segments))).to.equal(true)
    expect(got.length).to.be.below(segments.length / 2)
  })

  it('does not let a short message wait', async () => {
    await secure(rawOf(far))
    far.on('data', bytes => { far.write(bytes) })
    near.setEncoding('latin1')
    for (const word of ['a', 'b', 'c']) {
      const answer = once(near, 'data')
      near.write(word)
      expect(await answer).to.deep.equal([word])
    }
    // A socket that rests has no timer of its own to be seen; that it reads is.
    expect((far as unknown as { _handle: { reading: boolean } })._handle.reading).to.equal(true)
  })

  it('lets a socket be closed while it rests', async () => {
    await secure(rawOf(far))
    const first = once(far, 'data')
    near.write(Buffer.alloc(SEGMENT_BYTES))
    await first
    const closed = once(far, 'close')
    far.destroy()
    await closed
    expect(far.destroyed).to.equal(true)
  })

  it('leaves a connection without a socket as it is', async () => {
    const sendData = (): { sentBytes: number, canSendMore: boolean } => ({ sentBytes: 0, canSendMore: true })
    const raw = { sendData }
    await secure(raw)
    expect(raw.sendData).to.equal(sendData)
  })

  describe('between two hosts', () => {
    const ECHO = '/test/echo'
    let hosts: Host[]

    beforeEach(async () => {
      hosts = await Promise.all([1, 2].map(async () => await createHost({ key: await generateKeyPair('Ed25519'), listen: ['/ip4/127.0.0.1/tcp/0'], refuse: () => false })))
      await Promise.all(hosts.map(host => host.start()))
    })
    afterEach(async () => { await Promise.all(hosts.map(host => host.stop())) })

    it('brings what is written in parts of any size, in order, though a stream rests now and then', async () => {
      const [near, far] = hosts as [Host, Host]
      await far.handle(ECHO, stream => {
        let turn = 0
        stream.addEventListener('message', ({ data }) => {
          stream.send(data)
          if (++turn % 5 !== 0) return
          setImmediate(() => {
            stream.pause()
            setImmediate(() => stream.resume())
          })
        })
      })
      const stream = await near.dialProtocol(far.getMultiaddrs(), ECHO)
      const sizes = [1, 40, 1_199, 1_200, 30_000, 65_519, 65_520, 131_072, 2, 200_000]
      const sent = sizes.map(size => randomBytes(size))
      const got = new Gathered<Uint8Array>()
      let bytes = 0
      const all = sizes.reduce((sum, size) => sum + size, 0)
      const whole = new Promise<void>(resolve => stream.addEventListener('message', ({ data }) => {
        got.push(data.slice())
        bytes += data.byteLength
        if (bytes >= all) resolve()
      }))
      for (const part of sent) {
        stream.send(part)
        await new Promise(setImmediate)
      }
      await whole
      expect(Buffer.concat(got.items).equals(Buffer.concat(sent))).to.equal(true)
    })
  })
})
