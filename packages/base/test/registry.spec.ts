import { type hello, open, Role, sign } from '@sluice/wire'
import { expect } from 'chai'
import { createInvitation } from '../src/invitation.ts'
import { loadIdentity } from '@sluice/node'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from '../src/registry.ts'
import { Desk, EPOCH } from './desk.ts'
import { identity } from './identity.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

function greeting (bent: Partial<hello.Hello> = {}): hello.Hello {
  return { version: '1', credential: new Uint8Array(), token: '', heads: [], uploadRate: 0, ...bent }
}

describe('Registry', () => {
  const folder = temporaryFolder()
  let desk: Desk
  beforeEach(async () => { desk = await Desk.open(folder(), { nodes: 0 }) })
  afterEach(() => desk.close())

  function enrol (peer: string, uploadRate: number, labels: Record<string, string> = {}, role = Role.NODE): void {
    desk.journal.upsertMember({ peer, role, labels: Object.entries(labels).map(([name, value]) => ({ name, value })), enrolledAt: 1, lastSeen: 0, uploadRate })
  }

  async function token (bent: { nonce?: string, expires?: number } = {}, key = desk.base.key): Promise<string> {
    const { bytes } = await sign('invitation', { base: desk.base.peer, role: Role.NODE, labels: [{ name: 'region', value: 'eu' }], nonce: Buffer.from(bent.nonce ?? 'a nonce'), expires: bent.expires ?? Date.now() + 60_000, epoch: 0 }, key)
    return Buffer.from(bytes).toString('base64url')
  }

  describe('targets', () => {
    beforeEach(() => {
      enrol('slow', 10, { region: 'eu', tier: 'edge' })
      enrol('fast', 30, { region: 'us', tier: 'edge' })
      enrol('middle', 20, { region: 'eu' })
      enrol('provider', 99, { region: 'eu' }, Role.PROVIDER)
    })

    const named = (selectors: string[]): string[] => desk.registry.targets(selectors).map(({ peer }) => peer)

    it('are all nodes, the fastest first, where nothing or all is named', () => {
      expect(desk.registry.targets([])).to.deep.equal([{ peer: 'fast', uploadRate: 30 }, { peer: 'middle', uploadRate: 20 }, { peer: 'slow', uploadRate: 10 }])
      expect(named(['all'])).to.deep.equal(['fast', 'middle', 'slow'])
    })

    it('are those with a label, those with a peer id, and the union of them, each once', () => {
      expect(named(['region=eu'])).to.deep.equal(['middle', 'slow'])
      expect(named(['slow'])).to.deep.equal(['slow'])
      expect(named(['region=eu', 'fast', 'tier=edge', 'slow'])).to.deep.equal(['fast', 'middle', 'slow'])
    })

    it('are refused where one of them names nobody, whatever the others name', () => {
      for (const selector of ['region=asia', 'region', 'eu', 'provider', '', 'ALL']) {
        expect(() => named(['all', selector]), selector).to.throw(`no node matches ${JSON.stringify(selector)}`)
      }
    })

    it('leave out who was revoked', () => {
      desk.journal.revoke('fast')
      expect(named(['all'])).to.deep.equal(['middle', 'slow'])
      expect(() => named(['fast'])).to.throw('no node matches')
    })
  })

  describe('admission', () => {
    it('gives a member a credential of a day, with his role and labels', async () => {
      enrol('node', 5, { region: 'eu' })
      const before = Date.now()
      const { value, signer } = await open('credential', await desk.registry.admit('node', greeting()))
      const after = Date.now()
      expect(signer).to.equal(desk.base.peer)
      expect(value).to.deep.include({ peer: 'node', base: desk.base.peer, role: Role.NODE, labels: [{ name: 'region', value: 'eu' }], epoch: EPOCH })
      expect(value.issued).to.be.within(before, after)
      expect(value.expires - value.issued).to.equal(86_400_000)
      expect(desk.membership.roleOf('node')).to.equal('node')
      expect(desk.journal.member('node')?.lastSeen).to.be.within(before, after)
    })

    it('remembers the rate that a node states, and the last one where it states none', async () => {
      enrol('node', 5)
      await desk.registry.admit('node', greeting({ uploadRate: 70 }))
      expect(desk.journal.member('node')?.uploadRate).to.equal(70)
      await desk.registry.admit('node', greeting())
      expect(desk.journal.member('node')?.uploadRate).to.equal(70)
    })

    it('tells a stranger what to do', async () => {
      const error = await rejection(desk.registry.admit('stranger', greeting()))
      expect(error.name).to.equal('NotAMember')
      expect(error.message).to.include('stranger is not a member').and.include('join: TOKEN')
      expect(desk.membership.roleOf('stranger')).to.equal(undefined)
    })

    it('keeps out who was revoked, even if an invitation is left to him', async () => {
      enrol('node', 5)
      desk.journal.revoke('node')
      expect((await rejection(desk.registry.admit('node', greeting({ token: await token() })))).message).to.include('no longer a member')
      expect(desk.membership.roleOf('node')).to.equal(undefined)
    })

    it('enrols those whom the configuration lists, with the labels of now and the history they had', async () => {
      desk.registry.list([{ peer: 'node', role: 'node', labels: { region: 'eu' } }, { peer: 'provider', role: 'provider', labels: {} }])
      await desk.registry.admit('node', greeting({ uploadRate: 70 }))
      const before = desk.journal.member('node')
      desk.registry.list([{ peer: 'node', role: 'node', labels: { region: 'us' } }])
      expect(desk.journal.member('node')).to.deep.equal({ ...before, labels: [{ name: 'region', value: 'us' }] })
      await desk.registry.admit('provider', greeting())
      expect(desk.membership.roleOf('provider')).to.equal('provider')
    })

    it('does not take back a revocation because the configuration still lists the peer', async () => {
      enrol('node', 5)
      desk.journal.revoke('node')
      desk.registry.list([{ peer: 'node', role: 'node', labels: {} }])
      expect((await rejection(desk.registry.admit('node', greeting()))).message).to.include('no longer a member')
    })
  })

  describe('invitations', () => {
    it('enrol the one who comes with it first, and him again', async () => {
      const invitation = await token()
      await desk.registry.admit('first', greeting({ token: invitation }))
      expect(desk.journal.member('first')).to.deep.include({ role: Role.NODE, labels: [{ name: 'region', value: 'eu' }] })
      await desk.registry.admit('first', greeting({ token: invitation }))
      const error = await rejection(desk.registry.admit('second', greeting({ token: invitation })))
      expect(error.message).to.include('was used by first')
      expect(desk.journal.member('second'), 'a refused peer is not enrolled').to.equal(undefined)
    })

    it('expire', async () => {
      const error = await rejection(desk.registry.admit('late', greeting({ token: await token({ expires: 1_000 }) })))
      expect(error.message).to.include('expired at 1970-01-01T00:00:01.000Z').and.include('sluice invite')
      expect(desk.journal.member('late')).to.equal(undefined)
    })

    it('of another base, of no base, and cut off, are none', async () => {
      const ours = await token()
      const credential = Buffer.from(await (async () => { enrol('node', 1); return await desk.registry.admit('node', greeting()) })()).toString('base64url')
      for (const wrong of [await token({}, (await identity('another base')).key), 'garbage', '%%%', ours.slice(0, -8), credential]) {
        const error = await rejection(desk.registry.admit('guest', greeting({ token: wrong })))
        expect(error.name).to.equal('NotAMember')
        expect(error.message).to.include('not an invitation of this base')
      }
      expect(desk.journal.member('guest')).to.equal(undefined)
    })

    it('are made without a running base, each with a nonce of its own', async () => {
      const dataDir = join(folder(), 'other')
      mkdirSync(dataDir)
      const key = await loadIdentity(dataDir)
      const self = peerIdFromPrivateKey(key).toString()
      const registry = new Registry({ key, self, epoch: 0, journal: desk.journal, membership: desk.membership, absences: desk.absences })
      const make = (role: 'node' | 'provider', expiresMs: number): Promise<string> => createInvitation(dataDir, { role, labels: { tier: 'edge' }, expiresMs })
      await registry.admit('a node', greeting({ token: await make('node', 60_000) }))
      await registry.admit('a provider', greeting({ token: await make('provider', 60_000) }))
      expect(desk.journal.member('a node')).to.deep.include({ role: Role.NODE, labels: [{ name: 'tier', value: 'edge' }] })
      expect(desk.journal.member('a provider')?.role).to.equal(Role.PROVIDER)
      expect((await rejection(registry.admit('late', greeting({ token: await make('node', -1_000) })))).message).to.include('expired')
    })
  })

  it('knows who is connected', () => {
    desk.registry.online('node', true)
    expect(desk.registry.isOnline('node')).to.equal(true)
    desk.registry.online('node', false)
    expect(desk.registry.isOnline('node')).to.equal(false)
  })
})
