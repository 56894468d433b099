import { expect } from 'chai'
import { COMPANY_PIECES, LARGE_ACKNOWLEDGE_COMPANY_MS, Uplink } from '../src/index.ts'
import { InCompany } from '../src/in-company.ts'

const serving = (chunk: number, pieces: number): Parameters<Uplink['enqueue']>[1] => ({ job: 'job', seq: 1, chunk, next: chunk * 100, end: chunk * 100 + pieces })

describe('in company', () => {
  it('knows to whom something waits, as long as the first of it may', () => {
    const company = new InCompany()
    company.said('a', 40, 0)
    company.said('a', 40, 30)
    expect([company.waits('a', 39), company.waits('a', 40), company.waits('b', 0)]).to.deep.equal([true, false, false])
    company.said('a', 40, 50)
    company.left('a')
    expect(company.waits('a', 51)).to.equal(false)
  })

  // What the uplink makes of it.
  it('serves sooner to whom an acknowledgement waits, which then goes along', () => {
    const uplink = new Uplink()
    for (const peer of ['a', 'b', 'c']) uplink.enqueue(peer, serving(0, 100))
    uplink.refill(0)
    const next = (count: number): string[] => Array.from({ length: count }, () => uplink.next()).map(next => `${next?.peer}${next?.piece}`)
    expect(next(3)).to.deep.equal(['a0', 'b0', 'c0'])
    uplink.acknowledge('c', true, 0)
    expect(next(4), 'once').to.deep.equal(['c1', 'a1', 'b1', 'c2'])
    uplink.acknowledge('b', false, 0)
    expect(next(2), 'not where chunks are small').to.deep.equal(['a2', 'b2'])
  })

  it('does so before others that have some pieces fewer under way, and no longer than an acknowledgement waits', () => {
    const nextWhen = (inFlight: number, afterMs: number): string | undefined => {
      const uplink = new Uplink()
      uplink.refill(0)
      uplink.enqueue('b', serving(0, 100))
      for (let piece = 0; piece < inFlight; piece++) uplink.next()
      uplink.enqueue('a', serving(0, 100))
      uplink.acknowledge('b', true, 0)
      uplink.refill(afterMs)
      return uplink.next()?.peer
    }
    expect(nextWhen(COMPANY_PIECES - 1, 0)).to.equal('b')
    expect(nextWhen(COMPANY_PIECES + 1, 0), 'it has more than enough').to.equal('a')
    expect(nextWhen(COMPANY_PIECES - 1, LARGE_ACKNOWLEDGE_COMPANY_MS), 'it left in a packet of its own').to.equal('a')
  })
})
