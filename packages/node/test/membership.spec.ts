import { Role, sign } from '@sluice/wire'
import { expect } from 'chai'
import { Membership, MembershipError } from '../src/membership.ts'
import { type Identity, identity } from './signed-job.ts'
import { rejection } from './rejection.ts'

const NOW = 1_800_000_000_000
const SKEW_MS = 5 * 60_000

describe('membership', () => {
  let base: Identity
  let node: Identity
  let other: Identity
  let nowMs: number
  let membership: Membership

  beforeEach(async () => {
    [base, node, other] = await Promise.all(['base', 'node', 'other'].map(identity)) as [Identity, Identity, Identity]
    nowMs = NOW
    membership = new Membership(base.peer, () => nowMs)
  })

  const credential = async (bent: object = {}, signer = base): Promise<Uint8Array> =>
    (await sign('credential', { peer: node.peer, base: base.peer, role: Role.NODE, labels: [], epoch: 0, issued: NOW, expires: NOW + 1000, ...bent }, signer.key)).bytes
  const roster = async (seq: number, revoked: string[], epoch = 0, signer = base): Promise<Uint8Array> =>
    (await sign('roster', { base: base.peer, epoch, seq, issued: NOW, revoked }, signer.key)).bytes

  it('knows the base by its key, and nobody else', () => {
    expect(membership.roleOf(base.peer)).to.equal('base')
    expect(membership.roleOf(node.peer)).to.equal(undefined)
  })

  it('takes the base\'s word for a role', async () => {
    expect(await membership.show(node.peer, await credential())).to.equal('node')
    expect(await membership.show(other.peer, await credential({ peer: other.peer, role: Role.PROVIDER }))).to.equal('provider')
    expect(membership.roleOf(node.peer)).to.equal('node')
    expect(membership.roleOf(other.peer)).to.equal('provider')
  })

  it('refuses a credential of another peer, fleet or signer, and one that makes a base', async () => {
    for (const [bytes, message] of [
      [await credential({ peer: other.peer }), /is .*'s, not /],
      [await credential({ base: other.peer }), /is of the fleet/],
      [await credential({}, other), /is signed by/],
      [await credential({ role: Role.BASE }), /names no role/],
      [new Uint8Array(), /cannot be opened/],
      [await roster(1, []), /cannot be opened/]
    ] as Array<[Uint8Array, RegExp]>) {
      expect((await rejection(membership.show(node.peer, bytes))).message).to.match(message)
      expect(membership.roleOf(node.peer)).to.equal(undefined)
    }
  })

  it('forgets who has expired, with patience for clocks that differ', async () => {
    const bytes = await credential()
    await membership.show(node.peer, bytes)
    nowMs = NOW + 1000 + SKEW_MS
    expect(membership.roleOf(node.peer)).to.equal('node')
    nowMs++
    expect(membership.roleOf(node.peer)).to.equal(undefined)
    const error = await rejection(membership.show(node.peer, bytes))
    expect(error).to.be.instanceOf(MembershipError)
    expect(error.message).to.match(/expired at .*: connect to the base for a new one/)
  })

  it('a newer roster revokes, whatever is shown', async () => {
    await membership.show(node.peer, await credential())
    await membership.update(await roster(1, [node.peer]))
    expect(membership.roleOf(node.peer)).to.equal(undefined)
    expect(membership.isRevoked(node.peer)).to.equal(true)
    expect((await rejection(membership.show(node.peer, await credential()))).message).to.match(/revoked/)
  })

  it('the roster\'s sequence, and its epoch, never fall', async () => {
    const newest = await roster(3, [node.peer], 2)
    await membership.update(newest)
    for (const older of [await roster(2, [], 2), await roster(3, [], 2), await roster(9, [], 1)]) await membership.update(older)
    expect(membership.isRevoked(node.peer)).to.equal(true)
    expect(membership.roster).to.equal(newest)
    await membership.update(await roster(1, [], 3))
    expect(membership.isRevoked(node.peer)).to.equal(false)
  })

  it('takes a roster from the base only', async () => {
    await rejection(membership.update(await roster(1, [node.peer], 0, other)))
    expect(membership.isRevoked(node.peer)).to.equal(false)
    expect(membership.roster).to.have.lengthOf(0)
  })

  it('the base admits whom it knows, without a paper', () => {
    membership.admit(node.peer, 'node', Number.POSITIVE_INFINITY)
    expect(membership.roleOf(node.peer)).to.equal('node')
  })
})
