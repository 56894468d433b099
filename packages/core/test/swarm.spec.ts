import { expect } from 'chai'
import { FIRST_PIECE_MS, HAVE_BATCH_MS, HELD_BATCH_MS, MAX_CHUNKS, MAX_FIRST_REQUESTS, OPENING_MS, PAGES_MS, PIECE_BYTES, Prng, QUARANTINE_MS, STALL_MS, Uplink, type Effect, type JobInfo, type Message } from '../src/index.ts'
import type { JobSwarm } from '../src/job-swarm.ts'
import { Swarm } from '../src/swarm.ts'

const job = (id: string, priority = 0): JobInfo => ({ id, base: 'base', servers: ['me', 'a', 'b', 'c'], rates: [0, 0, 0, 0], priority })

/** A swarm at `me` with one put, and lanes in from `sources` that hold everything. */
function receiver (chunks: number, chunkPieces: number, sources: readonly string[]): { swarm: Swarm, joined: JobSwarm } {
  const swarm = new Swarm('me', new Prng(1), new Uplink())
  const joined = swarm.join(job('job'))
  joined.mediaOf(1, 0).shape(chunks * chunkPieces, chunkPieces)
  for (const source of sources) {
    joined.offered(source, 100, 0)
    swarm.message(source, { type: 'have', job: 'job', seq: 1, chunks: Array.from({ length: chunks }, (_, i) => i) }, 0)
  }
  return { swarm, joined }
}

/** A swarm at `me` that holds one put whole, and serves `receivers`. */
function holder (chunks: number, chunkPieces: number, receivers: readonly string[], id = 'job', swarm = new Swarm('me', new Prng(1), new Uplink()), priority = 0): Swarm {
  const joined = swarm.join(job(id, priority))
  const media = joined.mediaOf(1, 0)
  media.shape(chunks * chunkPieces, chunkPieces)
  for (let piece = 0; piece < chunks * chunkPieces; piece++) media.addPiece(piece, PIECE_BYTES, undefined)
  for (const receiver of receivers) {
    joined.offer(receiver, 0, 1, 0)
    joined.answered(receiver, 'accept')
  }
  return swarm
}

const request = (chunk: number, offset = 0, id = 'job'): Message => ({ type: 'request', job: id, seq: 1, chunk, offset })

function said (effects: readonly Effect[]): string[] {
  return effects.map(effect => {
    if (effect.type === 'sendPiece') return `${effect.to}#${effect.piece}`
    if (effect.type === 'ban') return `ban ${effect.peer}`
    if (effect.type !== 'send') return effect.type
    const { message } = effect
    if (message.type === 'request') return `${effect.to}?${message.chunk}+${message.offset}`
    if (message.type === 'cancel') return `${effect.to}!${message.chunk}`
    if (message.type === 'have') return `${effect.to}=${message.chunks.join()}`
    return `${effect.to}: ${message.type}`
  })
}

function store (swarm: Swarm, joined: JobSwarm, piece: number, from: string, nowMs: number): string[] {
  return said(swarm.stored(joined, joined.mediaOf(1, nowMs), { piece, bytes: PIECE_BYTES, from }, nowMs))
}

