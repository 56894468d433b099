import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RunningEdge, startEdge } from '@sluice/edge'
import type { RunningNode } from '@sluice/node'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { writeMedia } from './media-tree.ts'
import { findFfmpeg } from './packager.ts'

const run = promisify(execFile)

/** So slow that there is time to look: a few seconds for what is sent here. */
const SLOW = 1024 * 1024
const FILM_BYTES = 5 * 1024 * 1024 + 99

describe('viewers of what is still arriving', () => {
  let fleet: LocalFleet
  let node: RunningNode
  let edge: RunningEdge
  const wants: Array<{ first: number, end: number }> = []
  beforeEach(async () => {
    wants.length = 0
    fleet = await LocalFleet.prepare({ nodes: 1 })
    await fleet.startBase({ uploadRate: SLOW })
    node = await fleet.startNode(fleet.nodes[0] as Place)
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: node.tree, arriving: node.arrivals, wanted: (_job, _seq, first, end) => wants.push({ first, end }) })
  })
  afterEach(async () => {
    await edge.stop()
    await fleet.stop()
  })
  const url = (path: string): string => `${edge.url}/media${path}`
  const published = async (path: string): Promise<boolean> => await node.tree.stat(path.slice(1).split('/'), false).then(() => true, () => false)

  it('read a film from its first bytes on, every byte right, and seek to what is not there yet', async () => {
    const film = await writeMedia(join(fleet.dir, 'film.mp4'), FILM_BYTES, 3)
    const content = await readFile(film)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    const put = job.put(film, '/vod/film.mp4', { arriving: true })
    const response = await eventually('the film is there to be read', async () => {
      const found = await fetch(url('/vod/film.mp4'))
      return found.status === 200 ? found : undefined
    })
    expect(await published('/vod/film.mp4'), 'as a file it is not there yet').to.equal(false)
    expect(response.headers.get('content-length')).to.equal(String(FILM_BYTES))
    expect(response.headers.get('cache-control')).to.equal('no-store')
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(await published('/vod/film.mp4')).to.equal(false)
    const from = FILM_BYTES - 1_000
    const seeking = fetch(url('/vod/film.mp4'), { headers: { range: `bytes=${from}-` } })
    const lastPiece = await eventually('the end is wanted', () => wants.find(({ first }) => first >= Math.floor(from / PIECE_BYTES)))
    expect(lastPiece.end - lastPiece.first).to.be.lessThan(4)
    const tail = await seeking
    expect(tail.status).to.equal(206)
    expect(Buffer.from(await tail.arrayBuffer()).equals(content.subarray(from))).to.equal(true)
    const parts = [first?.value as Uint8Array]
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) parts.push(next.value)
    expect(Buffer.concat(parts).equals(content)).to.equal(true)
    await put
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    const after = await fetch(url('/vod/film.mp4'))
    const then = Buffer.from(await after.arrayBuffer())
    expect([after.status, after.headers.get('cache-control')], then.subarray(0, 200).toString()).to.deep.equal([200, 'public, max-age=60'])
    expect(then.equals(content)).to.equal(true)
  })

  it('see nothing early of a put that is to appear whole', async () => {
    const film = await writeMedia(join(fleet.dir, 'film.mp4'), FILM_BYTES, 3)
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    await job.put(film, '/vod/film.mp4')
    expect(await published('/vod/film.mp4'), 'the base has it, and its node has yet to get it').to.equal(false)
    expect((await fetch(url('/vod/film.mp4'))).status).to.equal(404)
    await job.end()
    await job.closed()
    expect((await fetch(url('/vod/film.mp4'))).status).to.equal(200)
  })

  it('follow live media of unknown length to its end', async () => {
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    const live = await job.putLive('/live/x.ts')
    const write = async (bytes: Buffer): Promise<void> => await new Promise((resolve, reject) => live.write(bytes, error => error == null ? resolve() : reject(error)))
    await write(Buffer.alloc(100_000, 1))
    const response = await eventually('the first bytes are there', async () => {
      const found = await fetch(url('/live/x.ts'))
      return found.status === 200 ? found : undefined
    })
    expect(response.headers.has('content-length')).to.equal(false)
    const reader = response.body?.getReader()
    let got = Buffer.alloc(0)
    const readTo = async (length: number): Promise<void> => {
      while (got.length < length) {
        const next = await reader?.read()
        if (next?.done !== false) return
        got = Buffer.concat([got, next.value])
      }
    }
    // Its writer keeps back one byte, so that there is one left for the final page.
    await readTo(99_999)
    await write(Buffer.alloc(50_000, 2))
    await readTo(149_999)
    expect(got.length).to.equal(149_999)
    const beyond = fetch(url('/live/x.ts'), { headers: { range: 'bytes=150000-' } })
    await write(Buffer.alloc(10, 3))
    const part = await beyond
    expect([part.status, part.headers.get('content-range')]).to.deep.equal([206, 'bytes 150000-150008/*'])
    live.end()
    // The provider may not leave before the base has sealed it.
    await once(live, 'finish')
    await readTo(Number.POSITIVE_INFINITY)
    const whole = Buffer.concat([Buffer.alloc(100_000, 1), Buffer.alloc(50_000, 2), Buffer.alloc(10, 3)])
    expect(got.equals(whole)).to.equal(true)
    await job.end()
    await job.closed()
    expect(Buffer.from(await (await fetch(url('/live/x.ts'))).arrayBuffer()).equals(whole)).to.equal(true)
  })

  it('are told when it will not come any more', async () => {
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    const live = await job.putLive('/live/x.ts')
    live.on('error', () => {})
    live.write(Buffer.alloc(1_000, 1))
    const response = await eventually('the first bytes are there', async () => {
      const found = await fetch(url('/live/x.ts'))
      return found.status === 200 ? found : undefined
    })
    await job.cancel(live.seq, 'the camera fell')
    const cut = await response.arrayBuffer().catch((error: Error) => error)
    expect(cut, 'the connection breaks: nobody takes the part for the whole').to.be.instanceOf(Error)
    expect((await fetch(url('/live/x.ts'))).status).to.equal(404)
    live.destroy()
    await job.end()
    await job.closed()
  })

  it('play it with ffmpeg', async function () {
    // Without ffmpeg there is nothing to play with.
    if (!await findFfmpeg()) this.skip()
    const film = join(fleet.dir, 'film.mp4')
    await run('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-t', '10', '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '1M', '-x264-params', 'nal-hrd=cbr', '-movflags', '+faststart', film])
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const job = await provider.openJob({ to: 'all' })
    const put = job.put(film, '/vod/film.mp4', { arriving: true })
    await eventually('the film is there to be read', async () => (await fetch(url('/vod/film.mp4'), { method: 'HEAD' })).status === 200 || undefined)
    const count = async (...args: string[]): Promise<string> => (await run('ffprobe', ['-v', 'error', ...args, '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', url('/vod/film.mp4')])).stdout.trim()
    expect(await published('/vod/film.mp4')).to.equal(false)
    expect(Number(await count('-read_intervals', '%+2'))).to.be.within(40, 70)
    expect(await published('/vod/film.mp4'), 'two seconds of it were played before it was all there').to.equal(false)
    expect(await count()).to.equal('250')
    await put
    await job.end()
    await job.closed()
  })
})
