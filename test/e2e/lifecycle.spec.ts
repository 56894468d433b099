import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { open, type Report } from '@sluice/wire'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { writeMedia } from './media-tree.ts'
import { ProcessFleet, type ProcessPlace } from './process-fleet.ts'

const MEDIA_BYTES = 2 * 1024 * 1024
const SERVERS = 4

describe('a final notice by webhook', () => {
  let fleet: LocalFleet
  let server: Server
  let bodies: string[]
  let refusals: number
  beforeEach(async () => {
    fleet = await LocalFleet.prepare({ nodes: 1 })
    bodies = []
    refusals = 2
    server = createServer((request, response) => {
      let body = ''
      request.on('data', part => { body += String(part) })
      request.on('end', () => {
        if (refusals-- > 0) response.statusCode = 503
        else bodies.push(body)
        response.end()
      })
    })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  })
  afterEach(async () => {
    await fleet.stop()
    server.close()
  })

  it('reaches a provider that is away, signed, once it is taken', async () => {
    await fleet.startBase()
    await fleet.startNode(fleet.nodes[0] as Place)
    const { port } = server.address() as AddressInfo
    const provider = await fleet.startProvider(fleet.providers[0] as Place, { webhook: `http://127.0.0.1:${port}/notices` })
    const job = await provider.openJob({ to: 'all' })
    await job.put(await writeMedia(join(fleet.dir, 'a.bin'), MEDIA_BYTES, 1), '/a.bin')
    await job.end()
    await provider.stop()
    const body = await eventually('the notice is posted, and taken at the third try', () => bodies[0])
    const { type, job: id, outcome, servers, signedReport } = JSON.parse(body) as { type: string, job: string, outcome: string, servers: Array<{ peer: string, state: string }>, signedReport: string }
    expect({ type, id, outcome, servers }).to.deep.equal({ type: 'job.closed', id: job.id, outcome: 'complete', servers: [{ peer: fleet.nodes[0]?.peer, state: 'complete' }] })
    const report = await open('report', Buffer.from(signedReport, 'base64'), fleet.base.peer)
    expect((report.value as Report).servers).to.have.lengthOf(1)
    expect(fleet.said(/final notice not posted/)).to.have.lengthOf(2)
    expect(bodies).to.have.lengthOf(1)
  })
})

describe('a job that is called off', () => {
  let fleet: ProcessFleet
  let base: ProcessPlace
  let node: ProcessPlace
  let provider: ProcessPlace
  let film: string
  beforeEach(async () => {
    fleet = new ProcessFleet()
    base = await fleet.place('base')
    node = await fleet.place('node')
    provider = await fleet.place('provider')
    film = await writeMedia(join(fleet.dir, 'film.bin'), 64 * MEDIA_BYTES, 1)
    // So slow that there is something to call off.
    await fleet.startBase(base, [{ place: node, role: 'node' }, { place: provider, role: 'provider' }], { limits: { upload: '1MB/s' } })
    await fleet.startNode(node)
    await fleet.configureProvider(provider)
  })
  afterEach(async () => { await fleet.stop() })

  for (const [who, config] of [['its provider', (): string => provider.config], ['the operator of the base', (): string => base.config]] as const) {
    it(`by ${who}, ends, and its put with it`, async () => {
      // A job that its provider has ended cannot be called off any more: this one stays open.
      const opening = fleet.run('open', '-c', provider.config, '--json')
      const { job } = await opening.line('the job is open', ({ type }) => type === 'job.opened')
      const adding = fleet.run('add', 'put', String(job), film, '--as', '/film.bin', '-c', provider.config)
      expect(await adding.exit(), adding.errors).to.equal(0)
      const cancelling = fleet.run('cancel', String(job), '--reason', 'the wrong film', '-c', config())
      expect(await cancelling.exit(), cancelling.errors).to.equal(0)
      const watching = fleet.run('job', String(job), '--watch', '--json', '-c', provider.config)
      expect(await watching.exit(), watching.errors).to.equal(4)
      const { servers: [line] } = watching.lines.at(-1) as { servers: Array<{ state: string, reason: string }> }
      expect(line?.state).to.equal('failed')
      expect(line?.reason).to.include('cancelled: the wrong film')
      const bundle = join(fleet.dir, 'bundle.json')
      expect(await fleet.run('receipts', String(job), '-o', bundle, '-c', provider.config).exit()).to.equal(0)
      const verifying = fleet.run('verify', bundle, '--base', base.peer, '--provider', provider.peer)
      expect(await verifying.exit(), verifying.errors).to.equal(0)
    })
  }
})

describe('a server that received and does nothing (S4 of Fig. 7)', () => {
  let fleet: ProcessFleet
  afterEach(async () => { await fleet.stop() })

  it('is noticed while the job is open, queried, repaired, and does its work', async () => {
    fleet = new ProcessFleet()
    const base = await fleet.place('base')
    const provider = await fleet.place('provider')
    const nodes = await Promise.all(Array.from({ length: SERVERS }, async (_, i) => await fleet.place(`s${i + 1}`)))
    const idle = nodes.at(-1) as ProcessPlace
    const run = await fleet.startBase(base, [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' as const }], { wait: { period: '1s', periods: 20 } })
    await Promise.all(nodes.map(async node => await fleet.startNode(node, {}, node === idle ? { SLUICE_FAULT: 'hang-executor', NODE_ENV: 'test' } : {})))
    const { createProvider } = await import('@sluice/sdk')
    const client = await createProvider({ dataDir: join(provider.dir, 'data'), base: fleet.address })
    try {
      const job = await client.openJob({ to: 'all' })
      const { seq } = await job.put(await writeMedia(join(fleet.dir, 'film.bin'), MEDIA_BYTES, 1), '/film.bin')
      const states = await job.settled(seq)
      expect([...states.values()]).to.deep.equal(Array(SERVERS).fill('completed'))
      expect((await client.job(job.id)).state, 'the provider has not ended it').to.equal('open')
      expect(run.lines.filter(({ msg, peer, action }) => msg === 'repair answered' && peer === idle.peer && action === 'activate')).to.have.lengthOf(1)
      await job.end()
      expect((await job.closed()).outcome).to.equal('complete')
    } finally {
      await client.stop()
    }
  })
})

describe('a supervised node', () => {
  let fleet: ProcessFleet
  afterEach(async () => { await fleet.stop() })

  it('that is frozen is started again by its supervisor, is itself again, and stops when it is told to', async function () {
    // Twenty seconds of silence come on top of two starts.
    this.timeout(120_000)
    fleet = new ProcessFleet()
    const base = await fleet.place('base')
    const node = await fleet.place('node')
    await fleet.startBase(base, [{ place: node, role: 'node' }])
    await fleet.configureNode(node)
    const run = fleet.run('start', '--supervise', '-c', node.config)
    await run.ready()
    const child = Number(readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8').trim().split(' ')[0])
    process.kill(child, 'SIGSTOP')
    await eventually('the node is ready again', () => run.lines.filter(({ msg }) => msg === 'ready').length === 2)
    expect(run.errors).to.include('no heartbeat: killing the process')
    expect(new Set(run.lines.filter(({ msg }) => msg === 'ready').map(({ peer }) => peer)).size).to.equal(1)
    expect(await run.stop('SIGTERM'), run.errors).to.equal(0)
  })
})
