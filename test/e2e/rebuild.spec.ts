import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createProvider, parseBundle, type ParsedBundle, type Provider, verifyBundle } from '@sluice/sdk'
import { open } from '@sluice/wire'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { writeMedia } from './media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

const MEDIA_BYTES = 3 * 1024 * 1024

describe('a base whose journal is lost', () => {
  const fleet = new ProcessFleet()
  let base: ProcessPlace
  let baseRun: Run
  let client: Provider | undefined
  after(async () => {
    await client?.stop()
    await fleet.stop()
  })

  const bundleOf = async (id: string): Promise<ParsedBundle> => {
    const text = await eventually('the evidence is told', async () => await client?.receipts(id).catch(() => undefined))
    expect(await verifyBundle(text, { base: base.peer })).to.have.property('ok', true)
    return parseBundle(text)
  }

  it('gets it back from what its nodes hold, in a new epoch: the same lines, by the same receipts', async () => {
    base = await fleet.place('base')
    const provider = await fleet.place('provider')
    const nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    const film = await writeMedia(join(fleet.dir, 'film.bin'), MEDIA_BYTES, 5)
    const members = [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' as const }]
    baseRun = await fleet.startBase(base, members)
    for (const node of nodes) await fleet.startNode(node)
    client = await createProvider({ dataDir: join(provider.dir, 'data'), base: fleet.address })
    const ids: string[] = []
    for (const to of ['/one.bin', '/two.bin']) {
      const job = await client.openJob({ to: 'all' })
      await job.put(film, to)
      await job.mkdir(`${to}-folder`)
      await job.end()
      expect((await job.closed()).outcome).to.equal('complete')
      ids.push(job.id)
    }
    const before = await Promise.all(ids.map(bundleOf))

    await baseRun.stop('SIGKILL')
    const data = join(base.dir, 'data')
    for (const name of await readdir(data)) if (name !== 'identity.key') await rm(join(data, name), { recursive: true })
    await fleet.configure(base, { role: 'base', dataDir: './data', listen: [fleet.address.replace(/\/p2p\/.*/, '')], wait: { period: '5s', periods: 6 }, members: members.map(({ place, role }) => ({ peer: place.peer, role })) })
    const rebuild = fleet.run('base', 'rebuild', '-c', base.config, '--json')
    expect(await rebuild.exit(), rebuild.errors).to.equal(0)
    expect(rebuild.lines.at(-1)).to.deep.include({ jobs: 2, epoch: 1, missing: [], problems: [] })
    // What is there is never overwritten.
    const again = fleet.run('base', 'rebuild', '-c', base.config)
    expect(await again.exit()).to.equal(4)
    expect(again.errors).to.match(/a journal is rebuilt only where there is none/)

    baseRun = await fleet.startBase(base, members)
    for (const [index, id] of ids.entries()) {
      await eventually(`job ${id} is closed again`, async () => (await client?.jobs().catch(() => undefined))?.find(job => job.id === id)?.state === 'complete')
      const after = await bundleOf(id)
      const wanted = before[index] as ParsedBundle
      for (const part of ['job', 'receipts', 'seals', 'finalPages', 'commands'] as const) expect(after[part], part).to.deep.equal(wanted[part])
      const [old, renewed] = await Promise.all([wanted, after].map(async ({ report }) => (await open('report', report as Uint8Array, base.peer)).value))
      expect(renewed?.servers).to.deep.equal(old?.servers)
      expect(renewed).to.deep.include({ outcome: old?.outcome, head: old?.head, receipts: old?.receipts, epoch: 1 })
    }
  })
})
