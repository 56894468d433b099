import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { expect } from 'chai'
import { findChromium, type Seen, WatchPage } from './browser.ts'
import { eventually } from './eventually.ts'
import { liveHls } from './film.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { findFfmpeg } from './packager.ts'
import { Run } from './process-fleet.ts'

const FULL = process.env.SLUICE_TEST_FULL != null
const NODES = 6
/** What is watched; the issue's own length with SLUICE_TEST_FULL. */
const WATCHED_S = FULL ? 60 : 8
/** A busy machine stops now and then: the order of things is what is looked at there. */
const PATIENCE_MS = WATCHED_S * 10_000
/** More than is watched: it goes on while the browser starts and ends. */
const MADE_S = WATCHED_S * 10 + 90
/** The bound between the encoder and what is seen, in seconds. */
const MAX_DELAY_S = 8

/** How far a playlist's end is behind the clock, in seconds. */
function behindS (playlist: string): number {
  const dates = [...playlist.matchAll(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/g)]
  const lengths = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)]
  return (Date.now() - Date.parse(dates.at(-1)?.[1] ?? '')) / 1000 - Number(lengths.at(-1)?.[1])
}

describe('the player page, of a live channel', () => {
  let chromium: string
  let fleet: LocalFleet
  let config: string
  const nodes: RunningNode[] = []
  let edge: RunningEdge | undefined
  let packager: ChildProcess | undefined
  let run: Run | undefined
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
    fleet = await LocalFleet.prepare({ nodes: NODES })
    await fleet.startBase()
    for (const node of fleet.nodes) nodes.push(await fleet.startNode(node))
    config = join(fleet.dir, 'provider.yaml')
    writeFileSync(config, JSON.stringify({ role: 'provider', dataDir: (fleet.providers[0] as Place).dataDir, base: fleet.address }))
  })
  after(async () => {
    await page?.close()
    if (packager?.exitCode === null) {
      packager.kill('SIGKILL')
      await once(packager, 'close')
    }
    await run?.stop('SIGKILL')
    await edge?.stop()
    await fleet?.stop()
  })

  it(`is watched for ${WATCHED_S} s at the last of ${NODES} servers`, async function () {
    this.timeout((MADE_S + WATCHED_S * 10) * 1_000)
    const out = join(fleet.dir, 'out')
    mkdirSync(out)
    run = new Run(['live', out, '--as', '/live/chan', '--json', '-c', config])
    const { servers } = await run.line('the job is open', ({ type }) => type === 'job.opened')
    // In the order in which the base approaches them.
    const last = nodes.find(({ peer }) => peer === (servers as string[]).at(-1)) as RunningNode
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: last.tree, arriving: last.arrivals, wanted: last.wanted, origins: last.origins })
    const { url } = edge
    packager = spawn('ffmpeg', liveHls(MADE_S), { cwd: out, stdio: 'ignore' })
    await eventually('the channel is on the last server', async () => (await (await fetch(`${url}/media/live/chan/index.m3u8`)).text()).split('#EXTINF').length > 3)
    page = await WatchPage.open(chromium, `${url}/watch/live/chan/index.m3u8`)
    const first = await page.sees('it plays', ({ frames, currentTime, readyState, delayS }) => frames > 10 && currentTime > 0.5 && readyState >= 3 && delayS > 0)
    const looks = await page.watch(WATCHED_S, PATIENCE_MS)
    const end = looks.at(-1) as Seen
    // Who is late: the encoder itself, what brings its segments here, or the player.
    const made = behindS(readFileSync(join(out, 'index.m3u8'), 'utf8'))
    const here = behindS(await (await fetch(`${url}/media/live/chan/index.m3u8`)).text())
    await page.reads('#sources tbody', /base|node …/)
    await page.reads('#state', /^live$/)
    await page.shoot('live')
    const most = Math.max(first.delayS, ...looks.map(({ delayS }) => delayS))
    const played = end.currentTime - first.currentTime
    const passed = (end.atMs - first.atMs) / 1000
    console.log(`      ${played.toFixed(1)} s played in ${passed.toFixed(1)} s, ${end.stalls} interruptions, ${end.frames} frames; behind the encoder ${first.delayS.toFixed(2)} s at first, ${end.delayS.toFixed(2)} s at last, ${most.toFixed(2)} s at most; at last the packager's own playlist was ${made.toFixed(2)} s behind the clock, the server's ${here.toFixed(2)} s`)
    expect(looks.every(({ currentTime }, i) => i === 0 || currentTime >= (looks[i - 1] as Seen).currentTime), 'it never goes back').to.equal(true)
    expect(played, 'it was watched').to.be.at.least(WATCHED_S)
    expect(end.frames).to.be.greaterThan(first.frames + played * 25 / 3)
    expect([end.paused, end.error, end.width]).to.deep.equal([false, null, 640])
    expect(page.complaints).to.deep.equal([])
    const { origin } = await (await fetch(`${url}/api/v1/media/live/chan/index.m3u8`)).json() as { origin: { sources: Array<{ bytes: number }> } }
    expect(origin.sources.reduce((sum, { bytes }) => sum + bytes, 0), 'of its segments, not of its playlist alone').to.be.greaterThan(100_000)
    if (FULL) {
      expect(most).to.be.lessThan(MAX_DELAY_S)
      expect(end.stalls).to.equal(0)
    }
  })
})
