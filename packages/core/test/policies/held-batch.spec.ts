import { expect } from 'chai'
import { HELD_BATCH_MS, heldBatchMs, SLOW_HELD_BATCH_MS } from '../../src/index.ts'

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
    it(`is ${ms} ms where the uplink does ${up} Mbit/s and ${down} arrive`, () => expect(Math.round(heldBatchMs(up * 1e6 / 8, down * 1e6 / 8))).to.equal(ms))
  }
})
