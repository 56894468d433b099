import { expect } from 'chai'
import { ALL_OPTIMIZATIONS, EARLY_SWITCHES_SHARE, GRACE_MAX_MS, LATE_FACTOR, LEAST_EXPECTED_MS, ORIGIN_TAKES_OVER_MS, PACE_PIECES, PIECE_BYTES, Prng, STALL_MS, SWITCH_INTERVAL_MS, SWITCH_SAVING_MS, type Effect } from '../src/index.ts'
import { Downlink } from '../src/downlink.ts'
import { JobSwarm } from '../src/job-swarm.ts'
import { Requester } from '../src/requester.ts'
import type { SwarmMedia } from '../src/swarm-media.ts'

/** When a request on a lane whose rate is known is late at the latest. */
const LATE_MS = SWITCH_SAVING_MS + LATE_FACTOR * LEAST_EXPECTED_MS

/** The shortest put of which one request may be moved before it is late. */
const EARLY_CHUNKS = 1 / EARLY_SWITCHES_SHARE

/** A receiver of some chunks of 4 pieces, with lanes from `sources` that hold them whole; so many pieces arrived in its first second. */
function receiver (sources: readonly string[], optimizations = ALL_OPTIMIZATIONS, pieces = 50, chunks = 12): { requester: Requester, job: JobSwarm, media: SwarmMedia } {
  const job = new JobSwarm({ id: 'job', base: 'base', servers: ['me', 'a', 'b'], rates: [0, 0, 0], priority: 0 }, 'me', new Prng(1))
  const media = job.mediaOf(1, 0)
  media.shape(4 * chunks, 4)
  for (const source of sources) {
    job.offered(source, 100 * PIECE_BYTES, 0)
    for (let chunk = 0; chunk < chunks; chunk++) media.announced(source, chunk, true)
  }
  const downlink = new Downlink()
  downlink.arrived(pieces * PIECE_BYTES, 1_000)
  downlink.tick(1_000)
  return { requester: new Requester(new Prng(1), downlink, optimizations), job, media }
}

function said (effects: readonly Effect[]): string[] {
  return effects.flatMap(effect => effect.type !== 'send' ? [] : effect.message.type === 'request' ? [`${effect.to}?${effect.message.chunk}+${effect.message.offset}`] : effect.message.type === 'cancel' ? [`${effect.to}!${effect.message.chunk}`] : [])
}

