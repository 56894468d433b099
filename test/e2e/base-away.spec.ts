import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { ProcessFleet } from './process-fleet.ts'

const MEDIA_BYTES = 24 * 1024 * 1024
/** Slow enough that nodes have much to tell each other when the base has told everything once. */
const NODE_UPLOAD = '2MB/s'

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
})
