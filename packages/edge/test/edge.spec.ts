import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { MediaTree } from '@sluice/store'
import { expect } from 'chai'
import { type EdgeInit, type RunningEdge, startEdge } from '../src/edge.ts'
import { signPath } from '../src/signed-url.ts'
import { ask } from './ask.ts'
import { temporaryFolder } from './temporary-folder.ts'

const SECRET = 'nobody guesses this one'
const HOUR_MS = 3_600_000

describe('edge', () => {
  const folder = temporaryFolder()
  let root: string
  let edge: RunningEdge | undefined
  const start = async (init: Partial<EdgeInit> = {}): Promise<string> => {
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: await MediaTree.open(root), ...init })
    return edge.url
  }
  beforeEach(() => {
    root = join(folder(), 'root')
    mkdirSync(join(root, '.sluice/staging'), { recursive: true })
    mkdirSync(join(root, 'vod/season one'), { recursive: true })
    writeFileSync(join(root, '.sluice/staging/secret'), 'staged')
    writeFileSync(join(root, '.sluice-j0123456789abcdef-1-2'), 'half')
    writeFileSync(join(root, 'vod/film.mp4'), 'film')
    writeFileSync(join(root, 'vod/season one/50% & <más>.ts'), 'one')
    writeFileSync(join(folder(), 'outside'), 'treasure')
  })
  afterEach(async () => { await edge?.stop() })

  it('answers nothing but what is below the media root and published', async () => {
    symlinkSync('../outside', join(root, 'link'))
    symlinkSync('vod', join(root, 'folder-link'))
    const url = await start()
    const paths = [
      '/media/../outside', '/media/%2e%2e/outside', '/media/vod/../../outside', '/media/vod/%2e%2e/%2e%2e/outside', '/media/..%2foutside', '/media/vod%2ffilm.mp4', '/media/vod%5cfilm.mp4',
      '/media//vod/film.mp4', '/media/vod//film.mp4', '/media/./vod/film.mp4', '/media/vod/film.mp4%00', '/media/%ff', '/media/vod/film.mp4.', '/media/con', '/media/c:/x', `/media/${'x/'.repeat(70)}x`, `/media/${'x'.repeat(300)}`,
      '/media/.sluice/staging/secret', '/media/.SLUICE/staging/secret', '/media/%2esluice/staging/secret', '/media/.sluice-j0123456789abcdef-1-2',
      '/media/link', '/media/folder-link/film.mp4', '/media/vod', '/media/vod/', '/media/', '/media', '/media/none', '/media/vod/film.mp4/', '/media/vod/film.mp4/x', '/vod/film.mp4', '/'
    ]
    for (const path of paths) {
      const { status, body } = await ask(url, path)
      expect(status, path).to.be.oneOf([400, 404])
      expect(body.toString(), path).to.not.match(/treasure|staged|half|\/tmp/)
    }
    expect((await ask(url, '/media/vod/film.mp4')).body.toString()).to.equal('film')
    expect((await ask(url, '/media/vod/season%20one/50%25%20%26%20%3Cm%C3%A1s%3E.ts?x=../y')).body.toString()).to.equal('one')
    expect((await ask(url, '/media/vod/film%2emp4')).body.toString()).to.equal('film')
  })

  it('is read, and not written to', async () => {
    const url = await start()
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
      const { status, headers } = await ask(url, '/media/vod/film.mp4', { method })
      expect([status, headers.allow], method).to.deep.equal([405, 'GET, HEAD, OPTIONS'])
    }
    expect(existsSync(join(root, 'vod/film.mp4'))).to.equal(true)
  })

  it('lets pages of other hosts play, and tells browsers not to guess', async () => {
    const url = await start()
    const { headers } = await ask(url, '/media/vod/film.mp4', { headers: { origin: 'https://player.example' } })
    expect(headers).to.include({ 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'cross-origin', 'content-type': 'video/mp4' })
    expect(headers['access-control-expose-headers']).to.include('Content-Range')
    const leave = await ask(url, '/media/vod/film.mp4', { method: 'OPTIONS', headers: { origin: 'https://player.example', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' } })
    expect(leave.status).to.equal(204)
    expect(leave.headers).to.include({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'range' })
    expect((await ask(url, '/media/none')).headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  })

  it('shows folders only where that is wanted', async () => {
    const url = await start({ index: true })
    const page = await ask(url, '/media/vod/season%20one/')
    expect(page.headers['content-type']).to.equal('text/html; charset=utf-8')
    expect(page.body.toString()).to.include('<a href="./50%25%20%26%20%3Cm%C3%A1s%3E.ts">50% &#38; &#60;más&#62;.ts</a>')
    const top = (await ask(url, '/media/')).body.toString()
    expect(top).to.include('href="./vod/"').and.not.include('sluice')
    expect(await ask(url, '/media/vod?x=1')).to.deep.include({ status: 301 })
    expect((await ask(url, '/media/vod?x=1')).headers.location).to.equal('/media/vod/?x=1')
    expect((await ask(url, '/media/none/')).status).to.equal(404)
  })

  it('answers signed addresses only, where there is a secret', async () => {
    const url = await start({ secret: SECRET, index: true })
    const expires = Math.floor((Date.now() + HOUR_MS) / 1000)
    const path = ['vod', 'film.mp4']
    expect((await ask(url, '/media/vod/film.mp4')).status).to.equal(403)
    expect((await ask(url, '/media/vod/')).status, 'nor shows what there is').to.equal(403)
    const good = await ask(url, `/media/vod/film.mp4?${signPath(SECRET, path, expires)}`)
    expect([good.status, good.headers['cache-control']]).to.deep.equal([200, 'private, max-age=60'])
    expect((await ask(url, `/media/vod/film.mp4?${signPath(SECRET, ['vod'], expires, true)}`)).status).to.equal(200)
    for (const query of [signPath(SECRET, path, expires - 2 * HOUR_MS / 1000), signPath('another secret of that length', path, expires), signPath(SECRET, ['vod', 'other.mp4'], expires), signPath(SECRET, ['vod'], expires)]) {
      expect((await ask(url, `/media/vod/film.mp4?${query}`)).status, query).to.equal(403)
    }
  })

  it('breaks off where a file turns out shorter than it was announced', async () => {
    const file = join(root, 'vod/long.ts')
    writeFileSync(file, Buffer.alloc(64 * 1024 * 1024))
    const url = await start()
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write('GET /media/vod/long.ts HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'readable')
    truncateSync(file, 1024)
    let got = 0
    socket.on('data', data => { got += data.length })
    await once(socket, 'close')
    expect(got).to.be.lessThan(64 * 1024 * 1024)
    expect((await edge?.metrics.text())).to.include('sluice_http_broken_total 1')
  })

  it('limits requests and connections of one viewer', async () => {
    const url = await start({ requestsPerViewer: 3, connectionsPerViewer: 2 })
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) statuses.push((await ask(url, '/media/vod/film.mp4')).status)
    expect(statuses.slice(0, 3)).to.deep.equal([200, 200, 200])
    expect(statuses).to.include(429)
    const { hostname, port } = new URL(url)
    const sockets = [1, 2, 3].map(() => connect(Number(port), hostname))
    await once(sockets[2]!, 'close')
    expect(sockets.slice(0, 2).map(({ destroyed }) => destroyed)).to.deep.equal([false, false])
    for (const socket of sockets) socket.destroy()
  })

  it('tells how it is, and takes more routes', async () => {
    const url = await start({ routes: app => { app.get('/more/*', async () => 'a page') } })
    expect((await ask(url, '/healthz')).body.toString()).to.equal('ok\n')
    await ask(url, '/media/vod/film.mp4')
    const told = async (): Promise<string> => (await ask(url, '/metrics')).body.toString()
    // Whoever has read the last byte is gone a moment before the server counts it.
    let metrics = await told()
    while (!metrics.includes('sluice_http_requests_total{') || !metrics.includes('sluice_http_viewers 0')) metrics = await told()
    expect(metrics).to.include('sluice_http_requests_total{status="200"} 1').and.include('sluice_http_sent_bytes_total 4')
    expect((await ask(url, '/more/vod/film.mp4')).body.toString()).to.equal('a page')
  })

  it('stops in the middle of an answer', async () => {
    writeFileSync(join(root, 'vod/long.ts'), Buffer.alloc(64 * 1024 * 1024))
    const { hostname, port } = new URL(await start())
    const socket = connect(Number(port), hostname)
    socket.write('GET /media/vod/long.ts HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'readable')
    const closed = once(socket.resume().on('error', () => {}), 'close')
    await edge?.stop()
    edge = undefined
    await closed
  })
})