describe('requester', () => {
  it('gives every source work for its rate', () => {
    const { requester, job } = receiver(['a', 'b'])
    const slow = job.inbound.get('b')
    if (slow != null) slow.rate = 10 * PIECE_BYTES
    requester.plan([job], 0)
    expect(job.asked.get('a')).to.be.greaterThan(2 * (job.asked.get('b') ?? 0))
    expect(job.asked.get('b')).to.be.greaterThan(0)
  })

  it('says with each request how many chunks it holds whole', () => {
    const { requester, job, media } = receiver(['a', 'b'])
    for (let piece = 0; piece < 4 * 3 + 1; piece++) media.addPiece(piece, PIECE_BYTES, 'a')
    const held = requester.plan([job], 0).map(effect => effect.type === 'send' && effect.message.type === 'request' ? effect.message.held : undefined)
    expect(held).to.deep.equal(held.map(() => 3)).and.to.have.length.greaterThan(1)
  })

  it('asks the origin only for what no other may be asked', () => {
    const { requester, job } = receiver(['a', 'base'])
    expect(said(requester.plan([job], 0))[0]).to.match(/^a/)
  })

  it('calls a live piece off with whoever would bring it by himself, when it is asked of one', () => {
    const job = new JobSwarm({ id: 'job', base: 'base', servers: ['me', 'a', 'b', 'c'], rates: [0, 0, 0, 0], priority: 0 }, 'me', new Prng(1))
    const media = job.mediaOf(1, 0)
    media.shape(undefined, 1)
    job.goLive(media)
    for (const source of ['a', 'b', 'c']) job.offered(source, 100 * PIECE_BYTES, 0)
    for (const source of ['a', 'b']) media.announced(source, 7, true)
    media.awaits(7, 0)
    const requester = new Requester(new Prng(1), new Downlink(), ALL_OPTIMIZATIONS)
    expect(said(requester.plan([job], GRACE_MAX_MS - 1)), 'it is on its way').to.deep.equal([])
    media.miss(GRACE_MAX_MS)
    const [asked, ...calledOff] = said(requester.plan([job], GRACE_MAX_MS))
    expect([asked, ...calledOff]).to.deep.equal(asked?.startsWith('a') === true ? ['a?7+0', 'b!7'] : ['b?7+0', 'a!7'])
    media.announced('c', 8, true)
    expect(said(requester.plan([job], GRACE_MAX_MS)), 'nobody was expected to bring this one').to.deep.equal(['c?8+0'])
  })

  it('asks for what viewers wait for beyond what may be out, of the source that has the fewest of it', () => {
    const { requester, job, media } = receiver(['a', 'b'])
    requester.plan([job], 0)
    const out = media.requests.size
    const wanted = [...Array(12).keys()].filter(chunk => !media.requests.has(chunk)).slice(0, 2)
    for (const chunk of wanted) media.wants.add(chunk, chunk + 1, undefined, 0)
    const asked = said(requester.plan([job], 0))
    expect(asked.map(text => Number(text.slice(2, -2)))).to.have.members(wanted)
    expect(new Set(asked.map(text => text[0])).size, 'one of each').to.equal(wanted.length)
    expect(media.requests.size).to.equal(out + wanted.length)
    expect(said(requester.plan([job], 0))).to.deep.equal([])
  })

  it('takes a chunk from a source that became slow, and goes on at its next piece elsewhere', () => {
    const { requester, job, media } = receiver(['a'])
    requester.plan([job], 0)
    const chunk = [...media.requests.keys()][0] as number
    media.addPiece(media.firstPiece(chunk), PIECE_BYTES, 'a')
    const lane = job.inbound.get('a')
    if (lane != null) Object.assign(lane, { rate: PIECE_BYTES, gapMs: 1_000, progressMs: SWITCH_SAVING_MS })
    job.offered('b', 100 * PIECE_BYTES, 0)
    media.announced('b', chunk, true)
    expect(said(requester.tick([job], SWITCH_SAVING_MS)), 'not late yet').to.deep.equal([])
    const later = LATE_MS + 2_000
    if (lane != null) lane.progressMs = later
    expect(said(requester.tick([job], later))).to.include.members([`a!${chunk}`, `b?${chunk}+1`])
    expect(media.switches).to.equal(1)
  })

  for (const { name, chunks = EARLY_CHUNKS, pieces = [PACE_PIECES, PACE_PIECES], switching = true, takes = false } of [
    { name: 'moves what waits at one source to a faster one in the end, however soon it was asked for', takes: true },
    { name: 'moves nothing while something is left to be asked for', chunks: 2 * EARLY_CHUNKS },
    { name: 'moves nothing of a put that is too short for what comes twice', chunks: EARLY_CHUNKS - 1 },
    { name: 'moves nothing by what the slow source promised', pieces: [PACE_PIECES - 1, PACE_PIECES] },
    { name: 'moves nothing by what the fast source promised', pieces: [PACE_PIECES, PACE_PIECES - 1] },
    { name: 'moves nothing early with switching turned off', switching: false }
  ]) {
    it(name, () => {
      const { requester, job, media } = receiver(['a'], { ...ALL_OPTIMIZATIONS, dynamicSwitching: switching }, 50 * EARLY_CHUNKS, chunks)
      requester.plan([job], 0)
      expect(media.requests.size).to.equal(Math.min(EARLY_CHUNKS, chunks))
      job.offered('b', 100 * PIECE_BYTES, 0)
      for (let chunk = 0; chunk < chunks; chunk++) media.announced('b', chunk, true)
      for (const [index, peer] of ['a', 'b'].entries()) Object.assign(job.inbound.get(peer) as object, { pieces: pieces[index], rate: (peer === 'a' ? 20 : 200) * PIECE_BYTES })
      const moved = said(requester.tick([job], 1))
      expect(moved).to.have.lengthOf(takes ? 2 : 0)
      if (!takes) return
      const [next] = media.requests.keys()
      expect(moved[0], 'not what comes soon from where it is').to.match(/^a!/).and.not.equal(`a!${next}`)
      expect(moved[1]).to.equal(`b?${moved[0]?.slice(2)}+0`)
      expect(said(requester.tick([job], 2)), 'no more than its share').to.deep.equal([])
    })
  }

  it('moves in the end what has brought nothing for long, although its lane is measured at much', () => {
    const { requester, job, media } = receiver(['a'], ALL_OPTIMIZATIONS, 50 * EARLY_CHUNKS, EARLY_CHUNKS)
    requester.plan([job], 0)
    const [stuck, ...others] = media.requests.keys()
    for (const chunk of others) for (let piece = 4 * chunk; piece < 4 * chunk + 4; piece++) media.addPiece(piece, PIECE_BYTES, 'a')
    job.offered('b', 100 * PIECE_BYTES, 0)
    media.announced('b', stuck as number, true)
    const measured = { pieces: PACE_PIECES, rate: 100 * PIECE_BYTES }
    Object.assign(job.inbound.get('b') as object, measured)
    const at = (nowMs: number): string[] => {
      // Others' pieces come by the same lane.
      Object.assign(job.inbound.get('a') as object, measured, { progressMs: nowMs })
      return said(requester.tick([job], nowMs))
    }
    expect(at(SWITCH_SAVING_MS)).to.deep.equal([])
    expect(at(2 * SWITCH_SAVING_MS)).to.deep.equal([`a!${stuck}`, `b?${stuck}+0`])
  })

  it('leaves a slow source its chunk where only the origin could bring it, and not for ever', () => {
    const { requester, job, media } = receiver(['a'])
    requester.plan([job], 0)
    const chunk = [...media.requests.keys()][0] as number
    job.offered('base', 100 * PIECE_BYTES, 0)
    media.announced('base', chunk, true)
    const at = (nowMs: number): string[] => {
      const lane = job.inbound.get('a')
      if (lane != null) Object.assign(lane, { rate: PIECE_BYTES, gapMs: 1_000, progressMs: nowMs })
      return said(requester.tick([job], nowMs))
    }
    const lateMs = media.requests.get(chunk)?.dueMs ?? 0
    expect(at(lateMs + ORIGIN_TAKES_OVER_MS - SWITCH_INTERVAL_MS)).to.deep.equal([])
    expect(at(lateMs + ORIGIN_TAKES_OVER_MS)).to.deep.equal([`a!${chunk}`, `base?${chunk}+0`])
  })

  it('does not call a source silent while all that was asked for is still to come over a slow downlink', () => {
    const [fast, slow] = [1_000, 8].map(pieces => {
      const { requester, job, media } = receiver(['a', 'b'], ALL_OPTIMIZATIONS, pieces)
      requester.plan([job], 0)
      for (const lane of job.inbound.values()) lane.gapMs = 1
      expect(media.requests.size).to.be.greaterThan(3)
      return said(requester.tick([job], STALL_MS)).filter(text => text.includes('!')).length
    })
    expect(fast).to.be.greaterThan(0)
    expect(slow).to.equal(0)
  })

  it('stays with it where switching is turned off', () => {
    const { requester, job, media } = receiver(['a'], { ...ALL_OPTIMIZATIONS, dynamicSwitching: false })
    requester.plan([job], 0)
    const chunk = [...media.requests.keys()][0] as number
    const lane = job.inbound.get('a')
    const later = LATE_MS + 2_000
    if (lane != null) Object.assign(lane, { rate: PIECE_BYTES, gapMs: 1_000, progressMs: later })
    job.offered('b', 100 * PIECE_BYTES, 0)
    media.announced('b', chunk, true)
    expect(said(requester.tick([job], later)).filter(text => text.includes('!'))).to.deep.equal([])
  })
})
