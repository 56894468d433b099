import { expect } from 'chai'
import { chooseLane } from '../../src/policies/lane-choice.ts'

const lanes = (...rates: number[]): Array<{ peer: string, rate: number }> => rates.map((rate, i) => ({ peer: 'abc'[i] as string, rate }))

describe('lane choice', () => {
  for (const { open, offered, max, expected } of [
    { open: lanes(), offered: 0, max: 2, expected: { decision: 'accept' } },
    { open: lanes(100), offered: 1, max: 2, expected: { decision: 'accept' } },
    { open: lanes(100, 50), offered: 60, max: 2, expected: { decision: 'decline' } },
    { open: lanes(100, 50), offered: 65, max: 2, expected: { decision: 'decline' } },
    { open: lanes(100, 50), offered: 66, max: 2, expected: { decision: 'switch', from: 'b' } },
    { open: lanes(0, 0), offered: 0, max: 2, expected: { decision: 'decline' } },
    { open: lanes(0, 9), offered: 1, max: 2, expected: { decision: 'switch', from: 'a' } },
    { open: lanes(), offered: 9, max: 0, expected: { decision: 'decline' } }
  ]) {
    it(`says ${expected.decision} to ${offered} beside ${open.map(({ rate }) => rate).join() || 'nothing'} of ${max}`, () => {
      expect(chooseLane(open, offered, max)).to.deep.equal(expected)
    })
  }
})
