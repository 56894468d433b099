import { expect } from 'chai'
import fc from 'fast-check'
import { INITIAL_WINDOW_PIECES, MAX_WINDOW_PIECES, MIN_WINDOW_PIECES, PIECE_BYTES, windowPieces } from '../../src/index.ts'

const mbit = (rate: number): number => rate * 1e6 / 8

describe('window-pieces', () => {
  for (const { rate, pieces } of [
    { rate: 0, pieces: MIN_WINDOW_PIECES },
    { rate: 1, pieces: MIN_WINDOW_PIECES },
    { rate: 2, pieces: 3 },
    { rate: 10, pieces: INITIAL_WINDOW_PIECES },
    { rate: 20, pieces: INITIAL_WINDOW_PIECES },
    { rate: 40, pieces: INITIAL_WINDOW_PIECES },
    { rate: 100, pieces: 25 },
    { rate: 10_000, pieces: MAX_WINDOW_PIECES }
  ]) {
    it(`is ${pieces} pieces at ${rate} Mbit/s`, () => expect(windowPieces(mbit(rate))).to.equal(pieces))
  }

  it('never falls as the rate grows, and keeps to its bounds', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), fc.double({ min: 0, max: 1e9, noNaN: true }), (rate, more) => {
      expect(windowPieces(rate)).to.be.within(MIN_WINDOW_PIECES, MAX_WINDOW_PIECES)
      expect(windowPieces(rate + more)).to.be.at.least(windowPieces(rate))
    }))
  })

  it('of a fast line is shorter where acknowledgements are soon here, and never for what a line of 100 Mbit/s does', () => {
    expect([0, 20, 40, 80, 100].map(echoMs => windowPieces(mbit(500), echoMs))).to.deep.equal([48, 48, 71, 117, 124])
    for (const echoMs of [0, 20, 80]) expect(windowPieces(mbit(100), echoMs)).to.equal(25)
  })

  it('has room for what acknowledgements wait longer', () => {
    expect([0, 40, 80].map(laterMs => windowPieces(mbit(100), undefined, laterMs))).to.deep.equal([25, 33, 41])
    expect(windowPieces(mbit(500), 40, 40), 'fast lines, too').to.equal(109)
    expect(windowPieces(mbit(1), undefined, 40), 'slow ones have more').to.equal(windowPieces(mbit(1)))
  })

  it('has room for what a line does in 130 ms, and for no second and a half', () => {
    fc.assert(fc.property(fc.double({ min: mbit(2), max: mbit(400), noNaN: true }), rate => {
      expect(windowPieces(rate) * PIECE_BYTES).to.be.within(rate * 0.13, rate * 1.5)
    }))
  })
})
