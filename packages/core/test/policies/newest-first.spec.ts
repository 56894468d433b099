import { expect } from 'chai'
import { newestFirst } from '../../src/index.ts'

describe('newest first', () => {
  for (const [candidates, newest] of [[[], undefined], [[0], 0], [[3, 9, 4], 9]] as Array<[number[], number | undefined]>) {
    it(`takes ${newest} of ${JSON.stringify(candidates)}`, () => expect(newestFirst(candidates)).to.equal(newest))
  }
})
