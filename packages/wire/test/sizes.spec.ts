import { expect } from 'chai'
import { chunkPiecesFor, PAGE_PIECES, PIECE_BYTES } from '../src/sizes.ts'

const MiB = 2 ** 20

describe('sizes', () => {
  it('covers 16 MiB with a page', () => {
    expect(PIECE_BYTES * PAGE_PIECES).to.equal(16 * MiB)
  })

  it('makes chunks of a power of two, from a piece to 4 MiB, that never shrink as the put grows', () => {
    let last = 1
    for (let pieces = 0; pieces < 200_000; pieces++) {
      const chunk = chunkPiecesFor(pieces)
      expect(Number.isInteger(Math.log2(chunk)) && chunk >= last && chunk * PIECE_BYTES <= 4 * MiB).to.equal(true)
      last = chunk
    }
    expect(last).to.equal(64)
  })

  it('is the size of the design: a 1024th of the put, rounded down', () => {
    for (const [pieces, chunk] of [[0, 1], [1, 1], [2047, 1], [2048, 2], [4095, 2], [4096, 4], [65_535, 32], [65_536, 64], [1e9, 64], [2 ** 32 - 1, 64]] as const) {
      expect(chunkPiecesFor(pieces), `${pieces} pieces`).to.equal(chunk)
    }
  })
})
