import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Job, type Provider, verifyBundle } from '@sluice/sdk'
import { expect } from 'chai'
import { LocalFleet } from './local-fleet.ts'

const KiB = 1024
/** What the encoder writes in a second, and what the base's uplink carries of it: too little for even one server. */
const MEDIA_RATE = 4 * 1024 * KiB
const UPLINK_RATE = 512 * KiB
const PART_BYTES = 50_000
/** A deadline that this uplink cannot keep, and one that any machine keeps on loopback, however busy it is. */
const SHORT_MS = 600
const LONG_MS = 60_000

describe('a lossy live put', () => {
  let fleet: LocalFleet
  afterEach(async () => { await fleet.stop() })

  /** A live put of noise, written as fast as its media runs. */
  async function stream (uploadRate: number, seconds: number, deadlineMs: number): Promise<{ provider: Provider, job: Job, written: Buffer }> {
    fleet = await LocalFleet.prepare({ nodes: 3 })
    await fleet.startBase(uploadRate === 0 ? {} : { uploadRate })
    for (const node of fleet.nodes) await fleet.startNode(node)
    const provider = await fleet.startProvider(fleet.providers[0] as LocalFleet['providers'][number])
    const job = await provider.openJob({ to: 'all' })
    const live = await job.putLive('/live/x.ts', { deadlineMs })
    const written = randomBytes(MEDIA_RATE * seconds)
    for (let at = 0; at < written.length; at += PART_BYTES) {
      if (!live.write(written.subarray(at, at + PART_BYTES))) await once(live, 'drain')
      // An encoder's clock: this is what makes it live.
      await delay(PART_BYTES * 1000 / MEDIA_RATE)
    }
    live.end()
    await once(live, 'finish')
    await job.end()
    return { provider, job, written }
  }

  it('keeps up by leaving out what is too late, and each server names what it lacks', async () => {
    const { provider, job, written } = await stream(UPLINK_RATE, 4, SHORT_MS)
    const closed = await job.closed()
    expect(closed.outcome).to.equal('complete')
    for (const { name, peer, mediaRoot } of fleet.nodes) {
      const server = closed.servers.find(line => line.peer === peer)
      expect(server?.gaps, `${name} cannot have everything`).to.be.greaterThan(0)
      const shown = readFileSync(join(mediaRoot, 'live/x.ts'))
      expect(shown.length).to.be.within(1, written.length - 1)
      expect(isPartOf(shown, written), `${name} shows parts of what was written, in order`).to.equal(true)
    }
    const verified = await verifyBundle(await provider.receipts(job.id), { base: fleet.base.peer })
    expect(verified.ok, JSON.stringify(verified)).to.equal(true)
  })

  it('arrives whole where there is room for it', async () => {
    const { job, written } = await stream(0, 1, LONG_MS)
    const closed = await job.closed()
    expect(closed.servers.map(({ state, gaps }) => [state, gaps])).to.deep.equal(Array(3).fill(['complete', 0]))
    for (const { mediaRoot } of fleet.nodes) expect(readFileSync(join(mediaRoot, 'live/x.ts')).equals(written)).to.equal(true)
  })
})

/** Whether all of `parts` stands in `whole`, in order, with nothing between. */
function isPartOf (parts: Buffer, whole: Buffer): boolean {
  const PROBE_BYTES = 16
  for (let at = 0, from = 0; at < parts.length; at++, from++) {
    if (parts[at] === whole[from]) continue
    // Noise: what stands at another place is found there, and only there.
    from = whole.indexOf(parts.subarray(at, at + PROBE_BYTES), from)
    if (from < 0) return false
  }
  return true
}
