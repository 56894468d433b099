import { expect } from 'chai'
import fc from 'fast-check'
import { UplinkBalance } from '../src/uplink-balance.ts'

const TOTAL = 1_000_000

/** What each would take if it could: under a split it gets no more than that. */
function settle (balance: UplinkBalance, demand: { viewers: number, peers: number }, rounds = 12): { viewers: number, peers: number } {
  const taken = () => ({ viewers: Math.min(demand.viewers, balance.split.viewers), peers: Math.min(demand.peers, balance.split.peers) })
  for (let i = 0; i < rounds; i++) balance.next(taken())
  return taken()
}

describe('uplink balance', () => {
  it('gives each its share when both want everything', () => {
    expect(settle(new UplinkBalance(TOTAL, 0.3), { viewers: 9e9, peers: 9e9 })).to.deep.equal({ viewers: 300_000, peers: 700_000 })
  })

  it('gives one what the other does not want', () => {
    const balance = new UplinkBalance(TOTAL, 0.5)
    expect(settle(balance, { viewers: 0, peers: 9e9 }).peers).to.equal(900_000)
    expect(settle(balance, { viewers: 9e9, peers: 0 }).viewers).to.equal(900_000)
    expect(settle(balance, { viewers: 200_000, peers: 9e9 })).to.deep.equal({ viewers: 200_000, peers: 750_000 })
  })

  it('gives a share back within two rounds', () => {
    const balance = new UplinkBalance(TOTAL, 0.5)
    settle(balance, { viewers: 0, peers: 9e9 })
    expect(settle(balance, { viewers: 9e9, peers: 9e9 }, 2)).to.deep.equal({ viewers: 500_000, peers: 500_000 })
  })

  it('never gives out more than there is, nor leaves anybody without the least', () => {
    fc.assert(fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.array(fc.tuple(fc.nat(2 * TOTAL), fc.nat(2 * TOTAL)), { maxLength: 50 }), (share, demands) => {
      const balance = new UplinkBalance(TOTAL, share)
      for (const [viewers, peers] of demands) {
        settle(balance, { viewers, peers }, 1)
        const { split } = balance
        expect(split.viewers + split.peers).to.be.closeTo(TOTAL, 1e-3)
        expect(split.viewers).to.be.at.least(TOTAL * Math.min(0.1, share) - 1e-3)
        expect(split.peers).to.be.at.least(TOTAL * Math.min(0.1, 1 - share) - 1e-3)
      }
    }))
  })
})
