import { expect } from 'chai'
import { CATCH_UP_FROM_CHUNKS, CATCH_UP_FROM_MS, CATCH_UP_MS, catchUp, MAX_CATCH_UP } from '../../src/index.ts'

describe('catch up', () => {
  // A chunk each 10 ms.
  const after = (behindMs: number): number => catchUp(1_000 - behindMs / 10, 1_000, 10_000)

  it('leaves those alone who are no later than announcements are', () => {
    for (const behindMs of [-1_000, 0, CATCH_UP_FROM_MS]) expect(after(behindMs)).to.equal(1)
  })

  it('gives the more, the more somebody is behind, up to a limit', () => {
    expect(after(CATCH_UP_FROM_MS + CATCH_UP_MS / 2)).to.be.closeTo(1.5, 1e-9)
    expect(after(CATCH_UP_FROM_MS + CATCH_UP_MS)).to.be.closeTo(2, 1e-9)
    expect(after(10_000)).to.equal(MAX_CATCH_UP)
  })

  it('does not take a few chunks for much where each of them takes long', () => {
    expect(catchUp(20, 20 + CATCH_UP_FROM_CHUNKS, 60_000)).to.equal(1)
    expect(catchUp(19, 20 + CATCH_UP_FROM_CHUNKS, 60_000)).to.be.greaterThan(1)
  })

  it('says nothing before anybody has anything', () => expect(catchUp(0, 0, 10_000)).to.equal(1))
})
