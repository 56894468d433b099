import { expect } from 'chai'
import { Prng } from '../../src/index.ts'
import { firstHolder } from '../../src/policies/first-holder.ts'

describe('first holder', () => {
  for (const { name, holders, expected } of [
    { name: 'nobody where nobody is', holders: [], expected: undefined },
    { name: 'the one with the fewest', holders: [['a', 2, 0, 1], ['b', 1, 0, 1]], expected: 'b' },
    { name: 'the one with the fewest to pass on, whatever it had before', holders: [['a', 2, 2, 1], ['b', 9, 1, 1]], expected: 'b' },
    { name: 'the one with the fewest for its rate', holders: [['a', 2, 1, 0.5], ['b', 3, 2, 2]], expected: 'b' },
    { name: 'the faster of two newcomers', holders: [['a', 0, 0, 1], ['b', 0, 0, 2]], expected: 'b' },
    { name: 'the newcomer', holders: [['a', 9, 9, 2], ['b', 0, 0, 1]], expected: 'b' }
  ] as ReadonlyArray<{ name: string, holders: ReadonlyArray<readonly [string, number, number, number]>, expected: string | undefined }>) {
    it(`takes ${name}`, () => {
      for (let seed = 0; seed < 5; seed++) {
        expect(firstHolder(holders.map(([peer, assigned, unspread, weight]) => ({ peer, assigned, unspread, weight })), new Prng(seed))?.peer).to.equal(expected)
      }
    })
  }

  it('breaks ties at random', () => {
    const holders = ['a', 'b', 'c'].map(peer => ({ peer, assigned: 1, unspread: 1, weight: 1 }))
    const prng = new Prng(3)
    expect(new Set(Array.from({ length: 40 }, () => firstHolder(holders, prng)?.peer)).size).to.equal(3)
  })
})
