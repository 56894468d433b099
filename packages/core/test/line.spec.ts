import { expect } from 'chai'
import { LINE_PROBE, PIECE_BYTES } from '../src/index.ts'
import { Line } from '../src/line.ts'

/** A piece takes 10 ms. */
const RATE = PIECE_BYTES * 100

describe('line', () => {
  it('seems to be free as long as nobody knows what it does', () => {
    const line = new Line()
    line.did(RATE)
    for (let piece = 0; piece < 100; piece++) line.sent(0)
    expect(line.backlogMs(0)).to.equal(0)
  })

  it('holds what was sent faster than its server says that it goes', () => {
    const line = new Line()
    line.claim(RATE)
    for (let piece = 0; piece < 3; piece++) line.sent(100)
    expect(line.backlogMs(100)).to.equal(30)
    expect(line.backlogMs(125)).to.equal(5)
    expect(line.backlogMs(1_000)).to.equal(0)
    line.sent(1_000)
    expect(line.backlogMs(1_000), 'time that it was free is not saved').to.equal(10)
  })

  it('may do more than what it did, but not than what was said where that is more', () => {
    const line = new Line()
    line.measured(RATE / 2)
    line.did(RATE)
    line.sent(0)
    expect(line.backlogMs(0)).to.equal(10 / LINE_PROBE)
    line.claim(2 * RATE)
    line.sent(100)
    expect(line.backlogMs(100)).to.equal(5)
  })
})
