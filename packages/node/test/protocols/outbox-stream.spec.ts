import type { Stream } from '@libp2p/interface'
import { PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { OutboxStream } from '../../src/protocols/outbox-stream.ts'
import { readFrames } from '../../src/stream-end.ts'
import { Gathered } from '../gathered.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

const MiB = 1024 * 1024

describe('outbox stream', () => {
  let here: StubHost
  let there: StubHost
  let messages: Gathered<Uint8Array>
  let streams: Gathered<Stream>
  let failures: Gathered<Error>
  let outbox: OutboxStream

  beforeEach(async () => {
    here = new StubHost((await identity('here')).peer)
    there = new StubHost((await identity('there')).peer)
    here.meet(there)
    messages = new Gathered()
    streams = new Gathered()
    failures = new Gathered()
    await there.handle(PROTOCOLS.offer.id, stream => {
      streams.push(stream)
      readFrames(stream, {
        maxMessageBytes: PROTOCOLS.offer.maxMessageBytes,
        maxBufferedBytes: 16 * MiB,
        take: buffer => { for (let bytes = buffer.message(); bytes != null; bytes = buffer.message()) messages.push(bytes) }
      }).catch(() => {})
    })
    outbox = new OutboxStream(here.asHost, there.peer, 'offer', error => failures.push(error))
  })
  afterEach(() => outbox.close())

  it('opens one stream when there is something to say, and keeps the order', async () => {
    expect(here.opened).to.have.lengthOf(0)
    for (let i = 0; i < 100; i++) outbox.send(Uint8Array.of(i))
    await messages.first(100)
    for (let i = 100; i < 200; i++) outbox.send(Uint8Array.of(i))
    await messages.first(200)
    expect(messages.items.map(([first]) => first)).to.deep.equal(Array.from({ length: 200 }, (_, i) => i))
    expect(here.opened).to.have.lengthOf(1)
  })

  it('keeps the order over a stream that is full again and again', async () => {
    for (let i = 0; i < 12; i++) outbox.send(new Uint8Array(MiB).fill(i))
    await messages.first(6)
    for (let i = 12; i < 24; i++) outbox.send(new Uint8Array(MiB).fill(i))
    await messages.first(24)
    expect(messages.items.map(message => message[0])).to.deep.equal(Array.from({ length: 24 }, (_, i) => i))
    expect(failures.items).to.have.lengthOf(0)
  })

  it('writes at once what waits for the end of the turn, if it has a stream, and once', async () => {
    outbox.send(Uint8Array.of(1))
    outbox.flush()
    await messages.first(1)
    const written: number[] = []
    const [stream] = here.opened as [Stream]
    const { send } = stream
    stream.send = data => {
      written.push(data.byteLength)
      return send.call(stream, data)
    }
    outbox.send(Uint8Array.of(2))
    outbox.send(Uint8Array.of(3))
    expect(written).to.deep.equal([])
    outbox.flush()
    outbox.flush()
    expect(written, 'two messages, each behind its length').to.deep.equal([4])
    outbox.send(Uint8Array.of(4))
    await messages.first(4)
    expect(messages.items.map(([first]) => first)).to.deep.equal([1, 2, 3, 4])
  })

  it('gives up a peer that does not take what it is told, and says so once', async () => {
    for (let i = 0; i < 40; i++) outbox.send(new Uint8Array(MiB))
    expect(failures.items.map(({ message }) => message)).to.deep.equal([`${33 * MiB} bytes wait for ${there.peer}, which does not take them`])
    outbox.send(Uint8Array.of(1))
    expect(failures.items).to.have.lengthOf(1)
  })

  it('says once that a peer cannot be reached', async () => {
    const nobody = (await identity('nobody')).peer
    const lost = new OutboxStream(here.asHost, nobody, 'offer', error => failures.push(error))
    lost.send(Uint8Array.of(1))
    lost.send(Uint8Array.of(2))
    await failures.first(1)
    lost.send(Uint8Array.of(3))
    lost.close()
    expect(failures.items.map(({ message }) => message)).to.deep.equal([`${nobody} cannot be reached`])
  })

  it('says with the next message that the stream was reset', async () => {
    outbox.send(Uint8Array.of(1))
    await messages.first(1)
    streams.items[0]?.abort(new Error('enough'))
    await ending(here.opened[0] as Stream)
    outbox.send(Uint8Array.of(2))
    await failures.first(1)
    outbox.send(Uint8Array.of(3))
    expect(failures.items).to.have.lengthOf(1)
  })

  it('says nothing of a close of our own, and nothing more to the peer', async () => {
    outbox.send(Uint8Array.of(1))
    await messages.first(1)
    outbox.close()
    outbox.send(Uint8Array.of(2))
    expect(await ending(streams.items[0] as Stream)).to.equal('reset')
    expect(messages.items).to.have.lengthOf(1)
    expect(failures.items).to.have.lengthOf(0)
  })
})
