import { PROTOCOLS, type ProtocolName } from '@sluice/wire'
import { expect } from 'chai'
import { register } from '../../src/protocols/handler.ts'
import { Gathered } from '../gathered.ts'
import { identity } from '../signed-job.ts'
import { ending, StubHost } from './stub-host.ts'

describe('handler', () => {
  let here: StubHost
  let there: StubHost

  beforeEach(async () => {
    here = new StubHost((await identity('here')).peer)
    there = new StubHost((await identity('there')).peer)
    there.meet(here)
  })

  it('registers with the limits of its row', async () => {
    await register(here.components(), 'status', async () => {})
    expect(here.handlers.get('/sluice/status/1.0.0')?.options).to.deep.equal({ maxInboundStreams: 4, maxOutboundStreams: 4, runOnLimitedConnection: false })
  })

  it('lets in exactly the roles of its row', async () => {
    for (const word of Object.keys(PROTOCOLS) as ProtocolName[]) {
      if (word === 'hello') continue
      for (const role of ['node', 'provider', 'base'] as const) {
        const taken: string[] = []
        await register(here.components(role), word, async (stream, peer) => {
          taken.push(peer)
          await stream.close()
        })
        const stream = await there.dialProtocol(here.peerId, PROTOCOLS[word].id)
        const allowed = (PROTOCOLS[word].dialers as readonly string[]).includes(role)
        if (allowed) await stream.close()
        expect(await ending(stream), `${role} opens ${word}`).to.equal(allowed ? 'closed' : 'reset')
        expect(taken).to.deep.equal(allowed ? [there.peer] : [])
      }
    }
  })

  it('hears nobody before it is known who he is', async () => {
    const admission = Promise.withResolvers<'base'>()
    const taken = new Gathered<string>()
    await register({ ...here.components(), admitted: () => admission.promise }, 'status', async (_stream, peer) => taken.push(peer))
    await there.dialProtocol(here.peerId, PROTOCOLS.status.id)
    expect(taken.items).to.deep.equal([])
    admission.resolve('base')
    expect(await taken.first(1)).to.deep.equal([there.peer])
  })

  it('aborts the stream of one who does not show himself, or whose handler fails', async () => {
    await register({ ...here.components(), admitted: async () => { throw new Error('a stranger') } }, 'status', async () => {})
    expect(await ending(await there.dialProtocol(here.peerId, PROTOCOLS.status.id))).to.equal('reset')
    await register(here.components('base'), 'status', async () => { throw new Error('broken') })
    expect(await ending(await there.dialProtocol(here.peerId, PROTOCOLS.status.id))).to.equal('reset')
  })
})