describe('swarm: asking', () => {
  for (const { name, sources, expected } of [
    { name: 'nobody where nobody is', sources: [], expected: 0 },
    { name: 'one source for a few chunks', sources: ['a'], expected: MAX_FIRST_REQUESTS },
    { name: 'several for no more than may be out', sources: ['a', 'b', 'c', 'base'], expected: MAX_FIRST_REQUESTS }
  ]) {
    it(`asks ${name}, each chunk once`, () => {
      const { swarm } = receiver(40, 1, sources)
      const asked = swarm.plan(0)
      // One source alone is asked for all there may be out, as nobody else can bring it.
      expect(asked.length).to.be.within(expected, sources.length === 0 ? 0 : MAX_FIRST_REQUESTS * 2)
      expect(new Set(said(asked).map(text => text.split('?')[1])).size).to.equal(asked.length)
      expect(said(swarm.plan(0))).to.deep.equal([])
    })
  }

  it('asks for what is missing only, at the byte after the last verified piece', () => {
    const { swarm, joined } = receiver(2, 4, ['a'])
    for (const piece of [0, 1, 2, 3, 4, 5]) joined.mediaOf(1, 0).addPiece(piece, 1, undefined)
    expect(said(swarm.plan(0))).to.deep.equal(['a?1+2'])
  })

  it('asks for the rarest first', () => {
    const { swarm } = receiver(1, 1, ['a', 'b'])
    swarm.message('a', { type: 'have', job: 'job', seq: 1, chunks: [0] }, 0)
    const { swarm: other, joined } = receiver(0, 1, ['a', 'b', 'c'])
    joined.mediaOf(2, 0).shape(3, 1)
    for (const [peer, chunks] of [['a', [0, 1, 2]], ['b', [0, 1]], ['c', [0]]] as const) other.message(peer, { type: 'have', job: 'job', seq: 2, chunks }, 0)
    expect(said(other.plan(0)).map(text => text.slice(1, 3))).to.deep.equal(['?2', '?1', '?0'])
  })

  it('asks nobody without a lane, and for nothing whose command is not known', () => {
    const { swarm, joined } = receiver(3, 1, [])
    swarm.message('a', { type: 'have', job: 'job', seq: 1, chunks: [0, 1, 2] }, 0)
    expect(said(swarm.plan(0))).to.deep.equal([])
    joined.offered('a', 1, 0)
    swarm.message('a', { type: 'have', job: 'job', seq: 2, chunks: [0] }, 0)
    expect(said(swarm.plan(0)).sort()).to.deep.equal(['a?0+0', 'a?1+0', 'a?2+0'])
  })

  it('acknowledges every piece, wanted or not', () => {
    const { swarm, joined } = receiver(1, 2, ['a'])
    swarm.plan(0)
    expect(store(swarm, joined, 0, 'a', 1)).to.deep.equal(['a: acknowledge'])
    expect(store(swarm, joined, 0, 'a', 2)).to.deep.equal(['a: acknowledge'])
    expect(joined.mediaOf(1, 0).bytes).to.equal(PIECE_BYTES)
  })

  it('tells the source that was asked to stop when another brought the chunk', () => {
    const { swarm, joined } = receiver(1, 1, ['a'])
    expect(said(swarm.plan(0))).to.deep.equal(['a?0+0'])
    expect(store(swarm, joined, 0, 'b', 1)).to.deep.equal(['b: acknowledge', 'a!0'])
  })

  it('leaves a chunk that is being pushed to him who pushes it', () => {
    const { swarm, joined } = receiver(1, 2, ['a'])
    store(swarm, joined, 0, 'base', 0)
    expect(said(swarm.plan(1))).to.deep.equal([])
  })

  it('takes a silent source\'s chunks away, and goes on elsewhere at the offset', () => {
    const { swarm, joined } = receiver(1, 4, ['a'])
    swarm.plan(0)
    store(swarm, joined, 0, 'a', 100)
    joined.offered('b', 1, 100)
    swarm.message('b', { type: 'have', job: 'job', seq: 1, chunks: [0] }, 100)
    expect(said(swarm.tick(99 + STALL_MS)).filter(text => text.includes('!'))).to.deep.equal([])
    expect(said(swarm.tick(100 + STALL_MS)).filter(text => text.includes('!'))).to.deep.equal(['a!0'])
    expect(said(swarm.plan(100 + STALL_MS)), 'the faster one stalled').to.deep.equal(['b?0+1'])
    expect(joined.mediaOf(1, 0).switches).to.equal(1)
    expect(joined.inbound.get('a')?.quarantinedUntilMs).to.equal(100 + STALL_MS + QUARANTINE_MS)
  })

  it('has more patience with the only source: asked again it would send again what is on its way', () => {
    const { swarm, joined } = receiver(1, 4, ['a'])
    swarm.plan(0)
    store(swarm, joined, 0, 'a', 100)
    expect(said(swarm.tick(99 + FIRST_PIECE_MS)).filter(text => text.includes('!'))).to.deep.equal([])
    expect(said(swarm.tick(100 + FIRST_PIECE_MS)).filter(text => text.includes('!'))).to.deep.equal(['a!0'])
  })

  it('counts what another brings for nothing with the source that was asked', () => {
    const { swarm, joined } = receiver(1, 4, ['a'])
    swarm.plan(0)
    store(swarm, joined, 0, 'b', FIRST_PIECE_MS - 1)
    expect(said(swarm.tick(FIRST_PIECE_MS)).filter(text => text.includes('!'))).to.deep.equal(['a!0'])
  })

  it('has patience with a busy source that serves in turn', () => {
    const { swarm, joined } = receiver(2, 1, ['a'])
    swarm.plan(0)
    store(swarm, joined, 0, 'a', STALL_MS - 1)
    expect(said(swarm.tick(STALL_MS + 1)).filter(text => text.includes('!'))).to.deep.equal([])
  })
})

