import type { Stream } from '@libp2p/interface'
import type { Message } from '@sluice/core'
import { offer as pb, PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { Uint8ArrayList } from 'uint8arraylist'
import { frame } from '../../src/framing.ts'
import { type HandedOver, Offer, type OfferInit } from '../../src/protocols/offer.ts'
import { readFrames } from '../../src/stream-end.ts'
import { Gathered } from '../gathered.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

const JOB = 'ab'.repeat(32)
const OTHER_JOB = 'cd'.repeat(32)

describe('offer', () => {
  let here: StubHost
  let there: StubHost
  let messages: Gathered<Message>
  let handovers: Gathered<HandedOver>
  let held: Gathered<string>
  let broken: Gathered<string>
  let cut: Gathered<string>
  let offer: Offer
  /** Whether a chunk's page, here of two pieces, is to be asked for with it, and the next. */
  let needsPage: boolean
  let receiving: OfferInit

  beforeEach(async () => {
    here = new StubHost((await identity('here')).peer)
    there = new StubHost((await identity('there')).peer)
    here.meet(there)
    messages = new Gathered()
    handovers = new Gathered()
    held = new Gathered()
    broken = new Gathered()
    cut = new Gathered()
    needsPage = true
    const nothing = (): never => { throw new Error('nothing was to come') }
    offer = new Offer(here.components(), { onMessage: nothing, onHandover: nothing, onPageHeld: nothing, pagesToAsk: (peer, _job, _seq, chunk) => needsPage && peer === there.peer ? [chunk * 2, 256] : [], onBroken: (_peer, error) => broken.push(error.message) })
    receiving = {
      onMessage: (from, message) => {
        expect(from).to.equal(here.peer)
        messages.push(message)
      },
      onHandover: async (_from, handover) => handovers.push(handover),
      pagesToAsk: nothing,
      onPageHeld: (peer, job, seq, chunk) => held.push(`${peer === here.peer} ${job.slice(0, 2)}/${seq} ${chunk}`),
      onPagesWanted: (_peer, job, seq, wanted) => held.push(`wants ${job.slice(0, 2)}/${seq} ${JSON.stringify(wanted)}`),
      onBroken: (_peer, error) => cut.push(error.message)
    }
    await listen()
  })
  afterEach(() => offer.lost(there.peer))

  async function listen (bent: Partial<OfferInit> = {}): Promise<void> {
    await new Offer(there.components(), { ...receiving, ...bent }).start()
  }

  /** What `offer` writes, as it is on the wire. */
  async function overheard (): Promise<Gathered<pb.OfferMessage>> {
    const wire = new Gathered<pb.OfferMessage>()
    await there.handle(PROTOCOLS.offer.id, stream => {
      readFrames(stream, {
        maxMessageBytes: PROTOCOLS.offer.maxMessageBytes,
        maxBufferedBytes: PROTOCOLS.offer.maxMessageBytes,
        take: buffer => { for (let bytes = buffer.message(); bytes != null; bytes = buffer.message()) wire.push(pb.OfferMessage.decode(bytes)) }
      }).catch(() => {})
    })
    return wire
  }

  it('carries every kind of message, in order', async () => {
    const said: Message[] = [
      { type: 'laneOffer', job: JOB, rate: 2 ** 40, head: 3 },
      ...(['accept', 'decline-enough', 'decline-unknown-job', 'decline-done', 'switched'] as const).map(decision => ({ type: 'laneAnswer' as const, job: JOB, decision })),
      { type: 'have', job: OTHER_JOB, seq: 1, chunks: [0, 5, 70_000] },
      { type: 'bitfield', job: JOB, seq: 2, bits: Uint8Array.of(1, 2, 3) },
      { type: 'request', job: JOB, seq: 1, chunk: 4, offset: 2, held: 300 },
      { type: 'cancel', job: JOB, seq: 1, chunk: 4 },
      { type: 'handoverAck', job: JOB, errand: 8, head: 2 },
      { type: 'handoverAck', job: JOB, errand: 9, head: 0, refused: 'no room' }
    ]
    for (const message of said) offer.send(there.peer, message)
    expect(await messages.first(said.length)).to.deep.equal(said)
    expect(here.opened).to.have.lengthOf(1)
  })

  it('binds a name once for each job', async () => {
    const wire = await overheard()
    for (const job of [JOB, JOB, OTHER_JOB, JOB]) offer.send(there.peer, { type: 'cancel', job, seq: 1, chunk: 0 })
    offer.handOver(there.peer, { job: OTHER_JOB, jobBytes: undefined, commands: [], ranges: [], errand: 0 })
    const kinds = (await wire.first(7)).map(message => message.bind != null ? `bind ${message.bind.handle}` : `${(message.cancel ?? message.handover)?.handle}`)
    expect(kinds).to.deep.equal(['bind 1', '1', '1', 'bind 2', '2', '1', '2'])
  })

  it('binds anew after a loss', async () => {
    offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 0 })
    await messages.first(1)
    offer.lost(there.peer)
    offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 1 })
    expect((await messages.first(2))[1]).to.include({ chunk: 1, job: JOB })
    expect(broken.items).to.deep.equal([])
  })

  it('coalesces acknowledgements', async () => {
    const wire = await overheard()
    for (let i = 0; i < 100; i++) offer.send(there.peer, { type: 'acknowledge', pieces: 1 })
    offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 0 })
    const said = await wire.first(3)
    expect(said.map(({ acknowledge }) => acknowledge?.pieces)).to.deep.equal([undefined, undefined, 100])
    offer.send(there.peer, { type: 'acknowledge', pieces: 3 })
    expect((await wire.first(4))[3]?.acknowledge?.pieces).to.equal(3)
  })

  it('lets what waits go with a piece, in the turn that writes it', async () => {
    const wire = await overheard()
    offer.leaveWithPiece(there.peer)
    offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 0 })
    await wire.first(2)
    const [stream] = here.opened as [Stream]
    const { send } = stream
    let writes = 0
    stream.send = data => {
      writes++
      return send.call(stream, data)
    }
    offer.send(there.peer, { type: 'acknowledge', pieces: 2 })
    offer.send(there.peer, { type: 'have', job: JOB, seq: 1, chunks: [3], patient: true })
    expect(writes).to.equal(0)
    offer.leaveWithPiece(there.peer)
    expect(writes).to.equal(1)
    const said = (await wire.first(4)).slice(2)
    expect(said.map(({ have, acknowledge }) => [have?.chunks, acknowledge?.pieces])).to.deep.equal([[[3], undefined], [undefined, 2]])
  })

  it('lets haves that nobody waits for go with what may not wait, in order, and alone when nothing comes', async () => {
    const wire = await overheard()
    offer.send(there.peer, { type: 'have', job: JOB, seq: 1, chunks: [3], patient: true })
    offer.send(there.peer, { type: 'acknowledge', pieces: 1 })
    offer.send(there.peer, { type: 'coming', job: JOB, seq: 1, chunks: [4] })
    const kinds = (await wire.first(4)).map(said => Object.entries(said).find(([, value]) => value != null)?.[0])
    expect(kinds).to.deep.equal(['bind', 'have', 'coming', 'acknowledge'])
    offer.send(there.peer, { type: 'have', job: JOB, seq: 1, chunks: [5], patient: true })
    offer.send(there.peer, { type: 'acknowledge', pieces: 2 })
    const [have, acknowledge] = (await wire.first(6)).slice(4)
    expect([have?.have?.chunks, acknowledge?.acknowledge?.pieces]).to.deep.equal([[5], 2])
  })

  it('tells the core of acknowledgements', async () => {
    offer.send(there.peer, { type: 'acknowledge', pieces: 2 })
    offer.send(there.peer, { type: 'acknowledge', pieces: 1 })
    expect(await messages.first(1)).to.deep.equal([{ type: 'acknowledge', pieces: 3 }])
  })

  it('asks for the page of a chunk ahead of the chunk, if it is to', async () => {
    offer.send(there.peer, { type: 'request', job: JOB, seq: 1, chunk: 3, offset: 0 })
    await messages.first(1)
    expect(held.items, 'its own page, and the next').to.deep.equal(['wants ab/1 {"piece":6}', 'wants ab/1 {"piece":256}', 'true ab/1 3'])
    needsPage = false
    offer.send(there.peer, { type: 'request', job: JOB, seq: 1, chunk: 7, offset: 0 })
    await messages.first(2)
    expect(held.items.slice(3)).to.deep.equal(['true ab/1 7'])
  })

  it('asks for pages by themselves: the first one\'s, too, and all from a number on', async () => {
    offer.wantPages(there.peer, JOB, 1, { piece: 0 })
    offer.wantPages(there.peer, JOB, 2, { from: 5 })
    expect(await held.first(2)).to.deep.equal(['wants ab/1 {"piece":0}', 'wants ab/2 {"from":5}'])
  })

  describe('hand-over', () => {
    it('carries what was signed, as it is', async () => {
      const handover: HandedOver = { job: JOB, jobBytes: new Uint8Array(8 * 1024 * 1024).fill(7), commands: [{ command: Uint8Array.of(1), acceptance: Uint8Array.of(2) }], ranges: [{ first: 3, end: 9 }], errand: 4 }
      offer.handOver(there.peer, handover)
      offer.handOver(there.peer, { ...handover, jobBytes: undefined, commands: [] })
      const [first, second] = await handovers.first(2)
      expect(first).to.deep.equal(handover)
      expect(second).to.deep.equal({ ...handover, jobBytes: undefined, commands: [] })
    })

    it('is verified before what came behind it is heard', async () => {
      const verified = Promise.withResolvers<void>()
      await listen({ onHandover: async (_from, handover) => { handovers.push(handover); await verified.promise } })
      offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 0 })
      offer.handOver(there.peer, { job: JOB, jobBytes: undefined, commands: [], ranges: [], errand: 1 })
      offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 1 })
      await handovers.first(1)
      expect(messages.items).to.have.lengthOf(1)
      verified.resolve()
      expect((await messages.first(2))[1]).to.include({ chunk: 1 })
    })

    it('that fails ends the stream, and what came behind it is not heard', async () => {
      await listen({ onHandover: async () => { throw new Error('journal full') } })
      offer.handOver(there.peer, { job: JOB, jobBytes: undefined, commands: [], ranges: [], errand: 1 })
      offer.send(there.peer, { type: 'cancel', job: JOB, seq: 1, chunk: 1 })
      expect(await cut.first(1)).to.deep.equal(['journal full'])
      expect(await ending(here.opened[0] as Stream)).to.equal('reset')
      expect(messages.items).to.deep.equal([])
    })
  })

  describe('takes nothing wrong:', () => {
    const send = async (...sent: Array<pb.OfferMessage | Uint8Array>): Promise<Stream> => {
      const stream = await here.dialProtocol(there.peerId, PROTOCOLS.offer.id)
      for (const message of sent) stream.send(message instanceof Uint8Array ? message : frame(pb.OfferMessage.encode(message)))
      return stream
    }
    const bind = (handle: number): pb.OfferMessage => ({ bind: { handle, job: Buffer.from(JOB, 'hex') } })

    it('a frame that is no message', async () => {
      expect(await ending(await send(frame(Uint8Array.of(0xff, 0xff)).slice()))).to.equal('reset')
    })

    it('a name that was not bound', async () => {
      const stream = await send(bind(1), { cancel: { handle: 2, seq: 1, chunk: 0 } })
      expect(await cut.first(1)).to.deep.equal(['handle 2 was not bound'])
      expect(await ending(stream)).to.equal('reset')
    })

    it('a length beyond the limit, before anything of it is there', async () => {
      expect(await ending(await send(frame(new Uint8Array(PROTOCOLS.offer.maxMessageBytes + 1)).slice(0, 4)))).to.equal('reset')
    })

    it('more names than a peer may bind', async () => {
      const stream = await send()
      // In batches that are taken one after the other, so that the limit of what waits is not what is met.
      for (let first = 1; first < 65_536; first += 8_192) {
        const batch = new Uint8ArrayList()
        for (let handle = first; handle < first + 8_192; handle++) batch.appendAll([frame(pb.OfferMessage.encode(bind(handle)))])
        batch.appendAll([frame(pb.OfferMessage.encode({ cancel: { handle: first, seq: 1, chunk: 0 } }))])
        stream.send(batch)
        await messages.first((first - 1) / 8_192 + 1)
      }
      stream.send(frame(pb.OfferMessage.encode(bind(65_537))))
      expect(await cut.first(1)).to.deep.equal(['too many handles'])
    })

    it('more messages than may wait behind a hand-over', async () => {
      await listen({ onHandover: () => new Promise(() => {}) })
      const stream = await send(bind(1), { handover: { handle: 1, job: new Uint8Array(), commands: [], ranges: [], errand: 0 } })
      stream.send(new Uint8Array(70_000))
      expect(await ending(stream)).to.equal('reset')
    })

    it('but passes over a kind that a newer version added', async () => {
      const stream = await send(bind(1), frame(Uint8Array.of(0xfa, 1, 1, 0)).slice(), { cancel: { handle: 1, seq: 1, chunk: 5 } })
      expect(await messages.first(1)).to.deep.equal([{ type: 'cancel', job: JOB, seq: 1, chunk: 5 }])
      stream.abort(new Error('enough'))
    })
  })

  it('says once that a peer cannot be reached', async () => {
    const nobody = (await identity('nobody')).peer
    for (let chunk = 0; chunk < 3; chunk++) offer.send(nobody, { type: 'cancel', job: JOB, seq: 1, chunk })
    expect(await broken.first(1)).to.deep.equal([`${nobody} cannot be reached`])
  })
})
