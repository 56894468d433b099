import { expect } from 'chai'
import fc from 'fast-check'
import { type Effect, type Input, MAX_CHUNKS, Peer, PIECE_BYTES, Prng, WANT_BYTES, WANT_MS, WANT_REPEAT_MS } from '../src/index.ts'
import { end, Fleet, put } from './fleet.ts'

const CHUNKS = 200
const JOB = { id: 'job', base: 'base', servers: ['n0', 'n1', 'n2', 'n3'], rates: [0, 0, 0, 0], priority: 0 }

/** A peer of the job with one put of `chunks` chunks of two pieces, of which nothing is here. */
class Member {
  readonly peer: Peer
  nowMs = 0

  constructor (self: string, length: number | 'live' = CHUNKS * 2) {
    this.peer = new Peer({ self, prng: new Prng(1) })
    this.input({ type: 'jobAdded', job: JOB, ranges: [], restored: false })
    this.input({ type: 'commandAdded', job: 'job', command: put(1, length === 'live' ? undefined : length, 2) })
  }

  input (input: Input): string[] {
    return told(this.peer.handle(input, this.nowMs))
  }

  hear (from: string, message: Extract<Input, { type: 'message' }>['message']): string[] {
    return this.input({ type: 'message', from, message })
  }

  /** A lane from `peer`, which holds `chunks`. */
  source (peer: string, chunks: readonly number[], rate = 100): this {
    this.hear(peer, { type: 'laneOffer', job: 'job', rate, head: 1 })
    if (chunks.length > 0) this.hear(peer, { type: 'have', job: 'job', seq: 1, chunks })
    return this
  }

  /** A lane to `peer`. */
  receiver (peer: string): this {
    this.input({ type: 'connected', peer })
    this.hear(peer, { type: 'laneAnswer', job: 'job', decision: 'accept' })
    return this
  }

  wants (first: number, end: number): string[] {
    return this.input({ type: 'wanted', job: 'job', seq: 1, first, end })
  }

  later (ms: number): string[] {
    this.nowMs += ms
    return this.input({ type: 'tick' })
  }

  stores (first: number, end: number): string[] {
    const said: string[] = []
    for (let piece = first; piece < end; piece++) said.push(...this.input({ type: 'pieceStored', job: 'job', seq: 1, piece, bytes: PIECE_BYTES, from: undefined }))
    return said
  }
}

/** What concerns viewers: `to?chunk` a request, `!` an urgent one; `to:want`, `fetch`, `to#piece`. */
function told (effects: readonly Effect[]): string[] {
  return effects.flatMap(effect => {
    if (effect.type === 'fetch') return [`fetch ${effect.first}-${effect.end}`]
    if (effect.type === 'sendPiece') return [`${effect.to}#${effect.piece}`]
    if (effect.type === 'ban') return [`ban ${effect.peer}`]
    if (effect.type !== 'send') return []
    const { message } = effect
    if (message.type === 'request') return [`${effect.to}?${message.chunk}${message.urgent === true ? '!' : ''}`]
    if (message.type === 'want') return [`${effect.to}:want ${message.first}-${message.end}`]
    return []
  })
}

const all = Array.from({ length: CHUNKS }, (_, chunk) => chunk)

