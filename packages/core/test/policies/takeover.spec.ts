import { expect } from 'chai'
import { PIECE_BYTES, SWITCH_GAIN, SWITCH_SAVING_MS } from '../../src/index.ts'
import { worthSwitching } from '../../src/policies/takeover.ts'

const load = (bytes: number, rate: number): { bytes: number, rate: number } => ({ bytes, rate })

describe('takeover', () => {
  for (const { name, now, other, expected } of [
    { name: 'a source that brings nothing, for one that does', now: load(100, 0), other: load(100, 10), expected: true },
    { name: 'one that is far slower', now: load(PIECE_BYTES, PIECE_BYTES / 10), other: load(PIECE_BYTES, PIECE_BYTES), expected: true },
    { name: 'one that has far more to do', now: load(10 * PIECE_BYTES, PIECE_BYTES), other: load(PIECE_BYTES, PIECE_BYTES), expected: true },
    { name: 'not for less than the pieces that come twice by it', now: load(3 * PIECE_BYTES, PIECE_BYTES), other: load(PIECE_BYTES, PIECE_BYTES), expected: false },
    { name: 'not for one of which nothing is known', now: load(1_000, 1), other: load(1_000, 0), expected: false },
    { name: 'not for one that is as fast', now: load(1_000, 10), other: load(1_000, 10), expected: false },
    { name: 'not for one that is faster within the noise', now: load(1_000, 10), other: load(1_000, 10 * SWITCH_GAIN - 0.1), expected: false },
    { name: 'not for a moment', now: load(SWITCH_SAVING_MS, 1_000), other: load(1, 1_000), expected: false },
    { name: 'not for one that has more to do', now: load(100, 10), other: load(1_000, 50), expected: false }
  ]) {
    it(`leaves ${name}`, () => {
      expect(worthSwitching(now, other)).to.equal(expected)
    })
  }
})
