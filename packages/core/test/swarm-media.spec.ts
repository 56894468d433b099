import { expect } from 'chai'
import fc from 'fast-check'
import { IDLE_ANNOUNCERS, InvariantError, LARGE_CHUNK_PIECES, RARE_ANNOUNCERS } from '../src/index.ts'
import { SwarmMedia } from '../src/swarm-media.ts'

function media (pieces: number | undefined, chunkPieces: number): SwarmMedia {
  const media = new SwarmMedia('job', 1, 0)
  media.shape(pieces, chunkPieces)
  return media
}

describe('swarm media', () => {
  for (const { pieces, chunkPieces, chunks, last } of [
    { pieces: 0, chunkPieces: 4, chunks: 0, last: undefined },
    { pieces: 1, chunkPieces: 4, chunks: 1, last: [0, 1] },
    { pieces: 8, chunkPieces: 4, chunks: 2, last: [4, 8] },
    { pieces: 9, chunkPieces: 4, chunks: 3, last: [8, 9] },
    { pieces: 3, chunkPieces: 1, chunks: 3, last: [2, 3] }
  ]) {
    it(`cuts ${pieces} pieces by ${chunkPieces}`, () => {
      const cut = media(pieces, chunkPieces)
      expect(cut.chunkCount).to.equal(chunks)
      if (last != null) expect([cut.firstPiece(chunks - 1), cut.endPiece(chunks - 1)]).to.deep.equal(last)
    })
  }

  it('has one shape', () => {
    expect(() => media(1, 1).shape(1, 1)).to.throw(InvariantError)
  })

  it('is complete when it is closed and every piece is here, in either order', () => {
    const early = media(2, 1)
    early.close(2)
    early.addPiece(0, 5, undefined)
    expect(early.complete).to.equal(false)
    early.addPiece(1, 5, undefined)
    expect(early.complete).to.equal(true)
    const late = media(2, 1)
    for (const piece of [0, 1]) late.addPiece(piece, 5, undefined)
    expect(late.complete, 'its final page may contradict').to.equal(false)
    late.close(2)
    expect(late.complete).to.equal(true)
    const empty = media(0, 1)
    empty.close(0)
    expect(empty.complete).to.equal(true)
  })

  it('knows the last chunk of an open-ended put only when it is closed', () => {
    const live = media(undefined, 4)
    for (let piece = 0; piece < 6; piece++) live.addPiece(piece, 1, undefined)
    expect([...live.have.indexes()]).to.deep.equal([0])
    live.close(6)
    expect([...live.have.indexes()]).to.deep.equal([0, 1])
    expect(live.complete).to.equal(true)
  })

  it('tells at once of what fewer have announced than its fleet needs, and of what is watched as it comes', () => {
    for (const { pieces, chunkPieces, rare } of [{ pieces: 9, chunkPieces: 1, rare: 1 }, { pieces: 9, chunkPieces: 2, rare: 3 }, { pieces: 99, chunkPieces: LARGE_CHUNK_PIECES, rare: 1 }, { pieces: undefined, chunkPieces: LARGE_CHUNK_PIECES, rare: 3 }, { pieces: undefined, chunkPieces: 1, rare: 3 }]) {
      const told = new SwarmMedia('job', 1, 0, new Map(), 1)
      told.shape(pieces, chunkPieces)
      const rareAfter = ['a', 'b', 'c', 'd'].map(peer => {
        const before = told.isRare(0)
        told.announced(peer, 0, true)
        return before
      })
      expect(rareAfter.filter(Boolean), JSON.stringify({ pieces, chunkPieces })).to.have.length(rare)
    }
  })

  it('goes on at the first missing piece', () => {
    const resumed = media(9, 4)
    for (const piece of [4, 5, 7]) resumed.addPiece(piece, 1, undefined)
    expect([resumed.resumePoint(0), resumed.resumePoint(1), resumed.resumePoint(2)]).to.deep.equal([0, 6, 8])
    resumed.addPiece(8, 1, undefined)
    expect(resumed.resumePoint(2)).to.equal(9)
  })

  it('counts each piece once, for the source that brought it first', () => {
    const counted = media(3, 1)
    expect(counted.addPiece(0, 100, 'a')).to.equal(true)
    expect(counted.addPiece(0, 100, 'b')).to.equal(false)
    counted.addPiece(1, 50, 'b')
    counted.addPiece(2, 7, undefined)
    expect([...counted.sources]).to.deep.equal([['a', 100], ['b', 50]])
    expect(counted.bytes).to.equal(157)
  })

  it('announces each chunk when it begins and when it is whole, once each, and asks for it no more', () => {
    const announced = media(4, 2)
    announced.ask(0, { peer: 'a', progressMs: 0, dueMs: 0, pushed: false })
    announced.addPiece(0, 1, 'a')
    expect(announced.news).to.deep.equal({ coming: [0], held: [], urgent: false })
    announced.addPiece(1, 1, 'a')
    announced.addPiece(1, 1, 'a')
    expect(announced.news).to.deep.equal({ coming: [0], held: [0], urgent: false })
    expect(announced.requests.size).to.equal(0)
  })

  it('tells of what others have announced while the uplink has room, unless many have', () => {
    const announced = (announcers: number, idle: boolean): number[] => {
      const told = media(4, 2)
      for (let i = 0; i < announcers; i++) told.announced(`a${i}`, 0, false)
      told.addPiece(0, 1, 'a0')
      const begun = told.takeBegun(idle)
      expect(told.takeBegun(true), 'once').to.deep.equal([])
      return begun
    }
    expect([announced(0, false), announced(RARE_ANNOUNCERS - 1, false), announced(RARE_ANNOUNCERS, false)]).to.deep.equal([[0], [0], []])
    expect([announced(RARE_ANNOUNCERS, true), announced(IDLE_ANNOUNCERS - 1, true), announced(IDLE_ANNOUNCERS, true)]).to.deep.equal([[0], [0], []])
  })

  it('says nothing of a chunk whose first piece is missing, nor twice of one that is a single piece', () => {
    const announced = media(4, 2)
    announced.addPiece(1, 1, 'a')
    const single = media(4, 1)
    single.addPiece(1, 1, 'a')
    expect([announced.news, single.news]).to.deep.equal([{ coming: [], held: [], urgent: false }, { coming: [], held: [1], urgent: true }])
  })

  it('asks again for what the disk has lost, and holds it no more until then', () => {
    const lossy = media(6, 3)
    lossy.close(6)
    lossy.announced('a', 0, true)
    for (let piece = 0; piece < 6; piece++) lossy.addPiece(piece, 1, undefined)
    expect([...lossy.missingFrom('a')]).to.deep.equal([])
    lossy.losePiece(1)
    lossy.losePiece(1)
    expect([lossy.complete, lossy.wanting, lossy.have.has(0), lossy.have.has(1)]).to.deep.equal([false, true, false, true])
    expect([...lossy.missingFrom('a')]).to.deep.equal([0])
    expect(lossy.resumePoint(0)).to.equal(1)
    lossy.addPiece(1, 1, 'a')
    expect(lossy.complete).to.equal(true)
  })

  it('asks for nothing behind the end, whatever is announced', () => {
    const short = media(4, 2)
    short.announced('a', 1, true)
    short.announced('a', 2, true)
    expect([...short.missingFrom('a')]).to.deep.equal([1])
  })

  it('asks for a chunk that was begun only where it is whole, so that no two wait for each other', () => {
    const begun = media(4, 2)
    begun.announced('a', 0, false)
    expect([...begun.missingFrom('a')]).to.deep.equal([0])
    begun.addPiece(0, 1, 'b')
    expect([...begun.missingFrom('a')]).to.deep.equal([])
    begun.announced('a', 0, true)
    expect([...begun.missingFrom('a')]).to.deep.equal([0])
  })

  it('counts a chunk\'s holders, whatever they announce and however they leave', () => {
    const event = fc.record({ peer: fc.constantFrom('a', 'b', 'c'), chunk: fc.nat(9), leaves: fc.boolean() })
    fc.assert(fc.property(fc.array(event, { maxLength: 40 }), events => {
      const partners = media(10, 1)
      const holders = new Map<string, Set<number>>()
      for (const { peer, chunk, leaves } of events) {
        if (leaves) {
          partners.partners.drop(peer)
          holders.delete(peer)
        } else {
          partners.announced(peer, chunk, true)
          holders.set(peer, (holders.get(peer) ?? new Set()).add(chunk))
        }
      }
      for (let chunk = 0; chunk < 10; chunk++) expect(partners.partners.announcers(chunk)).to.equal([...holders.values()].filter(held => held.has(chunk)).length)
      for (const peer of ['a', 'b', 'c']) for (let chunk = 0; chunk < 10; chunk++) expect(partners.partners.hasWhole(peer, chunk)).to.equal(holders.get(peer)?.has(chunk) ?? false)
    }))
  })
})
