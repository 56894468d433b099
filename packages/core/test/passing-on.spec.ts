import { expect } from 'chai'
import { GRACE_START_MS, MAX_WAITING_PUSHES, Prng, Uplink, type JobInfo } from '../src/index.ts'
import { JobSwarm } from '../src/job-swarm.ts'
import { PassingOn } from '../src/passing-on.ts'
import type { SwarmMedia } from '../src/swarm-media.ts'

// Of two servers the first holder's only child is the other one.
const SERVERS = ['n0', 'n1']
const JOB: JobInfo = { id: 'job', base: 'base', servers: SERVERS, rates: SERVERS.map(() => 0), priority: 0 }

/** n0 with a live put, an uplink, and a lane to n1 if it has accepted one. */
function passing (accepted: boolean, pieces?: number): { job: JobSwarm, media: SwarmMedia, on: PassingOn, leaving: () => Array<number | undefined> } {
  const job = new JobSwarm(JOB, 'n0', new Prng(1))
  const media = job.mediaOf(1, 0)
  media.shape(pieces, 1)
  job.offer('n1', 0, 1, 0)
  if (accepted) job.answered('n1', 'accept')
  const uplink = new Uplink()
  const leaving = (): Array<number | undefined> => {
    const left: Array<number | undefined> = []
    for (let next = uplink.next(); next != null; next = uplink.next()) {
      left.push(next.piece)
      uplink.acknowledged(next.peer, 1)
    }
    return left
  }
  return { job, media, on: new PassingOn(uplink), leaving }
}

describe('passing on', () => {
  it('passes a live piece on along the tree that it came by', () => {
    const { job, media, on, leaving } = passing(true)
    on.pass(job, media, 7, 0, 0)
    on.pass(job, media, 8, 1, 0)
    expect(leaving(), 'of the tree of n1 this is a leaf').to.deep.equal([7])
  })

  it('passes on nothing that was disowned, that its receiver has, or that is of a put whose length is known', () => {
    const { job, media, on, leaving } = passing(true)
    media.announced('n1', 7, true)
    on.pass(job, media, 7, 0, 0)
    media.disowned = true
    on.pass(job, media, 8, 0, 0)
    expect(leaving()).to.deep.equal([])
    const known = passing(true, 16)
    known.on.pass(known.job, known.media, 7, 0, 0)
    expect(known.leaving()).to.deep.equal([])
  })

  it('keeps pieces for a receiver without a lane until he accepts one', () => {
    const { job, media, on, leaving } = passing(false)
    on.pass(job, media, 7, 0, 0)
    on.pass(job, media, 8, 0, 10)
    expect(leaving()).to.deep.equal([])
    on.opened(job, 'n1', 20)
    expect(leaving(), 'not before the lane is open').to.deep.equal([])
    job.answered('n1', 'accept')
    on.opened(job, 'n1', 20)
    expect(leaving()).to.deep.equal([7, 8])
    on.opened(job, 'n1', 30)
    expect(leaving(), 'once').to.deep.equal([])
  })

  it('keeps the last of them, and none that he has asked others for by then', () => {
    const { job, media, on, leaving } = passing(false)
    on.pass(job, media, 0, 0, 0)
    for (let piece = 1; piece <= MAX_WAITING_PUSHES + 1; piece++) on.pass(job, media, piece, 0, piece)
    job.answered('n1', 'accept')
    on.opened(job, 'n1', 3 + GRACE_START_MS)
    const left = leaving()
    expect(left[0]).to.equal(4)
    expect(left.at(-1)).to.equal(MAX_WAITING_PUSHES + 1)
    expect(left).to.have.length(MAX_WAITING_PUSHES - 2)
  })
})
