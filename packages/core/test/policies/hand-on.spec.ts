import { expect } from 'chai'
import fc from 'fast-check'
import { MAX_ERRANDS, MIN_ERRANDS } from '../../src/index.ts'
import { errandsAtOnce, handedOn } from '../../src/policies/hand-on.ts'

/** Sizes of what goes with each of the approaches that are made at once, and what the holder keeps. */
function partsOf (ranks: number, errands: number): { given: number[], kept: number } {
  const given: number[] = []
  let left = ranks
  for (let free = errands; free > 0 && left > 0; free--) {
    const part = handedOn(--left, free)
    given.push(part)
    left -= part
  }
  return { given, kept: left }
}

describe('hand on', () => {
  it('brings a small job to all at once, a large one to few, and never to too few', () => {
    expect([1, 16, 64, 256, 1_000, 100_000].map(errandsAtOnce)).to.deep.equal([MAX_ERRANDS, MAX_ERRANDS, MAX_ERRANDS, 33, 8, MIN_ERRANDS])
  })

  for (const { ranks, errands, given, kept } of [
    { ranks: 0, errands: 4, given: [], kept: 0 },
    { ranks: 4, errands: 4, given: [0, 0, 0, 0], kept: 0 },
    { ranks: 9, errands: 4, given: [1, 1, 1, 1], kept: 1 },
    { ranks: 124, errands: 8, given: [14, 14, 14, 14, 15, 15, 15, 7], kept: 8 },
    { ranks: 9, errands: 1, given: [4], kept: 4 }
  ]) {
    it(`gives ${given.join(', ') || 'nothing'} of ${ranks} ranks with ${errands} errands`, () => {
      expect(partsOf(ranks, errands)).to.deep.equal({ given, kept })
    })
  }

  it('leaves each server that may be approached at once its own approach, and parts differ by one', () => {
    fc.assert(fc.property(fc.nat(2_000), fc.integer({ min: 2, max: MAX_ERRANDS }), (ranks, errands) => {
      const { given, kept } = partsOf(ranks, errands)
      expect(given.reduce((sum, part) => sum + part + 1, kept)).to.equal(ranks)
      expect(given).to.have.length(Math.min(ranks, errands))
      const equal = given.slice(0, errands - 1)
      if (equal.length > 0) expect(Math.max(...equal) - Math.min(...equal)).to.be.at.most(1)
    }))
  })
})
