import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ChannelObserver } from './channel-observer.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { findFfmpeg, packDash, packHls, type Packaging } from './packager.ts'
import { Run } from './process-fleet.ts'

/** The issue's own size with SLUICE_TEST_FULL; a quarter of it otherwise. */
const SECONDS = process.env.SLUICE_TEST_FULL == null ? 15 : 60
const SEGMENT_SECONDS = process.env.SLUICE_TEST_FULL == null ? 1 : 2
/** What the issue allows between the first and the last server. */
const MAX_SPREAD_MS = 2_000

/** The real program and a real packager; servers in this process. */
describe('sluice live DIR', () => {
  let fleet: LocalFleet
  let config: string
  let packaging: Packaging | undefined
  let run: Run | undefined
  before(async function () {
    this.timeout(300_000)
    if (!await findFfmpeg()) {
      console.log('      ffmpeg is not here, and only root can install it: apt-get install ffmpeg')
      // Without a packager there is nothing to observe; the channel's own decisions have specs of their own.
      this.skip()
    }
    fleet = await LocalFleet.prepare({ nodes: 6 })
    await fleet.startBase()
    for (const node of fleet.nodes) await fleet.startNode(node)
    config = join(fleet.dir, 'provider.yaml')
    writeFileSync(config, JSON.stringify({ role: 'provider', dataDir: (fleet.providers[0] as Place).dataDir, base: fleet.address }))
  })
  afterEach(async () => {
    packaging?.stop()
    await run?.stop('SIGKILL')
  })
  after(async () => { await fleet?.stop() })

  function folder (name: string): string {
    const path = join(fleet.dir, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  const placesOf = (as: string): Map<string, string> => new Map(fleet.nodes.map(({ name, mediaRoot }) => [name, join(mediaRoot, as)]))

  it(`brings ${SECONDS} s of HLS to 6 servers: what a playlist names is there, whole, at every look`, async function () {
    this.timeout(SECONDS * 1_000 + 60_000)
    const out = folder('hls')
    const observer = new ChannelObserver(out, placesOf('live/chan'))
    run = new Run(['live', out, '--as', '/live/chan', '--json', '-c', config])
    await run.line('the job is open', ({ type }) => type === 'job.opened')
    observer.start()
    packaging = packHls(out, { seconds: SECONDS, segmentSeconds: SEGMENT_SECONDS, listSize: 4 })
    await packaging.done
    expect(await run.exit(), run.errors).to.equal(0)
    await observer.stop()

    expect(observer.violations).to.deep.equal([])
    expect(observer.segments).to.have.length(SECONDS / SEGMENT_SECONDS)
    const final = readFileSync(join(out, 'index.m3u8'), 'utf8')
    expect(final).to.include('#EXT-X-ENDLIST')
    for (const [server, place] of placesOf('live/chan')) {
      expect(readFileSync(join(place, 'index.m3u8'), 'utf8'), server).to.equal(final)
      // What the packager deleted is removed, and nothing else.
      expect(readdirSync(place).sort(), server).to.deep.equal(readdirSync(out).sort())
      expect(observer.playlists.get(server)?.size, `${server}: different playlists`).to.be.greaterThan(3)
    }
    const spreads = observer.spreadsMs.sort((a, b) => a - b)
    expect(spreads).to.have.length(observer.segments.length)
    const median = spreads[Math.floor(spreads.length / 2)] as number
    console.log(`      ${observer.looks} playlists looked at; from the first server to the last: median ${Math.round(median)} ms, at most ${Math.round(spreads.at(-1) as number)} ms`)
    expect(spreads.at(-1)).to.be.at.most(MAX_SPREAD_MS)
  })

  it('brings DASH, and ends when it is told to', async function () {
    this.timeout(60_000)
    const out = folder('dash')
    run = new Run(['live', out, '--as', '/live/dash', '--idle', '2s', '-c', config])
    packaging = packDash(out, { seconds: 4, segmentSeconds: 1 })
    await packaging.done
    expect(await run.exit(), run.errors).to.equal(0)
    const made = readdirSync(out).sort()
    expect(made).to.include('index.mpd')
    for (const [server, place] of placesOf('live/dash')) {
      expect(readdirSync(place).sort(), server).to.deep.equal(made)
      for (const name of made) expect(readFileSync(join(place, name)).equals(readFileSync(join(out, name))), `${server}: ${name}`).to.equal(true)
    }
  })

  it('ends with a last playlist where it is stopped', async function () {
    this.timeout(60_000)
    const out = folder('stopped')
    writeFileSync(join(out, 'a.ts'), 'first')
    writeFileSync(join(out, 'index.m3u8'), '#EXTM3U\n#EXTINF:1,\na.ts\n')
    run = new Run(['live', out, '--as', '/live/stopped', '-c', config])
    await run.line('the playlist is sent', ({ text }) => String(text).startsWith('playlist'))
    // It names what will never be there: it must not appear.
    writeFileSync(join(out, 'index.m3u8'), '#EXTM3U\n#EXTINF:1,\na.ts\n#EXTINF:1,\nb.ts\n')
    expect(await run.stop('SIGTERM'), run.errors).to.equal(0)
    for (const [server, place] of placesOf('live/stopped')) {
      expect(readFileSync(join(place, 'index.m3u8'), 'utf8'), server).not.to.include('b.ts')
      expect([existsSync(join(place, 'a.ts')), existsSync(join(place, 'b.ts'))], server).to.deep.equal([true, false])
    }
  })
})
