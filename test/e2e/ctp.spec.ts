import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PARTIAL } from '@sluice/sdk'
import { expect } from 'chai'
import { noise, writeMedia } from './media-tree.ts'
import { type JsonLine, ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

/** The program as a user runs it: a base, two nodes and a provider, each a process of its own. */
describe('ctp from the command line', () => {
  const fleet = new ProcessFleet()
  let node: ProcessPlace
  let provider: ProcessPlace

  before(async () => {
    const base = await fleet.place('base')
    node = await fleet.place('node')
    const other = await fleet.place('other')
    provider = await fleet.place('provider')
    await fleet.startBase(base, [{ place: node, role: 'node' }, { place: other, role: 'node' }, { place: provider, role: 'provider' }])
    await Promise.all([fleet.startNode(node), fleet.startNode(other)])
    await fleet.configureProvider(provider)
    await writeMedia(join(node.media, 'vod/film.mp4'), 3 * 1024 * 1024 + 77, 1)
    await writeMedia(join(node.media, 'vod/season/one.ts'), 1_000, 2)
    await mkdir(join(node.media, 'empty'))
    await symlink('../..', join(node.media, 'vod/out'))
    await symlink('season/one.ts', join(node.media, 'vod/first.ts'))
  })
  after(async () => { await fleet.stop() })

  const sluice = async (...args: string[]): Promise<Run & { status: number }> => {
    const run = fleet.run(...args, '-c', provider.config)
    return Object.assign(run, { status: await run.exit() })
  }
  const ok = async (...args: string[]): Promise<JsonLine[]> => {
    const run = await sluice(...args, '--json')
    expect(run.status, run.errors).to.equal(0)
    return run.lines
  }
  const at = (path: string): string => `${node.peer}:${path}`
  const sha256 = async (path: string): Promise<string> => createHash('sha256').update(await readFile(path)).digest('hex')

  it('browses', async () => {
    expect((await ok('ls', at('/'))).map(({ path, type }) => [path, type])).to.deep.equal([['empty', 'folder'], ['vod', 'folder']])
    const all = await ok('ls', '-r', '--digest', at('/vod'))
    expect(all.map(({ path, type, target }) => [path, type, target])).to.deep.equal([['film.mp4', 'file', undefined], ['first.ts', 'link', 'season/one.ts'], ['out', 'link', undefined], ['season', 'folder', undefined], ['season/one.ts', 'file', undefined]])
    expect(all[0]?.digest).to.equal(await sha256(join(node.media, 'vod/film.mp4')))
    const [one] = await ok('stat', '--digest', at('/vod/season/one.ts'))
    expect(one).to.include({ size: 1_000, mode: '644', mtimeMs: 1_700_000_000_125, digest: await sha256(join(node.media, 'vod/season/one.ts')) })
    const text = await sluice('ls', at('/vod'))
    expect(text.lines[0]?.text).to.match(/^-rw-r--r-- {3}3.00 MiB {2}2023-11-14 22:13:20 {2}film.mp4$/)
  })

  it('names a node by the end of its peer id', async () => {
    expect((await ok('ls', `${node.peer.slice(-8)}:/vod/season`)).map(({ path }) => path)).to.deep.equal(['one.ts'])
    const wrong = await sluice('ls', 'nobody:/vod')
    expect(wrong.status).to.equal(2)
    expect(wrong.errors).to.match(/no node is called "nobody"/)
  })

  it('fetches a file, and goes on with one that was cut off', async () => {
    const local = join(fleet.dir, 'film.mp4')
    const [whole] = (await ok('get', at('/vod/film.mp4'), local)).slice(-1)
    expect(whole).to.include({ type: 'got', bytes: 3 * 1024 * 1024 + 77, resumed: 0, digest: await sha256(join(node.media, 'vod/film.mp4')) })
    expect(await sha256(local)).to.equal(whole?.digest)
    expect((await stat(local)).mtimeMs).to.equal(1_700_000_000_124)

    const again = join(fleet.dir, 'again.mp4')
    await writeFile(`${again}${PARTIAL}`, (await readFile(local)).subarray(0, 2_000_000))
    expect((await ok('get', at('/vod/film.mp4'), again)).at(-1)).to.include({ resumed: 2_000_000, digest: whole?.digest })
    expect(await sha256(again)).to.equal(whole?.digest)

    // A partial file of another version is found out by the digest, and is no reason to fail.
    await writeFile(`${again}${PARTIAL}`, noise(1_000_000, 99))
    expect((await ok('get', at('/vod/film.mp4'), again)).at(-1)).to.include({ resumed: 0, digest: whole?.digest })
    expect(await sha256(again)).to.equal(whole?.digest)
  })

  it('puts a file, makes a folder, changes attributes', async () => {
    const local = await writeMedia(join(fleet.dir, 'new.bin'), 2_500_000, 7)
    await chmod(local, 0o640)
    await ok('mkdir', '--mode', '750', at('/made'))
    expect((await stat(join(node.media, 'made'))).mode & 0o777).to.equal(0o750)
    const [placed] = (await ok('put', local, at('/made/'))).slice(-1)
    expect(placed).to.have.nested.property('entry.digest', await sha256(local))
    expect(await sha256(join(node.media, 'made/new.bin'))).to.equal(await sha256(local))
    expect((await stat(join(node.media, 'made/new.bin'))).mode & 0o777).to.equal(0o640)
    expect((await stat(join(node.media, 'made/new.bin'))).mtimeMs).to.equal((await stat(local)).mtimeMs)

    await truncate(local, 5)
    await ok('put', '-p', local, at('/made/deep/er/new.bin'))
    expect((await stat(join(node.media, 'made/deep/er/new.bin'))).size).to.equal(5)
    await ok('setattr', '--mode', '600', '--mtime', '1999-12-31T23:59:59Z', at('/made/new.bin'))
    const changed = await stat(join(node.media, 'made/new.bin'))
    expect([changed.mode & 0o777, changed.mtimeMs]).to.deep.equal([0o600, Date.UTC(1999, 11, 31, 23, 59, 59)])
    const owned = await sluice('setattr', '--owner', 'somebody', at('/made/new.bin'))
    expect(owned.status).to.equal(0)
    expect(owned.errors).to.match(/not applied there: owner/)
  })

  const REFUSED: Array<[name: string, args: () => string[], status: number, message: RegExp]> = [
    ['what is not there', () => ['stat', at('/vod/nothing')], 4, /\/vod\/nothing does not exist/],
    ['a folder that exists', () => ['mkdir', at('/vod')], 4, /exists already/],
    ['a file without its folder', () => ['put', join(fleet.dir, 'new.bin'), at('/not/here.bin')], 4, /does not exist/],
    ['a folder as a file', () => ['get', at('/vod')], 4, /is a folder/],
    ['a link, whatever it leads to', () => ['get', at('/vod/first.ts')], 4, /symbolic link/],
    ['what is behind a link', () => ['ls', at('/vod/out')], 4, /symbolic link/],
    ['a path that leads up', () => ['ls', at('/vod/../..')], 2, /would leave its folder/],
    ['our own folder', () => ['ls', at('/.sluice')], 2, /is reserved/],
    ['a place that is none', () => ['ls', 'vod/film'], 2, /is no place on a node/],
    ['nothing to change', () => ['setattr', at('/vod')], 2, /nothing is to be changed/],
    ['a mode that is none', () => ['mkdir', '--mode', '999', at('/x')], 2, /--mode "999"/]
  ]
  for (const [name, args, status, message] of REFUSED) {
    it(`refuses ${name}`, async () => {
      const run = await sluice(...args())
      expect(run.errors).to.match(message)
      expect(run.errors).to.not.include(node.media)
      expect(run.status).to.equal(status)
    })
  }
})
