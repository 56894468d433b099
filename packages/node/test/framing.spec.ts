import { expect } from 'chai'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { FrameBuffer, FrameError, frame } from '../src/framing.ts'

describe('framing', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })

  it('gives back what was framed, however it is cut up', () => {
    fc.assert(fc.property(fc.array(bytes, { maxLength: 8 }), fc.integer({ min: 1, max: 70 }), (messages, step) => {
      const wire = new Uint8ArrayList()
      for (const message of messages) wire.append(frame(message))
      const buffer = new FrameBuffer(300)
      const found: Uint8Array[] = []
      for (let at = 0; at < wire.length; at += step) {
        buffer.push(wire.slice(at, Math.min(wire.length, at + step)))
        for (let message = buffer.message(); message != null; message = buffer.message()) found.push(message)
      }
      expect(found.map(message => [...message])).to.deep.equal(messages.map(message => [...message]))
      expect(buffer.length).to.equal(0)
    }))
  })

  it('gives raw bytes between messages, as memory of their own', () => {
    const buffer = new FrameBuffer(10)
    const wire = new Uint8ArrayList(frame(Uint8Array.of(1)).slice(), Uint8Array.of(7, 8, 9), frame(Uint8Array.of(2)).slice())
    buffer.push(wire)
    expect([...buffer.message() as Uint8Array]).to.deep.equal([1])
    const raw = buffer.raw(3) as Uint8Array
    expect([...raw]).to.deep.equal([7, 8, 9])
    expect(buffer.raw(3)).to.equal(undefined)
    expect([...buffer.message() as Uint8Array]).to.deep.equal([2])
    raw.fill(0)
    expect(buffer.length).to.equal(0)
  })

  it('waits for a prefix, and for a message, that came in part', () => {
    const buffer = new FrameBuffer(1000)
    expect(buffer.message()).to.equal(undefined)
    const wire = frame(new Uint8Array(200).fill(5)).slice()
    buffer.push(wire.subarray(0, 1))
    expect(buffer.message()).to.equal(undefined)
    buffer.push(wire.subarray(1, 150))
    expect(buffer.message()).to.equal(undefined)
    buffer.push(wire.subarray(150))
    expect(buffer.message()).to.have.lengthOf(200)
  })

  it('refuses a length before the message itself is there', () => {
    const buffer = new FrameBuffer(300)
    // The prefix of 301, and nothing behind it.
    buffer.push(frame(new Uint8Array(301)).slice(0, 2))
    expect(() => buffer.message()).to.throw(FrameError, 'a message claims 301 bytes, 300 are allowed')
  })

  it('takes a message of exactly the limit', () => {
    const buffer = new FrameBuffer(300)
    buffer.push(frame(new Uint8Array(300)))
    expect(buffer.message()).to.have.lengthOf(300)
  })

  it('refuses a prefix that does not end', () => {
    const buffer = new FrameBuffer(2 ** 27)
    buffer.push(Uint8Array.of(0xff, 0xff, 0xff))
    expect(buffer.message()).to.equal(undefined)
    buffer.push(Uint8Array.of(0xff))
    expect(() => buffer.message()).to.throw(FrameError, /more than 256 MiB/)
  })

  it('never throws anything else, whatever comes', () => {
    fc.assert(fc.property(fc.array(bytes, { maxLength: 5 }), chunks => {
      const buffer = new FrameBuffer(100)
      try {
        for (const chunk of chunks) {
          buffer.push(chunk)
          for (let message = buffer.message(); message != null; message = buffer.message()) expect(message.length).to.be.at.most(100)
        }
      } catch (error) {
        expect(error).to.be.instanceOf(FrameError)
      }
    }))
  })
})
