import { expect } from 'chai'
import { Prng } from '../../src/index.ts'
import { firstHolder } from '../../src/policies/first-holder.ts'

describe('first holder', () => {
  for (const { name, holders, expected } of [
    { name: 'nobody where nobody is', holders: [], expected: undefined },
    { name: 'the one with the fewest', holders: [['a', 2, 0], ['b', 1, 0]], expected: 'b' },
    { name: 'the one with the fewest for its rate', holders: [['a', 2, 100], ['b', 3, 400]], expected: 'b' },
    { name: 'an unknown rate as the mean', holders: [['a', 4, 100], ['b', 4, 0], ['c', 7, 300]], expected: 'b' },
    { name: 'the newcomer', holders: [['a', 9, 900], ['b', 0, 1]], expected: 'b' }
  ] as ReadonlyArray<{ name: string, holders: ReadonlyArray<readonly [string, number, number]>, expected: string | undefined }>) {
    it(`takes ${name}`, () => {
      for (let seed = 0; seed < 5; seed++) {
        expect(firstHolder(holders.map(([peer, assigned, rate]) => ({ peer, assigned, rate })), new Prng(seed))?.peer).to.equal(expected)
      }
    })
  }

  it('breaks ties at random', () => {
    const holders = ['a', 'b', 'c'].map(peer => ({ peer, assigned: 1, rate: 0 }))
    const prng = new Prng(3)
    expect(new Set(Array.from({ length: 40 }, () => firstHolder(holders, prng)?.peer)).size).to.equal(3)
  })
})
