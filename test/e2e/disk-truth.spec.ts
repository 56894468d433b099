import { existsSync, readdirSync } from 'node:fs'
import { readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { type Provider, verifyBundle } from '@sluice/sdk'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'

const MiB = 1024 * 1024
const FILM_BYTES = 2 * MiB

describe('what a server keeps on its disk', () => {
  let fleet: LocalFleet
  let client: Provider
  let film: string

  beforeEach(async () => {
    fleet = await LocalFleet.prepare({ nodes: 2 })
    await fleet.startBase()
    film = await writeMedia(join(fleet.dir, 'film.bin'), FILM_BYTES, 5)
  })
  afterEach(async () => { await fleet.stop() })

  const provide = async (): Promise<Provider> => { return await fleet.startProvider(fleet.providers[0] as Place) }

  it('is no more than its quota: a put that does not fit is refused in a signed receipt', async () => {
    const [small, large] = fleet.nodes as [Place, Place]
    await writeMedia(join(small.mediaRoot, 'old.bin'), MiB, 6)
    await fleet.startNode(small, { quotaBytes: 4 * MiB })
    await fleet.startNode(large)
    client = await provide()
    for (const [name, outcome] of [['one.bin', 'complete'], ['two.bin', 'partial']] as const) {
      const job = await client.openJob({ to: 'all' })
      await job.put(film, `/${name}`)
      await job.end()
      const closed = await job.closed()
      expect(closed.outcome, name).to.equal(outcome)
      expect(await verifyBundle(await client.receipts(job.id), { base: fleet.base.peer })).to.include({ ok: true, outcome })
      if (outcome === 'complete') continue
      const line = closed.servers.find(({ peer }) => peer === small.peer)
      expect(line).to.include({ state: 'failed' })
      expect(line?.reason).to.match(/may hold 4194304 bytes \(media\.quota\): \d+ bytes are there .* this put needs 2097\d+/)
      expect(existsSync(join(small.mediaRoot, name))).to.equal(false)
      expect(await readTree(join(large.mediaRoot, name))).to.deep.equal(await readTree(film))
    }
  })

  it('goes by the rules of the operator and the time that the provider gave, and viewers are told', async () => {
    const [first] = fleet.nodes as [Place]
    const node = await fleet.startNode(first, { retention: [{ path: ['vod'], keepLast: 1 }], pins: [['vod', 'trailer.bin']] })
    client = await provide()
    const publish = async (name: string, expires?: Date): Promise<void> => {
      const job = await client.openJob({ to: [first.peer] })
      await job.put(film, `/${name}`, { expires })
      await job.end()
      expect((await job.closed()).outcome).to.equal('complete')
      // Until the server has heard that it is closed, it may show it to nobody's harm.
      await eventually(`${name} is closed there`, () => readdirSync(join(first.mediaRoot, '.sluice/staging')).length === 0)
    }
    for (const name of ['vod/trailer.bin', 'vod/old.bin', 'vod/new.bin', 'news.bin']) await publish(name, name === 'news.bin' ? new Date(Date.now() - 1) : undefined)
    await writeMedia(join(first.mediaRoot, 'vod/by-hand.bin'), 9, 1)
    const edge = await startEdge({ host: '127.0.0.1', port: 0, tree: node.tree })
    const status = async (name: string): Promise<number> => (await fetch(`${edge.url}/media/${name}`, { method: 'HEAD' })).status
    try {
      expect(await status('vod/old.bin')).to.equal(200)
      expect(await node.retain()).to.equal(2)
      expect(await Promise.all(['vod/trailer.bin', 'vod/old.bin', 'vod/new.bin', 'news.bin', 'vod/by-hand.bin'].map(status))).to.deep.equal([200, 404, 200, 404, 200])
      expect(first.said.filter(line => line.startsWith('info published media removed'))).to.have.length(2)
      expect(await node.retain()).to.equal(0)
    } finally {
      await edge.stop()
    }
  })

  it('is read again when its job is long closed: what has rotted is fetched from a server that has it', async () => {
    const [first, second] = fleet.nodes as [Place, Place]
    const nodes: RunningNode[] = []
    for (const place of [first, second]) nodes.push(await fleet.startNode(place, { scrubRate: 1e9 }))
    const [scrubbed, other] = nodes as [RunningNode, RunningNode]
    client = await provide()
    const job = await client.openJob({ to: 'all' })
    await job.put(film, '/vod/film.bin')
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    const path = join(first.mediaRoot, 'vod/film.bin')
    await eventually('nothing is staged any more', () => [first, second].every(({ mediaRoot }) => readdirSync(join(mediaRoot, '.sluice/staging')).length === 0))
    const edge = await startEdge({ host: '127.0.0.1', port: 0, tree: scrubbed.tree, rot: () => scrubbed.rot })
    const counted = async (): Promise<string[]> => (await (await fetch(`${edge.url}/metrics`)).text()).match(/^sluice_media_rot_total.*$/gm) ?? []
    try {
      for (const node of nodes) await node.scrub()
      expect(await counted()).to.deep.equal(['sluice_media_rot_total{result="mended"} 0', 'sluice_media_rot_total{result="unmended"} 0'])
      await flipByte(path)
      await scrubbed.scrub()
      expect(await readFile(path)).to.deep.equal(await readFile(film))
      expect((await stat(path)).mtimeMs).to.be.closeTo((await stat(film)).mtimeMs, 1)
      expect(scrubbed.rot).to.deep.equal({ mended: 1, unmended: 0 })
      // Now the other's is rotten, too, and that is the truth.
      await flipByte(path)
      await flipByte(join(second.mediaRoot, 'vod/film.bin'))
      await scrubbed.scrub()
      expect(await counted()).to.deep.equal(['sluice_media_rot_total{result="mended"} 1', 'sluice_media_rot_total{result="unmended"} 1'])
      expect(first.said.some(line => line.startsWith('error a rotten file is not mended') && line.includes(other.peer))).to.equal(true)
    } finally {
      await edge.stop()
    }
  })
})

/** As a disk does it: no time changes. */
async function flipByte (path: string): Promise<void> {
  const { atime, mtime } = await stat(path)
  const bytes = await readFile(path)
  bytes[MiB] = (bytes[MiB] as number) ^ 1
  await writeFile(path, bytes)
  await utimes(path, atime, mtime)
}
