import { expect } from 'chai'
import fc from 'fast-check'
import { Prng } from '../../src/index.ts'
import { rarestFirst } from '../../src/policies/rarest-first.ts'

describe('rarest first', () => {
  it('takes one of the rarest, whatever there is', () => {
    fc.assert(fc.property(fc.array(fc.nat(5)), fc.integer(), (counts, seed) => {
      const chunk = rarestFirst(counts.keys(), index => counts[index] as number, new Prng(seed))
      if (counts.length === 0) expect(chunk).to.equal(undefined)
      else expect(counts[chunk as number]).to.equal(Math.min(...counts))
    }))
  })

  it('breaks ties evenly', () => {
    const prng = new Prng(5)
    const drawn = new Array<number>(4).fill(0)
    for (let i = 0; i < 4_000; i++) {
      const chunk = rarestFirst([0, 1, 2, 3], () => 2, prng) as number
      drawn[chunk] = (drawn[chunk] as number) + 1
    }
    for (const count of drawn) expect(count).to.be.within(850, 1_150)
  })
})
