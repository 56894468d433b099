import type { Stream } from '@libp2p/interface'
import { PROTOCOLS, status as pb } from '@sluice/wire'
import { expect } from 'chai'
import { frame } from '../../src/framing.ts'
import { Status } from '../../src/protocols/status.ts'
import { rejection } from '../rejection.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

describe('status', () => {
  let base: StubHost
  let node: StubHost
  let asked: pb.StatusRequest[]
  let answer: (request: pb.StatusRequest) => Promise<pb.StatusReply>
  let status: Status
  const reply: pb.StatusReply = { known: true, head: 2, commands: [{ seq: 1, state: pb.CommandState.STATE_COMPLETED, bytes: 2 ** 40, reason: '' }], refused: '' }
  const unasked = async (): Promise<never> => { throw new Error('nobody asks a base') }

  beforeEach(async () => {
    base = new StubHost((await identity('base')).peer)
    node = new StubHost((await identity('node')).peer)
    base.meet(node)
    asked = []
    answer = async () => reply
    await new Status(node.components('base'), { answer: request => { asked.push(request); return answer(request) } }).start()
    status = new Status(base.components('node'), { answer: unasked })
  })

  it('answers a question, and the stream is gone', async () => {
    const request = { job: Uint8Array.of(1, 2) }
    expect(await status.query(node.peer, request)).to.deep.equal(reply)
    expect(asked).to.deep.equal([request])
    expect(await ending(base.opened[0] as Stream)).to.equal('closed')
  })

  it('tells the asker why there is no answer', async () => {
    answer = async () => { throw new Error('no repair actions here') }
    expect(await status.query(node.peer, { repair: Uint8Array.of(1) }))
      .to.deep.equal({ known: false, head: 0, commands: [], refused: 'no repair actions here' })
  })

  it('passes a question of a newer version on as one without a kind', async () => {
    const stream = await base.dialProtocol(node.peerId, PROTOCOLS.status.id)
    stream.send(frame(Uint8Array.of(0x7a, 1, 0)))
    await stream.close()
    expect(await ending(stream)).to.equal('closed')
    expect(asked).to.deep.equal([{}])
  })

  it('fails if the node resets the stream, or answers nonsense', async () => {
    await node.handle(PROTOCOLS.status.id, stream => { stream.abort(new Error('enough')) })
    await rejection(status.query(node.peer, { job: Uint8Array.of(1) }))
    for (const nonsense of [frame(Uint8Array.of(0xff, 0xff)).slice(), frame(new Uint8Array(PROTOCOLS.status.maxMessageBytes + 1)).slice(0, 4)]) {
      await node.handle(PROTOCOLS.status.id, stream => { stream.send(nonsense) })
      await rejection(status.query(node.peer, { job: Uint8Array.of(1) }))
      expect(base.opened.at(-1)?.status).to.equal('aborted')
    }
  })

  it('fails if the node ends the stream without an answer', async () => {
    await node.handle(PROTOCOLS.status.id, async stream => { await stream.close() })
    await rejection(status.query(node.peer, { job: Uint8Array.of(1) }))
  })

  it('takes no malformed or oversize question', async () => {
    for (const nonsense of [frame(Uint8Array.of(0xff, 0xff)).slice(), frame(new Uint8Array(PROTOCOLS.status.maxMessageBytes + 1)).slice(0, 4)]) {
      const stream = await base.dialProtocol(node.peerId, PROTOCOLS.status.id)
      stream.send(nonsense)
      expect(await ending(stream)).to.equal('reset')
    }
    expect(asked).to.deep.equal([])
  })
})
