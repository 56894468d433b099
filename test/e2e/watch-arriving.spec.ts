import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { expect } from 'chai'
import { findChromium, WatchPage } from './browser.ts'
import { eventually } from './eventually.ts'
import { makeMp4Film } from './film.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { findFfmpeg } from './packager.ts'
import { SlowLink } from './slow-link.ts'

const FULL = process.env.SLUICE_TEST_FULL != null
/** The link: 20 Mbit/s between the provider and the base. */
const LINK_BYTES_PER_S = 20_000_000 / 8
const KBIT_PER_S = 8_000
/** Of a film that takes 20 s over the link, and the double with SLUICE_TEST_FULL. */
const SECONDS = FULL ? 100 : 50
const SEEK = 0.8
/** Half a key picture's distance, and rounding of the seek itself. */
const TOLERANCE_S = 0.6
/** The bound. */
const MAX_SEEK_MS = 3_000

describe('the player page, of a film that is still being uploaded', () => {
  let chromium: string
  let fleet: LocalFleet
  let link: SlowLink
  let edge: RunningEdge
  let page: WatchPage | undefined
  let film: string
  before(async function () {
    this.timeout(300_000)
    const [browser, ffmpeg] = [await findChromium(), await findFfmpeg()]
    if (browser == null || !ffmpeg) {
      console.log('      chromium and ffmpeg are not both here, and only root can install them: apt-get install chromium ffmpeg')
      // Without a browser there is nobody to watch.
      this.skip()
    }
    chromium = browser
    fleet = await LocalFleet.prepare({ nodes: 3 })
    await fleet.startBase()
    let node: RunningNode | undefined
    for (const place of fleet.nodes) node = await fleet.startNode(place)
    const { tree, arrivals, wanted, origins } = node as RunningNode
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree, arriving: arrivals, wanted, origins })
    link = await SlowLink.to(Number(/tcp\/(\d+)/.exec(fleet.address)?.[1]), LINK_BYTES_PER_S)
    film = join(fleet.dir, 'film.mp4')
    await makeMp4Film(film, SECONDS, KBIT_PER_S)
  })
  after(async () => {
    await page?.close()
    await edge?.stop()
    await fleet?.stop()
    await link?.close()
  })

  it(`plays from its first bytes on, and at ${SEEK * 100} % when the viewer jumps there`, async function () {
    this.timeout(300_000)
    const provider = await fleet.startProvider(fleet.providers[0] as Place, { base: fleet.address.replace(/\/tcp\/\d+/, `/tcp/${link.port}`) })
    const job = await provider.openJob({ to: 'all' })
    const size = statSync(film).size
    const facts = async (): Promise<{ state: string, heldBytes: number, heldParts: number[] }> => await (await fetch(`${edge.url}/api/v1/media/vod/film.mp4`)).json() as never
    let uploaded = false
    const putting = job.put(film, '/vod/film.mp4', { arriving: true }).then(() => { uploaded = true })
    await eventually('its beginning is there', async () => (await facts().catch(() => undefined))?.state === 'arriving')
    page = await WatchPage.open(chromium, `${edge.url}/watch/vod/film.mp4`)
    const playing = await page.sees('it plays', ({ frames, currentTime }) => frames > 5 && currentTime > 0.2)
    expect(Math.round(playing.duration)).to.equal(SECONDS)
    const before = await facts()
    expect(before.heldParts[Math.floor(SEEK * before.heldParts.length) + 1], 'nothing of it is there yet').to.equal(0)
    const { ms, mediaTime } = await page.seek(SEEK)
    const stillUploading = !uploaded
    const after = await facts()
    await page.sees('it goes on from there', ({ currentTime, frames }) => currentTime > SECONDS * SEEK + 0.5 && frames > playing.frames + 10)
    await page.reads('#state', /still arriving/)
    await page.shoot('arriving')
    console.log(`      ${(before.heldBytes / size * 100).toFixed(0)} % was there when the viewer jumped, ${(after.heldBytes / size * 100).toFixed(0)} % when he saw: first frame after ${Math.round(ms)} ms`)
    expect(stillUploading, 'the upload goes on').to.equal(true)
    expect(mediaTime).to.be.closeTo(SECONDS * SEEK, TOLERANCE_S)
    // Its turn would have come when so much was there.
    expect(after.heldBytes / size).to.be.lessThan(SEEK)
    if (FULL) expect(ms).to.be.at.most(MAX_SEEK_MS)
    expect(page.complaints).to.deep.equal([])
    await putting
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
  })
})