describe('wants of a media server', () => {
  it('are asked for ahead of all else, from whoever has them, even where enough has been asked for', () => {
    const node = new Member('n0').source('n1', all)
    expect(node.wants(320, 324)).to.deep.equal(['n1?160!', 'n1?161!'])
  })

  it('hurry what was asked for before', () => {
    const node = new Member('n0').source('n1', [])
    const asked = node.hear('n1', { type: 'have', job: 'job', seq: 1, chunks: all })
    const chunk = Number(asked[0]?.split('?')[1])
    expect(node.wants(chunk * 2, chunk * 2 + 1)).to.deep.equal([`n1?${chunk}!`])
    expect(node.wants(chunk * 2, chunk * 2 + 1), 'and are said once').to.deep.equal([])
  })

  it('are told to the base where no source has them, again while nobody has come up with them, and not for ever', () => {
    const node = new Member('n0').source('base', []).source('n1', [])
    expect(node.wants(320, 324)).to.deep.equal(['base:want 160-162'])
    expect(node.wants(320, 324), 'at once').to.deep.equal([])
    expect(node.later(WANT_REPEAT_MS)).to.deep.equal(['base:want 160-162'])
    expect(node.hear('n1', { type: 'have', job: 'job', seq: 1, chunks: [160] })).to.deep.equal(['n1?160!'])
    expect(node.later(WANT_REPEAT_MS)).to.deep.equal(['base:want 161-162'])
    node.nowMs += WANT_MS
    expect(node.later(0).filter(said => said.includes('want'))).to.deep.equal([])
  })

  it('are told to its fastest sources where it has no lane from the base, and they tell the base, but nobody else', () => {
    const node = new Member('n0').source('n1', [], 10).source('n2', [], 30)
    expect(node.wants(2, 4)).to.deep.equal(['n2:want 1-2', 'n1:want 1-2'])
    const want = { type: 'want', job: 'job', seq: 1, first: 1, end: 2 } as const
    expect(new Member('n2').source('base', []).source('n1', []).hear('n0', want)).to.deep.equal(['base:want 1-2'])
    expect(new Member('n2').source('n1', []).hear('n0', want)).to.deep.equal([])
  })

  it('are cut to what can be seen soon, and to what there is', () => {
    const node = new Member('n0').source('base', [])
    const most = WANT_BYTES / (2 * PIECE_BYTES)
    expect(node.wants(0, CHUNKS * 2)).to.deep.equal([`base:want 0-${most}`])
    expect(node.wants(CHUNKS * 2 - 2, CHUNKS * 9)).to.deep.equal([`base:want ${CHUNKS - 1}-${CHUNKS}`])
    for (const [first, end] of [[5, 5], [7, 6], [CHUNKS * 2, CHUNKS * 3]] as const) expect(node.wants(first, end)).to.deep.equal([])
    expect(node.input({ type: 'wanted', job: 'job', seq: 9, first: 0, end: 1 })).to.deep.equal([])
  })

  for (const { name, want } of [
    { name: 'a chunk that nobody can have', want: { seq: 1, first: 0, end: MAX_CHUNKS + 1 } },
    { name: 'no chunk', want: { seq: 1, first: 4, end: 4 } },
    { name: 'chunks of no command', want: { seq: 0, first: 4, end: 5 } }
  ]) {
    it(`bans who wants ${name}; strangers are not heard`, () => {
      const node = new Member('n0')
      expect(node.hear('n1', { type: 'want', job: 'job', ...want })).to.deep.equal(['ban n1'])
      expect(node.hear('stranger', { type: 'want', job: 'job', ...want })).to.deep.equal([])
    })
  }
})

describe('wants at the base', () => {
  const want = (first: number, end: number): Extract<Input, { type: 'message' }>['message'] => ({ type: 'want', job: 'job', seq: 1, first, end })

  it('have the provider send what has not come, once in a while', () => {
    const base = new Member('base').receiver('n0')
    expect(base.hear('n0', want(160, 162))).to.deep.equal(['fetch 320-324'])
    expect(base.hear('n0', want(160, 162))).to.deep.equal([])
    expect(base.later(WANT_REPEAT_MS)).to.deep.equal(['fetch 320-324'])
    base.stores(320, 323)
    expect(base.later(WANT_REPEAT_MS), 'of a chunk that has begun, the rest').to.deep.equal(['fetch 323-324'])
    base.stores(323, 324)
    expect(base.later(WANT_REPEAT_MS)).to.deep.equal([])
  })

  it('ask nothing of who produces live: it sends what it has', () => {
    expect(new Member('base', 'live').receiver('n0').hear('n0', want(3, 4))).to.deep.equal([])
  })

  it('are sent to whose viewer waits as their pieces come, ahead of what waits for a first holder', () => {
    const base = new Member('base').receiver('n0').receiver('n1')
    base.hear('n1', want(160, 161))
    expect(base.stores(320, 321)).to.deep.equal(['n1#320'])
    expect(base.stores(321, 322)).to.deep.equal(['n1#321'])
    expect(base.later(20), 'and go out once').to.deep.equal([])
  })

  it('overtake fresh chunks that wait', () => {
    const base = new Member('base').receiver('n0').receiver('n1')
    base.stores(0, 100)
    expect(base.later(20), 'as many are on their way as may be').to.deep.equal([])
    expect(base.hear('n1', want(40, 41))).to.deep.equal(['n1#80', 'n1#81'])
  })

  it('do not go out twice where somebody else was just given them', () => {
    const base = new Member('base').receiver('n0')
    expect(base.stores(0, 2)).to.deep.equal(['n0#0', 'n0#1'])
    base.receiver('n1')
    expect(base.hear('n1', want(0, 1))).to.deep.equal([])
    base.hear('n0', { type: 'have', job: 'job', seq: 1, chunks: [0] })
    expect(base.hear('n1', want(0, 1)), 'he does not know who has them').to.deep.equal(['n1#0', 'n1#1'])
    expect(base.hear('n0', want(0, 1)), 'who has them needs nothing').to.deep.equal([])
  })
})

