import type { Stream } from '@libp2p/interface'
import { ctp as pb, PIECE_BYTES, PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { Uint8ArrayList } from 'uint8arraylist'
import { frame } from '../../src/framing.ts'
import { Ctp } from '../../src/protocols/ctp.ts'
import { type CtpLine, UPLOAD_WINDOW_BYTES, type Upload } from '../../src/protocols/ctp-upload.ts'
import { Gathered } from '../gathered.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

const MiB = 1024 * 1024

describe('ctp', () => {
  let provider: StubHost
  let base: StubHost
  /** What the base was asked to do, in words and in order. */
  let events: Gathered<string>
  let replies: Gathered<pb.CtpReply>
  let ends: Gathered<string>
  let reply: (message: pb.CtpReply) => void
  let upload: Upload
  const lines: CtpLine[] = []

  beforeEach(async () => {
    provider = new StubHost((await identity('provider')).peer)
    base = new StubHost((await identity('base')).peer)
    provider.meet(base)
    events = new Gathered()
    replies = new Gathered()
    ends = new Gathered()
    upload = {
      command: async ({ job, command }) => {
        events.push(`command ${command[0]} of ${job}`)
        reply({ accepted: Uint8Array.of(1) })
      },
      resume: async ({ job, seq }) => events.push(`resume ${job}/${seq}`),
      page: async page => events.push(`page ${page[0]}`),
      piece: async (piece, bytes) => events.push(`piece ${piece}: ${bytes.length} × ${bytes[0]}`),
      ended: () => events.push('ended')
    }
    await new Ctp(base.components('provider'), {
      onUpload: (from, replying) => {
        expect(from).to.equal(provider.peer)
        reply = replying
        // Each method is looked up when it is called, so that a test may bend it.
        return { command: it => upload.command(it), resume: it => upload.resume(it), page: it => upload.page(it), piece: (piece, bytes) => upload.piece(piece, bytes), ended: () => upload.ended() }
      }
    }).start()
  })
  afterEach(() => { for (const line of lines.splice(0)) line.abort(new Error('the test is over')) })

  async function open (): Promise<CtpLine> {
    const line = await new Ctp(provider.components('base'), { onUpload: () => { throw new Error('providers take no uploads') } })
      .open(base.peer, message => replies.push(message), error => ends.push(error?.message ?? 'cleanly'))
    lines.push(line)
    return line
  }

  it('carries a command and its data, and the answers', async () => {
    const line = await open()
    await line.send({ command: { job: 'job', command: Uint8Array.of(5) } })
    await line.send({ page: Uint8Array.of(0) })
    for (const piece of [0, 1]) await line.piece(piece, new Uint8Array(PIECE_BYTES).fill(piece))
    await line.send({ page: Uint8Array.of(1) })
    await line.piece(2, Uint8Array.of(2))
    await events.first(6)
    reply({ durable: { ranges: [{ first: 0, end: 3 }], pages: 2 } })
    reply({ sealed: Uint8Array.of(9) })
    await replies.first(3)
    await line.close()
    expect(await events.first(7)).to.deep.equal(['command 5 of job', 'page 0', 'piece 0: 65536 × 0', 'piece 1: 65536 × 1', 'page 1', 'piece 2: 1 × 2', 'ended'])
    expect(replies.items).to.deep.equal([{ accepted: Uint8Array.of(1) }, { durable: { ranges: [{ first: 0, end: 3 }], pages: 2 } }, { sealed: Uint8Array.of(9) }])
  })

  it('goes on with a put that was accepted before', async () => {
    const line = await open()
    await line.send({ resume: { job: 'job', seq: 3 } })
    expect(await events.first(1)).to.deep.equal(['resume job/3'])
  })

  it('tells the base that the provider is gone', async () => {
    const line = await open()
    await line.send({ resume: { job: 'job', seq: 3 } })
    await events.first(1)
    line.abort(new Error('enough'))
    expect((await events.first(2)).at(-1)).to.equal('ended')
    expect(await ends.first(1)).to.deep.equal(['stream was aborted'])
  })

  it('verifies a page before the pieces behind it', async () => {
    const verified = Promise.withResolvers<void>()
    upload = { ...upload, page: async page => { events.push(`page ${page[0]}`); await verified.promise } }
    const line = await open()
    await line.send({ page: Uint8Array.of(0) })
    await line.piece(0, Uint8Array.of(1))
    await events.first(1)
    expect(events.items).to.deep.equal(['page 0'])
    verified.resolve()
    expect(await events.first(2)).to.deep.equal(['page 0', 'piece 0: 1 × 1'])
  })

  it('writes eight pieces at once, not more', async () => {
    const writes = new Gathered<PromiseWithResolvers<void>>()
    upload = { ...upload, piece: async () => { const write = Promise.withResolvers<void>(); writes.push(write); await write.promise } }
    const line = await open()
    // All in one write, so that all of them wait before the first is begun.
    const list = new Uint8ArrayList()
    for (let piece = 0; piece < 20; piece++) {
      list.appendAll([frame(pb.CtpRequest.encode({ piece: { piece, length: 1 } }))])
      list.append(Uint8Array.of(piece))
    }
    provider.opened[0]?.send(list)
    for (const count of [8, 16, 20]) {
      await writes.first(count)
      expect(writes.items).to.have.lengthOf(count)
      for (const write of writes.items) write.resolve()
    }
    await line.close()
  })

  it('brings a refusal to the sender, and then the end', async () => {
    upload = { ...upload, page: async () => { throw new Error('page 0 has two versions') } }
    const line = await open()
    await line.send({ page: Uint8Array.of(0) })
    expect(await replies.first(1)).to.deep.equal([{ refused: 'page 0 has two versions' }])
    expect((await ends.first(1))).to.have.lengthOf(1)
    await events.first(1)
    expect(events.items).to.deep.equal(['ended'])
  })

  it('does not begin what came behind a refusal', async () => {
    upload = { ...upload, command: async () => { throw new Error('no') } }
    const line = await open()
    await line.send({ command: { job: 'job', command: Uint8Array.of(1) } })
    await line.send({ page: Uint8Array.of(0) }).catch(() => {})
    await replies.first(1)
    await events.first(1)
    expect(events.items).to.deep.equal(['ended'])
  })

  it('cuts off a provider that sends more than its window', async () => {
    upload = { ...upload, piece: () => new Promise(() => {}) }
    provider.capacity = 2_000
    const line = await open()
    const pieces = UPLOAD_WINDOW_BYTES / PIECE_BYTES
    const sending = async (): Promise<void> => {
      for (let piece = 0; piece <= pieces + 4 * MiB / PIECE_BYTES; piece++) await line.piece(piece, new Uint8Array(PIECE_BYTES))
    }
    await sending().catch(() => {})
    expect(await events.first(1)).to.deep.equal(['ended'])
    expect(await ending(provider.opened[0] as Stream)).to.equal('reset')
  })

  describe('takes nothing wrong:', () => {
    const send = async (...sent: Array<pb.CtpRequest | Uint8Array>): Promise<Stream> => {
      const stream = await provider.dialProtocol(base.peerId, PROTOCOLS.ctp.id)
      for (const message of sent) stream.send(message instanceof Uint8Array ? message : frame(pb.CtpRequest.encode(message)))
      return stream
    }

    it('a frame that is no message', async () => {
      expect(await ending(await send(frame(Uint8Array.of(0xff, 0xff)).slice()))).to.equal('reset')
    })

    it('a length beyond the limit, before anything of it is there', async () => {
      expect(await ending(await send(frame(new Uint8Array(PROTOCOLS.ctp.maxMessageBytes + 1)).slice(0, 3)))).to.equal('reset')
    })

    it('a piece of no bytes, or of more than a piece has', async () => {
      for (const length of [0, PIECE_BYTES + 1]) expect(await ending(await send({ piece: { piece: 0, length } }))).to.equal('reset')
      expect(events.items).to.deep.equal(['ended', 'ended'])
    })

    it('a piece whose stream is reset, or ends, in the middle', async () => {
      const reset = await send({ resume: { job: 'job', seq: 1 } }, { piece: { piece: 0, length: 10 } }, new Uint8Array(9))
      await events.first(1)
      reset.abort(new Error('enough'))
      await events.first(2)
      const short = await send({ piece: { piece: 0, length: 10 } }, new Uint8Array(9))
      await short.close()
      expect(await events.first(3)).to.deep.equal(['resume job/1', 'ended', 'ended'])
    })

    it('but passes over a kind that a newer version added', async () => {
      const stream = await send(frame(Uint8Array.of(0x7a, 1, 0)).slice(), { page: Uint8Array.of(3) })
      expect(await events.first(1)).to.deep.equal(['page 3'])
      stream.abort(new Error('enough'))
    })

    it('a reply that is none', async () => {
      await base.handle(PROTOCOLS.ctp.id, stream => { stream.send(frame(Uint8Array.of(0xff, 0xff))) })
      await open()
      expect(await ends.first(1)).to.have.lengthOf(1)
      expect(provider.opened[0]?.status).to.equal('aborted')
    })
  })

  it('ends on both sides when the provider is done', async () => {
    const line = await open()
    await line.send({ page: Uint8Array.of(0) })
    await line.close()
    await events.first(2)
    // A stream that stays half open counts against the sixteen that a connection may have.
    expect(await ends.first(1)).to.deep.equal(['cleanly'])
    expect(await ending(provider.opened[0] as Stream)).to.equal('closed')
  })

  // ended() is called as soon as the stream is read, while what it brought is still being done.
  it('is over only when what came is done', async () => {
    const verified = Promise.withResolvers<void>()
    upload = { ...upload, page: async () => { await verified.promise; events.push('page') } }
    const line = await open()
    await line.send({ page: Uint8Array.of(0) })
    await line.close()
    setImmediate(() => setImmediate(() => verified.resolve()))
    expect(await events.first(2)).to.deep.equal(['page', 'ended'])
  })
})
