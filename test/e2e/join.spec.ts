import { join } from 'node:path'
import { createInvitation } from '@sluice/base'
import { expect } from 'chai'
import { rejectionOf } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'

describe('joining by invitation', () => {
  let fleet: LocalFleet
  beforeEach(async () => {
    fleet = await LocalFleet.prepare({ nodes: 1 })
    await fleet.startBase()
  })
  afterEach(async () => { await fleet.stop() })

  const invite = async (bent: Partial<Parameters<typeof createInvitation>[1]> = {}): Promise<string> =>
    await createInvitation(fleet.base.dataDir, { role: 'node', labels: { region: 'eu' }, expiresMs: 60_000, ...bent })

  it('enrols a node with its labels, by which jobs find it', async () => {
    const guest = await fleet.place('guest')
    await fleet.startNode(fleet.nodes[0] as Place)
    await fleet.startNode(guest, { join: await invite() })
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    expect((await provider.nodes()).find(({ peer }) => peer === guest.peer)).to.deep.include({ labels: { region: 'eu' }, connected: true })

    const film = await writeMedia(join(fleet.dir, 'a.bin'), 100_000, 1)
    const job = await provider.openJob({ to: 'region=eu' })
    expect(job.servers).to.deep.equal([guest.peer])
    await job.put(film, '/a.bin')
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    expect(await readTree(join(guest.mediaRoot, 'a.bin'))).to.deep.equal(await readTree(film))
    expect((await rejectionOf(provider.openJob({ to: 'region=mars' }))).message).to.match(/no node matches "region=mars"/)
  })

  it('enrols a provider', async () => {
    const guest = await fleet.place('guest')
    const provider = await fleet.startProvider(guest, { join: await invite({ role: 'provider', labels: {} }) })
    expect(await provider.jobs()).to.deep.equal([])
  })

  it('works once: the same peer needs no token again, another gets nothing for it', async () => {
    const [guest, second] = [await fleet.place('guest'), await fleet.place('second')]
    const token = await invite()
    const running = await fleet.startNode(guest, { join: token })
    await running.stop()
    await fleet.startNode(guest, { join: token })
    expect((await rejectionOf(fleet.startNode(second, { join: token }))).message).to.match(/invitation.*(used|redeemed)|another peer/i)
  })

  it('is refused when it has expired, is forged, or comes from another base', async () => {
    const foreign = await fleet.place('another-base')
    for (const [i, [token, message]] of ([
      [await invite({ expiresMs: -1 }), /the invitation expired at .*: make a new one/],
      [await createInvitation(foreign.dataDir, { role: 'node', labels: {}, expiresMs: 60_000 }), /not an invitation of this base/],
      [`${(await invite()).slice(0, -8)}AAAAAAAA`, /not an invitation of this base/]
    ] as Array<[string, RegExp]>).entries()) {
      expect((await rejectionOf(fleet.startNode(await fleet.place(`guest-${i}`), { join: token }))).message).to.match(message)
    }
  })

  it('who was refused holds on to nothing, and may come again with a better token', async () => {
    const guest = await fleet.place('guest')
    expect((await rejectionOf(fleet.startNode(guest))).message).to.match(/is not a member of this fleet: start it with an invitation/)
    await fleet.startNode(guest, { join: await invite() })
  })
})
