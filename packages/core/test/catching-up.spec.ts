import { expect } from 'chai'
import { CatchingUp } from '../src/catching-up.ts'
import { MAX_CATCH_UP, Prng, STANDING_MS } from '../src/index.ts'
import { Swarm } from '../src/swarm.ts'
import { Uplink } from '../src/uplink.ts'

const STARTED_MS = 1_000
const NOW_MS = 11_000

/** Of a put that has been under way for ten seconds: what receivers say that they hold, just now. */
function standing (said: Record<string, number>): CatchingUp {
  const catchingUp = new CatchingUp()
  for (const [peer, held] of Object.entries(said)) catchingUp.said(peer, held, NOW_MS)
  catchingUp.compare(STARTED_MS, NOW_MS)
  return catchingUp
}

describe('catching up', () => {
  it('gives more to who says that it holds less than others, and to nobody else', () => {
    const catchingUp = standing({ a: 500, b: 510, c: 300 })
    expect(['a', 'b', 'nobody'].map(peer => catchingUp.shareOf(peer))).to.deep.equal([1, 1, 1])
    expect(catchingUp.shareOf('c')).to.equal(MAX_CATCH_UP)
  })

  it('knows nothing before it has compared', () => {
    const catchingUp = new CatchingUp()
    catchingUp.compare(STARTED_MS, NOW_MS)
    catchingUp.said('a', 1, NOW_MS)
    catchingUp.said('b', 500, NOW_MS)
    expect(catchingUp.shareOf('a')).to.equal(1)
    catchingUp.compare(STARTED_MS, NOW_MS)
    expect(catchingUp.shareOf('a')).to.be.greaterThan(1)
  })

  it('goes by what was said last', () => {
    const catchingUp = standing({ a: 500, b: 500, c: 300 })
    catchingUp.said('c', 495, NOW_MS + 20)
    catchingUp.compare(STARTED_MS, NOW_MS + 20)
    expect(catchingUp.shareOf('c')).to.equal(1)
  })

  it('leaves out who has not asked for anything lately: neither is he behind, nor are others beside what he had', () => {
    const catchingUp = new CatchingUp()
    catchingUp.said('old', 1, NOW_MS - STANDING_MS)
    catchingUp.said('a', 500, NOW_MS)
    catchingUp.said('c', 300, NOW_MS)
    catchingUp.compare(STARTED_MS, NOW_MS)
    expect(catchingUp.shareOf('old')).to.equal(1)
    expect(catchingUp.shareOf('c')).to.equal(standing({ a: 500, c: 300 }).shareOf('c')).and.to.be.greaterThan(1)
  })

  it('hears with each request what its sender holds, whatever that one announced', () => {
    const swarm = new Swarm('me', new Prng(1), new Uplink())
    const job = swarm.join({ id: 'job', base: 'base', servers: ['me', 'a', 'b'], rates: [0, 0, 0], priority: 0 })
    job.mediaOf(1, STARTED_MS).shape(4_000, 4)
    job.mediaOf(1, STARTED_MS).addPiece(0, 1, undefined)
    for (const [peer, held] of [['a', 500], ['b', 300]] as const) {
      job.offer(peer, 0, 1, STARTED_MS)
      job.answered(peer, 'accept')
      swarm.message(peer, { type: 'request', job: 'job', seq: 1, chunk: 0, offset: 0, held }, NOW_MS)
    }
    swarm.message('b', { type: 'have', job: 'job', seq: 1, chunks: Array.from({ length: 400 }, (_, chunk) => chunk) }, NOW_MS)
    swarm.tick(NOW_MS)
    expect(['a', 'b'].map(peer => job.weightIn(1, peer) > job.weightOf(peer))).to.deep.equal([false, true])
  })

  it('takes no more than all of a put for what somebody holds, or one that boasts would make everybody else look behind', () => {
    const swarm = new Swarm('me', new Prng(1), new Uplink())
    const job = swarm.join({ id: 'job', base: 'base', servers: ['me', 'a', 'b', 'boaster'], rates: [0, 0, 0, 0], priority: 0 })
    job.mediaOf(1, STARTED_MS).shape(4_000, 4)
    job.mediaOf(1, STARTED_MS).addPiece(0, 1, undefined)
    for (const [peer, held] of [['a', 999], ['b', 999], ['boaster', 2 ** 32 - 1]] as const) {
      job.offer(peer, 0, 1, STARTED_MS)
      job.answered(peer, 'accept')
      swarm.message(peer, { type: 'request', job: 'job', seq: 1, chunk: 0, offset: 0, held }, NOW_MS)
    }
    swarm.tick(NOW_MS)
    expect(['a', 'b'].map(peer => job.weightIn(1, peer) > job.weightOf(peer))).to.deep.equal([false, false])
  })

  it('forgets who is gone', () => {
    const catchingUp = standing({ a: 500, b: 500, c: 300 })
    catchingUp.drop('c')
    expect(catchingUp.shareOf('c')).to.equal(1)
    catchingUp.compare(STARTED_MS, NOW_MS)
    expect(catchingUp.shareOf('c')).to.equal(1)
  })
})
