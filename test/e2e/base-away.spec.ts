import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { ProcessFleet } from './process-fleet.ts'

const FULL = process.env.SLUICE_TEST_FULL != null
const MEDIA_BYTES = 24 * 1024 * 1024
/** Slow enough that nodes have much to tell each other when the base has told everything once. */
const NODE_UPLOAD = '2MB/s'
/** By the clock, with SLUICE_TEST_FULL: what nodes have to tell each other then takes longer than that. */
const AWAY_MS = 30_000
const LONG = { mediaBytes: 96 * 1024 * 1024, nodeUpload: '0.8MB/s', baseUpload: '6MB/s' }
/** Nodes are asked so often whether they have more than before. */
const LOOK_MS = 3_000

describe('a base that is away', () => {
  const fleet = new ProcessFleet()
  after(async () => { await fleet.stop() })

  it('is missed by nobody: the nodes complete among themselves, and their receipts reach it when it is back', async () => {
    const base = await fleet.place('base')
    const provider = await fleet.place('provider')
    const nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    const film = await writeMedia(join(fleet.dir, 'film.bin'), MEDIA_BYTES, 5)
    const members = [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' as const }]
    const baseRun = await fleet.startBase(base, members)
    for (const node of nodes) await fleet.startNode(node, { limits: { upload: NODE_UPLOAD } })
    await fleet.configureProvider(provider)
    const publishing = fleet.run('publish', film, '--as', '/film.bin', '-c', provider.config, '--json')
    const progress = (peer: string): number => Math.max(0, ...publishing.lines.filter(line => line.type === 'progress' && line.peer === peer).map(({ bytes }) => Number(bytes)))
    await publishing.line('the end is accepted', ({ type, kind }) => type === 'command.accepted' && kind === 'end')
    // The base tells everything once before it tells anything twice: when they have told each other this much, it has.
    await eventually('together the nodes have all of it', () => nodes.reduce((sum, { peer }) => sum + progress(peer), 0) > 1.5 * MEDIA_BYTES)
    await baseRun.stop('SIGKILL')
    expect(publishing.lines.filter(({ type, kind }) => type === 'receipt' && kind === 'command-completed'), 'it dies in mid-distribution').to.have.lengthOf(0)

    const wanted = await readTree(film)
    for (const node of nodes) await eventually(`${node.name} has the film while the base is away`, async () => JSON.stringify(await readTree(join(node.media, 'film.bin')).catch(() => [])) === JSON.stringify(wanted))
    await fleet.startBase(base, members)
    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(publishing.lines.at(-1)).to.include({ type: 'job.closed', outcome: 'complete' })
  })
  it(`for ${AWAY_MS / 1000} s by the clock does not stop them for a moment (with SLUICE_TEST_FULL)`, async function () {
    // It takes a minute and a half, most of it by the clock.
    if (!FULL) return this.skip()
    this.timeout(300_000)
    const base = await fleet.place('long-base')
    const provider = await fleet.place('long-provider')
    const nodes = [await fleet.place('long-1'), await fleet.place('long-2')]
    const film = await writeMedia(join(fleet.dir, 'long.bin'), LONG.mediaBytes, 6)
    const members = [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' as const }]
    const limits = { limits: { upload: LONG.baseUpload } }
    fleet.address = ''
    const baseRun = await fleet.startBase(base, members, limits)
    const viewed: string[] = []
    for (const node of nodes) viewed.push(String((await (await fleet.startNode(node, { http: { listen: '127.0.0.1:0' }, limits: { upload: LONG.nodeUpload } })).line('ready', ({ msg }) => msg === 'ready')).http))
    const heldBytes = async (): Promise<number> => {
      const held = await Promise.all(viewed.map(async http => Number((await (await fetch(`${http}/api/v1/media/long.bin`)).json() as { heldBytes?: number }).heldBytes ?? LONG.mediaBytes)))
      return held.reduce((sum, bytes) => sum + bytes, 0)
    }
    await fleet.configureProvider(provider)
    const publishing = fleet.run('publish', film, '--as', '/long.bin', '--arriving', '-c', provider.config, '--json')
    await publishing.line('the end is accepted', ({ type, kind }) => type === 'command.accepted' && kind === 'end')
    await eventually('the base has told everything once', async () => await heldBytes() > 1.2 * LONG.mediaBytes)
    await baseRun.stop('SIGKILL')
    const diedMs = Date.now()
    const held = [await heldBytes()]
    while (Date.now() - diedMs < AWAY_MS) {
      await delay(LOOK_MS)
      held.push(await heldBytes())
    }
    console.log(`      held by both, in MiB, every ${LOOK_MS / 1000} s without the base: ${held.map(bytes => (bytes / 1024 / 1024).toFixed(0)).join(' ')}`)
    for (const [index, bytes] of held.entries()) if (index > 0 && bytes < 2 * LONG.mediaBytes) expect(bytes, `look ${index}`).to.be.greaterThan(held[index - 1] as number)
    await fleet.startBase(base, members, limits)
    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(publishing.lines.filter(({ type, kind }) => type === 'receipt' && kind === 'command-completed').map(({ peer }) => peer)).to.include.members(nodes.map(({ peer }) => peer))
    expect(publishing.lines.at(-1)).to.include({ type: 'job.closed', outcome: 'complete' })
  })
})
