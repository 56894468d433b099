import { join } from 'node:path'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { expect } from 'chai'
import { findChromium, WatchPage } from './browser.ts'
import { makeHlsFilm } from './film.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { findFfmpeg } from './packager.ts'

const FULL = process.env.SLUICE_TEST_FULL != null
const SECONDS = FULL ? 60 : 12

interface Facts {
  readonly state: string
  readonly size: number
  readonly heldBytes: number
  readonly heldParts: number[]
  readonly origin: { readonly job: string, readonly switches: number, readonly sources: Array<{ readonly peer: string, readonly role: string, readonly bytes: number }> }
}

describe('the player page, of a film that is complete', () => {
  let chromium: string
  let fleet: LocalFleet
  let node: RunningNode
  let edge: RunningEdge
  let page: WatchPage | undefined
  before(async function () {
    this.timeout(300_000)
    const [browser, ffmpeg] = [await findChromium(), await findFfmpeg()]
    if (browser == null || !ffmpeg) {
      console.log('      chromium and ffmpeg are not both here, and only root can install them: apt-get install chromium ffmpeg')
      // Without a browser there is nobody to watch.
      this.skip()
    }
    chromium = browser
    fleet = await LocalFleet.prepare({ nodes: 2 })
    await fleet.startBase()
    await fleet.startNode(fleet.nodes[0] as Place)
    node = await fleet.startNode(fleet.nodes[1] as Place)
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: node.tree, arriving: node.arrivals, origins: node.origins })
    await makeHlsFilm(join(fleet.dir, 'film'), SECONDS)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    await job.put(join(fleet.dir, 'film'), '/vod/film')
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
  })
  afterEach(async () => {
    await page?.close()
    page = undefined
  })
  after(async () => {
    await edge?.stop()
    await fleet?.stop()
  })

  it(`plays ${SECONDS} s of HLS, seeks, and plays to the end`, async function () {
    this.timeout(SECONDS * 3_000 + 60_000)
    page = await WatchPage.open(chromium, `${edge.url}/watch/vod/film/index.m3u8`)
    const first = await page.sees('it plays', ({ frames, currentTime, readyState }) => frames > 10 && currentTime > 0.5 && readyState >= 3)
    expect([first.paused, first.width, first.error]).to.deep.equal([false, 640, null])
    expect(Math.round(first.duration)).to.equal(SECONDS)
    const later = await page.sees('more frames are seen', ({ frames }) => frames > first.frames + 25)
    expect(later.currentTime).to.be.greaterThan(first.currentTime)
    await page.shoot('film-light')
    if (FULL) {
      await page.sees('half of it was played', ({ currentTime }) => currentTime > SECONDS / 2)
    }
    const { mediaTime } = await page.seek(0.75)
    expect(mediaTime).to.be.closeTo(SECONDS * 0.75, 0.2)
    const sought = await page.look()
    const end = await page.sees('it plays to its end', ({ currentTime, duration, paused }) => paused && currentTime >= duration - 0.1)
    expect(end.frames).to.be.greaterThan(sought.frames + SECONDS * 0.2 * 25 / 2)
    expect([end.stalls, end.delayS]).to.deep.equal([0, Number.NaN])
    expect(page.asked.filter(url => !url.startsWith(`${edge.url}/`) && !url.startsWith('blob:')), 'nobody else was asked').to.deep.equal([])
    expect(page.complaints).to.deep.equal([])
  })

  it('says where its bytes came from, and how much is here', async () => {
    const facts = await (await fetch(`${edge.url}/api/v1/media/vod/film/index.m3u8`)).json() as Facts
    expect([facts.state, facts.heldBytes]).to.deep.equal(['complete', facts.size])
    const { sources, job } = facts.origin
    expect(sources.length).to.be.within(1, 2)
    expect(sources.every(({ peer, role }) => role === 'base' || peer !== node.peer)).to.equal(true)
    expect(job).to.match(/^j/)
    page = await WatchPage.open(chromium, `${edge.url}/watch/vod/film/index.m3u8`, 'dark')
    await page.sees('it plays', ({ currentTime }) => currentTime > 0.5)
    expect(await page.text('#state')).to.equal('complete')
    expect(await page.text('#sources tbody')).to.match(/base|node …/)
    expect(await page.text('#job')).to.equal(job)
    await page.shoot('film-dark')
  })

  it('is worked by the keyboard, and says what is not there', async () => {
    page = await WatchPage.open(chromium, `${edge.url}/watch/vod/film/index.m3u8`)
    await page.sees('it plays', ({ currentTime, paused }) => currentTime > 0.3 && !paused)
    await page.press('Tab')
    expect(await page.focused()).to.equal('video')
    await page.press('Space')
    await page.sees('it pauses', ({ paused }) => paused)
    await page.close()
    page = await WatchPage.open(chromium, `${edge.url}/watch/vod/none.m3u8`)
    await page.sees('nothing plays', ({ readyState }) => readyState === 0)
    await page.reads('#trouble', /nothing here yet/)
    await page.shoot('nothing')
  })
})
