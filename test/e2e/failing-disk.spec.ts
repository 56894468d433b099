import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createProvider, type Provider, verifyBundle } from '@sluice/sdk'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

const MEDIA_BYTES = 3 * 1024 * 1024

describe('a disk that fails', () => {
  let fleet: ProcessFleet
  let base: ProcessPlace
  let nodes: ProcessPlace[]
  let runs: Run[]
  let client: Provider
  let film: string

  before(async () => {
    fleet = new ProcessFleet()
    base = await fleet.place('base')
    const provider = await fleet.place('provider')
    nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    film = await writeMedia(join(fleet.dir, 'film.bin'), MEDIA_BYTES, 5)
    await fleet.startBase(base, [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }])
    runs = []
    for (const node of nodes) runs.push(await fleet.startNode(node))
    client = await createProvider({ dataDir: join(provider.dir, 'data'), base: fleet.address })
  })
  after(async () => {
    await client?.stop()
    await fleet.stop()
  })

  for (const [boundary, action, name, reason] of [
    ['before-staged-data', 'EIO', 'one.bin', /disk reports an error/],
    ['before-published-data', 'EIO', 'two.bin', /disk reports an error/],
    ['before-published-link', 'ENOSPC', 'three.bin', /disk is full/]
  ] as const) {
    it(`is said in a signed receipt, and nothing is shown: ${action} ${boundary}`, async () => {
      const [broken, well] = nodes as [ProcessPlace, ProcessPlace]
      await runs[0]?.stop('SIGKILL')
      const failing = fleet.runIn({ SLUICE_FAILPOINT: `${boundary}:1:${action}` }, 'start', '-c', broken.config)
      runs[0] = failing
      await failing.ready()
      const job = await client.openJob({ to: 'all' })
      await job.put(film, `/${name}`)
      await job.end()
      const closed = await job.closed()
      expect(closed.outcome).to.equal('partial')
      expect(closed.servers.find(({ peer }) => peer === well.peer)).to.include({ state: 'complete' })
      const line = closed.servers.find(({ peer }) => peer === broken.peer)
      expect(line).to.include({ state: 'failed' })
      expect(line?.reason).to.match(reason)
      expect(existsSync(join(broken.media, name))).to.equal(false)
      expect(await readTree(join(well.media, name))).to.deep.equal(await readTree(film))
      expect(await verifyBundle(await client.receipts(job.id), { base: base.peer })).to.include({ ok: true, outcome: 'partial' })
      expect(failing.lines.map(({ msg }) => msg), 'it goes on').to.not.include('stopped')
    })
  }

  it('under the journal ends the process, and the next start goes on', async () => {
    const [broken] = nodes as [ProcessPlace]
    await runs[0]?.stop('SIGKILL')
    const failing = fleet.runIn({ SLUICE_FAILPOINT: 'before-journal-outcomes:2:EIO' }, 'start', '-c', broken.config)
    await failing.ready()
    const job = await client.openJob({ to: 'all' })
    await job.put(film, '/four.bin')
    await job.mkdir('/four')
    await job.end()
    expect(await failing.exit()).to.not.equal(0)
    await eventually('it says why', () => /cannot be read or written/.test(failing.errors))
    runs[0] = await fleet.startNode(broken)
    expect((await job.closed()).outcome).to.equal('complete')
    for (const node of nodes) expect(await readTree(join(node.media, 'four.bin'))).to.deep.equal(await readTree(film))
  })
})