describe('wants in a fleet', () => {
  /** A provider at 20 pieces a second, that sends in order but for what the base fetches. */
  function upload (fleet: Fleet, pieces: number): void {
    const sent = new Set<number>()
    const fetched: number[] = []
    fleet.network.onFetch = (_, { first, end }) => { for (let piece = first; piece < end; piece++) if (!sent.has(piece) && !fetched.includes(piece)) fetched.push(piece) }
    let next = 0
    const send = (): void => {
      while (sent.has(next)) next++
      const piece = fetched.shift() ?? next
      if (sent.has(piece)) return sent.size < pieces ? send() : undefined
      sent.add(piece)
      fleet.network.storePieces('base', 'job', 1, piece, piece + 1)
      if (sent.size === pieces) fleet.network.close('base', 'job', 1, pieces)
      else fleet.network.at(fleet.network.nowMs + 50, send)
    }
    send()
  }

  for (const count of [2, 6, 40]) {
    it(`bring the end of a put to one of ${count} nodes before its middle has been sent, and then all to all`, () => {
      const fleet = new Fleet(count).open()
      fleet.network.run(500)
      fleet.command(put(1, 200, 2)).command(end(2))
      upload(fleet, 200)
      fleet.network.run(2_000)
      const viewer = `n${count - 1}`
      const held = (): { count: number, has: (piece: number) => boolean } => fleet.network.host(viewer).peer.pieces('job', 1) ?? { count: 0, has: () => false }
      fleet.network.input(viewer, { type: 'wanted', job: 'job', seq: 1, first: 160, end: 166 })
      fleet.network.run(4_000, () => [160, 161, 162, 163, 164, 165].every(piece => held().has(piece)))
      expect(held().has(165)).to.equal(true)
      expect(held().count).to.be.lessThan(100)
      expect(fleet.run(60_000)).to.equal(true)
      expect(fleet.network.bans).to.deep.equal([])
      expect(fleet.egress, 'the base sends each chunk about once all the same').to.be.within(200, 210)
    })
  }

  it('harm nobody, whoever wants whatever, whenever', () => {
    const wish = fc.record({ atMs: fc.nat(3_000), node: fc.nat(4), first: fc.nat(130), length: fc.nat(200) })
    fc.assert(fc.property(fc.array(wish, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), (wishes, chunkPieces) => {
      const fleet = new Fleet(5).open().command(put(1, 120, chunkPieces)).command(end(2))
      upload(fleet, 120)
      for (const { atMs, node, first, length } of wishes) fleet.network.at(atMs, () => fleet.network.input(`n${node}`, { type: 'wanted', job: 'job', seq: 1, first, end: first + length }))
      expect(fleet.run(120_000)).to.equal(true)
      expect(fleet.network.bans).to.deep.equal([])
      expect(fleet.egress).to.be.at.most(150)
    }), { numRuns: 15, seed: 7 })
  })
})
