import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { RecentPieces } from '../src/recent-pieces.ts'

function piece (fill: number, length = PIECE_BYTES): Uint8Array {
  return new Uint8Array(length).fill(fill)
}

describe('RecentPieces', () => {
  it('gives back what it was given, in memory of its own, short pieces too', () => {
    const recent = new RecentPieces()
    const given = piece(1)
    recent.keep('a', given)
    recent.keep('b', piece(2, 5))
    given.fill(9)
    recent.get('a')?.fill(8)
    expect(recent.get('a')).to.deep.equal(Buffer.from(piece(1)))
    expect(recent.get('b')).to.deep.equal(Buffer.from(piece(2, 5)))
    expect(recent.get('c')).to.equal(undefined)
  })

  it('keeps the last 64, whatever is kept twice or forgotten', () => {
    const recent = new RecentPieces()
    for (let index = 0; index < 70; index++) {
      recent.keep(`${index}`, piece(index))
      recent.keep(`${index}`, piece(255))
    }
    recent.forget('40')
    recent.forget('3')
    const kept = Array.from({ length: 70 }, (_, index) => index).filter(index => recent.get(`${index}`) != null)
    expect(kept).to.deep.equal(Array.from({ length: 64 }, (_, index) => index + 6).filter(index => index !== 40))
    for (const index of kept) expect(recent.get(`${index}`)?.[PIECE_BYTES - 1]).to.equal(index)
  })

  it('does not lose what comes anew after it was forgotten, when the place it had is used again', () => {
    const recent = new RecentPieces()
    recent.keep('a', piece(1))
    recent.forget('a')
    recent.keep('a', piece(2))
    for (let index = 0; index < 63; index++) recent.keep(`${index}`, piece(3))
    expect(recent.get('a')?.[0]).to.equal(2)
    recent.keep('last', piece(4))
    expect(recent.get('a')).to.equal(undefined)
  })
})
