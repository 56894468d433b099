import { expect } from 'chai'
import { Bitfield } from '../src/index.ts'
import { Partners } from '../src/partners.ts'

describe('partners', () => {
  it('tells what is coming from what is held, and counts both', () => {
    const partners = new Partners()
    expect(partners.coming('a', 3)).to.equal(true)
    expect(partners.coming('a', 3), 'no news').to.equal(false)
    expect(partners.holds('b', 3)).to.equal(true)
    expect([partners.announcers(3), partners.holders(3)]).to.deep.equal([2, 1])
    expect([partners.hasAnnounced('a', 3), partners.hasWhole('a', 3), partners.hasAnnounced('b', 3), partners.hasWhole('b', 3)]).to.deep.equal([true, false, true, true])
    partners.holds('a', 3)
    expect([partners.announcers(3), partners.holders(3)]).to.deep.equal([2, 2])
  })

  it('forgets what a partner announced and held when it is gone', () => {
    const partners = new Partners()
    partners.coming('a', 0)
    partners.holds('a', 1)
    partners.holds('b', 1)
    partners.drop('a')
    partners.drop('nobody')
    expect([0, 1].map(chunk => [partners.announcers(chunk), partners.holders(chunk)])).to.deep.equal([[0, 0], [1, 1]])
  })

  it('lists what one announced, without what is not wanted', () => {
    const partners = new Partners()
    for (const chunk of [0, 5, 9]) partners.coming('a', chunk)
    const taken = new Bitfield()
    taken.set(5)
    expect([...partners.announcedBy('a', taken)]).to.deep.equal([0, 9])
    expect([...partners.announcedBy('b', taken)]).to.deep.equal([])
  })
})
