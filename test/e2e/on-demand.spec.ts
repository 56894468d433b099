import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunningBase, type RunningHttpApi, startHttpApi } from '@sluice/base'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { expect } from 'chai'
import { pulledSource } from '../../src/pulled.ts'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { writeMedia } from './media-tree.ts'

const FILM_BYTES = 9 * 1024 * 1024 + 99
const QUOTA_BYTES = 64 * 1024 * 1024

describe('media that another node has', () => {
  let fleet: LocalFleet
  let base: RunningBase
  let holder: RunningNode
  let viewed: RunningNode
  let edge: RunningEdge
  let api: RunningHttpApi

  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 2 })
    base = await fleet.startBase()
    const [first, second] = fleet.nodes as [Place, Place]
    holder = await fleet.startNode(first, { http: 'http://holder.example:8080/', viewers: async () => 4 })
    viewed = await fleet.startNode(second, { onDemandQuota: QUOTA_BYTES })
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: viewed.tree, elsewhere: viewed.pulled == null ? undefined : pulledSource(viewed.pulled) })
    api = await startHttpApi({ host: '127.0.0.1', port: 0, locator: base.locator })
  })
  after(async () => {
    await api.stop()
    await edge.stop()
    await fleet.stop()
  })

  it('is named by the base, and its viewers are sent there', async () => {
    const [first] = fleet.nodes as [Place]
    await writeMedia(join(first.mediaRoot, 'vod/here.mp4'), 1_000, 5)
    await eventually('both are there', async () => (await base.locator.locate(['vod', 'here.mp4'])).length === 1)
    const found = await (await fetch(`${api.url}/api/v1/locate?path=/vod/here.mp4`)).json() as { nodes: Array<{ peer: string, viewers: number, labels: object, size: number }> }
    expect(found.nodes).to.have.length(1)
    expect(found.nodes[0]).to.deep.include({ peer: holder.peer, viewers: 4, labels: { name: 'node-1' }, size: 1_000 })
    const sent = await fetch(`${api.url}/api/v1/locate?path=/vod/here.mp4&redirect=1`, { redirect: 'manual' })
    expect([sent.status, sent.headers.get('location')]).to.deep.equal([302, 'http://holder.example:8080/media/vod/here.mp4'])
    expect((await fetch(`${api.url}/api/v1/locate?path=/vod/nowhere.mp4&redirect=1`)).status).to.equal(404)
  })

  it('is fetched when a viewer asks for it, in parts or whole, and kept', async () => {
    const [first, second] = fleet.nodes as [Place, Place]
    const film = await writeMedia(join(first.mediaRoot, 'vod/film.mp4'), FILM_BYTES, 3)
    const content = await readFile(film)
    const url = `${edge.url}/media/vod/film.mp4`
    const from = FILM_BYTES - 1_000
    const tail = await fetch(url, { headers: { range: `bytes=${from}-` } })
    expect(tail.status).to.equal(206)
    expect(Buffer.from(await tail.arrayBuffer()).equals(content.subarray(from))).to.equal(true)
    const whole = await Promise.all([1, 2, 3].map(async () => Buffer.from(await (await fetch(url)).arrayBuffer())))
    for (const bytes of whole) expect(bytes.equals(content)).to.equal(true)
    expect(existsSync(join(second.mediaRoot, 'vod')), 'nothing is published by it').to.equal(false)
    expect(readdirSync(join(second.dataDir, 'on-demand'))).to.have.length(1)
    // The digest is known when all of it was compared with what the other has.
    const etag = await eventually('it was compared', async () => (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? undefined)
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).to.equal(304)
    expect((await fetch(`${edge.url}/media/vod/nowhere.mp4`)).status).to.equal(404)
  })
})
