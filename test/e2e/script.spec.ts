import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { listMedia } from './media-listing.ts'
import { ProcessFleet, type ProcessPlace } from './process-fleet.ts'

const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

/** What docs/examples/job.yaml leaves below a media root. */
async function expectExample (node: ProcessPlace): Promise<void> {
  const lines = (await listMedia(node.media)).map(line => line.split(' ').slice(0, 2).join(' '))
  expect(lines).to.deep.equal(['example/ 755', 'example/current/ 755', 'example/current/one.mjs 600', 'example/current/two.mjs 644', 'example/status.yaml 644'])
  expect((await stat(join(node.media, 'example/current/one.mjs'))).mtime.toISOString()).to.equal('2026-01-31T02:00:00.000Z')
}

describe('scripts', () => {
  let fleet: ProcessFleet
  let nodes: ProcessPlace[]
  let provider: ProcessPlace
  beforeEach(async () => {
    fleet = new ProcessFleet()
    const base = await fleet.place('base')
    nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    provider = await fleet.place('provider')
    await fleet.startBase(base, [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }])
    for (const node of nodes) await fleet.startNode(node)
    await fleet.configureProvider(provider)
  })
  afterEach(async () => { await fleet.stop() })

  it('the example of the documentation runs as it stands, with its timer, delay and condition', async () => {
    const run = fleet.run('run', join('docs', 'examples', 'job.yaml'), '-c', provider.config, '--json')
    expect(await run.exit(), run.errors).to.equal(0)
    expect(run.lines.at(-1)).to.include({ type: 'job.closed', outcome: 'complete' })
    const kinds = run.lines.filter(({ type }) => type === 'command.accepted').map(({ kind }) => kind)
    expect(kinds).to.deep.equal(['mkdir', 'put', 'put', 'publish', 'setattr', 'put', 'put', 'put', 'barrier', 'verify', 'move', 'remove', 'end'])
    // The publish has waited for the receipts of what it publishes.
    const [staged, shown] = [3, 4]
    const accepted = run.lines.findIndex(({ type, seq }) => type === 'command.accepted' && seq === shown)
    expect(run.lines.slice(0, accepted).filter(({ type, kind, seq }) => type === 'receipt' && kind === 'command-completed' && seq === staged)).to.have.lengthOf(nodes.length)
    for (const node of nodes) await expectExample(node)
  })

  it('a condition that cannot be met any more ends the job, and says so', async () => {
    const script = join(fleet.dir, 'script.yaml')
    await writeFile(script, 'to: all\ncommands:\n  - { id: gone, move: /none, to: /other }\n  - { mkdir: /never, track: 1, when: { completed: gone } }\n')
    const run = fleet.run('run', script, '-c', provider.config)
    expect(await run.exit()).to.equal(4)
    expect(run.errors).to.match(/"gone" cannot be done on 2 servers any more: \d have failed it/)
    for (const node of nodes) expect(await listMedia(node.media)).to.deep.equal([])
  })

  it('a provider\'s daemon runs its own, and those of a remote user who has its token', async () => {
    const own = join(provider.dir, 'own.yaml')
    await writeFile(own, 'to: all\nevery: 300ms\ntimes: 2\ncommands:\n  - mkdir: /timed\n')
    await fleet.configureProvider(provider, { listen: [LOOPBACK], control: { listen: '127.0.0.1:0', sources: './outbox' }, run: ['./own.yaml'] })
    const daemon = fleet.run('start', '-c', provider.config)
    await daemon.ready()
    const say = /"msg":"control listens".*?"port":(\d+)/
    const port = await eventually('the daemon says where it listens', () => say.exec(daemon.errors)?.[1] ?? daemon.lines.find(({ msg }) => msg === 'control listens')?.port as number | undefined)
    const url = `http://127.0.0.1:${port}`
    const token = join(provider.dir, 'data', 'control-token')
    expect(((await stat(token)).mode & 0o777).toString(8)).to.equal('600')

    await writeFile(join(provider.dir, 'outbox', 'film.txt'), 'the film')
    const script = join(fleet.dir, 'remote.yaml')
    await writeFile(script, 'to: all\ncommands:\n  - { put: film.txt, as: /remote/film.txt }\n')
    const given = fleet.run('run', script, '--on', url, '--token', token)
    expect(await given.exit(), given.errors).to.equal(0)
    const { run } = given.lines[0] as { run: number }
    const ask = async (path: string, headers: Record<string, string>, init: RequestInit = {}): Promise<{ status: number, body: Record<string, unknown> }> => {
      const response = await fetch(url + path, { ...init, headers })
      return { status: response.status, body: await response.json() as Record<string, unknown> }
    }
    const trusted = { authorization: `Bearer ${(await readFile(token, 'utf8')).trim()}` }
    const done = await eventually('the run is over', async () => {
      const { body } = await ask(`/v1/runs/${run}`, trusted)
      return body.state === 'done' && body
    })
    expect(done.outcomes).to.deep.equal(['complete'])
    for (const node of nodes) expect(await readFile(join(node.media, 'remote/film.txt'), 'utf8')).to.equal('the film')
    await eventually('the daemon\'s own script has had both of its jobs', async () => {
      const runs = (await ask('/v1/runs', trusted)).body as unknown as Array<{ script: string, state: string, outcomes: string[] }>
      const mine = runs.find(({ script }) => script === own)
      return mine?.state === 'done' && mine.outcomes.join() === 'complete,complete'
    })

    expect((await ask('/v1/jobs', {})).status).to.equal(401)
    expect((await ask('/v1/jobs', { authorization: 'Bearer guess' })).status).to.equal(401)
    const bad = await ask('/v1/runs', trusted, { method: 'POST', body: 'to: all\ncommands:\n  - mkdr: /a\n' })
    expect([bad.status, bad.body.error]).to.satisfy(([status, error]: [number, string]) => status === 400 && /script:3:5: commands\[0\].mkdr/.test(error), JSON.stringify(bad))
    const thief = await ask('/v1/runs', trusted, { method: 'POST', body: 'to: all\ncommands:\n  - { put: ../data/identity.key, as: /key }\n' })
    const refused = await eventually('the run is refused', async () => {
      const { body } = await ask(`/v1/runs/${String(thief.body.run)}`, trusted)
      return body.state === 'failed' && body
    })
    expect(refused.error).to.match(/outside of the directory that scripts may publish from/)
    expect(await daemon.stop('SIGTERM'), daemon.errors).to.equal(0)
  })
})
