import { once } from 'node:events'
import { expect } from 'chai'
import { blockBytes, bodyOf } from '../src/body.ts'
import type { Medium } from '../src/medium.ts'

describe('body', () => {
  it('gives few viewers large blocks and many small ones, and keeps within its memory', () => {
    expect(blockBytes(0)).to.equal(blockBytes(1))
    expect(blockBytes(1)).to.be.greaterThan(blockBytes(300))
    for (const viewers of [1, 10, 100, 300, 1_000]) expect(viewers * blockBytes(viewers) * 3, `${viewers}`).to.be.at.most(96 * 1024 * 1024)
  })

  it('closes its medium once, whether it was read to the end, in part, or not at all', async () => {
    for (const how of ['to the end', 'in part', 'not at all']) {
      let closed = 0
      const medium: Medium = { size: 4, modifiedMs: 0, arriving: false, heldUntil: () => 4, heldRuns: () => [], ready: async () => {}, digest: async () => undefined, read: async () => new Uint8Array(1), close: async () => { closed++ } }
      const stream = bodyOf({ medium, first: 0, end: how === 'in part' ? 1e9 : 4, shares: [], viewers: () => 1, signal: new AbortController().signal, onSent: () => {} })
      const over = once(stream, 'close')
      if (how === 'to the end') stream.resume()
      else if (how === 'in part') stream.once('data', () => stream.destroy())
      else stream.destroy()
      await over
      expect(closed, how).to.equal(1)
    }
  })
})
