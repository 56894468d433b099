import type { Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { expect } from 'chai'
import { type FrameBuffer, FrameError, frame } from '../src/framing.ts'
import { drained, type FrameHandler, readFrames } from '../src/stream-end.ts'
import { Gathered } from './gathered.ts'
import { rejection } from './rejection.ts'

const KiB = 1024

describe('stream end', () => {
  let near: Stream
  let far: Stream
  let messages: Gathered<Uint8Array>
  const handler: FrameHandler = {
    maxMessageBytes: 100 * KiB,
    maxBufferedBytes: 200 * KiB,
    take: (buffer: FrameBuffer) => { for (let bytes = buffer.message(); bytes != null; bytes = buffer.message()) messages.push(bytes) }
  }

  beforeEach(async () => {
    [near, far] = await streamPair()
    messages = new Gathered()
  })
  afterEach(() => {
    near.abort(new Error('the test is over'))
    far.abort(new Error('the test is over'))
  })

  describe('readFrames', () => {
    it('reads to a clean end', async () => {
      const reading = readFrames(far, handler)
      for (const size of [0, 1, 300, 100 * KiB]) near.send(frame(new Uint8Array(size)))
      await near.close()
      await reading
      expect(messages.items.map(({ length }) => length)).to.deep.equal([0, 1, 300, 100 * KiB])
      // Only this direction has ended: the answer can still be given.
      expect(far.writeStatus).to.equal('writable')
    })

    it('takes a clean end for one that cuts a message off', async () => {
      const reading = readFrames(far, handler)
      near.send(frame(new Uint8Array(10)).slice(0, 5))
      await near.close()
      expect((await rejection(reading)).message).to.equal('stream ended 5 bytes into a message')
    })

    it('does not take a reset for a clean end', async () => {
      const reading = readFrames(far, handler)
      near.send(frame(new Uint8Array(10)))
      await messages.first(1)
      near.abort(new Error('enough'))
      expect((await rejection(reading)).message).to.equal('stream was reset')
    })

    it('does not take a reset that came before it reads for a clean end', async () => {
      const closed = new Promise(resolve => { far.addEventListener('close', resolve) })
      near.abort(new Error('enough'))
      await closed
      // This is what iterating the stream would not tell.
      expect((await rejection(readFrames(far, handler))).message).to.equal('stream was reset')
    })

    it('rejects when this side gives up', async () => {
      const reading = readFrames(far, handler)
      far.abort(new Error('enough'))
      expect((await rejection(reading)).message).to.equal('stream was aborted')
    })

    it('aborts the stream if the handler throws', async () => {
      const reset = new Promise(resolve => { near.addEventListener('close', resolve) })
      const reading = readFrames(far, { ...handler, take: () => { throw new FrameError('nonsense') } })
      near.send(Uint8Array.of(1))
      await rejection(reading)
      await reset
      expect(near.status).to.equal('reset')
    })

    it('refuses a claimed length before anything is buffered for it', async () => {
      const reading = readFrames(far, handler)
      near.send(frame(new Uint8Array(100 * KiB + 1)).slice(0, 3))
      await rejection(reading)
      expect(far.status).to.equal('aborted')
    })

    it('cuts off a sender that ignores its window', async () => {
      const reading = readFrames(far, { ...handler, take: () => {} })
      near.send(new Uint8Array(200 * KiB + 1))
      await rejection(reading)
      expect(far.status).to.equal('aborted')
    })

    // abort() dispatches 'close' at once, and that ends the reading with 'stream was aborted' before the reason can.
    it('says what was wrong', async () => {
      const reading = readFrames(far, { ...handler, take: () => {} })
      near.send(new Uint8Array(200 * KiB + 1))
      const error = await rejection(reading)
      expect(error).to.be.instanceOf(FrameError)
      expect(error.message).to.match(/\d+ bytes wait, 204800 are allowed/)
    })

    it('reads what was sent before it was there', async () => {
      const there = new Promise(resolve => { far.addEventListener('message', resolve, { once: true }) })
      near.send(frame(Uint8Array.of(1)))
      await there
      near.send(frame(Uint8Array.of(2)))
      const reading = readFrames(far, handler)
      await messages.first(1)
      await near.close()
      await reading
      expect(messages.items.at(-1)).to.deep.equal(Uint8Array.of(2))
    })

    // None of the events that readFrames waits for comes again: it waits for ever.
    describe('of a stream that ended before anybody read it', () => {
      const waited = (event: string): Promise<unknown> => new Promise(resolve => { far.addEventListener(event as 'close', resolve, { once: true }) })

      it('ends cleanly, though nothing was said', async () => {
        const ended = waited('remoteCloseWrite')
        await near.close()
        await ended
        await readFrames(far, handler)
      })

      it('gives what was said, and ends cleanly', async () => {
        const ended = waited('remoteCloseWrite')
        near.send(frame(Uint8Array.of(1)))
        await near.close()
        await ended
        await readFrames(far, handler)
        expect(messages.items).to.have.lengthOf(1)
      })

      it('tells a reset, though bytes were still unread', async () => {
        const ended = waited('close')
        near.send(frame(Uint8Array.of(1)))
        near.abort(new Error('enough'))
        await ended
        expect((await rejection(readFrames(far, handler))).message).to.equal('stream was reset')
      })
    })
  })

  describe('drained', () => {
    it('waits again and again: the event comes each time', async () => {
      // `onDrain()` of js-libp2p resolves for good after the first drain.
      let received = 0
      far.addEventListener('message', ({ data }) => { received += data.byteLength })
      const ended = new Promise(resolve => { far.addEventListener('remoteCloseWrite', resolve) })
      let waits = 0
      for (let i = 0; i < 20; i++) {
        if (near.send(new Uint8Array(512 * KiB))) continue
        expect(near.writableNeedsDrain).to.equal(true)
        waits++
        await drained(near)
        expect(near.writableNeedsDrain).to.equal(false)
      }
      expect(waits).to.be.above(10)
      await near.close()
      await ended
      expect(received).to.equal(20 * 512 * KiB)
    })

    it('does not wait for a stream that takes more', async () => {
      await drained(near)
    })

    it('rejects if the stream is reset meanwhile', async () => {
      while (near.send(new Uint8Array(512 * KiB))) { /* until it is full */ }
      const waiting = drained(near)
      far.abort(new Error('enough'))
      expect((await rejection(waiting)).message).to.match(/stream was (reset|aborted)/)
    })
  })
})
