import { expect } from 'chai'
import fc from 'fast-check'
import { Ranges, type Range } from '../src/index.ts'

const range = (first: number, end: number): Range => ({ first, end })
const anyRanges = fc.array(fc.record({ first: fc.nat(60), end: fc.nat(60) }), { maxLength: 6 })

function ranks (ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ first, end }) => Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i))
}

describe('ranges', () => {
  for (const { given, normal } of [
    { given: [], normal: [] },
    { given: [range(3, 3), range(5, 4)], normal: [] },
    { given: [range(4, 6), range(0, 2)], normal: [range(0, 2), range(4, 6)] },
    { given: [range(0, 2), range(2, 4)], normal: [range(0, 4)] },
    { given: [range(0, 9), range(2, 4)], normal: [range(0, 9)] }
  ]) {
    it(`keeps ${JSON.stringify(given)} sorted and disjoint`, () => {
      expect(new Ranges(given).toArray()).to.deep.equal(normal)
    })
  }

  for (const { given, half, kept } of [
    { given: [], half: [], kept: [] },
    { given: [range(0, 1)], half: [], kept: [range(0, 1)] },
    { given: [range(0, 2)], half: [range(1, 2)], kept: [range(0, 1)] },
    { given: [range(0, 7)], half: [range(4, 7)], kept: [range(0, 4)] },
    { given: [range(0, 1), range(5, 10)], half: [range(7, 10)], kept: [range(0, 1), range(5, 7)] }
  ]) {
    it(`hands on the upper half of ${JSON.stringify(given)}`, () => {
      const ranges = new Ranges(given)
      expect(ranges.takeLast(Math.floor(ranges.size / 2))).to.deep.equal(half)
      expect(ranges.toArray()).to.deep.equal(kept)
    })
  }

  it('is a set of ranks', () => {
    fc.assert(fc.property(anyRanges, anyRanges, fc.nat(60), (a, b, removed) => {
      const ranges = new Ranges(a)
      ranges.add(b)
      ranges.remove(removed)
      const expected = [...new Set(ranks([...a, ...b]))].filter(rank => rank !== removed).sort((x, y) => x - y)
      expect(ranks(ranges.toArray())).to.deep.equal(expected)
      expect(ranges.size).to.equal(expected.length)
      for (let rank = 0; rank < 62; rank++) expect(ranges.has(rank)).to.equal(expected.includes(rank))
    }))
  })

  it('gives out its lowest rank first', () => {
    fc.assert(fc.property(anyRanges, given => {
      const ranges = new Ranges(given)
      const taken: number[] = []
      for (let rank = ranges.takeFirst(); rank != null; rank = ranges.takeFirst()) taken.push(rank)
      expect(taken).to.deep.equal([...new Set(ranks(given))].sort((a, b) => a - b))
    }))
  })

  // As the job travels: everybody takes the first, hands some on, and goes on with the rest.
  it('is partitioned: every rank is taken once, however the parts travel', () => {
    fc.assert(fc.property(fc.nat(200), fc.infiniteStream(fc.boolean()), fc.infiniteStream(fc.nat(200)), (count, isOther, sizes) => {
      const holders = [new Ranges([range(0, count)])]
      const taken: number[] = []
      while (holders.length > 0) {
        const holder = (isOther.next().value === true ? holders.shift() : holders.pop()) as Ranges
        const rank = holder.takeFirst()
        if (rank == null) continue
        taken.push(rank)
        const size = Math.min(holder.size, sizes.next().value as number)
        const part = holder.takeLast(size)
        expect(ranks(part)).to.have.length(size)
        expect(ranks(part).filter(given => holder.has(given))).to.deep.equal([])
        holders.push(holder, new Ranges(part))
      }
      expect(taken.sort((a, b) => a - b)).to.deep.equal(ranks([range(0, count)]))
    }), { numRuns: 50 })
  })
})
