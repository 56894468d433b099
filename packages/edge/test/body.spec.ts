import { expect } from 'chai'
import { blockBytes } from '../src/body.ts'

describe('body', () => {
  it('gives few viewers large blocks and many small ones, and keeps within its memory', () => {
    expect(blockBytes(0)).to.equal(blockBytes(1))
    expect(blockBytes(1)).to.be.greaterThan(blockBytes(300))
    for (const viewers of [1, 10, 100, 300, 1_000]) expect(viewers * blockBytes(viewers) * 3, `${viewers}`).to.be.at.most(96 * 1024 * 1024)
  })
})
