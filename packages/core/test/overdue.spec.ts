import { expect } from 'chai'
import { INITIAL_WINDOW_PIECES, MIN_WINDOW_PIECES, OVERDUE_MS, Uplink } from '../src/index.ts'
import { Overdue } from '../src/overdue.ts'

/** @returns how many left */
function sendAll (uplink: Uplink): number {
  let sent = 0
  while (uplink.next() != null) sent++
  return sent
}

describe('overdue pieces', () => {
  it('left before one that is acknowledged, a while ago', () => {
    const overdue = new Overdue()
    overdue.sent('a', 0)
    overdue.sent('a', 1)
    overdue.sent('b', 2)
    overdue.sent('a', 3)
    expect(overdue.pieces(10 * OVERDUE_MS), 'they may all be in the line yet').to.equal(0)
    overdue.acknowledged('b', 1)
    expect(overdue.pieces(OVERDUE_MS)).to.equal(0)
    expect(overdue.pieces(OVERDUE_MS + 1)).to.equal(1)
    expect(overdue.pieces(10 * OVERDUE_MS), 'not what left later').to.equal(2)
  })

  it('are none any more when they are acknowledged, or lost with their receiver', () => {
    const overdue = new Overdue()
    for (const [ms, peer] of ['a', 'a', 'b', 'c'].entries()) overdue.sent(peer, ms)
    overdue.acknowledged('c', 1)
    expect(overdue.pieces(10 * OVERDUE_MS)).to.equal(3)
    overdue.acknowledged('a', 1)
    expect(overdue.pieces(10 * OVERDUE_MS)).to.equal(2)
    overdue.lost('a')
    expect(overdue.pieces(10 * OVERDUE_MS)).to.equal(1)
    overdue.acknowledged('b', 3)
    expect(overdue.pieces(10 * OVERDUE_MS)).to.equal(0)
  })

  it('do not keep others from a small window, which has no more under way than it began with', () => {
    const uplink = new Uplink()
    uplink.enqueue('silent', { job: 'job', seq: 1, chunk: 0, next: 0, end: INITIAL_WINDOW_PIECES / 2 })
    uplink.refill(1)
    sendAll(uplink)
    uplink.enqueue('a', { job: 'job', seq: 1, chunk: 0, next: 0, end: 1_000_000 })
    let sent = 0
    // Two pieces a second.
    for (let nowMs = 500; nowMs < 60_000; nowMs += 500) {
      uplink.refill(nowMs)
      sent += sendAll(uplink)
      expect(uplink.inFlight).to.be.at.most(INITIAL_WINDOW_PIECES)
      uplink.acknowledged('a', Math.min(1, uplink.inFlightTo('a')))
      uplink.tick(nowMs)
    }
    expect(uplink.window).to.equal(MIN_WINDOW_PIECES)
    expect(uplink.inFlightTo('silent')).to.equal(INITIAL_WINDOW_PIECES / 2)
    expect(sent).to.be.at.least(110)
  })
})
