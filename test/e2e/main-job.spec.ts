import { join } from 'node:path'
import { verifyBundle } from '@sluice/sdk'
import { PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { eventually, rejectionOf } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia, writeOddTree } from './media-tree.ts'

describe('the main job', () => {
  let fleet: LocalFleet
  beforeEach(async () => { fleet = await LocalFleet.prepare({ nodes: 4, providers: 2 }) })
  afterEach(async () => { await fleet.stop() })

  it('brings two providers\' media to every node, byte for byte, with a verified receipt for everything', async () => {
    const trees = await Promise.all([1, 2].map(async i => await writeOddTree(join(fleet.dir, `tree-${i}`), i)))
    const film = await writeMedia(join(fleet.dir, 'bulk.bin'), 8 * 1024 * 1024 + 777, 9)
    await fleet.startBase()
    for (const node of fleet.nodes) await fleet.startNode(node)
    const providers = await Promise.all(fleet.providers.map(async place => await fleet.startProvider(place)))

    const jobs = await Promise.all(providers.map(async (provider, i) => {
      const job = await provider.openJob({ to: 'all', name: `job ${i + 1}` })
      const put = await job.put(trees[i] as string, `/vod/${i + 1}`)
      if (i === 0) await job.put(film, '/bulk/one.bin')
      await job.end()
      return { provider, closed: await job.closed(), put }
    }))

    for (const { provider, closed } of jobs) {
      expect(closed.outcome).to.equal('complete')
      expect(closed.servers.map(({ peer }) => peer)).to.have.members(fleet.nodes.map(({ peer }) => peer))
      expect(closed.servers.every(({ state, receivedAt, completedAt }) => state === 'complete' && receivedAt != null && completedAt != null)).to.equal(true)
      const verified = await verifyBundle(await provider.receipts(closed.job), { base: fleet.base.peer, provider: provider.peer })
      expect(verified, JSON.stringify(verified)).to.include({ ok: true, outcome: 'complete', contentSigned: true })
      // Job received, each command completed, job completed.
      if (verified.ok) expect(verified.servers.map(({ receipts }) => receipts)).to.deep.equal(fleet.nodes.map(() => closed === jobs[0]?.closed ? 4 : 3))
    }
    for (const [i, tree] of trees.entries()) {
      const expected = await readTree(tree)
      for (const node of fleet.nodes) expect(await readTree(join(node.mediaRoot, `vod/${i + 1}`)), node.name).to.deep.equal(expected)
    }
    const bulk = await readTree(film)
    for (const node of fleet.nodes) expect(await readTree(join(node.mediaRoot, 'bulk/one.bin')), node.name).to.deep.equal(bulk)

    const peers = new Set(fleet.nodes.map(({ peer }) => peer))
    for (const { peer, sources } of jobs[0]?.closed.servers ?? []) {
      expect(Object.keys(sources), 'a node takes pieces from other nodes, and not only from the base').to.satisfy((names: string[]) => names.some(name => peers.has(name)))
      expect(sources).to.not.have.property(peer)
    }
    expect(fleet.said(/peer banned|^error/), 'nobody is banned, and nothing fails, where everybody is honest').to.deep.equal([])
  })

  it('tells what happens in order, ending with the final notice', async () => {
    const film = await writeMedia(join(fleet.dir, 'film.mp4'), 3 * 1024 * 1024, 4)
    await fleet.startBase()
    for (const node of fleet.nodes.slice(0, 2)) await fleet.startNode(node)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: fleet.nodes.slice(0, 2).map(({ peer }) => peer) })
    const types: string[] = []
    const reading = (async () => { for await (const event of job.events()) types.push(event.type) })()
    await job.put(film, '/film.mp4')
    await job.end()
    await job.closed()
    await reading

    expect(types[0]).to.equal('job.opened')
    expect(types.at(-1)).to.equal('job.closed')
    expect(types.filter(type => type === 'receipt')).to.have.lengthOf(6)
    expect(types.filter(type => type === 'job.closed')).to.have.lengthOf(1)
    const [summary] = await provider.jobs()
    expect(summary).to.include({ id: job.id, state: 'complete', servers: 2, completed: 2, bytes: 3 * 1024 * 1024 })
  })

  it('takes as many puts as one likes, and as many questions', async () => {
    await fleet.startBase()
    const [node, place] = [fleet.nodes[0], fleet.providers[0]] as [Place, Place]
    await fleet.startNode(node)
    const provider = await fleet.startProvider(place)
    const job = await provider.openJob({ to: node.peer })
    // More than one connection may have streams of one kind: each must be gone when its put is.
    const puts = PROTOCOLS.ctp.maxStreams * 2
    for (let i = 0; i < puts; i++) await job.put(await writeMedia(join(fleet.dir, 'short.bin'), 100 + i, i), `/short-${i}.bin`)
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    for (let i = 0; i < PROTOCOLS.session.maxStreams * 2; i++) expect(await provider.jobs()).to.have.lengthOf(1)
    expect(await readTree(join(node.mediaRoot, `short-${puts - 1}.bin`))).to.deep.equal(await readTree(join(fleet.dir, 'short.bin')))
  })

  it('is its own provider\'s business, before it is closed and after', async () => {
    await fleet.startBase()
    const [node, one, two] = [fleet.nodes[0], fleet.providers[0], fleet.providers[1]] as [Place, Place, Place]
    await fleet.startNode(node)
    const provider = await fleet.startProvider(one)
    const other = await fleet.startProvider(two)
    const job = await provider.openJob({ to: node.peer })
    expect((await rejectionOf(other.attach(job.id))).message).to.match(/another provider's/)
    await job.put(await writeMedia(join(fleet.dir, 'a.bin'), 100, 1), '/a.bin')
    await job.end()
    await job.closed()
    await eventually('the base has let go of the job', async () => await rejectionOf(job.put(join(fleet.dir, 'a.bin'), '/b.bin')).then(({ message }) => /is closed: open another/.test(message)))
    expect((await rejectionOf(other.attach(job.id))).message).to.match(/another provider's|no job .* of yours/)
    expect((await rejectionOf(other.receipts(job.id))).message).to.match(/no job .* of yours/)
    expect((await rejectionOf(other.job(job.id))).message).to.match(/no job .* of yours/)
    expect(await other.jobs()).to.deep.equal([])
  })
})