describe('swarm: serving', () => {
  for (const { name, from, message, expected } of [
    { name: 'the pieces of a chunk', from: 'a', message: request(1), expected: ['a#4', 'a#5', 'a#6', 'a#7'] },
    { name: 'the rest of a chunk', from: 'a', message: request(1, 3), expected: ['a#7'] },
    { name: 'nobody without a lane', from: 'b', message: request(1), expected: [] },
    { name: 'nothing it does not have', from: 'a', message: request(9), expected: [] },
    { name: 'nothing of another put', from: 'a', message: { ...request(1), seq: 7 }, expected: [] },
    { name: 'nothing of another job, and says that it has none', from: 'a', message: request(1, 0, 'other'), expected: ['a: laneAnswer'] }
  ] as ReadonlyArray<{ name: string, from: string, message: Message, expected: string[] }>) {
    it(`serves ${name}`, () => {
      const swarm = holder(2, 4, ['a'])
      expect(said([...swarm.message(from, message, 0), ...swarm.serve(0)])).to.deep.equal(expected)
    })
  }

  for (const { name, message } of [
    { name: 'a piece its chunk does not have', message: request(1, 4) },
    { name: 'a chunk that nobody can have', message: { type: 'have', job: 'job', seq: 1, chunks: [MAX_CHUNKS] } }
  ] as ReadonlyArray<{ name: string, message: Message }>) {
    it(`bans who names ${name}`, () => {
      expect(said(holder(2, 4, ['a']).message('a', message, 0))).to.deep.equal(['ban a'])
    })
  }

  it('begins a chunk anew, not twice, when it is asked for again', () => {
    const swarm = holder(1, 40, ['a'])
    swarm.message('a', request(0), 0)
    const first = swarm.serve(0)
    swarm.message('a', request(0, 30), 0)
    swarm.message('a', { type: 'acknowledge', pieces: first.length }, 0)
    expect(said(swarm.serve(0))).to.deep.equal(Array.from({ length: 10 }, (_, i) => `a#${30 + i}`))
  })

  it('stops at a cancel', () => {
    const swarm = holder(2, 4, ['a'])
    for (const chunk of [0, 1]) swarm.message('a', request(chunk), 0)
    swarm.message('a', { type: 'cancel', job: 'job', seq: 1, chunk: 0 }, 0)
    expect(said(swarm.serve(0))).to.deep.equal(['a#4', 'a#5', 'a#6', 'a#7'])
  })

  it('sends nothing of a job it left', () => {
    const swarm = holder(1, 4, ['a'])
    swarm.message('a', request(0), 0)
    swarm.leave('job')
    expect(said(swarm.serve(0))).to.deep.equal([])
    expect(swarm.job('job')).to.equal(undefined)
  })

  for (const { name, sources, batchMs } of [
    { name: 'nobody has announced yet', sources: [], batchMs: HAVE_BATCH_MS },
    { name: 'others have announced', sources: ['a'], batchMs: HELD_BATCH_MS }
  ]) {
    it(`announces what it got, in one message, once, to those who do not have it: of what ${name} every ${batchMs} ms`, () => {
      const { swarm, joined } = receiver(3, 1, sources)
      joined.offer('b', 1, 1, 0)
      joined.answered('b', 'accept')
      expect(store(swarm, joined, 2, 'a', batchMs), 'at once after a pause').to.include('b=2')
      for (const piece of [0, 1]) expect(store(swarm, joined, piece, 'a', batchMs + 1)).not.to.include('b=0')
      swarm.message('b', { type: 'have', job: 'job', seq: 1, chunks: [1] }, batchMs + 10)
      expect(said(swarm.tick(2 * batchMs - 1))).to.deep.equal([])
      expect(said(swarm.tick(2 * batchMs))).to.deep.equal(['b=0'])
      expect(said(swarm.tick(4 * batchMs))).to.deep.equal([])
    })
  }

  it('lets jobs take turns, the urgent one first', () => {
    const { swarm } = receiver(40, 1, ['a', 'b', 'c'])
    const urgent = swarm.join(job('urgent', 9))
    urgent.mediaOf(1, 0).shape(4, 1)
    for (const source of ['a', 'b', 'c']) {
      urgent.offered(source, 100, 0)
      swarm.message(source, { type: 'have', job: 'urgent', seq: 1, chunks: [0, 1, 2, 3] }, 0)
    }
    const jobs = swarm.plan(0).map(effect => effect.type === 'send' && 'job' in effect.message ? effect.message.job : '')
    expect(jobs.slice(0, 4)).to.deep.equal(['urgent', 'job', 'urgent', 'job'])
  })

  for (const { name, atMs, expected } of [
    { name: 'a chunk while others have yet to answer', atMs: 60_001, expected: ['a#0'] },
    { name: 'its share of the window when they do not', atMs: 60_000 + OPENING_MS, expected: Array.from({ length: 10 }, (_, piece) => `a#${piece}`) }
  ]) {
    it(`gives the first to take a lane ${name}, however long the media have been here`, () => {
      const swarm = new Swarm('base', new Prng(1), new Uplink())
      const joined = swarm.join(job('job'))
      for (let piece = 0; piece < 40; piece++) store(swarm, joined, piece, 'provider', 0)
      for (const server of ['a', 'b']) joined.offer(server, 0, 1, 60_000)
      joined.answered('a', 'accept')
      expect(said(swarm.serve(atMs))).to.deep.equal(expected)
    })
  }

  it('offers a lane the share of what its uplink does', () => {
    const swarm = holder(1, 16, ['a'])
    expect(swarm.offerRate()).to.equal(0)
    swarm.message('a', request(0), 0)
    swarm.tick(1)
    swarm.serve(1)
    swarm.message('a', { type: 'acknowledge', pieces: 16 }, 100)
    swarm.tick(1_001)
    expect(swarm.offerRate()).to.equal(16 * PIECE_BYTES / 2)
  })

  it('sends nothing of a put that the disk could not keep, neither what was asked before nor what is asked now', () => {
    const swarm = holder(2, 4, ['a'])
    const joined = swarm.job('job')
    if (joined == null) throw new Error('it was joined')
    swarm.message('a', request(0), 0)
    swarm.disown(joined, 1, 0)
    swarm.message('a', request(1), 0)
    expect(said(swarm.serve(0))).to.deep.equal([])
    expect(said(joined.announceAll(joined.mediaOf(1, 0), 'a'))).to.deep.equal([])
  })

  it('does not send what a receiver got from elsewhere since it asked', () => {
    const swarm = holder(2, 4, ['a'])
    for (const chunk of [0, 1]) swarm.message('a', request(chunk), 0)
    swarm.message('a', { type: 'have', job: 'job', seq: 1, chunks: [0] }, 0)
    expect(said(swarm.serve(0))).to.deep.equal(['a#4', 'a#5', 'a#6', 'a#7'])
  })
})

