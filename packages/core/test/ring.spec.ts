import { expect } from 'chai'
import { Ring } from '../src/ring.ts'

const SERVERS = ['a', 'b', 'c', 'd']
const holders = (names: string, weights: Readonly<Record<string, number>> = {}): Array<{ peer: string, weight: number }> => [...names].map(peer => ({ peer, weight: weights[peer] ?? 1 }))

function turns (ring: Ring, count: number, of: ReturnType<typeof holders>): string {
  return Array.from({ length: count }, () => ring.next(of)?.peer ?? '-').join('')
}

describe('ring', () => {
  it('takes servers in the order of their ranks, whatever order they are given in', () => {
    expect(turns(new Ring(SERVERS), 9, holders('dbca'))).to.equal('abcdabcda')
  })

  it('passes over who is not there, and goes on behind him', () => {
    const ring = new Ring(SERVERS)
    expect(turns(ring, 2, holders('abcd'))).to.equal('ab')
    expect(turns(ring, 2, holders('abd'))).to.equal('da')
    expect(turns(ring, 3, holders('abcd'))).to.equal('bcd')
  })

  it('takes one with half of the weight half as often', () => {
    const taken = turns(new Ring(SERVERS), 70, holders('abcd', { c: 0.5 }))
    expect([...taken].filter(name => name === 'c')).to.have.length(10)
    expect([...taken].filter(name => name === 'a')).to.have.length(20)
  })

  it('takes nobody where nobody is', () => {
    expect(new Ring(SERVERS).next([])).to.equal(undefined)
  })
})
