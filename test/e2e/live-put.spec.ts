import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Provider } from '@sluice/sdk'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet } from './local-fleet.ts'

const MiB = 1024 * 1024
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a live put', () => {
  let fleet: LocalFleet
  let provider: Provider
  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 3 })
    await fleet.startBase()
    for (const node of fleet.nodes) await fleet.startNode(node)
    provider = await fleet.startProvider(fleet.providers[0] as LocalFleet['providers'][number])
  })
  after(async () => { await fleet.stop() })

  const onNodes = (path: string): Uint8Array[] => fleet.nodes.map(({ mediaRoot }) => readFileSync(join(mediaRoot, path)))

  it('is with the nodes while it is being written, from each other too, and appears whole when it ends', async () => {
    const job = await provider.openJob({ to: 'all' })
    const held = new Map<string, number>()
    const sources = new Set<string>()
    const watching = (async () => {
      for await (const event of job.events()) {
        if (event.type !== 'progress') continue
        held.set(event.peer, event.bytes)
        if (event.source != null) sources.add(event.source)
      }
    })()
    const live = await job.putLive('/live/x.ts', { attributes: { mode: 0o640 } })
    const first = randomBytes(3 * MiB + 17)
    live.write(first)
    await eventually('all nodes hold what was written so far', () => fleet.nodes.every(({ peer }) => (held.get(peer) ?? 0) >= first.length))
    expect(fleet.nodes.some(({ mediaRoot }) => existsSync(join(mediaRoot, 'live/x.ts'))), 'shown before its end').to.equal(false)
    const rest = randomBytes(MiB)
    for (let at = 0; at < rest.length; at += 10_000) live.write(rest.subarray(at, at + 10_000))
    live.end()
    await once(live, 'finish')
    await job.end()
    const closed = await job.closed()
    await watching
    expect(closed.outcome).to.equal('complete')
    expect(closed.bytes).to.equal(first.length + rest.length)
    for (const bytes of onNodes('live/x.ts')) expect(sha256(bytes)).to.equal(sha256(Buffer.concat([first, rest])))
    expect(fleet.nodes.some(({ peer }) => sources.has(peer)), 'some node took it from another').to.equal(true)
  })

  it('of nothing, of one byte, and of whole pieces arrive', async () => {
    const job = await provider.openJob({ to: 'all' })
    const sizes = { none: 0, one: 1, piece: 65_536, pieces: 40 * 65_536 }
    const written: Record<string, Uint8Array> = {}
    for (const [name, size] of Object.entries(sizes)) {
      const live = await job.putLive(`/sizes/${name}`)
      live.end(written[name] = randomBytes(size))
      await once(live, 'finish')
    }
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    for (const [name, bytes] of Object.entries(written)) for (const found of onNodes(`sizes/${name}`)) expect(sha256(found), name).to.equal(sha256(bytes))
  })

  it('can be staged, published, and verified', async () => {
    const job = await provider.openJob({ to: 'all' })
    const live = await job.putLive('/staged/x', { staged: true })
    live.end(randomBytes(200_000))
    await once(live, 'finish')
    const published = await job.publish([live.seq])
    const audited = await job.verify('/staged/x')
    expect([...(await job.settled(published)).values()]).to.deep.equal(['completed', 'completed', 'completed'])
    expect([...(await job.settled(audited)).values()]).to.deep.equal(['completed', 'completed', 'completed'])
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
  })

  it('is called off where it is destroyed, and keeps nobody waiting', async () => {
    const job = await provider.openJob({ to: 'all' })
    const live = await job.putLive('/broken/x')
    live.write(randomBytes(100_000))
    live.on('error', () => {})
    live.destroy(new Error('the encoder died'))
    await job.mkdir('/after')
    await eventually('every server has heard of it', () => job.outcomes(live.seq).size === fleet.nodes.length)
    expect([...job.outcomes(live.seq).values()]).to.deep.equal(['failed', 'failed', 'failed'])
    await job.end()
    expect((await job.closed()).servers.map(({ reason }) => reason)).to.deep.equal(Array(3).fill(`command ${live.seq}: cancelled: the encoder died`))
    for (const { mediaRoot } of fleet.nodes) expect([existsSync(join(mediaRoot, 'broken/x')), existsSync(join(mediaRoot, 'after'))]).to.deep.equal([false, true])
  })
})
