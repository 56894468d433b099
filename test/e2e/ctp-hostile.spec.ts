import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, readFile, readlink, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ErrandError, RemoteMedia } from '@sluice/node'
import { VERBS, type Verb } from '@sluice/wire'
import { expect } from 'chai'
import { hostilePaths, type HostilePath } from './hostile-paths.ts'
import { LocalFleet, type Place } from './local-fleet.ts'

const SECRET = 'nobody outside of this machine may read this'
const WRITTEN = Buffer.from('written by a guest')

/** All of a tree in one digest: names, kinds, modes, times, link texts and content. */
async function hashOf (root: string): Promise<string> {
  const hash = createHash('sha256')
  const visit = async (path: string): Promise<void> => {
    const stat = await lstat(path, { bigint: true })
    hash.update(`${path}\0${stat.mode}\0${stat.mtimeNs}\0${stat.ino}\0`)
    if (stat.isSymbolicLink()) hash.update(await readlink(path))
    else if (stat.isFile()) hash.update(await readFile(path))
    else if (stat.isDirectory()) for (const name of (await readdir(path)).sort()) await visit(join(path, name))
  }
  await visit(root)
  return hash.digest('hex')
}

describe('ctp and hostile paths', () => {
  let fleet: LocalFleet
  let node: Place
  let outside: string
  let media: RemoteMedia

  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 1 })
    node = fleet.nodes[0] as Place
    outside = join(fleet.dir, 'outside')
    await mkdir(join(outside, 'folder'), { recursive: true })
    for (const file of ['secret.txt', 'folder/inner.txt']) await writeFile(join(outside, file), SECRET)
    await chmod(join(outside, 'secret.txt'), 0o640)
    await utimes(outside, 1_500_000_000, 1_500_000_000)
    const root = node.mediaRoot
    await mkdir(join(root, 'ok'), { recursive: true })
    await writeFile(join(root, 'ok/file.txt'), 'public')
    const links: Array<[name: string, target: string]> = [['to-outside', outside], ['to-file', join(outside, 'secret.txt')], ['to-root', '/'], ['to-up', '../../outside'], ['to-self', '.'], ['to-missing', join(outside, 'new.txt')], ['to-proc', '/proc/self/cwd'], ['chain', 'to-outside'], ['loop-a', 'loop-b'], ['loop-b', 'loop-a'], ['inside-link', 'ok']]
    for (const [name, target] of links) await symlink(target, join(root, name))
    execFileSync('mkfifo', [join(root, 'pipe')])
    const base = await fleet.startBase()
    await fleet.startNode(node)
    media = base.media(node.peer)
    // A capability for everything, so that it is the server that says no.
    await media.stat([])
  })
  after(async () => { await fleet.stop() })

  /** What one errand gives away or says: text to look for secrets in. */
  const DO: Record<Verb, (path: HostilePath) => Promise<string>> = {
    list: async path => {
      const names: string[] = []
      for await (const entry of media.list(path, { recursive: true, digests: true })) names.push(`${entry.path.join('/')} -> ${entry.target.join('/')}`)
      return names.join('\n')
    },
    stat: async path => JSON.stringify(await media.stat(path, { digest: true })),
    get: async path => {
      const parts: Uint8Array[] = []
      for await (const bytes of (await media.get(path, { digest: true })).bytes) parts.push(bytes)
      return Buffer.concat(parts).toString()
    },
    put: async path => JSON.stringify(await media.put(path, (async function * () { yield WRITTEN })(), { size: WRITTEN.length, parents: true, attributes: { mode: 0o777, xattrs: [] } })),
    mkdir: async path => JSON.stringify(await media.mkdir(path, { parents: true, attributes: { mode: 0o777, xattrs: [] } })),
    setattr: async path => JSON.stringify(await media.setattr(path, { mode: 0o777, mtimeSeconds: 1, xattrs: [] }))
  }

  it('are more than 300', () => { expect(hostilePaths(outside).length).to.be.above(300) })

  for (const verb of VERBS) {
    it(`${verb}: nothing outside of the root is changed, shown or read`, async () => {
      const staging = join(node.mediaRoot, '.sluice')
      const etc = await readFile('/etc/passwd', 'utf8')
      const state = async (): Promise<unknown[]> => [await hashOf(outside), (await readdir(staging, { recursive: true })).sort(), await readdir(fleet.dir), await readdir(join(fleet.dir, node.name)), await readdir('/'), await hashOf('/etc/passwd')]
      const before = await state()
      let refused = 0
      for (const path of hostilePaths(outside)) {
        const shown = JSON.stringify(path).slice(0, 200)
        const said = await DO[verb](path).catch((error: ErrandError) => {
          refused++
          expect(error.code, `${verb} ${shown}: ${error.message}`).to.be.oneOf(['bad-path', 'not-found', 'link', 'not-a-file', 'not-a-folder', 'exists', 'forbidden', 'denied'])
          return error.message
        })
        for (const leak of [SECRET, etc, 'inner.txt -> ', node.mediaRoot]) expect(said.includes(leak), `${verb} ${shown} says ${leak.slice(0, 60)}`).to.equal(false)
      }
      expect(refused).to.be.above(250)
      expect(await state(), 'outside of the root, and our own folder in it').to.deep.equal(before)
      // The server is as able as before.
      expect((await media.stat(['ok', 'file.txt'])).size).to.equal(6)
    })
  }

  it('reads a file that is there, so that the refusals above mean something', async () => {
    expect(await DO.get(['ok', 'file.txt'])).to.equal('public')
    expect(await DO.list(['ok'])).to.match(/^file\.txt/m)
    await DO.put(['ok', 'new.txt'])
    expect(await readFile(join(node.mediaRoot, 'ok/new.txt'))).to.deep.equal(WRITTEN)
  })

  it('does not follow a folder that is exchanged for a link in the middle of an errand', async () => {
    // A guest on the server's own machine swaps a folder and a link as fast as it can.
    const root = node.mediaRoot
    await mkdir(join(root, 'race'))
    execFileSync('ln', ['-s', outside, join(root, 'race-link')])
    const before = await hashOf(outside)
    let swapping = true
    const put = async (path: HostilePath): Promise<string> => JSON.stringify(await media.put(path, (async function * () { yield WRITTEN })(), { size: WRITTEN.length }))
    const swaps = (async () => {
      while (swapping) {
        await rename(join(root, 'race'), join(root, 'race-away'))
        await rename(join(root, 'race-link'), join(root, 'race'))
        await rename(join(root, 'race'), join(root, 'race-link'))
        await rename(join(root, 'race-away'), join(root, 'race'))
      }
    })()
    for (let i = 0; i < 150; i++) {
      for (const attempt of [DO.setattr, DO.get, DO.stat, put]) {
        const said = await attempt(['race', 'secret.txt']).catch((error: Error) => error.message)
        expect(said.includes(SECRET)).to.equal(false)
      }
    }
    swapping = false
    await swaps
    expect(await hashOf(outside)).to.equal(before)
  })
})
