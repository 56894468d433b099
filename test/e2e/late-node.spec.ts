import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'

describe('a node that comes late', () => {
  let fleet: LocalFleet
  beforeEach(async () => { fleet = await LocalFleet.prepare({ nodes: 3 }) })
  afterEach(async () => { await fleet.stop() })

  it('knows only the base, and gets the job that was opened before, from other nodes too', async () => {
    const [first, second, late] = fleet.nodes as [Place, Place, Place]
    // Slow enough that the late one meets the others before it has everything from the base.
    await fleet.startBase({ uploadRate: 2 * 1024 * 1024 })
    await fleet.startNode(first)
    await fleet.startNode(second)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    const film = await writeMedia(join(fleet.dir, 'film.bin'), 6 * 1024 * 1024, 1)
    await job.put(film, '/film.bin')
    await job.end()
    await eventually('both early nodes are through', async () => (await provider.job(job.id)).completed === 2)
    await fleet.startNode(late)

    const { outcome, servers } = await job.closed()
    expect(outcome).to.equal('complete')
    expect(await readTree(join(late.mediaRoot, 'film.bin'))).to.deep.equal(await readTree(film))
    const sources = Object.keys(servers.find(({ peer }) => peer === late.peer)?.sources ?? {})
    expect(sources).to.satisfy((names: string[]) => names.includes(first.peer) || names.includes(second.peer))
    expect(fleet.said(/peer banned|^error/)).to.deep.equal([])
  })

  it('gets the commands that it missed in the middle of a job', async () => {
    const [first, second] = fleet.nodes as [Place, Place, Place]
    await fleet.startBase()
    await fleet.startNode(first)
    const away = await fleet.startNode(second)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: [first.peer, second.peer] })
    await job.put(await writeMedia(join(fleet.dir, 'a.bin'), 300_000, 1), '/a.bin')
    await eventually('the first put is everywhere', async () => (await provider.job(job.id)).lines.every(({ receipts }) => receipts === 2))
    await away.stop()
    await job.put(await writeMedia(join(fleet.dir, 'b.bin'), 300_000, 2), '/b.bin')
    await job.end()
    await fleet.startNode(second)

    expect((await job.closed()).outcome).to.equal('complete')
    for (const name of ['a.bin', 'b.bin']) expect(await readTree(join(second.mediaRoot, name))).to.deep.equal(await readTree(join(fleet.dir, name)))
  })

  it('and one that never comes is reported so, and not waited for without end', async () => {
    const [first, , absent] = fleet.nodes as [Place, Place, Place]
    await fleet.startBase()
    await fleet.startNode(first)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: [first.peer, absent.peer], waitPeriodMs: 200, waitPeriods: 2 })
    await job.put(await writeMedia(join(fleet.dir, 'a.bin'), 1000, 1), '/a.bin')
    await job.end()

    const { outcome, servers } = await job.closed()
    expect(outcome).to.equal('partial')
    expect(servers.find(({ peer }) => peer === first.peer)?.state).to.equal('complete')
    const line = servers.find(({ peer }) => peer === absent.peer)
    expect(line?.state).to.equal('unreachable')
    expect(line?.reason).to.match(/no answer to status queries/)
  })
})
