import { expect } from 'chai'
import fc from 'fast-check'
import { Prng } from '../src/index.ts'

const draw = (prng: Prng, count: number, bound: number): number[] => Array.from({ length: count }, () => prng.below(bound))

describe('prng', () => {
  it('gives the same numbers for the same seed', () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 1 << 20 }), (text, bound) => {
      expect(draw(Prng.fromText(text), 20, bound)).to.deep.equal(draw(Prng.fromText(text), 20, bound))
    }))
  })

  it('stays below its bound', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 1 << 20 }), (seed, bound) => {
      for (const number of draw(new Prng(seed), 50, bound)) expect(number).to.be.within(0, bound - 1)
    }))
  })

  // Both ends of a view compute it: the numbers are a part of the protocol.
  it('draws what every machine draws', () => {
    expect(draw(new Prng(1), 5, 1000)).to.deep.equal([627, 2, 527, 981, 968])
    expect(draw(Prng.fromText('job/7'), 5, 100)).to.deep.equal(draw(Prng.fromText('job/7'), 5, 100))
  })

  it('differs between seeds, and reaches every number evenly enough', () => {
    expect(draw(Prng.fromText('a'), 10, 1000)).not.to.deep.equal(draw(Prng.fromText('b'), 10, 1000))
    const counts = new Array<number>(8).fill(0)
    for (const number of draw(new Prng(42), 8000, 8)) counts[number] = (counts[number] as number) + 1
    for (const count of counts) expect(count).to.be.within(850, 1150)
  })
})
