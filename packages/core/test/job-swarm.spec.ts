import { expect } from 'chai'
import { MAX_INBOUND_LANES, Prng, type Effect, type JobInfo } from '../src/index.ts'
import { JobSwarm } from '../src/job-swarm.ts'

const SERVERS = Array.from({ length: 30 }, (_, i) => `n${i}`)
const JOB: JobInfo = { id: 'job', base: 'base', servers: SERVERS, rates: SERVERS.map((_, rank) => 1000 - rank), priority: 0 }
const swarm = (self: string): JobSwarm => new JobSwarm(JOB, self, new Prng(1))

/** `to: what` of every message. */
function said (effects: readonly Effect[]): string[] {
  return effects.map(effect => {
    if (effect.type !== 'send') return effect.type
    return `${effect.to}: ${effect.message.type === 'laneAnswer' ? effect.message.decision : effect.message.type}`
  })
}

/** A swarm at n0 with a put of two chunks, the first of them here. */
function holding (self = 'n0'): { job: JobSwarm, media: ReturnType<JobSwarm['mediaOf']> } {
  const job = swarm(self)
  const media = job.mediaOf(1, 0)
  media.shape(4, 2)
  media.addPiece(0, 1, undefined)
  media.addPiece(1, 1, undefined)
  return { job, media }
}

describe('job swarm', () => {
  it('offers a lane once, and again after a refusal or a loss', () => {
    const job = swarm('n0')
    expect(said(job.offer('n1', 5, 3, 0))).to.deep.equal(['n1: laneOffer'])
    expect(said(job.offer('n1', 5, 3, 0))).to.deep.equal([])
    job.answered('n1', 'accept')
    expect(said(job.offer('n1', 5, 3, 0))).to.deep.equal([])
    job.answered('n1', 'switched')
    expect(job.serves('n1')).to.equal(false)
    expect(said(job.offer('n1', 5, 3, 0)), 'who switched away has enough lanes').to.deep.equal([])
    job.lost('n1')
    expect(said(job.offer('n1', 5, 3, 0))).to.deep.equal(['n1: laneOffer'])
  })

  it('offers nothing to a stranger, and accepts no answer to what was not offered', () => {
    const job = swarm('n0')
    expect(job.offer('stranger', 5, 0, 0)).to.deep.equal([])
    expect(job.answered('n1', 'accept')).to.deep.equal([])
    expect(job.serves('n1')).to.equal(false)
  })

  for (const { self, from, expected } of [
    { self: 'n0', from: 'n1', expected: 'accept' },
    { self: 'n0', from: 'base', expected: 'accept' },
    { self: 'n0', from: 'stranger', expected: 'decline-done' },
    { self: 'base', from: 'n1', expected: 'decline-done' }
  ]) {
    it(`says ${expected} to ${from} at ${self}`, () => {
      const job = swarm(self)
      expect(said(job.offered(from, 10, 0))[0]).to.equal(`${from}: ${expected}`)
      expect(job.inbound.has(from)).to.equal(expected === 'accept')
    })
  }

  it('has enough lanes at some point, and then takes only one that clearly beats its slowest', () => {
    const job = swarm('n29')
    for (let i = 0; i < MAX_INBOUND_LANES; i++) job.offered(`n${i}`, 100 + i, 0)
    expect(said(job.offered('n27', 120, 0))).to.deep.equal(['n27: decline-enough'])
    expect(said(job.offered('n28', 131, 0))).to.deep.equal(['n28: accept', 'n0: switched'])
    expect(job.inbound.size).to.equal(MAX_INBOUND_LANES)
    expect(said(job.offered('n28', 131, 0)), 'its own lane is not in its way').to.deep.equal(['n28: accept'])
  })

  it('tells an accepted partner what is held', () => {
    const { job } = holding()
    job.offer('n1', 5, 1, 0)
    const [effect] = job.answered('n1', 'accept')
    expect(effect).to.deep.equal({ type: 'send', to: 'n1', message: { type: 'bitfield', job: 'job', seq: 1, bits: new Uint8Array([1]) } })
    // 30 servers, of 971 to 1000 bytes per second.
    expect([...job.receivers()]).to.deep.equal([{ peer: 'n1', weight: 999 / 985.5 }])
    expect([...job.partners()]).to.deep.equal(['n1'])
  })

  it('keeps quiet at the source while every chunk goes out once', () => {
    const { job } = holding('base')
    job.offer('n1', 5, 1, 0)
    expect(job.answered('n1', 'accept')).to.deep.equal([])
    expect(job.fresh.get(1)?.spread).to.equal(false)
  })

  it('forgets a lost partner: its lanes, its chunks, and what was asked of it', () => {
    const { job, media } = holding()
    job.offered('n1', 10, 0)
    media.announced('n1', 1, true)
    media.requests.set(1, { peer: 'n1', progressMs: 0, dueMs: 0, pushed: false })
    media.addPiece(2, 1, 'n1')
    job.lost('n1')
    expect([job.inbound.size, media.partners.announcers(1), media.requests.size]).to.deep.equal([0, 0, 0])
    expect(media.switches, 'another goes on where it left off').to.equal(1)
  })

  it('gives more to a receiver that is behind the others, until it has caught up', () => {
    const job = swarm('n0')
    const media = job.mediaOf(1, 0)
    media.shape(200, 2)
    for (const peer of ['n1', 'n2', 'n3']) {
      job.offer(peer, 10, 0, 0)
      job.answered(peer, 'accept')
      media.catchingUp.said(peer, peer === 'n3' ? 40 : 80, 7_900)
    }
    const gains = (): boolean[] => ['n1', 'n2', 'n3'].map(peer => job.weightIn(1, peer) > job.weightOf(peer))
    expect(gains(), 'nobody was compared yet').to.deep.equal([false, false, false])
    expect(job.compareReceivers(8_000)).to.equal(3)
    expect(gains()).to.deep.equal([false, false, true])
    expect(job.weightIn(2, 'n3'), 'of another put').to.equal(job.weightOf('n3'))
    media.catchingUp.said('n3', 80, 8_010)
    job.compareReceivers(8_020)
    expect(gains()).to.deep.equal([false, false, false])
  })

  it('has nobody catch up in a live put', () => {
    const job = swarm('n0')
    const media = job.mediaOf(1, 0)
    media.shape(undefined, 1)
    for (const peer of ['n1', 'n2']) {
      job.offer(peer, 10, 0, 0)
      job.answered(peer, 'accept')
    }
    for (const [peer, held] of [['n1', 80], ['n2', 0]] as const) media.catchingUp.said(peer, held, 7_900)
    job.compareReceivers(8_000)
    expect(job.weightIn(1, 'n2')).to.equal(job.weightOf('n2'))
  })

  it('counts no switch where the chunk was not begun', () => {
    const { job, media } = holding()
    media.requests.set(1, { peer: 'n1', progressMs: 0, dueMs: 0, pushed: false })
    job.release(media, 1)
    expect(media.switches).to.equal(0)
  })
})
