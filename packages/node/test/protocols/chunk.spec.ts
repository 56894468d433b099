import type { Stream } from '@libp2p/interface'
import { chunk as pb, PIECE_BYTES, PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { frame } from '../../src/framing.ts'
import { Chunk, type ChunkInit } from '../../src/protocols/chunk.ts'
import { Gathered } from '../gathered.ts'
import { identity } from '../signed-job.ts'
import { FullStream } from './full-stream.ts'
import { ending, StubHost } from './stub-host.ts'

const JOB = 'ab'.repeat(32)
const OTHER_JOB = 'cd'.repeat(32)
const NO_BYTES = new Uint8Array()
/** Pieces that one page verifies, here. */
const PER_PAGE = 4

describe('chunk', () => {
  let source: StubHost
  let receiver: StubHost
  /** What the receiver was given, in words and in order. */
  let events: Gathered<string>
  let bytesOf: Map<number, Uint8Array>
  let broken: Gathered<string>
  let cut: Gathered<string>
  let chunk: Chunk
  let init: ChunkInit

  const length = (piece: number): number => piece === 9 ? PIECE_BYTES : piece + 1

  beforeEach(async () => {
    source = new StubHost((await identity('source')).peer)
    receiver = new StubHost((await identity('receiver')).peer)
    source.meet(receiver)
    events = new Gathered()
    bytesOf = new Map()
    broken = new Gathered()
    cut = new Gathered()
    init = {
      readPiece: async (_job, _seq, piece) => new Uint8Array(length(piece)).fill(piece),
      pageOf: (_job, _seq, piece) => ({ number: Math.floor(piece / PER_PAGE), bytes: Uint8Array.of(Math.floor(piece / PER_PAGE)), seal: piece >= 8 ? Uint8Array.of(99) : NO_BYTES }),
      onPage: async (from, job, seq, page, seal) => events.push(`page ${page[0]}${seal.length > 0 ? ' sealed' : ''} of ${job.slice(0, 2)}/${seq} from ${from.slice(-4)}`),
      onPiece: async (_from, job, seq, piece, bytes) => {
        bytesOf.set(piece, bytes)
        events.push(`piece ${piece} of ${job.slice(0, 2)}/${seq}`)
      },
      onBroken: (peer, error) => broken.push(`${peer.slice(-4)}: ${error.message}`)
    }
    chunk = new Chunk(source.components(), { ...init })
    await listen()
  })
  afterEach(() => chunk.lost(receiver.peer))

  async function listen (bent: Partial<ChunkInit> = {}): Promise<void> {
    await new Chunk(receiver.components(), { ...init, onBroken: (_peer, error) => cut.push(error.message), ...bent }).start()
  }

  const named = (peer: StubHost): string => peer.peer.slice(-4)

  it('sends a page ahead of its first piece, and once only', async () => {
    for (let piece = 0; piece < 10; piece++) chunk.send(receiver.peer, JOB, 1, piece)
    const from = named(source)
    expect(await events.first(13)).to.deep.equal([
      `page 0 of ab/1 from ${from}`, ...[0, 1, 2, 3].map(piece => `piece ${piece} of ab/1`),
      `page 1 of ab/1 from ${from}`, ...[4, 5, 6, 7].map(piece => `piece ${piece} of ab/1`),
      `page 2 sealed of ab/1 from ${from}`, ...[8, 9].map(piece => `piece ${piece} of ab/1`)
    ])
    for (const [piece, bytes] of bytesOf) expect(bytes).to.deep.equal(new Uint8Array(length(piece)).fill(piece))
    chunk.send(receiver.peer, JOB, 1, 0)
    expect((await events.first(14)).at(-1)).to.equal('piece 0 of ab/1')
    expect(source.opened).to.have.lengthOf(1)
    expect(chunk.sentBytes.get(JOB)).to.equal([...Array(10).keys(), 0].reduce((sum, piece) => sum + length(piece), 0))
  })

  it('tells puts and jobs apart', async () => {
    chunk.send(receiver.peer, JOB, 1, 0)
    chunk.send(receiver.peer, OTHER_JOB, 1, 0)
    chunk.send(receiver.peer, JOB, 2, 0)
    const from = named(source)
    expect(await events.first(6)).to.deep.equal([
      `page 0 of ab/1 from ${from}`, 'piece 0 of ab/1', `page 0 of cd/1 from ${from}`, 'piece 0 of cd/1', `page 0 of ab/2 from ${from}`, 'piece 0 of ab/2'
    ])
    expect(chunk.sentBytes.get(OTHER_JOB)).to.equal(1)
  })

  it('leaves out a page that the receiver has', async () => {
    chunk.pageHeld(receiver.peer, JOB, 1, 0)
    for (const piece of [0, 4]) chunk.send(receiver.peer, JOB, 1, piece)
    expect(await events.first(3)).to.deep.equal(['piece 0 of ab/1', `page 1 of ab/1 from ${named(source)}`, 'piece 4 of ab/1'])
  })

  it('sends pages by themselves, whatever was sent before, and then not with their pieces', async () => {
    const pages = [0, 1].map(number => ({ number, bytes: Uint8Array.of(number), seal: NO_BYTES }))
    chunk.pageHeld(receiver.peer, JOB, 1, 0)
    chunk.sendPages(receiver.peer, JOB, 1, pages)
    for (const piece of [0, 4]) chunk.send(receiver.peer, JOB, 1, piece)
    expect(await events.first(4)).to.deep.equal([...[0, 1].map(number => `page ${number} of ab/1 from ${named(source)}`), 'piece 0 of ab/1', 'piece 4 of ab/1'])
  })

  it('says before each piece, and before nothing else, that it is written next', async () => {
    const written: string[] = []
    const telling = new Chunk(source.components(), { ...init, beforePiece: to => written.push(`piece to ${to.slice(-4)}`) })
    telling.sendPages(receiver.peer, JOB, 1, [{ number: 0, bytes: Uint8Array.of(0), seal: NO_BYTES }])
    for (const piece of [0, 1]) telling.send(receiver.peer, JOB, 1, piece)
    await events.first(3)
    expect(written).to.deep.equal([`piece to ${named(receiver)}`, `piece to ${named(receiver)}`])
    telling.lost(receiver.peer)
  })

  it('begins anew after a loss, with pages and names', async () => {
    chunk.send(receiver.peer, JOB, 1, 0)
    await events.first(2)
    chunk.lost(receiver.peer)
    chunk.send(receiver.peer, JOB, 1, 1)
    expect((await events.first(4)).slice(2)).to.deep.equal([`page 0 of ab/1 from ${named(source)}`, 'piece 1 of ab/1'])
    expect(broken.items).to.deep.equal([])
  })

  it('reads no more than two pieces ahead, and no more than the stream takes', async () => {
    const stream = new FullStream()
    receiver.handlers.clear()
    source.dialProtocol = async () => stream.asStream
    const reads = new Gathered<number>()
    const paced = new Chunk(source.components(), { ...init, readPiece: async (job, seq, piece) => { reads.push(piece); return await init.readPiece(job, seq, piece) } })
    for (let piece = 0; piece < 6; piece++) paced.send(receiver.peer, JOB, 1, piece)
    await stream.sent.first(1)
    // One is written, one is in hand.
    expect(reads.items).to.deep.equal([0, 1])
    for (let written = 2; written <= 6; written++) {
      stream.drain()
      await stream.sent.first(written)
      expect(stream.sent.items).to.have.lengthOf(written)
      expect(reads.items.length).to.equal(Math.min(6, written + 1))
    }
    paced.lost(receiver.peer)
  })

  it('has two reads under way, not more, on a slow disk', async () => {
    const reads = new Gathered<PromiseWithResolvers<Uint8Array>>()
    const slow = new Chunk(source.components(), { ...init, readPiece: () => { const read = Promise.withResolvers<Uint8Array>(); reads.push(read); return read.promise } })
    for (let piece = 0; piece < 4; piece++) slow.send(receiver.peer, JOB, 1, piece)
    await reads.first(2)
    // They come in the order they were asked for, whichever is read first.
    reads.items[1]?.resolve(Uint8Array.of(1))
    expect(events.items).to.deep.equal([])
    expect(reads.items).to.have.lengthOf(2)
    reads.items[0]?.resolve(Uint8Array.of(0))
    expect((await events.first(3)).slice(1)).to.deep.equal(['piece 0 of ab/1', 'piece 1 of ab/1'])
    await reads.first(4)
    slow.lost(receiver.peer)
  })

  it('gives the connection up if a piece cannot be read, or the peer not be reached', async () => {
    const ill = new Chunk(source.components(), { ...init, readPiece: async () => { throw new Error('disk error') } })
    ill.send(receiver.peer, JOB, 1, 0)
    const stranger = (await identity('nobody')).peer
    await broken.first(1)
    ill.send(stranger, JOB, 1, 0)
    expect(await broken.first(2)).to.deep.equal([`${named(receiver)}: disk error`, `${stranger.slice(-4)}: ${stranger} cannot be reached`])
    expect(await ending(source.opened[0] as Stream)).to.equal('aborted')
  })

  describe('takes nothing wrong:', () => {
    const send = async (...messages: Array<pb.ChunkMessage | Uint8Array>): Promise<Stream> => {
      const stream = await source.dialProtocol(receiver.peerId, PROTOCOLS.chunk.id)
      for (const message of messages) stream.send(message instanceof Uint8Array ? message : frame(pb.ChunkMessage.encode(message)))
      return stream
    }
    const bind = { bind: { handle: 1, job: Buffer.from(JOB, 'hex') } }
    const page = { page: { handle: 1, seq: 1, page: Uint8Array.of(0), seal: NO_BYTES } }
    const piece = (length: number, handle = 1): pb.ChunkMessage => ({ piece: { handle, seq: 1, piece: 7, length } })

    it('a frame that is no message', async () => {
      expect(await ending(await send(frame(Uint8Array.of(0xff, 0xff)).slice()))).to.equal('reset')
    })

    it('a name that was not bound', async () => {
      expect(await ending(await send(page))).to.equal('reset')
      await send(bind, piece(1, 2), Uint8Array.of(1))
      expect(await cut.first(1)).to.deep.equal(['handle 2 was not bound'])
      expect(events.items).to.deep.equal([])
    })

    it('a length beyond the limit, before anything of it is there', async () => {
      expect(await ending(await send(frame(new Uint8Array(PROTOCOLS.chunk.maxMessageBytes + 1)).slice(0, 3)))).to.equal('reset')
    })

    it('a piece of no bytes, or of more than a piece has', async () => {
      for (const length of [0, PIECE_BYTES + 1]) expect(await ending(await send(bind, piece(length)))).to.equal('reset')
    })

    it('a piece whose stream is reset in the middle', async () => {
      const stream = await send(bind, page, piece(10), new Uint8Array(9))
      await events.first(1)
      stream.abort(new Error('enough'))
      chunk.send(receiver.peer, JOB, 1, 0)
      expect((await events.first(3)).at(-1)).to.equal('piece 0 of ab/1')
    })

    it('but passes over a kind that a newer version added', async () => {
      const stream = await send(bind, frame(Uint8Array.of(0x7a, 1, 0)).slice(), page, piece(1), Uint8Array.of(1))
      expect((await events.first(2)).at(-1)).to.equal('piece 7 of ab/1')
      expect(stream.status).to.equal('open')
      stream.abort(new Error('enough'))
    })

    it('a piece before its page is verified', async () => {
      const verified = Promise.withResolvers<void>()
      const asked = new Gathered<Uint8Array>()
      await listen({ onPage: async (_from, _job, _seq, bytes) => { asked.push(bytes); await verified.promise } })
      const stream = await send(bind, page, piece(1), Uint8Array.of(1), piece(1), Uint8Array.of(1))
      await asked.first(1)
      expect(events.items).to.deep.equal([])
      verified.resolve()
      expect(await events.first(2)).to.deep.equal(['piece 7 of ab/1', 'piece 7 of ab/1'])
      stream.abort(new Error('enough'))
    })

    it('pieces behind a page that does not hold', async () => {
      await listen({ onPage: async () => { throw new Error('forged') } })
      const stream = await send(bind, page, piece(1), Uint8Array.of(1))
      expect((await cut.first(1))[0]).to.equal('forged')
      expect(await ending(stream)).to.equal('reset')
      expect(events.items).to.deep.equal([])
    })

    it('more pieces than may be in hand', async () => {
      const taken = new Gathered<number>()
      await listen({ onPiece: async (_from, _job, _seq, number) => { taken.push(number); await new Promise(() => {}) } })
      const stream = await send(bind)
      for (let i = 0; i < 512; i++) {
        stream.send(frame(pb.ChunkMessage.encode(piece(1))))
        stream.send(Uint8Array.of(1))
      }
      await taken.first(512)
      stream.send(frame(pb.ChunkMessage.encode(piece(1))))
      stream.send(Uint8Array.of(1))
      expect(await ending(stream)).to.equal('reset')
      expect(taken.items).to.have.lengthOf(512)
    })
  })
})
