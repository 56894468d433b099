import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { Uint8ArrayList } from 'uint8arraylist'
import { NoiseFrames } from '../src/noise-frames.ts'

const MOST_BYTES = 65_535

describe('noise frames', () => {
  const contents = [1, 17, 0, 300, MOST_BYTES, 2, 70, 1_448, MOST_BYTES, 5].map(size => randomBytes(size))
  const wire = Buffer.concat(contents.flatMap(content => [Buffer.from([content.length >> 8, content.length & 0xff]), content]))
  const wanted = contents.filter(({ length }) => length > 0).map(content => content.toString('hex'))

  for (const step of [1, 2, 3, 1_448, 10_000, MOST_BYTES + 2, wire.length]) {
    it(`finds them in reads of ${step} bytes`, () => {
      const frames = new NoiseFrames()
      const got: string[] = []
      // As a socket reads: into the same memory again and again.
      const read = Buffer.alloc(step)
      for (let at = 0; at < wire.length; at += step) {
        const length = wire.copy(read, 0, at, at + step)
        for (const frame of frames.decode(read.subarray(0, length))) got.push(Buffer.from(frame).toString('hex'))
      }
      expect(got).to.deep.equal(wanted)
    })
  }

  it('finds them in what libp2p has put into a list', () => {
    const list = new Uint8ArrayList(wire.subarray(0, 30), wire.subarray(30, 31), wire.subarray(31))
    expect([...new NoiseFrames().decode(list)].map(frame => Buffer.from(frame).toString('hex'))).to.have.length(wanted.length)
  })
})
