import { expect } from 'chai'
import { chooseSource, type Candidate } from '../../src/policies/source-choice.ts'

const candidate = (peer: string, requests: number, rate: number, quarantined = false): Candidate => ({ peer, requests, rate, quarantined })

describe('source choice', () => {
  for (const { name, candidates, expected } of [
    { name: 'nobody where nobody is', candidates: [], expected: undefined },
    { name: 'the one that will bring it first', candidates: [candidate('a', 2, 10), candidate('b', 1, 8)], expected: 'b' },
    { name: 'one far faster, though it has more to do', candidates: [candidate('a', 2, 99), candidate('b', 1, 1)], expected: 'a' },
    { name: 'the one with fewer requests where no rate is known', candidates: [candidate('a', 2, 0), candidate('b', 1, 0)], expected: 'b' },
    { name: 'the faster of equals', candidates: [candidate('a', 1, 5), candidate('b', 1, 6)], expected: 'b' },
    { name: 'the first of equals', candidates: [candidate('a', 1, 5), candidate('b', 1, 5)], expected: 'a' },
    { name: 'one of which nothing was asked for long', candidates: [{ ...candidate('a', 0, 1), rested: true }, candidate('b', 0, 99)], expected: 'a' },
    { name: 'the origin last, however long it rested', candidates: [{ ...candidate('a', 0, 99), origin: true, rested: true }, candidate('b', 2, 1)], expected: 'b' },
    { name: 'the origin last', candidates: [{ ...candidate('a', 0, 99), origin: true }, candidate('b', 2, 1)], expected: 'b' },
    { name: 'one in good standing', candidates: [candidate('a', 0, 99, true), candidate('b', 2, 1)], expected: 'b' },
    { name: 'one who stalled where there is no other', candidates: [candidate('a', 0, 1, true), { ...candidate('b', 3, 1, true), origin: true }], expected: 'a' }
  ]) {
    it(`asks ${name}`, () => {
      expect(chooseSource(candidates)?.peer).to.equal(expected)
    })
  }
})
