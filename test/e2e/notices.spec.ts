import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { writeMedia } from './media-tree.ts'

/** So slow that a test can look while a few MiB are on their way, in bytes per second. */
const SLOW = 1_500_000
const MEDIA_BYTES = 4 * 1024 * 1024

describe('notices', () => {
  let fleet: LocalFleet
  let film: string
  beforeEach(async () => {
    fleet = await LocalFleet.prepare({ nodes: 2 })
    film = await writeMedia(join(fleet.dir, 'film.mp4'), MEDIA_BYTES, 3)
    await fleet.startBase({ uploadRate: SLOW })
    for (const node of fleet.nodes) await fleet.startNode(node)
  })
  afterEach(async () => { await fleet.stop() })

  it('of commands received and in progress are given on query, and by themselves where the job says so', async () => {
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all', notices: ['command-received', 'command-started'] })
    const kinds = new Map<string, string[]>()
    const reading = (async () => {
      for await (const event of job.events()) if (event.type === 'receipt') kinds.set(event.peer, [...kinds.get(event.peer) ?? [], event.kind])
    })()
    const putting = job.put(film, '/film.mp4')
    const line = await eventually('a node says that the put is in progress', async () => {
      const { lines } = await provider.job(job.id)
      return lines.find(({ commands }) => commands?.[0]?.state === 'in-progress')
    })
    expect(line.commands?.[0]).to.include({ seq: 1 })
    await putting
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    await reading
    // The end command is received like any other; it is not carried out by itself.
    for (const { peer } of fleet.nodes) expect(kinds.get(peer)).to.have.members(['job-received', 'command-received', 'command-started', 'command-completed', 'command-received', 'job-completed'])
  })

  it('of the end reach a provider that left: the base calls it, and answers it for ever', async () => {
    const place = fleet.providers[0] as Place
    const provider = await fleet.startProvider(place)
    const job = await provider.openJob({ to: 'all' })
    await job.put(film, '/film.mp4')
    await job.end()
    await provider.stop()
    const daemon = await fleet.startProvider(place, { listen: ['/ip4/127.0.0.1/tcp/0'] })
    await eventually('the base calls the provider', () => fleet.said(new RegExp(`job closed.*${job.id}`)).some(line => line.startsWith(place.name)))
    const again = await daemon.attach(job.id)
    const closed = await again.closed()
    expect(closed).to.include({ outcome: 'complete', bytes: MEDIA_BYTES })
    expect(closed.servers.map(({ state }) => state)).to.deep.equal(['complete', 'complete'])
    expect((await daemon.jobs()).map(({ id, state }) => [id, state])).to.deep.equal([[job.id, 'complete']])
  })
})
