import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { writeMedia } from './media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

// Of a peer that does not exist.
const NOBODY = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

describe('bad input to the real program', () => {
  let fleet: ProcessFleet
  let base: ProcessPlace
  let node: ProcessPlace
  let provider: ProcessPlace

  before(async () => {
    fleet = new ProcessFleet()
    base = await fleet.place('base')
    node = await fleet.place('node')
    provider = await fleet.place('provider')
    await fleet.startBase(base, [{ place: node, role: 'node' }, { place: provider, role: 'provider' }], { wait: { period: '1s', periods: 3 } })
    await fleet.configureProvider(provider)
  })
  after(async () => { await fleet.stop() })

  /** Whatever goes wrong is one sentence on stderr, and no stack trace. */
  const failsWith = async (run: Run, status: number, message: RegExp): Promise<void> => {
    expect(await run.exit(), run.errors).to.equal(status)
    expect(run.errors).to.match(message)
    expect(run.errors).to.not.match(/^\s+at .*:\d+:\d+\)?$/m)
  }
  const start = async (content: object): Promise<Run> => {
    const place = await fleet.configure(await fleet.place('wrong'), content)
    return fleet.run('start', '-c', place.config)
  }
  const nodeConfig = (more: object): object => ({ role: 'node', dataDir: './data', listen: ['/ip4/127.0.0.1/tcp/0'], base: fleet.address, media: { root: './media' }, ...more })

  it('an unknown key is named with its place', async () => {
    await failsWith(await start(nodeConfig({ lisen: [] })), 2, /wrong\/sluice\.yaml:\d+:\d+: lisen: /)
  })

  it('a value of the wrong type is named with its place', async () => {
    await failsWith(await start(nodeConfig({ listen: 4100 })), 2, /sluice\.yaml:\d+:\d+: listen: /)
  })

  it('a bad multiaddr is named, as one to listen on and as the base\'s', async () => {
    await failsWith(await start(nodeConfig({ listen: ['127.0.0.1:4100'] })), 2, /listen\[0\]: "127\.0\.0\.1:4100" /)
    await failsWith(await start(nodeConfig({ base: '/ip4/127.0.0.1/tcp/4100' })), 2, /base: "\/ip4\/127\.0\.0\.1\/tcp\/4100" /)
  })

  it('a configuration that is not there is named', async () => {
    await failsWith(fleet.run('start', '-c', join(fleet.dir, 'nowhere.yaml')), 2, /nowhere\.yaml.*cannot be read/)
  })

  it('a provider says which base it cannot reach', async () => {
    const film = await writeMedia(join(fleet.dir, 'a.bin'), 1, 1)
    const away = await fleet.configure(await fleet.place('away'), { role: 'provider', dataDir: './data', base: `/ip4/127.0.0.1/tcp/1/p2p/${NOBODY}` })
    await failsWith(fleet.run('publish', film, '-c', away.config), 4, new RegExp(`the base at /ip4/127\\.0\\.0\\.1/tcp/1/p2p/${NOBODY} cannot be reached`))
  })

  it('a node whose base is away says so, and goes on trying', async () => {
    const run = await start(nodeConfig({ base: `/ip4/127.0.0.1/tcp/1/p2p/${NOBODY}` }))
    await run.ready()
    expect(run.errors + JSON.stringify(run.lines)).to.match(/base not reached, trying again/)
    expect(await run.stop()).to.equal(0)
  })

  it('a provider that nobody enrolled is told how it can be', async () => {
    const film = await writeMedia(join(fleet.dir, 'a.bin'), 1, 1)
    const stranger = await fleet.configureProvider(await fleet.place('stranger'))
    await failsWith(fleet.run('publish', film, '-c', stranger.config), 4, new RegExp(`${stranger.peer} is not a member of this fleet: start it with an invitation`))
  })

  it('a node that nobody enrolled is told how it can be', async () => {
    const stranger = await fleet.configureNode(await fleet.place('stranger-node'))
    await failsWith(fleet.run('start', '-c', stranger.config), 4, new RegExp(`${stranger.peer} is not a member of this fleet`))
  })

  it('a token that is none of this base\'s is refused', async () => {
    const stranger = await fleet.configureNode(await fleet.place('forger'), { join: 'bm9uc2Vuc2U' })
    await failsWith(fleet.run('start', '-c', stranger.config), 4, /the token is not an invitation of this base/)
  })

  it('a base with another key than the address says is not taken for it', async () => {
    const film = await writeMedia(join(fleet.dir, 'a.bin'), 1, 1)
    const misled = await fleet.configureProvider(await fleet.place('misled'), { base: fleet.address.replace(/[^/]+$/, NOBODY) })
    // Both peer ids are named: the one that is there, and the one that was meant.
    await failsWith(fleet.run('publish', film, '-c', misled.config), 4, new RegExp(`${base.peer}[^]*${NOBODY}|${NOBODY}[^]*${base.peer}`))
  })

  it('a path that is not there, and one that may not be published, are named', async () => {
    await failsWith(fleet.run('publish', join(fleet.dir, 'nowhere.mp4'), '-c', provider.config), 2, /nowhere\.mp4 does not exist/)
    const odd = join(fleet.dir, 'odd')
    await writeMedia(join(odd, 'aux.txt'), 5, 1)
    await failsWith(fleet.run('publish', odd, '--as', '/odd', '-c', provider.config), 2, /"aux\.txt" is a reserved device name/)
    await failsWith(fleet.run('publish', odd, '--as', '/../etc', '-c', provider.config), 2, /"\.\." would leave its folder/)
  })

  it('a target that nobody matches is refused by the base', async () => {
    const film = await writeMedia(join(fleet.dir, 'a.bin'), 1, 1)
    await failsWith(fleet.run('publish', film, '--to', 'region=mars', '-c', provider.config), 4, /no node matches "region=mars"/)
  })

  it('a port that somebody has is named', async () => {
    const server = createServer()
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    const { port } = server.address() as { port: number }
    try {
      await failsWith(await start(nodeConfig({ listen: [`/ip4/127.0.0.1/tcp/${port}`] })), 4, new RegExp(`listen: /ip4/127\\.0\\.0\\.1/tcp/${port}: .*stop the process that has the port`))
    } finally {
      server.close()
    }
  })

  it('a damaged key, and a data folder that a second process takes, are named', async () => {
    const damaged = await fleet.configureNode(await fleet.place('damaged'))
    await writeFile(join(damaged.dir, 'data', 'identity.key'), 'nonsense')
    await failsWith(fleet.run('start', '-c', damaged.config), 4, /identity\.key holds no key: restore it/)
    await failsWith(fleet.run('start', '-c', base.config), 4, /in use by another sluice process|stop the process that has the port/)
  })

  it('a media root that is a file is named', async () => {
    await writeFile(join(fleet.dir, 'a-file'), '')
    await failsWith(await start(nodeConfig({ media: { root: join(fleet.dir, 'a-file') } })), 2, /media\.root: .*a-file/)
  })

  it('a media root that may not be written is named, and what is to be done', async function () {
    const sealed = join(fleet.dir, 'sealed')
    await mkdir(sealed)
    if (process.getuid?.() !== 0) {
      await chmod(sealed, 0o500)
      return await failsWith(await start(nodeConfig({ media: { root: sealed } })), 4, /sealed.*correct the owner or mode/)
    }
    // Root may write anywhere but on what is not for writing at all.
    const unmount = mountSmall(this, sealed, 'ro,size=1m')
    try {
      await failsWith(await start(nodeConfig({ media: { root: sealed } })), 4, /sealed.*remount it read-write/)
    } finally {
      unmount()
    }
  })

  it('a node whose disk is full refuses the put before it begins, in a receipt with the reason', async function () {
    const small = join(fleet.dir, 'small')
    await mkdir(small)
    const unmount = mountSmall(this, small, 'size=66m')
    try {
      const run = await fleet.startNode(node, { media: { root: small } })
      const film = await writeMedia(join(fleet.dir, 'large.bin'), 4 * 1024 * 1024, 1)
      const publishing = fleet.run('publish', film, '-c', provider.config, '--json')
      expect(await publishing.exit(), publishing.errors).to.equal(4)
      const closed = publishing.lines.at(-1) as { outcome: string, servers: Array<{ state: string, reason: string }> }
      expect(closed.outcome).to.equal('failed')
      expect(closed.servers[0]?.state).to.equal('failed')
      expect(closed.servers[0]?.reason).to.match(/bytes to give .* this put needs 4\d+: free some space or move the media root/)
      // It goes on, and takes what it has room for.
      const little = fleet.run('publish', await writeMedia(join(fleet.dir, 'little.bin'), 1000, 1), '-c', provider.config, '--json')
      expect(await little.exit(), little.errors).to.equal(0)
      expect(await run.stop()).to.equal(0)
    } finally {
      unmount()
    }
  })
})

/** A file system small enough to fill. Only root can make one. @returns what removes it */
function mountSmall (context: Mocha.Context, path: string, options: string): () => void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    // Not root, or in a container that may not mount.
    context.skip()
  }
  return () => { execFileSync('umount', ['-l', path]) }
}
