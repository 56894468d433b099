import { expect } from 'chai'
import { RARE_ANNOUNCERS } from '../../src/index.ts'
import { rareBelow } from '../../src/policies/rare-below.ts'

describe('rare below', () => {
  it('asks for more announcers where more have to be fed, up to a few', () => {
    expect([1, 8, 9, 16, 24, 1_000].map(rareBelow)).to.deep.equal([1, 1, 2, 2, 3, RARE_ANNOUNCERS])
  })
})
