import { expect } from 'chai'
import { Downlink } from '../src/downlink.ts'
import { MAX_FIRST_REQUESTS, MIN_REQUESTS, PIECE_BYTES, REQUEST_AHEAD_MS, STALL_MS } from '../src/index.ts'

describe('downlink', () => {
  for (const { name, chunkBytes, expected } of [
    { name: 'small chunks', chunkBytes: PIECE_BYTES, expected: MAX_FIRST_REQUESTS },
    { name: 'large chunks', chunkBytes: 4 * 1024 * 1024, expected: MIN_REQUESTS }
  ]) {
    it(`allows enough of ${name} to begin with`, () => {
      expect(new Downlink().limit(chunkBytes)).to.equal(expected)
    })
  }

  it('allows a time\'s worth of what arrives, and forgets it when nothing arrives', () => {
    const downlink = new Downlink()
    const rate = 100 * 1024 * 1024
    for (let nowMs = 500; nowMs <= 10_000; nowMs += 500) {
      downlink.arrived(rate / 2, nowMs)
      downlink.tick(nowMs)
    }
    expect(downlink.rate).to.be.closeTo(rate, rate / 100)
    expect(downlink.limit(PIECE_BYTES)).to.equal(Math.ceil(downlink.rate * REQUEST_AHEAD_MS / 1000 / PIECE_BYTES))
    for (let nowMs = 10_500; nowMs <= 20_000; nowMs += 500) downlink.tick(nowMs)
    expect(downlink.limit(PIECE_BYTES)).to.equal(MAX_FIRST_REQUESTS)
  })
  it('says how long a piece may stand behind others, as long as anything comes', () => {
    const downlink = new Downlink()
    expect(downlink.queueMs(PIECE_BYTES, 0)).to.equal(0)
    downlink.arrived(10 * PIECE_BYTES, 500)
    downlink.tick(500)
    // 20 pieces a second, half of which counts with the first look.
    expect(downlink.queueMs(5 * PIECE_BYTES, 499 + STALL_MS)).to.equal(500)
    expect(downlink.queueMs(5 * PIECE_BYTES, 500 + STALL_MS)).to.equal(0)
  })
})
