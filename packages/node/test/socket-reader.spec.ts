import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect } from 'chai'
import { readSparingly } from '../src/socket-reader.ts'
import { SocketPair } from './socket-pair.ts'

describe('socket reader', () => {
  let pair: SocketPair
  let near: Socket
  let far: Socket

  beforeEach(async () => {
    pair = await SocketPair.open()
    near = pair.near
    far = pair.far
    far.on('data', () => { throw new Error('read by the streams of Node') })
  })
  afterEach(() => pair.close())

  it('reads everything, to the end, into memory that is used again', async () => {
    const got: Uint8Array[] = []
    const memory = new Set<ArrayBufferLike>()
    expect(readSparingly(far, bytes => {
      got.push(bytes.slice())
      memory.add(bytes.buffer)
    })).to.equal(true)
    const sent = Buffer.alloc(1_000_000, 'sluice')
    const ended = once(far, 'end')
    near.end(sent)
    await ended
    expect(Buffer.concat(got).equals(sent)).to.equal(true)
    expect(memory.size).to.equal(1)
  })

  it('reads nothing while the socket is paused', async () => {
    const got: string[] = []
    const read = new Promise<void>(resolve => readSparingly(far, bytes => {
      got.push(Buffer.from(bytes).toString())
      resolve()
    }))
    far.pause()
    near.write('a')
    // The other direction works meanwhile; what it brings comes after the byte.
    const answered = once(near, 'data')
    far.write('b')
    await answered
    expect(got).to.deep.equal([])
    far.resume()
    await read
    expect(got.join('')).to.have.length(1)
  })

  it('leaves a socket that has its own reader', () => {
    expect(readSparingly(far, () => {})).to.equal(true)
    expect(readSparingly(far, () => {})).to.equal(false)
  })
})