describe('swarm: a lossy put', () => {
  const DEADLINE_MS = 1_000
  /** A swarm at `me` with a lossy put, and lanes in from `a` and `b` that hold its first ten pieces. */
  function lossy (): { swarm: Swarm, joined: JobSwarm } {
    const swarm = new Swarm('me', new Prng(1), new Uplink())
    const joined = swarm.join(job('job'))
    joined.mediaOf(1, 0).shape(undefined, 1, { deadlineMs: DEADLINE_MS, firstPiece: 1 })
    for (const source of ['a', 'b']) {
      joined.offered(source, 100, 0)
      swarm.message(source, { type: 'have', job: 'job', seq: 1, chunks: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }, 0)
    }
    return { swarm, joined }
  }

  it('is asked for from its newest piece back', () => {
    const { swarm } = lossy()
    expect(said(swarm.plan(0)).map(text => Number(text.split(/[?+]/)[1]))).to.deep.equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  })

  it('is done without what did not come in time, but never without its manifest', () => {
    const { swarm, joined } = lossy()
    const media = joined.mediaOf(1, 0)
    swarm.plan(0)
    store(swarm, joined, 5, 'a', 100)
    expect(swarm.tick(100 + DEADLINE_MS - 20).filter(({ type }) => type === 'fetchPages')).to.deep.equal([])
    const effects = swarm.tick(100 + DEADLINE_MS)
    expect(said(effects).filter(text => text.includes('!')).map(text => text.split('!')[1]), 'called off').to.have.members(['1', '2', '3', '4'])
    expect(effects.filter(({ type }) => type === 'fetchPages'), 'nothing came for a while').to.have.length(1)
    expect(media.complete, 'its end is not known').to.equal(false)
    swarm.close(joined, media, 6, [], 1_200)
    expect(media.complete).to.equal(false)
    store(swarm, joined, 0, 'b', 1_300)
    expect(media.complete).to.equal(true)
    expect([...media.gone.indexes()]).to.deep.equal([1, 2, 3, 4])
    store(swarm, joined, 2, 'b', 1_400)
    expect([...media.gone.indexes()], 'it was on its way').to.deep.equal([1, 3, 4])
  })

  it('believes nobody who only claims that it goes further', () => {
    const { swarm, joined } = lossy()
    swarm.message('b', { type: 'have', job: 'job', seq: 1, chunks: [MAX_CHUNKS - 1] }, 0)
    swarm.tick(60_000)
    expect(joined.mediaOf(1, 0).gone.count).to.equal(0)
  })

  it('does not wait for what its provider left out', () => {
    const { swarm, joined } = lossy()
    const media = joined.mediaOf(1, 0)
    swarm.plan(0)
    const effects = swarm.close(joined, media, 10, [{ first: 3, end: 5 }], 0)
    expect(said(effects).map(text => text.split('!')[1])).to.deep.equal(['3', '4'])
    for (const piece of [0, 1, 2, 5, 6, 7, 8, 9]) store(swarm, joined, piece, 'a', 10)
    expect(media.complete).to.equal(true)
  })

  it('asks for its pages, of anybody, as long as its end is not known', () => {
    const { swarm, joined } = lossy()
    const asked = Array.from({ length: 5 }, (_, i) => swarm.tick((i + 1) * PAGES_MS).find(({ type }) => type === 'fetchPages'))
    expect(asked.every(effect => effect?.type === 'fetchPages' && ['a', 'b'].includes(effect.to))).to.equal(true)
    swarm.close(joined, joined.mediaOf(1, 0), 10, [], 6_000)
    expect(swarm.tick(20_000).filter(({ type }) => type === 'fetchPages')).to.deep.equal([])
  })
})

describe('swarm: a job that its source has let go', () => {
  it('is not asked for any more, and does not take the place of others', () => {
    const { swarm, joined } = receiver(40, 1, ['a'])
    const asked = swarm.plan(0)
    expect(asked).to.have.length(MAX_FIRST_REQUESTS)
    const source = new Swarm('a', new Prng(1), new Uplink())
    const [answer] = source.message('me', (asked[0] as Extract<Effect, { type: 'send' }>).message, 0)
    expect(answer).to.deep.equal({ type: 'send', to: 'me', message: { type: 'laneAnswer', job: 'job', decision: 'decline-unknown-job' } })
    swarm.message('a', (answer as Extract<Effect, { type: 'send' }>).message, 10)
    expect([joined.mediaOf(1, 0).requests.size, joined.asked.get('a'), joined.inbound.size]).to.deep.equal([0, 0, 0])
    expect(swarm.plan(20)).to.deep.equal([])
    const other = swarm.join(job('other'))
    other.mediaOf(1, 0).shape(3, 1)
    other.offered('a', 100, 20)
    swarm.message('a', { type: 'have', job: 'other', seq: 1, chunks: [0, 1, 2] }, 20)
    expect(swarm.plan(20)).to.have.length(3)
  })
})
