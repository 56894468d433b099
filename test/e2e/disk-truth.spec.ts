import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Provider, verifyBundle } from '@sluice/sdk'
import { expect } from 'chai'
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
})
