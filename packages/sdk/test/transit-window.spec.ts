import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { TransitWindow } from '../src/transit-window.ts'

const TOLD_MS = 20

interface Way { readonly bytesPerMs: number, readonly delayMs: number, readonly untilMs: number }

/**
 * Send pieces through a queue that lets so much through, and is told of what
 * came every 20 ms, as a base does.
 *
 * @returns what came, in bytes per millisecond, over the second half, and the longest wait in the queue over that time
 */
function sendOver ({ bytesPerMs, delayMs, untilMs }: Way): { rate: number, queueMs: number } {
  const window = new TransitWindow()
  const arrivals: number[] = []
  let [freeMs, came, half, queueMs, said] = [0, 0, 0, 0, 0]
  for (let nowMs = 0; nowMs < untilMs; nowMs++) {
    while (window.hasRoom(PIECE_BYTES)) {
      window.sent(PIECE_BYTES, nowMs)
      freeMs = Math.max(freeMs, nowMs) + PIECE_BYTES / bytesPerMs
      if (nowMs > untilMs / 2) queueMs = Math.max(queueMs, freeMs - nowMs)
      arrivals.push(freeMs + delayMs)
    }
    while ((arrivals[0] ?? Number.POSITIVE_INFINITY) <= nowMs) {
      arrivals.shift()
      came += PIECE_BYTES
      if (nowMs > untilMs / 2) half += PIECE_BYTES
    }
    if (nowMs % TOLD_MS === 0 && came > said) {
      said = came
      window.received(came, nowMs)
    }
  }
  return { rate: half / (untilMs / 2), queueMs }
}

describe('TransitWindow', () => {
  it('fills a way of any rate and delay, and lets little stand before it', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 5, noNaN: true }), fc.integer({ min: 1, max: 400 }), (magnitude, delayMs) => {
      const bytesPerMs = 10 ** magnitude
      // Long enough for a few hundred pieces, and for the window to have grown.
      const { rate, queueMs } = sendOver({ bytesPerMs, delayMs, untilMs: Math.max(20_000, 200 * PIECE_BYTES / bytesPerMs) })
      expect(rate / bytesPerMs).to.be.within(0.85, 1.05)
      // A slow way is a few pieces long: less would not keep it busy.
      expect(queueMs).to.be.at.most(Math.max(700, 6 * PIECE_BYTES / bytesPerMs))
    }), { numRuns: 60 })
  })

  it('of 20 Mbit/s is a quarter of a second', () => {
    const { rate, queueMs } = sendOver({ bytesPerMs: 2_500, delayMs: 10, untilMs: 10_000 })
    expect(rate).to.be.greaterThan(2_400)
    expect(queueMs).to.be.lessThan(250)
  })

  it('is no smaller after a pause of the sender', () => {
    const window = new TransitWindow()
    let [nowMs, bytes] = [0, 0]
    const send = (untilMs: number): void => {
      for (; nowMs < untilMs; nowMs += TOLD_MS) {
        for (let piece = 0; piece < 4; piece++) window.sent(PIECE_BYTES, nowMs)
        window.received(bytes += 4 * PIECE_BYTES, nowMs + 10)
      }
    }
    send(1_000)
    const before = window.bytes
    nowMs = 60_000
    for (const untilMs of [60_040, 60_400]) {
      send(untilMs)
      expect(window.bytes).to.be.greaterThan(0.8 * before)
    }
  })

  it('does not believe in bytes that were not sent', () => {
    const window = new TransitWindow()
    window.sent(PIECE_BYTES, 0)
    window.received(1e12, 200)
    for (let piece = 0; piece < 4; piece++) window.sent(PIECE_BYTES, 200)
    expect(window.hasRoom(PIECE_BYTES)).to.equal(window.bytes >= 5 * PIECE_BYTES)
    expect(window.bytes).to.be.lessThan(1e6)
  })
})
