import { expect } from 'chai'
import { FILLED_MS, HELD_BATCH_MS, heldBatchMs, SLOW_HELD_BATCH_MS } from '../../src/index.ts'

describe('held batch', () => {
  for (const { up, down, ms } of [
    { up: 0, down: 0, ms: HELD_BATCH_MS },
    { up: 0, down: 1, ms: HELD_BATCH_MS },
    { up: 1, down: 1, ms: SLOW_HELD_BATCH_MS },
    { up: 10, down: 9, ms: SLOW_HELD_BATCH_MS },
    { up: 15, down: 16, ms: 328 },
    { up: 5, down: 40, ms: HELD_BATCH_MS },
    { up: 1_000, down: 10, ms: HELD_BATCH_MS }
  ]) {
    it(`is ${ms} ms where the uplink does ${up} Mbit/s and ${down} arrive`, () => expect(Math.round(heldBatchMs(FILLED_MS, up * 1e6 / 8, down * 1e6 / 8))).to.equal(ms))
  }

  it('does not take lines for slow that had no time to fill', () => expect(heldBatchMs(FILLED_MS - 1, 1e6, 1e6)).to.equal(HELD_BATCH_MS))
})
