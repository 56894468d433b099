import type { Stream } from '@libp2p/interface'
import { JournalError } from '@sluice/store'
import { notify as pb, PROTOCOLS, type session } from '@sluice/wire'
import { expect } from 'chai'
import { frame } from '../../src/framing.ts'
import { Notify, type NotifyInit, ReceiptConflict } from '../../src/protocols/notify.ts'
import { Gathered } from '../gathered.ts'
import { rejection } from '../rejection.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

const MiB = 1024 * 1024
const NO_BYTES = new Uint8Array()

describe('notify', () => {
  let node: StubHost
  let base: StubHost
  let receipts: Gathered<number>
  let progress: Gathered<session.Progress>
  let init: NotifyInit
  let notify: Notify

  beforeEach(async () => {
    node = new StubHost((await identity('node')).peer)
    base = new StubHost((await identity('base')).peer)
    node.meet(base)
    receipts = new Gathered()
    progress = new Gathered()
    init = {
      onReceipt: async (from, receipt) => {
        expect(from).to.equal(node.peer)
        receipts.push(receipt[0] as number)
      },
      onProgress: (_from, word) => progress.push(word)
    }
    await listen()
    notify = new Notify(node.components('base'), { onReceipt: async () => { throw new Error('receipts go to the base') } })
  })
  afterEach(() => { for (const stream of node.opened) stream.abort(new Error('the test is over')) })

  async function listen (bent: Partial<NotifyInit> = {}): Promise<void> {
    await new Notify(base.components('node'), { ...init, ...bent }).start()
  }

  const word = (bytes: number): session.Progress => ({ peer: node.peer, job: 'job', seq: 1, bytes, source: '', switches: 0 })

  it('tells several things on one line', async () => {
    const line = await notify.open(base.peer)
    for (const receipt of [1, 2, 3]) expect(await line.tell({ receipt: Uint8Array.of(receipt) })).to.equal(undefined)
    expect(receipts.items).to.deep.equal([1, 2, 3])
    expect(line.isOpen).to.equal(true)
    await line.close()
    expect(node.opened).to.have.lengthOf(1)
  })

  it('acknowledges only what is durable', async () => {
    const durable = Promise.withResolvers<void>()
    await listen({ onReceipt: async (_from, receipt) => { receipts.push(receipt[0] as number); await durable.promise } })
    const line = await notify.open(base.peer)
    let acknowledged = false
    const telling = line.tell({ receipt: Uint8Array.of(1) }).then(() => { acknowledged = true })
    await receipts.first(1)
    expect(acknowledged).to.equal(false)
    durable.resolve()
    await telling
  })

  it('says why something will never be taken, and goes on', async () => {
    await listen({
      onReceipt: async (_from, receipt) => {
        if (receipt[0] === 1) throw new Error('forged')
        if (receipt[0] === 2) throw new ReceiptConflict('contradicts', [Uint8Array.of(7), Uint8Array.of(8)])
      }
    })
    const line = await notify.open(base.peer)
    expect(await line.tell({ receipt: Uint8Array.of(1) })).to.deep.equal({ reason: 'forged', known: [] })
    const contradicted = await line.tell({ receipt: Uint8Array.of(2) })
    expect([contradicted?.reason, contradicted?.known.map(bytes => [...bytes])]).to.deep.equal(['contradicts', [[7], [8]]])
    expect(await line.tell({ receipt: Uint8Array.of(3) })).to.equal(undefined)
  })

  it('refuses nothing because the disk here is full: without an answer it comes again', async () => {
    await listen({ onReceipt: async () => { throw new JournalError('unwritable', 'cannot grow') } })
    const line = await notify.open(base.peer)
    await rejection(line.tell({ receipt: Uint8Array.of(1) }))
    expect(line.isOpen).to.equal(false)
  })

  it('brings progress, which nobody acknowledges', async () => {
    const line = await notify.open(base.peer)
    await line.progress(word(1))
    await line.progress(word(2))
    expect(await line.tell({ receipt: Uint8Array.of(1) })).to.equal(undefined)
    expect(progress.items).to.deep.equal([word(1), word(2)])
  })

  it('brings the final notice', async () => {
    const notices = new Gathered<session.Closed>()
    await listen({ onClosed: async (_from, closed) => notices.push(closed) })
    const line = await notify.open(base.peer)
    const closed = { report: Uint8Array.of(1), job: Uint8Array.of(2), receipts: [Uint8Array.of(3)] }
    expect(await line.tell({ closed })).to.equal(undefined)
    expect(notices.items).to.deep.equal([closed])
  })

  // pbStream aborts a stream that has 4 MiB unread, also in the middle of one message, unless it is given a maxBufferSize.
  it('brings a notice as large as the table allows', async () => {
    const notices = new Gathered<session.Closed>()
    await listen({ onClosed: async (_from, closed) => notices.push(closed) })
    const line = await notify.open(base.peer)
    expect(await line.tell({ closed: { report: Uint8Array.of(1), job: new Uint8Array(8 * MiB), receipts: [] } })).to.equal(undefined)
  })

  it('fails if the other side is gone, or acknowledges something else', async () => {
    await base.handle(PROTOCOLS.notify.id, stream => { stream.abort(new Error('enough')) })
    const line = await notify.open(base.peer)
    await rejection(line.tell({ receipt: Uint8Array.of(1) }))
    expect(line.isOpen).to.equal(false)
    await base.handle(PROTOCOLS.notify.id, stream => { stream.send(frame(pb.NotifyAck.encode({ id: 77, refused: '' }))) })
    const other = await notify.open(base.peer)
    expect((await rejection(other.tell({ receipt: Uint8Array.of(1) }))).message).to.equal('acknowledgement 77 for notice 1')
  })

  describe('takes nothing wrong:', () => {
    const send = async (...sent: Uint8Array[]): Promise<Stream> => {
      const stream = await node.dialProtocol(base.peerId, PROTOCOLS.notify.id)
      for (const bytes of sent) stream.send(bytes)
      return stream
    }

    it('a frame that is no message', async () => {
      expect(await ending(await send(frame(Uint8Array.of(0xff, 0xff)).slice()))).to.equal('reset')
    })

    it('a length beyond the limit, before anything of it is there', async () => {
      expect(await ending(await send(frame(new Uint8Array(PROTOCOLS.notify.maxMessageBytes + 1)).slice(0, 4)))).to.equal('reset')
    })

    it('a receipt that is cut off by a reset or an end', async () => {
      const message = frame(pb.NotifyMessage.encode({ id: 1, receipt: new Uint8Array(100) })).slice(0, 50)
      const reset = await send(frame(pb.NotifyMessage.encode({ id: 0, receipt: NO_BYTES, progress: word(1) })).slice(), message)
      await progress.first(1)
      reset.abort(new Error('enough'))
      const short = await send(message)
      await short.close()
      expect(await ending(short)).to.equal('reset')
      expect(receipts.items).to.deep.equal([])
    })

    it('but passes over a field that a newer version added', async () => {
      const message = pb.NotifyMessage.encode({ id: 0, receipt: NO_BYTES, progress: word(7) })
      await send(frame(Buffer.concat([Uint8Array.of(0x7a, 1, 0), message])).slice())
      expect(await progress.first(1)).to.deep.equal([word(7)])
    })
  })
})
