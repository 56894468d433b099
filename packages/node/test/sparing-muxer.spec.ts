import { yamux } from '@libp2p/yamux'
import type { MultiaddrConnection, Stream, StreamMuxer } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect } from 'chai'
import { sparingMuxer } from '../src/sparing-muxer.ts'
import { Gathered } from './gathered.ts'

const KiB = 1024
/** Yamux's first window, and half of it. */
const WINDOW_BYTES = 256 * KiB

describe('sparing muxer', () => {
  let near: MultiaddrConnection
  let far: MultiaddrConnection
  let muxer: StreamMuxer
  let stream: Stream
  let received: Gathered<number>
  let receivedBytes: number
  /** Writes that reached either end. */
  let toFar: number
  let toNear: number

  beforeEach(async () => {
    [near, far] = multiaddrConnectionPair()
    const factory = sparingMuxer(yamux({ enableKeepAlive: false }))
    muxer = factory().createStreamMuxer(near)
    const other = factory().createStreamMuxer(far)
    received = new Gathered()
    receivedBytes = 0
    const opened = new Promise<void>(resolve => {
      other.addEventListener('stream', ({ detail }) => {
        detail.addEventListener('message', ({ data }) => {
          receivedBytes += data.byteLength
          received.push(data.byteLength)
        })
        resolve()
      })
    })
    stream = await muxer.createStream()
    await opened
    // The first byte is answered: the stream's opening is acknowledged with it.
    const acknowledged = new Promise(resolve => { near.addEventListener('message', resolve, { once: true }) })
    stream.send(new Uint8Array(1))
    await Promise.all([received.first(1), acknowledged])
    toFar = 0
    toNear = 0
    far.addEventListener('message', () => { toFar++ })
    near.addEventListener('message', () => { toNear++ })
  })
  afterEach(() => {
    near.abort(new Error('the test is over'))
    far.abort(new Error('the test is over'))
  })

  it('writes the frames of one turn together', async () => {
    for (const size of [10, 20, 30]) stream.send(new Uint8Array(size))
    await received.first(4)
    expect(received.items).to.deep.equal([1, 10, 20, 30])
    expect(toFar).to.equal(1)
  })

  it('writes a short message and the piece behind it, which is more than it gathers, together', async () => {
    const piece = 64 * KiB + 16
    const writes: number[] = []
    const { send } = near
    near.send = data => {
      writes.push(data.byteLength)
      return send.call(near, data)
    }
    stream.send(new Uint8Array(10))
    stream.send(new Uint8Array(piece))
    await received.first(3)
    expect(writes, 'two frames of yamux').to.deep.equal([12 + 10 + 12 + piece])
  })

  it('gives room back when half of the window is used, and not for each frame', async () => {
    for (let sent = 1; sent < WINDOW_BYTES / 2 / KiB; sent++) {
      stream.send(new Uint8Array(KiB))
      await received.first(1 + sent)
    }
    expect(toNear).to.equal(0)
    const updated = new Promise(resolve => { near.addEventListener('message', resolve) })
    stream.send(new Uint8Array(2 * KiB))
    await updated
    expect(toNear).to.equal(1)
  })

  it('brings more than a window, whole', async () => {
    const bytes = 5 * WINDOW_BYTES + 7
    stream.send(new Uint8Array(bytes))
    while (receivedBytes < bytes + 1) await received.first(received.items.length + 1)
    expect(receivedBytes).to.equal(bytes + 1)
  })

  it('says its last words before it closes', async () => {
    const frames = received.first(2)
    stream.send(new Uint8Array(5))
    void muxer.close()
    expect((await frames).at(-1)).to.equal(5)
  })

  it('forgets what waits for a connection that is gone', async () => {
    stream.send(new Uint8Array(5))
    near.abort(new Error('cut'))
    // The turn in which it would have been written.
    await new Promise(resolve => { setImmediate(() => { setImmediate(resolve) }) })
    expect(received.items).to.deep.equal([1])
  })
})
