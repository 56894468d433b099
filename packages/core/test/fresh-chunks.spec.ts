import { expect } from 'chai'
import { FIRST_HOLDER_TIMEOUT_MS, Prng, RELAY_AFTER_MS, SPREAD_TIMEOUT_MS } from '../src/index.ts'
import { FreshChunks } from '../src/fresh-chunks.ts'
import { SwarmMedia } from '../src/swarm-media.ts'

const holder = (peer: string, weight = 1): { peer: string, weight: number } => ({ peer, weight })
/** When all chunks are known to be out: so late that the source is not a relay for some seconds more. */
const OUT_MS = 8_000
const AB = [holder('a'), holder('b')]

/** A put of single-piece chunks, all of which have come in. */
function source (chunks: number): { media: SwarmMedia, fresh: FreshChunks } {
  const media = new SwarmMedia('job', 1, 0)
  media.shape(chunks, 1)
  const fresh = new FreshChunks(media, new Prng(1))
  for (let chunk = 0; chunk < chunks; chunk++) {
    media.addPiece(chunk, 1, undefined)
    fresh.add(chunk)
  }
  media.close(chunks)
  return { media, fresh }
}

describe('fresh chunks', () => {
  it('go out once each, in order, as many to one as to another', () => {
    const { fresh } = source(6)
    const bound = Array.from({ length: 6 }, () => fresh.bind(AB, 0))
    expect(bound.map(given => given?.chunk)).to.deep.equal([0, 1, 2, 3, 4, 5])
    expect(bound.filter(given => given?.peer === 'a')).to.have.length(3)
    expect(fresh.bind(AB, 0)).to.equal(undefined)
  })

  it('go to nobody else when the rest of one has its turn after all, whose holder was given up', () => {
    const { fresh } = source(1)
    fresh.bind([holder('a')], 0)
    fresh.sent(0, 'a', 0)
    fresh.tick(FIRST_HOLDER_TIMEOUT_MS + 1, 2)
    expect(fresh.waiting, 'given up').to.equal(1)
    fresh.sent(0, 'a', FIRST_HOLDER_TIMEOUT_MS + 2)
    expect(fresh.bind(AB, FIRST_HOLDER_TIMEOUT_MS + 3)).to.equal(undefined)
    fresh.tick(2 * FIRST_HOLDER_TIMEOUT_MS + 3, 2)
    expect(fresh.bind([holder('b')], 2 * FIRST_HOLDER_TIMEOUT_MS + 4)?.chunk, 'and given up again').to.equal(0)
  })

  it('go out by upload rate', () => {
    const { fresh } = source(12)
    const peers = Array.from({ length: 12 }, () => fresh.bind([holder('a', 300), holder('b', 100)], 0)?.peer)
    expect(peers.filter(peer => peer === 'a')).to.have.length(9)
  })

  it('of a lossy put go out from the newest back, and not when they are too late', () => {
    const media = new SwarmMedia('job', 1, 0)
    media.shape(undefined, 1, { deadlineMs: 1_000, firstPiece: 0 })
    const fresh = new FreshChunks(media, new Prng(1))
    for (const [chunk, atMs] of [[0, 0], [1, 0], [2, 500], [3, 600]] as const) {
      media.addPiece(chunk, 1, undefined)
      media.lateness?.known(chunk + 1, atMs)
      fresh.add(chunk)
    }
    expect(fresh.bind(AB, 700)?.chunk).to.equal(3)
    expect(fresh.bind(AB, 1_000)?.chunk).to.equal(2)
    expect(fresh.bind(AB, 1_000)).to.equal(undefined)
    expect(fresh.waiting).to.equal(0)
  })

  it('wait while nobody is there', () => {
    const { fresh } = source(1)
    expect(fresh.bind([], 0)).to.equal(undefined)
    expect(fresh.waiting).to.equal(1)
    expect(fresh.bind(AB, 0)?.chunk).to.equal(0)
  })

  it('are not sent where somebody has announced them', () => {
    const { media, fresh } = source(2)
    media.announced('c', 0, true)
    expect(fresh.bind(AB, 0)?.chunk).to.equal(1)
    expect(fresh.waiting).to.equal(0)
  })

  for (const { name, announced, again } of [
    { name: 'goes to another when its holder is lost', announced: [], again: 0 },
    { name: 'stays where it is when others have it', announced: ['c'], again: undefined }
  ]) {
    it(name, () => {
      const { media, fresh } = source(1)
      fresh.bind([holder('a')], 0)
      for (const peer of announced) media.announced(peer, 0, true)
      media.partners.drop('a')
      fresh.lost('a')
      expect(fresh.bind([holder('b')], 1)?.chunk).to.equal(again)
    })
  }

  it('go to others than him who takes nothing of the put, also what he said that he has', () => {
    const { media, fresh } = source(4)
    fresh.bind([holder('a')], 0)
    media.announced('a', 0, true)
    fresh.bind([holder('a')], 0)
    fresh.decline('a')
    const bound = Array.from({ length: 4 }, () => fresh.bind(AB, 1))
    expect(bound.map(given => given?.peer)).to.deep.equal(['b', 'b', 'b', 'b'])
    expect(bound.map(given => given?.chunk).sort()).to.deep.equal([0, 1, 2, 3])
    expect(fresh.bind([holder('a')], 2)).to.equal(undefined)
  })

  it('goes to another when its holder shows no sign of it, counted from its last piece', () => {
    const { fresh } = source(1)
    fresh.bind([holder('a')], 0)
    fresh.sent(0, 'a', 3_000)
    fresh.tick(FIRST_HOLDER_TIMEOUT_MS + 1_000, 2)
    expect(fresh.waiting).to.equal(0)
    fresh.tick(FIRST_HOLDER_TIMEOUT_MS + 3_001, 2)
    expect(fresh.waiting).to.equal(1)
  })

  describe('that their first holder keeps to itself', () => {
    /** One was passed on as fast as is usual; `a` has another one, and does nothing with it. */
    function kept (): { media: SwarmMedia, fresh: FreshChunks, chunk: number } {
      const { media, fresh } = source(4)
      const given = [fresh.bind(AB, 0), fresh.bind(AB, 0)]
      const chunk = given.find(bound => bound?.peer === 'a')?.chunk as number
      for (const bound of given) media.announced(bound?.peer as string, bound?.chunk as number, true)
      media.announced('c', given.find(bound => bound?.peer === 'b')?.chunk as number, true)
      fresh.tick(100, 3)
      return { media, fresh, chunk }
    }

    it('go out again ahead of what is fresh, to somebody else, and once', () => {
      const { media, fresh, chunk } = kept()
      fresh.tick(100 + FIRST_HOLDER_TIMEOUT_MS, 3)
      expect(fresh.waiting, 'only what is fresh').to.equal(2)
      fresh.tick(101 + FIRST_HOLDER_TIMEOUT_MS, 3)
      const atMs = 102 + FIRST_HOLDER_TIMEOUT_MS
      expect(fresh.bind(AB, atMs)).to.deep.equal({ peer: 'b', chunk })
      media.announced('b', chunk, true)
      fresh.tick(atMs, 3)
      expect(fresh.bind([holder('a')], atMs)?.chunk).not.to.equal(chunk)
      expect(fresh.bind([holder('a')], atMs)?.chunk).not.to.equal(chunk)
      expect(fresh.waiting).to.equal(0)
    })

    it('go out again once where that holder is lost before their turn comes', () => {
      const { media, fresh, chunk } = kept()
      fresh.tick(101 + FIRST_HOLDER_TIMEOUT_MS, 3)
      media.partners.drop('a')
      fresh.lost('a')
      expect(fresh.waiting, 'with two that are fresh').to.equal(3)
      expect(fresh.bind([holder('b')], 102 + FIRST_HOLDER_TIMEOUT_MS)).to.deep.equal({ peer: 'b', chunk })
    })

    for (const [only, other] of [['a', 'b'], ['b', 'a']] as const) {
      it(`go to ${only} where the ones that ${only} keeps wait ahead of them, or behind`, () => {
        const { media, fresh } = source(5)
        const given = [fresh.bind(AB, 0), fresh.bind(AB, 0), fresh.bind(AB, 0), fresh.bind(AB, 0)]
        const of = (peer: string): number[] => given.filter(bound => bound?.peer === peer).map(bound => bound?.chunk as number)
        for (const bound of given) media.announced(bound?.peer as string, bound?.chunk as number, true)
        // One of each was passed on as fast as is usual.
        for (const peer of ['a', 'b']) media.announced('c', of(peer)[1] as number, true)
        fresh.tick(100, 3)
        fresh.tick(101 + FIRST_HOLDER_TIMEOUT_MS, 3)
        expect(fresh.bind([holder(only)], 102 + FIRST_HOLDER_TIMEOUT_MS)).to.deep.equal({ peer: only, chunk: of(other)[0] })
      })
    }

    it('do not if they were passed on before their turn came', () => {
      const { media, fresh, chunk } = kept()
      fresh.tick(101 + FIRST_HOLDER_TIMEOUT_MS, 3)
      media.announced('c', chunk, true)
      expect(fresh.bind(AB, 102 + FIRST_HOLDER_TIMEOUT_MS)?.chunk).not.to.equal(chunk)
    })

    it('do not where the source itself takes as long for one copy to each', () => {
      const { fresh } = kept()
      fresh.tick(101 + FIRST_HOLDER_TIMEOUT_MS, 3, 0, FIRST_HOLDER_TIMEOUT_MS)
      expect(fresh.waiting, 'only what is fresh').to.equal(2)
    })
  })

  it('have spread when all are with others, and some time has passed; which is said once', () => {
    const { media, fresh } = source(2)
    for (const chunk of [0, 1]) {
      fresh.bind(AB, 0)
      expect(fresh.tick(0, 2)).to.equal(false)
      media.announced('a', chunk, true)
    }
    expect(fresh.tick(100, 2)).to.equal(false)
    expect(fresh.tick(100 + RELAY_AFTER_MS - 1, 2)).to.equal(false)
    expect(fresh.tick(100 + RELAY_AFTER_MS, 2)).to.equal(true)
    expect(fresh.spread).to.equal(true)
    expect(fresh.tick(100 + 2 * RELAY_AFTER_MS, 2)).to.equal(false)
  })

  it('go out again at the end if those who have them keep them to themselves', () => {
    const { media, fresh } = source(3)
    while (fresh.waiting > 0) fresh.bind([holder('slow')], 0)
    for (const chunk of [0, 1, 2]) {
      fresh.sent(chunk, 'a', 0)
      media.announced('slow', chunk, true)
    }
    // The usual time is known from one that spread as soon as that.
    for (const peer of ['b', 'c']) media.announced(peer, 0, true)
    fresh.tick(OUT_MS, 12)
    fresh.tick(OUT_MS + SPREAD_TIMEOUT_MS, 12)
    expect(fresh.waiting, 'not late yet, since they were announced').to.equal(0)
    fresh.tick(OUT_MS + SPREAD_TIMEOUT_MS + 1, 12)
    expect(fresh.waiting).to.equal(2)
    const others = Array.from({ length: 11 }, (_, i) => holder(`r${i}`))
    expect(fresh.bind([holder('slow')], OUT_MS), 'not to the one that has it').to.equal(undefined)
    expect(fresh.bind([holder('slow'), holder('b')], OUT_MS)).to.deep.equal({ peer: 'b', chunk: 1 })
    for (const peer of ['b', 'c']) media.announced(peer, 2, true)
    expect(fresh.bind(others, OUT_MS), 'it spread meanwhile').to.equal(undefined)
  })

  it('are not repeated as long as others get them, nor before a holder can have sent them to all', () => {
    const { media, fresh } = source(2)
    fresh.bind([holder('slow')], 0)
    fresh.sent(0, 'a', 0)
    media.announced('slow', 0, true)
    // The source is not done with the other one.
    fresh.bind([holder('busy')], 0)
    // One piece of 500 ms to each of 12: 6 s.
    const late = (nowMs: number, pieceMs = 0): boolean => {
      fresh.heard('busy', nowMs)
      fresh.tick(nowMs, 12, 0, pieceMs)
      return fresh.waiting > 0
    }
    expect(late(OUT_MS)).to.equal(false)
    media.announced('b', 0, true)
    expect(late(OUT_MS + SPREAD_TIMEOUT_MS)).to.equal(false)
    expect(late(OUT_MS + 2 * SPREAD_TIMEOUT_MS, 500), 'a second one has just got it').to.equal(false)
    expect(late(OUT_MS + SPREAD_TIMEOUT_MS + 6_000, 500)).to.equal(false)
    expect(late(OUT_MS + SPREAD_TIMEOUT_MS + 6_001, 500)).to.equal(true)
  })

  for (const { lines, holderPieceMs, lateMs } of [
    { lines: 'the source\'s line', holderPieceMs: 0, lateMs: 4_000 },
    { lines: 'those of its servers where they are three times slower', holderPieceMs: 300, lateMs: 12_000 },
    { lines: 'the source\'s line, however fast its servers are', holderPieceMs: 10, lateMs: 4_000 }
  ]) {
    it(`are not repeated before two windows of ${lines}`, () => {
      const { media, fresh } = source(2)
      fresh.bind([holder('slow')], 0)
      fresh.sent(0, 'a', 0)
      media.announced('slow', 0, true)
      // The source is not done with the other one.
      fresh.bind([holder('busy')], 0)
      // A window of 2 s, of pieces of 100 ms.
      const late = (nowMs: number): boolean => {
        fresh.heard('busy', nowMs)
        fresh.tick(nowMs, 12, 2_000, 100, holderPieceMs)
        return fresh.waiting > 0
      }
      expect(late(OUT_MS)).to.equal(false)
      media.announced('b', 0, true)
      expect(late(OUT_MS + 1)).to.equal(false)
      expect(late(OUT_MS + 1 + lateMs)).to.equal(false)
      expect(late(OUT_MS + 2 + lateMs)).to.equal(true)
    })
  }

  it('are not repeated before all that is bound has left', () => {
    const { media, fresh } = source(2)
    fresh.bind([holder('slow')], 0)
    media.announced('slow', 0, true)
    fresh.tick(1, 12)
    fresh.bind([holder('busy')], 1)
    fresh.heard('busy', 100_000)
    fresh.tick(100_000, 12)
    expect(fresh.waiting, 'the first one is late').to.equal(1)
    expect(fresh.bind([holder('b')], 100_000)).to.equal(undefined)
    fresh.sent(1, 'a', 100_000)
    expect(fresh.bind([holder('b')], 100_000)).to.deep.equal({ peer: 'b', chunk: 0 })
  })

  it('go out in another order where viewers wait for them', () => {
    const { fresh } = source(5)
    fresh.hurry(3)
    expect(fresh.bind(AB, 0)?.chunk).to.equal(3)
    expect(fresh.give(4, 'c', 0)).to.equal(true)
    expect(fresh.give(4, 'd', 0), 'it is on its way to somebody').to.equal(false)
    expect([0, 1, 2].map(() => fresh.bind(AB, 0)?.chunk)).to.deep.equal([0, 1, 2])
    expect(fresh.waiting).to.equal(0)
  })

  it('may be given away before they are here whole; if that is in vain they wait when they are', () => {
    const media = new SwarmMedia('job', 1, 0)
    media.shape(4, 2)
    const fresh = new FreshChunks(media, new Prng(1))
    media.addPiece(0, 1, undefined)
    media.addPiece(2, 1, undefined)
    for (const chunk of [0, 1]) expect(fresh.give(chunk, 'a', 0)).to.equal(true)
    media.addPiece(1, 1, undefined)
    fresh.add(0)
    expect(fresh.waiting, 'it was given already').to.equal(0)
    fresh.lost('a')
    expect(fresh.waiting, 'the other is not whole').to.equal(1)
    media.addPiece(3, 1, undefined)
    fresh.add(1)
    expect([fresh.bind(AB, 0)?.chunk, fresh.bind(AB, 0)?.chunk]).to.deep.equal([0, 1])
  })

  it('have not spread while the put is open', () => {
    const media = new SwarmMedia('job', 1, 0)
    media.shape(undefined, 1)
    const fresh = new FreshChunks(media, new Prng(1))
    expect(fresh.tick(0, 2)).to.equal(false)
    expect(fresh.tick(100_000, 2)).to.equal(false)
  })
})
