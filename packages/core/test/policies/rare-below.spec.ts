import { expect } from 'chai'
import { IDLE_ANNOUNCERS, RARE_ANNOUNCERS } from '../../src/index.ts'
import { rareBelow, rareBelowIdle } from '../../src/policies/rare-below.ts'

describe('rare below', () => {
  it('asks for more announcers where more have to be fed, up to a few', () => {
    expect([1, 8, 16, 17, 32, 33, 1_000].map(rareBelow)).to.deep.equal([1, 1, 1, 2, 2, 3, RARE_ANNOUNCERS])
  })

  it('asks for more where the uplink has room', () => {
    expect([1, 2, RARE_ANNOUNCERS].map(rareBelowIdle)).to.deep.equal([2, 4, IDLE_ANNOUNCERS])
  })
})
