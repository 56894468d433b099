import type { Stream } from '@libp2p/interface'
import { PROTOCOLS, session as pb } from '@sluice/wire'
import { expect } from 'chai'
import { frame } from '../../src/framing.ts'
import { Session, type SessionLine } from '../../src/protocols/session.ts'
import { Gathered } from '../gathered.ts'
import { rejection } from '../rejection.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

const MiB = 1024 * 1024

describe('session', () => {
  let provider: StubHost
  let base: StubHost
  let lines: Gathered<SessionLine>
  /** What the base does with a session. */
  let serve: (line: SessionLine) => Promise<void>
  let session: Session

  beforeEach(async () => {
    provider = new StubHost((await identity('provider')).peer)
    base = new StubHost((await identity('base')).peer)
    provider.meet(base)
    lines = new Gathered()
    serve = async line => await line.ended()
    await new Session(base.components('provider'), { onSession: async line => { lines.push(line); await serve(line) } }).start()
    session = new Session(provider.components('base'), { onSession: async () => { throw new Error('nobody opens a session with a provider') } })
  })
  afterEach(() => { for (const stream of provider.opened) stream.abort(new Error('the test is over')) })

  it('opens, answers and tells what happens, in order', async () => {
    const told: pb.SessionEvent[] = [
      { opened: { job: Uint8Array.of(1), head: 2, headHash: Uint8Array.of(3) } },
      { notice: { receipt: Uint8Array.of(4) } },
      { closed: { report: Uint8Array.of(5), job: new Uint8Array(), receipts: [] } }
    ]
    const requests: pb.SessionRequest[] = []
    serve = async line => {
      expect(line.peer).to.equal(provider.peer)
      requests.push(await line.nextRequest())
      // Told at once: they arrive in that order all the same.
      await Promise.all(told.map(event => line.tell(event)))
    }
    const line = await session.open(base.peer)
    expect(line.peer).to.equal(base.peer)
    await line.request({ attach: 'job' })
    for (const event of told) expect(await line.nextEvent()).to.deep.equal(event)
    expect(requests).to.deep.equal([{ attach: 'job' }])
    await rejection(line.nextEvent())
    await line.close()
    expect(await ending(provider.opened[0] as Stream)).to.equal('closed')
  })

  it('gives a long answer in parts, and each as large as the table allows', async () => {
    serve = async line => {
      const { query } = await line.nextRequest()
      expect(query).to.deep.equal({ kind: pb.QueryKind.RECEIPTS, job: 'job' })
      for (const part of [1, 2, 3]) await line.tell({ answer: { json: new Uint8Array(8 * MiB).fill(part), last: part === 3, refused: '' } })
    }
    const line = await session.open(base.peer)
    await line.request({ query: { kind: pb.QueryKind.RECEIPTS, job: 'job' } })
    for (const part of [1, 2, 3]) {
      const { answer } = await line.nextEvent()
      expect(answer?.json).to.have.lengthOf(8 * MiB)
      expect(answer?.json[0]).to.equal(part)
      expect(answer?.last).to.equal(part === 3)
    }
  })

  it('says why a request is denied', async () => {
    serve = async line => {
      await line.nextRequest()
      await line.tell({ denied: 'no such job' })
    }
    const line = await session.open(base.peer)
    await line.request({ attach: 'job' })
    expect(await line.nextEvent()).to.deep.equal({ denied: 'no such job' })
  })

  it('can stop waiting for an event', async () => {
    const line = await session.open(base.peer)
    const stop = new AbortController()
    const waiting = line.nextEvent(stop.signal)
    stop.abort(new Error('enough'))
    expect((await rejection(waiting)).message).to.equal('enough')
  })

  describe('ended', () => {
    it('resolves when the other side closes', async () => {
      const line = await session.open(base.peer)
      const [there] = await lines.first(1)
      expect(there?.isOpen).to.equal(true)
      await line.close()
      await there?.ended()
    })

    it('resolves when the stream is reset, and at once thereafter', async () => {
      await session.open(base.peer)
      const [there] = await lines.first(1)
      provider.opened[0]?.abort(new Error('enough'))
      await there?.ended()
      expect(there?.isOpen).to.equal(false)
      await there?.ended()
    })

    // ended() looks at `status`, which stays 'open' while our own half is.
    it('resolves when the other side had closed before anybody waited', async () => {
      const closed = Promise.withResolvers<void>()
      const ended = Promise.withResolvers<void>()
      serve = async line => {
        await line.nextRequest()
        await closed.promise
        await line.ended()
        ended.resolve()
      }
      const line = await session.open(base.peer)
      await line.request({ attach: 'job' })
      await lines.first(1)
      await line.close()
      setImmediate(() => setImmediate(() => closed.resolve()))
      await ended.promise
    })
  })

  it('takes no malformed or oversize request', async () => {
    serve = async line => { await line.nextRequest() }
    for (const nonsense of [frame(Uint8Array.of(0xff, 0xff)).slice(), frame(new Uint8Array(PROTOCOLS.session.maxMessageBytes + 1)).slice(0, 4)]) {
      const stream = await provider.dialProtocol(base.peerId, PROTOCOLS.session.id)
      stream.send(nonsense)
      expect(await ending(stream)).to.equal('reset')
    }
  })

  it('does not take a reset for an answer', async () => {
    serve = async () => { throw new Error('broken') }
    const line = await session.open(base.peer)
    await rejection(line.nextEvent())
    expect(line.isOpen).to.equal(false)
  })
})
