import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { writeMedia } from './media-tree.ts'
import { eventually } from './eventually.ts'
import { findFfmpeg, packHls } from './packager.ts'
import { ProcessFleet, type ProcessPlace } from './process-fleet.ts'

const run = promisify(execFile)

describe('viewers', () => {
  let fleet: ProcessFleet
  beforeEach(() => { fleet = new ProcessFleet() })
  afterEach(async () => { await fleet.stop() })
  const places = async (...names: string[]): Promise<[ProcessPlace, ProcessPlace, ProcessPlace, ...ProcessPlace[]]> => await Promise.all(names.map(async name => await fleet.place(name))) as [ProcessPlace, ProcessPlace, ProcessPlace, ...ProcessPlace[]]

  it('get what was published from the node, with curl: whole, in parts, and resumed', async () => {
    const [base, node, provider] = await places('base', 'node', 'provider')
    await fleet.startBase(base, [{ place: node, role: 'node' }, { place: provider, role: 'provider' }])
    const running = await fleet.startNode(node, { http: { listen: '127.0.0.1:0' } })
    const { http } = await running.line('ready', ({ msg }) => msg === 'ready')
    const film = await writeMedia(join(fleet.dir, 'film.mp4'), 3 * 1024 * 1024 + 5, 4)
    await fleet.configureProvider(provider)
    expect(await fleet.run('publish', film, '--as', '/vod/film.mp4', '-c', provider.config).exit()).to.equal(0)

    const url = `${String(http)}/media/vod/film.mp4`
    const got = join(fleet.dir, 'got.mp4')
    await run('curl', ['--fail', '--silent', '--show-error', '--range', '0-999999', '-o', got, url])
    expect((await readFile(got)).length).to.equal(1_000_000)
    await run('curl', ['--fail', '--silent', '--show-error', '--continue-at', '-', '-o', got, url])
    expect((await readFile(got)).equals(await readFile(film))).to.equal(true)
    const { stdout } = await run('curl', ['--silent', '--head', url])
    expect(stdout).to.match(/^HTTP\/1\.1 200/).and.match(/etag: "[0-9a-f]{64}"/i).and.match(/content-length: 3145733/i)
    expect(await running.stop()).to.equal(0)
  })

  it('get in with the address that `sluice sign` prints, and not without', async () => {
    const [base, node, provider] = await places('base', 'node', 'provider')
    await fleet.startBase(base, [{ place: node, role: 'node' }, { place: provider, role: 'provider' }])
    const running = await fleet.startNode(node, { http: { listen: '127.0.0.1:0', signedUrls: { secret: 'nobody guesses this one' } } })
    const { http } = await running.line('ready', ({ msg }) => msg === 'ready')
    const film = await writeMedia(join(fleet.dir, 'film 1.mp4'), 1_000, 4)
    await fleet.configureProvider(provider)
    expect(await fleet.run('publish', film, '--as', '/vod/film 1.mp4', '-c', provider.config).exit()).to.equal(0)
    const sign = async (...args: string[]): Promise<string> => {
      const signing = fleet.run('sign', ...args, '-c', node.config)
      expect(await signing.exit(), signing.errors).to.equal(0)
      return String(signing.lines[0]?.text)
    }
    const status = async (address: string): Promise<number> => (await fetch(`${String(http)}${address}`)).status
    const plain = '/media/vod/film%201.mp4'
    expect(await status(plain)).to.equal(403)
    expect(await status(await sign('/vod/film 1.mp4', '--for', '1h'))).to.equal(200)
    expect(await status(plain + await sign('/vod', '--below'))).to.equal(200)
    expect(await status(plain + await sign('/live', '--below'))).to.equal(403)
    expect(await fleet.run('sign', '/x', '-c', provider.config).exit(), 'a provider has no secret').to.equal(2)
  })

  it('play a live HLS channel to its end, from a node that takes it from another', async function () {
    // Without ffmpeg there is neither a packager nor a player.
    if (!await findFfmpeg()) this.skip()
    const seconds = 8
    const [base, first, provider, last] = await places('base', 'first', 'provider', 'last')
    if (last == null) throw new Error('no place')
    await fleet.startBase(base, [{ place: first, role: 'node' }, { place: last, role: 'node' }, { place: provider, role: 'provider' }])
    await fleet.startNode(first)
    const { http } = await (await fleet.startNode(last, { http: { listen: '127.0.0.1:0' } })).line('ready', ({ msg }) => msg === 'ready')
    await fleet.configureProvider(provider)
    const out = join(fleet.dir, 'out')
    await mkdir(out)
    const publishing = fleet.run('live', out, '--as', '/live/chan', '--json', '-c', provider.config)
    const packing = packHls(out, { seconds, segmentSeconds: 1, listSize: 0 })
    const url = `${String(http)}/media/live/chan/index.m3u8`
    const playlist = await eventually('the playlist is there', async () => {
      const answer = await fetch(url)
      return answer.status === 200 ? answer : undefined
    })
    expect(playlist.headers.get('content-type')).to.equal('application/vnd.apple.mpegurl')
    expect(await playlist.text(), 'it has not ended when it is first seen').to.not.include('EXT-X-ENDLIST')
    // A player that keeps asking until the playlist says that it is over: whatever it misses or cannot read, it says.
    const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', '-live_start_index', '0', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', url])
    await packing.done
    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(stdout.trim().split('\n')[0], stderr).to.equal(String(seconds * 25))
    const next = (await (await fetch(url)).text()).match(/seg\d+\.ts/g)?.length ?? 0
    expect((await fetch(`${url}?_HLS_msn=${next + 1}`)).status, 'what is over is not waited for').to.equal(200)
  })
})
