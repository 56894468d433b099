import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { Driver } from '../src/driver.ts'
import type { Host } from '../src/host.ts'
import { JobCare } from '../src/job-care.ts'
import { Gathered } from './gathered.ts'
import { LaneSource } from './lane-source.ts'
import { LoneNode, NEVER, type SignedMedia } from './lone-node.ts'
import { StubHost } from './protocols/stub-host.ts'

const PIECES = 5
const BAD = 2

describe('JobCare', () => {
  let node: LoneNode
  let media: SignedMedia
  let source: LaneSource
  let host: StubHost
  let driver: Driver
  let care: JobCare
  let executed: Gathered<number>

  beforeEach(async () => {
    node = await LoneNode.open()
    media = await node.media((PIECES - 1) * PIECE_BYTES)
    source = new LaneSource(node.signed.base.peer, media)
    await source.start()
    host = new StubHost(node.signed.node.peer)
    source.host.meet(host)
    executed = new Gathered()
    const { journal, jobs, store } = node
    driver = new Driver(host.components(), { journal, jobs, store, checkpoint: NEVER, receipt: () => {}, execute: async (_job, { signed }) => { executed.push(signed.value.seq) } })
    await driver.start()
    const asHost = { getPeers: () => [], dial: async () => {}, hangUp: async () => {} } as unknown as Host
    care = new JobCare(asHost, driver)
    source.offer.handOver(host.peer, { job: node.signed.key, jobBytes: node.signed.job.bytes, commands: [{ command: media.put.bytes, acceptance: media.acceptance }], ranges: [], errand: 1 })
    await source.messages.first(1)
    offerLane()
    await executed.first(1)
  })
  afterEach(async () => {
    source.stop(host.peer)
    await driver.stop()
    node.stop()
    node.remove()
  })

  /** The source offers a lane and says that it holds everything. */
  function offerLane (): void {
    const bits = new Uint8Array(Math.ceil(media.pieces.length / 8))
    for (const piece of media.pieces.keys()) bits[piece >> 3] = (bits[piece >> 3] as number) | (1 << (piece & 7))
    driver.input({ type: 'connected', peer: source.host.peer })
    source.offer.send(host.peer, { type: 'laneOffer', job: node.signed.key, rate: 1_000_000, head: 1 })
    source.offer.send(host.peer, { type: 'bitfield', job: node.signed.key, seq: 1, bits })
  }

  /** Turn a byte of the staged file, in its third piece. */
  function rot (): void {
    const staging = join(node.mediaRoot, '.sluice', 'staging')
    const file = join(staging, readdirSync(staging, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith('entry-0')) as string)
    const bytes = readFileSync(file)
    const at = (BAD - 1) * PIECE_BYTES + 5
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(file, bytes)
  }

  const job = (): Parameters<JobCare['reverify']>[0] => node.jobs.get(node.signed.key) as Parameters<JobCare['reverify']>[0]
  const patient = (): AbortSignal => new AbortController().signal

  it('finds a piece that is not what it was, lets go of it alone, and fetches it again', async () => {
    const { held, checked, bad } = await care.reverify(job(), patient())
    expect({ held, checked, bad: bad.size }).to.deep.equal({ held: media.pieces.length, checked: media.pieces.length, bad: 0 })

    rot()
    const found = await care.reverify(job(), patient())
    expect([...found.bad].map(([seq, pieces]) => [seq, [...pieces]])).to.deep.equal([[1, [BAD]]])

    const asked = source.requests.items.length
    await care.renew(job(), found.bad)
    expect(driver.peer.pieces(node.signed.key, 1)?.has(BAD)).to.equal(false)
    expect(driver.peer.pieces(node.signed.key, 1)?.count).to.equal(media.pieces.length - 1)
    source.offer.lost(host.peer)
    offerLane()
    await source.requests.first(asked + 1)
    for (;;) {
      if (driver.peer.pieces(node.signed.key, 1)?.count === media.pieces.length) break
      await new Promise(resolve => setImmediate(resolve))
    }
    expect((await care.reverify(job(), patient())).bad.size).to.equal(0)
    expect(source.requests.items.slice(asked).map(({ chunk }) => chunk), 'only what was bad is asked for').to.satisfy((chunks: number[]) => chunks.length === 1)
  })

  it('compares no more than its time allows', async () => {
    expect(await care.reverify(job(), AbortSignal.abort())).to.deep.include({ held: media.pieces.length, checked: 0 })
  })
})
