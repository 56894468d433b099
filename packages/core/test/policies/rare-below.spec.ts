import { expect } from 'chai'
import { RARE_ANNOUNCERS } from '../../src/index.ts'
import { rareBelow } from '../../src/policies/rare-below.ts'

describe('rare below', () => {
  it('asks for more announcers where more have to be fed, up to a few', () => {
    expect([1, 8, 16, 17, 32, 33, 1_000].map(rareBelow)).to.deep.equal([1, 1, 1, 2, 2, 3, RARE_ANNOUNCERS])
  })
})
