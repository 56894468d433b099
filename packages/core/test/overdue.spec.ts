import { expect } from 'chai'
import { OVERDUE_MS } from '../src/index.ts'
import { Overdue } from '../src/overdue.ts'

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
})
