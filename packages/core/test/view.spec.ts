import { expect } from 'chai'
import { circulantSkips, FULL_MESH_MEMBERS, viewOf, VIEW_RANDOM } from '../src/index.ts'

/** How many steps along skips, forwards only, reach everybody from position 0. */
function rounds (members: number): number {
  const reached = new Set([0])
  const skips = circulantSkips(members).toReversed()
  let steps = 0
  for (const skip of skips) {
    for (const position of [...reached]) reached.add((position + skip) % members)
    steps++
  }
  expect(reached.size, `${members} members`).to.equal(members)
  return steps
}

describe('view', () => {
  for (const { members, skips } of [
    { members: 2, skips: [1] },
    { members: 3, skips: [2, 1] },
    { members: 8, skips: [4, 2, 1] },
    { members: 17, skips: [9, 5, 3, 2, 1] },
    { members: 100, skips: [50, 25, 13, 7, 4, 2, 1] }
  ]) {
    it(`skips ${skips.join()} on a ring of ${members}`, () => {
      expect(circulantSkips(members)).to.deep.equal(skips)
    })
  }

  it('carries a broadcast in ⌈log2 members⌉ rounds for any number of members', () => {
    for (let members = 2; members <= 300; members++) expect(rounds(members)).to.equal(Math.ceil(Math.log2(members)))
  })

  it('is everybody else where there are few', () => {
    for (const members of [1, 2, 9, FULL_MESH_MEMBERS]) {
      for (let index = 0; index < members; index++) {
        expect([...viewOf('job', index, members)]).to.deep.equal(Array.from({ length: members }, (_, i) => i).filter(other => other !== index))
      }
    }
  })

  for (const members of [25, 60, 1000]) {
    it(`grows with the logarithm: ${members} members`, () => {
      const skips = circulantSkips(members)
      for (let index = 0; index < members; index += 7) {
        const view = viewOf('job', index, members)
        expect(view.has(index)).to.equal(false)
        expect(view.size).to.be.at.most(2 * skips.length + VIEW_RANDOM)
        for (const other of view) expect(other).to.be.within(0, members - 1)
        for (const skip of skips) {
          // Both ends compute it: the circulant's part is mutual.
          expect(view.has((index + skip) % members)).to.equal(true)
          expect(viewOf('job', (index + skip) % members, members).has(index)).to.equal(true)
        }
      }
    })
  }

  it('is the same wherever it is computed, and other for another job', () => {
    expect([...viewOf('a', 3, 500)]).to.deep.equal([...viewOf('a', 3, 500)])
    expect([...viewOf('a', 3, 500)]).not.to.deep.equal([...viewOf('b', 3, 500)])
  })
})
