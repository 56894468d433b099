import { mock } from 'node:test'
import type { Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { hello as pb, KAD_PROTOCOL, PROTOCOLS, Role, sign, STRANGER_MAX_BYTES, STRANGER_TIMEOUT_MS } from '@sluice/wire'
import { expect } from 'chai'
import { frame } from '../../src/framing.ts'
import { silent } from '../../src/log.ts'
import { Membership, type MemberRole } from '../../src/membership.ts'
import { Hello, HelloRefused, type HelloInit } from '../../src/protocols/hello.ts'
import { Gathered } from '../gathered.ts'
import { rejection } from '../rejection.ts'
import { type Identity, identity } from '../signed-job.ts'
import { ending, type StubConnection, StubHost } from './stub-host.ts'

const NO_BYTES = new Uint8Array()

/** One peer with its own view of the fleet. */
class Member {
  readonly host: StubHost
  readonly membership: Membership
  readonly hello: Hello
  readonly admitted = new Gathered<{ peer: string, role: MemberRole, heads: pb.JobHead[] }>()
  readonly welcomes = new Gathered<pb.Welcome>()
  greeting: pb.Hello
  welcome: HelloInit['welcome']

  constructor (peer: string, base: string, credential: Uint8Array) {
    this.host = new StubHost(peer)
    this.membership = new Membership(base)
    this.greeting = { version: '1', credential, token: '', heads: [], uploadRate: 0 }
    this.welcome = async (from, { credential: shown }) => {
      if (this.membership.roleOf(from) == null) await this.membership.show(from, shown)
      return { version: '1', credential, roster: this.membership.roster, heads: [], refused: '' }
    }
    this.hello = new Hello({ host: this.host.asHost, log: silent }, {
      membership: this.membership,
      greeting: () => this.greeting,
      welcome: (from, greeting) => this.welcome(from, greeting),
      onAdmitted: (from, role, heads) => this.admitted.push({ peer: from, role, heads }),
      onWelcome: async (_from, welcome) => this.welcomes.push(welcome)
    })
  }
}

describe('hello', () => {
  let base: Identity
  let nodeA: Identity
  let nodeB: Identity
  let dialler: Member
  let dialled: Member

  const credential = async (peer: string, { of = base, signer = base }: { of?: Identity, signer?: Identity } = {}): Promise<Uint8Array> =>
    (await sign('credential', { peer, base: of.peer, role: Role.NODE, labels: [], epoch: 0, issued: Date.now(), expires: Date.now() + 60_000 }, signer.key)).bytes
  const roster = async (revoked: string[]): Promise<Uint8Array> =>
    (await sign('roster', { base: base.peer, epoch: 0, seq: 1, issued: Date.now(), revoked }, base.key)).bytes

  beforeEach(async () => {
    [base, nodeA, nodeB] = await Promise.all(['base', 'node a', 'node b'].map(identity)) as [Identity, Identity, Identity]
    dialler = new Member(nodeA.peer, base.peer, await credential(nodeA.peer))
    dialled = new Member(nodeB.peer, base.peer, await credential(nodeB.peer))
    await dialler.hello.start()
    await dialled.hello.start()
  })
  afterEach(() => mock.timers.reset())

  /** Connect, and wait until the dialler's greeting failed. */
  async function refused (from = dialler, to = dialled): Promise<{ error: Error, connection: StubConnection }> {
    const connection = from.host.meet(to.host)
    const closed = new Promise(resolve => { connection.addEventListener('close', resolve) })
    const error = await rejection(from.hello.greeted(connection.asConnection))
    await closed
    return { error, connection }
  }

  it('makes two members known to each other', async () => {
    const heads = [{ job: Uint8Array.of(1), seq: 2, head: Uint8Array.of(3) }]
    dialler.greeting = { ...dialler.greeting, heads }
    const connection = dialler.host.meet(dialled.host)
    expect(await dialled.admitted.first(1)).to.deep.equal([{ peer: nodeA.peer, role: 'node', heads }])
    expect(await dialler.admitted.first(1)).to.deep.equal([{ peer: nodeB.peer, role: 'node', heads: [] }])
    expect(await dialler.hello.admitted(connection.asConnection)).to.equal('node')
    expect(await dialled.hello.admitted(connection.partner.asConnection)).to.equal('node')
    expect(await dialler.hello.greeted(connection.asConnection)).to.equal('node')
    expect(connection.status).to.equal('open')
    expect(dialler.welcomes.items).to.have.lengthOf(1)
  })

  it('brings the newest roster to the dialler', async () => {
    const bytes = await roster(['somebody'])
    await dialled.membership.update(bytes)
    dialler.host.meet(dialled.host)
    await dialler.admitted.first(1)
    expect(dialler.membership.isRevoked('somebody')).to.equal(true)
  })

  it('knows the base by its key', async () => {
    const itself = new Member(base.peer, base.peer, NO_BYTES)
    await itself.hello.start()
    itself.welcome = async peer => {
      itself.membership.admit(peer, 'node', Number.POSITIVE_INFINITY)
      return { version: '1', credential: Uint8Array.of(1, 2, 3), roster: NO_BYTES, heads: [], refused: '' }
    }
    dialler.host.meet(itself.host)
    expect((await dialler.admitted.first(1))[0]).to.include({ peer: base.peer, role: 'base' })
    // Its answer carries the dialler's own credential.
    expect(dialler.welcomes.items[0]?.credential).to.deep.equal(Uint8Array.of(1, 2, 3))
  })

  describe('refuses', () => {
    it('a stranger, and tells him why', async () => {
      dialler.greeting = { ...dialler.greeting, credential: NO_BYTES }
      const { error, connection } = await refused()
      expect(error).to.be.instanceOf(HelloRefused)
      expect((error as HelloRefused).reason).to.match(/cannot be opened/)
      expect(connection.status).to.equal('closed')
      await rejection(dialled.hello.admitted(connection.partner.asConnection))
      expect(dialled.admitted.items).to.deep.equal([])
      expect(dialler.admitted.items).to.deep.equal([])
    })

    it('a credential of another fleet, of another peer, or of a revoked one', async () => {
      for (const [shown, reason] of [
        [await credential(nodeA.peer, { of: nodeB, signer: nodeB }), /is signed by/],
        [await credential(nodeA.peer, { of: nodeB }), /is of the fleet/],
        [await credential(nodeB.peer), /is .*'s, not /]
      ] as Array<[Uint8Array, RegExp]>) {
        dialler.greeting = { ...dialler.greeting, credential: shown }
        expect((await refused()).error.message).to.match(reason)
      }
      await dialled.membership.update(await roster([nodeA.peer]))
      dialler.greeting = { ...dialler.greeting, credential: await credential(nodeA.peer) }
      expect((await refused()).error.message).to.match(/was revoked/)
    })

    it('for whatever reason it has itself', async () => {
      dialled.welcome = async () => { throw new Error('the token was redeemed already') }
      expect(((await refused()).error as HelloRefused).reason).to.equal('the token was redeemed already')
    })

    it('too long a greeting from a stranger, not from a member', async () => {
      dialler.greeting = { ...dialler.greeting, version: 'x'.repeat(STRANGER_MAX_BYTES) }
      expect((await refused()).error.message).to.match(/length too long/)
      dialled.membership.admit(nodeA.peer, 'node', Number.POSITIVE_INFINITY)
      dialler.host.meet(dialled.host)
      await dialled.admitted.first(1)
      await dialler.admitted.first(1)
    })

    it('a frame that is no greeting', async () => {
      const connection = new StubHost(nodeA.peer).meet(dialled.host)
      const stream = await connection.newStream(PROTOCOLS.hello.id)
      stream.send(frame(Uint8Array.of(0xff, 0xff)))
      await stream.close()
      expect(await ending(stream)).to.equal('closed')
      await rejection(dialled.hello.admitted(connection.partner.asConnection))
    })

    it('a stream that is reset in the middle', async () => {
      const connection = new StubHost(nodeA.peer).meet(dialled.host)
      const stream = await connection.newStream(PROTOCOLS.hello.id)
      stream.send(frame(pb.Hello.encode(dialler.greeting)).slice(0, 20))
      stream.abort(new Error('enough'))
      await rejection(dialled.hello.admitted(connection.partner.asConnection))
      expect(dialled.admitted.items).to.deep.equal([])
    })
  })

  it('does not believe one who answers with another\'s credential', async () => {
    dialled.welcome = async () => ({ version: '1', credential: await credential(base.peer), roster: NO_BYTES, heads: [], refused: '' })
    dialled.membership.admit(nodeA.peer, 'node', Number.POSITIVE_INFINITY)
    const { error, connection } = await refused()
    expect(error.message).to.match(/is .*'s, not /)
    expect(connection.status).to.equal('closed')
    expect(dialler.admitted.items).to.deep.equal([])
  })

  it('tells who waits for a greeting that the other end was gone before it began', async () => {
    // Without its protocols there is nobody to open a stream to, as when a process dies behind its handshake.
    dialled.host.handlers.clear()
    const { error, connection } = await refused()
    expect(error.message).to.match(/nobody handles/)
    expect(connection.status).to.equal('closed')
    await rejection(dialler.hello.admitted(connection.asConnection))
  })

  it('passes over a field that a newer version added', async () => {
    const connection = new StubHost(nodeA.peer).meet(dialled.host)
    const stream: Stream = await connection.newStream(PROTOCOLS.hello.id)
    stream.send(frame(Buffer.concat([Uint8Array.of(0x7a, 1, 0), pb.Hello.encode(dialler.greeting)])))
    expect((await dialled.admitted.first(1))[0]).to.include({ peer: nodeA.peer })
    await stream.close()
  })

  describe('wasRefused', () => {
    it('holds off those that would not have us, for a minute', async () => {
      expect(dialler.hello.wasRefused(nodeB.peer)).to.equal(false)
      dialled.welcome = async () => { throw new Error('no') }
      await refused()
      expect(dialler.hello.wasRefused(nodeB.peer)).to.equal(true)
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_001 })
      expect(dialler.hello.wasRefused(nodeB.peer)).to.equal(false)
    })

    it('forgets when the peer itself is let in', async () => {
      const willing = dialled.welcome
      dialled.welcome = async () => { throw new Error('no') }
      await refused()
      dialled.welcome = willing
      dialler.host.meet(dialled.host)
      await dialler.admitted.first(1)
      expect(dialler.hello.wasRefused(nodeB.peer)).to.equal(false)
    })

    it('never holds off the base', async () => {
      const itself = new Member(base.peer, base.peer, NO_BYTES)
      await itself.hello.start()
      itself.welcome = async () => { throw new Error('no') }
      await refused(dialler, itself)
      expect(dialler.hello.wasRefused(base.peer)).to.equal(false)
    })
  })

  it('lets libp2p\'s own protocols wait until it is known who asks', async () => {
    const connection = dialler.host.meet(dialled.host).partner
    const [stream] = await streamPair()
    for (const guard of dialled.host.guarded.values()) {
      const passed = new Gathered<boolean>()
      void guard(stream, connection.asConnection, () => passed.push(dialled.admitted.items.length === 1))
      expect(await passed.first(1)).to.deep.equal([true])
    }
    expect([...dialled.host.guarded.keys()]).to.include.members(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0', KAD_PROTOCOL])
  })

  describe('strangers', () => {
    /** A connection of somebody who says nothing. */
    const silentOne = (): StubConnection => new StubHost(nodeA.peer).meet(dialled.host).partner

    it('have some seconds to say hello', async () => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const connection = silentOne()
      mock.timers.tick(STRANGER_TIMEOUT_MS - 1)
      expect(connection.status).to.equal('open')
      mock.timers.tick(1)
      expect(connection.status).to.equal('aborted')
      expect(connection.error?.message).to.equal(`no hello within ${STRANGER_TIMEOUT_MS} ms`)
      expect((await rejection(dialled.hello.admitted(connection.asConnection))).message).to.match(/closed before its hello/)
    })

    it('who said it in time stay', async () => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const connection = dialler.host.meet(dialled.host).partner
      await dialled.admitted.first(1)
      await dialled.hello.greeted(connection.asConnection)
      mock.timers.tick(STRANGER_TIMEOUT_MS)
      expect(connection.status).to.equal('open')
    })

    it('are at most 64 at once', async () => {
      const waiting = Array.from({ length: 64 }, silentOne)
      const surplus = silentOne()
      expect(surplus.error?.message).to.equal('too many strangers at once')
      expect(waiting.every(({ status }) => status === 'open')).to.equal(true)
      const [first] = waiting as [StubConnection]
      await first.close()
      await rejection(dialled.hello.admitted(first.asConnection))
      // The place is free a turn after its holder is known to be gone.
      await new Promise(setImmediate)
      const next = silentOne()
      expect(next.status).to.equal('open')
      for (const connection of [...waiting, next]) await connection.close()
    })
  })
})
