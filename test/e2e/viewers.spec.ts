import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { writeMedia } from './media-tree.ts'
import { ProcessFleet } from './process-fleet.ts'

const run = promisify(execFile)

describe('viewers', () => {
  let fleet: ProcessFleet
  beforeEach(() => { fleet = new ProcessFleet() })
  afterEach(async () => { await fleet.stop() })

  it('get what was published from the node, with curl: whole, in parts, and resumed', async () => {
    const [base, node, provider] = await Promise.all(['base', 'node', 'provider'].map(async name => await fleet.place(name)))
    if (base == null || node == null || provider == null) throw new Error('no places')
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
})
