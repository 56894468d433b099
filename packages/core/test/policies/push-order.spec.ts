import { expect } from 'chai'
import { leastPush, nextPush, type WaitingPush } from '../../src/index.ts'

const waiting = (next: number, behind: number, turn: number, seq = 1): WaitingPush => ({ job: 'job', seq, next, push: { behind, turn } })

describe('order of pushes', () => {
  it('has none where none waits', () => {
    expect(nextPush([])).to.equal(undefined)
    expect(leastPush([])).to.equal(undefined)
  })

  for (const { what, of, next, least } of [
    { what: 'what the most wait for first, and drops what the fewest do', of: [waiting(1, 0, 0), waiting(2, 3, 1), waiting(3, 1, 2)], next: 1, least: 0 },
    { what: 'the oldest of a put first, whenever it came, and drops what came last', of: [waiting(9, 0, 0), waiting(7, 0, 2), waiting(8, 0, 1)], next: 1, least: 1 },
    { what: 'of several puts the one that waits longest', of: [waiting(3, 0, 2, 2), waiting(900, 0, 1), waiting(800, 0, 3)], next: 2, least: 2 }
  ]) {
    it(`sends ${what}`, () => {
      expect(nextPush(of)).to.equal(of[next])
      expect(leastPush(of)).to.equal(of[least])
    })
  }
})
