import { expect } from 'chai'
import fc from 'fast-check'
import { gapsOf } from '../src/index.ts'

describe('gaps', () => {
  it('are runs of pieces', () => {
    expect(gapsOf([])).to.deep.equal([])
    expect(gapsOf([1, 2, 3, 7, 9, 10])).to.deep.equal([{ firstPiece: 1, pieces: 3 }, { firstPiece: 7, pieces: 1 }, { firstPiece: 9, pieces: 2 }])
  })

  it('cover all their pieces, in order and apart, and nothing else unless they are too many', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (any, most) => {
      const pieces = any.sort((a, b) => a - b)
      const covered = (gaps: ReturnType<typeof gapsOf>): number[] => gaps.flatMap(({ firstPiece, pieces: length }) => Array.from({ length }, (_, i) => firstPiece + i))
      expect(covered(gapsOf(pieces))).to.deep.equal(pieces)
      const few = gapsOf(pieces, most)
      expect(few.length).to.be.at.most(most)
      expect(covered(few)).to.include.members(pieces)
      for (const [i, gap] of few.entries()) if (i > 0) expect(gap.firstPiece).to.be.above((few[i - 1]?.firstPiece ?? 0) + (few[i - 1]?.pieces ?? 0))
    }))
  })
})
