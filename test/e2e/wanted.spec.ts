import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet } from './local-fleet.ts'
import { SlowLink } from './slow-link.ts'

const MiB = 1024 * 1024
/** Large beside what the kernel's buffers take, which cannot be overtaken: some 3 MiB. */
const FILM_BYTES = 32 * MiB
const UPLOAD_BYTES_PER_SECOND = 4 * MiB
/** The manifest has the first piece of the put. */
const PIECES = FILM_BYTES / PIECE_BYTES + 1
const SEEK = Math.floor(PIECES * 0.8)
/** What a viewer waits for before he sees something: 1 MiB. */
const SEEN_PIECES = 16

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a viewer of a film that is still being uploaded', () => {
  let fleet: LocalFleet
  let link: SlowLink
  let viewed: RunningNode
  let edge: RunningEdge

  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 3 })
    await fleet.startBase()
    for (const node of fleet.nodes) viewed = await fleet.startNode(node)
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: viewed.tree, arriving: viewed.arrivals, wanted: viewed.wanted })
    link = await SlowLink.to(Number(/tcp\/(\d+)/.exec(fleet.address)?.[1]), UPLOAD_BYTES_PER_SECOND)
  })
  after(async () => {
    await edge.stop()
    await fleet.stop()
    await link.close()
  })

  it('gets what he seeks to long before its turn, and all of it arrives whole', async () => {
    const film = randomBytes(FILM_BYTES)
    const local = join(fleet.dir, 'film.mp4')
    writeFileSync(local, film)
    const [place] = fleet.providers
    const provider = await fleet.startProvider(place as typeof fleet.base, { base: fleet.address.replace(/\/tcp\/\d+/, `/tcp/${link.port}`) })
    const job = await provider.openJob({ to: 'all' })
    const putting = job.put(local, '/vod/film.mp4', { arriving: true })
    const held = (first = 0, end = PIECES): number => {
      let count = 0
      for (let piece = first; piece < end; piece++) if (viewed.holds(job.id, 1, piece)) count++
      return count
    }
    await eventually('the film has begun to arrive', () => held() > PIECES * 0.05)
    const before = held()
    expect(held(SEEK, SEEK + SEEN_PIECES), 'nothing of it is there yet').to.equal(0)
    // The manifest has the first piece of the put.
    const from = (SEEK - 1) * PIECE_BYTES
    const response = await fetch(`${edge.url}/media/vod/film.mp4`, { headers: { range: `bytes=${from}-${from + SEEN_PIECES * PIECE_BYTES - 1}` } })
    expect(response.status).to.equal(206)
    expect(Buffer.from(await response.arrayBuffer()).equals(film.subarray(from, from + SEEN_PIECES * PIECE_BYTES))).to.equal(true)
    const there = held()
    expect(there / PIECES, `${before} of ${PIECES} pieces were there when he sought, ${there} when he saw`).to.be.lessThan(0.4)
    await putting
    await job.end()
    const closed = await job.closed()
    expect(closed.outcome).to.equal('complete')
    for (const { mediaRoot } of fleet.nodes) expect(sha256(readFileSync(join(mediaRoot, 'vod/film.mp4')))).to.equal(sha256(film))
  })
})
