import { truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { type JsonLine, ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

const MEDIA_BYTES = 48 * 1024 * 1024
const UPLOAD_BYTES = 192 * 1024 * 1024

describe('killed in mid-job', () => {
  let fleet: ProcessFleet
  let base: ProcessPlace
  let nodes: ProcessPlace[]
  let provider: ProcessPlace
  let film: string
  let baseRun: Run

  const members = (): Array<{ place: ProcessPlace, role: 'node' | 'provider' }> => [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }]
  const publish = (): Run => fleet.run('publish', film, '--as', '/film.bin', '-c', provider.config, '--json')
  const closed = (run: Run): JsonLine => run.lines.at(-1) as JsonLine
  const progressOf = (run: Run, peer: string): number => Math.max(0, ...run.lines.filter(line => line.type === 'progress' && line.peer === peer).map(({ bytes }) => Number(bytes)))

  beforeEach(async () => {
    fleet = new ProcessFleet()
    base = await fleet.place('base')
    nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    provider = await fleet.place('provider')
    film = await writeMedia(join(fleet.dir, 'film.bin'), MEDIA_BYTES, 5)
    baseRun = await fleet.startBase(base, members())
    await fleet.configureProvider(provider)
  })
  afterEach(async () => { await fleet.stop() })

  const expectFilm = async (): Promise<void> => {
    for (const node of nodes) expect(await readTree(join(node.media, 'film.bin')), node.name).to.deep.equal(await readTree(film))
  }

  it('a node goes on from its last checkpoint, and not from zero', async () => {
    const [first, second] = nodes as [ProcessPlace, ProcessPlace]
    const run = await fleet.startNode(first)
    await fleet.startNode(second)
    const publishing = publish()
    await eventually('a checkpoint of the node is told of', () => progressOf(publishing, first.peer) > 20 * 1024 * 1024)
    await run.stop('SIGKILL')
    await fleet.startNode(first)

    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(closed(publishing)).to.include({ type: 'job.closed', outcome: 'complete' })
    await expectFilm()
    // The receipt counts what was fetched since the start and before it: fetched twice is only what no checkpoint had.
    const line = (closed(publishing).servers as Array<{ peer: string, sources: Record<string, number> }>).find(({ peer }) => peer === first.peer)
    const fetched = Object.values(line?.sources ?? {}).reduce((sum, bytes) => sum + bytes, 0)
    expect(fetched).to.be.at.most(MEDIA_BYTES + 20 * 1024 * 1024)
  })

  it('a base takes its jobs up again, and they complete', async () => {
    for (const node of nodes) await fleet.startNode(node)
    const publishing = publish()
    await publishing.line('the upload is over, and the end accepted', ({ type, kind }) => type === 'command.accepted' && kind === 'end')
    await baseRun.stop('SIGKILL')
    await fleet.startBase(base, members())

    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(closed(publishing)).to.include({ type: 'job.closed', outcome: 'complete' })
    await expectFilm()
  })

  it('a base that dies in the middle of an upload has what it acknowledged, and the upload goes on', async () => {
    await fleet.startNode(nodes[0] as ProcessPlace)
    // Several upload windows, so that the first acknowledgement is far from the end; zeros, since only their number counts.
    await truncate(film, UPLOAD_BYTES)
    await utimes(film, 1_700_000_000, 1_700_000_000)
    const publishing = fleet.run('publish', film, '--as', '/film.bin', '--to', (nodes[0] as ProcessPlace).peer, '-c', provider.config, '--json')
    await publishing.line('part of the upload is durable', ({ type, bytes }) => type === 'upload' && Number(bytes) > 0)
    await baseRun.stop('SIGKILL')
    expect(publishing.lines.filter(({ kind }) => kind === 'end'), 'it is killed before the upload is over').to.have.lengthOf(0)
    await fleet.startBase(base, members())

    expect(await publishing.exit(), publishing.errors).to.equal(0)
    expect(await readTree(join((nodes[0] as ProcessPlace).media, 'film.bin'))).to.deep.equal(await readTree(film))
  })

  it('a provider that was killed in the middle of its upload goes on with the same job', async () => {
    const [node] = nodes as [ProcessPlace]
    await fleet.startNode(node)
    await truncate(film, UPLOAD_BYTES)
    await utimes(film, 1_700_000_000, 1_700_000_000)
    const args = ['publish', film, '--as', '/film.bin', '-c', provider.config, '--json']
    const first = fleet.run(...args, '--to', node.peer)
    const { job } = await first.line('the job is open', ({ type }) => type === 'job.opened')
    await first.line('part of the upload is durable', ({ type, bytes }) => type === 'upload' && Number(bytes) > 0)
    await first.stop('SIGKILL')
    expect(first.lines.filter(({ kind }) => kind === 'end'), 'it is killed before the upload is over').to.have.lengthOf(0)
    const acknowledged = Math.max(...first.lines.filter(({ type }) => type === 'upload').map(({ bytes }) => Number(bytes)))

    // What is not the same any more is not sent: its servers would have pieces of both.
    await utimes(film, 1_800_000_000, 1_800_000_000)
    const changed = fleet.run(...args, '--resume', String(job))
    expect(await changed.exit()).to.not.equal(0)
    expect(changed.errors + JSON.stringify(changed.lines)).to.match(/not what it was when put 1 of job/)
    await utimes(film, 1_700_000_000, 1_700_000_000)

    const second = fleet.run(...args, '--resume', String(job))
    const again = await second.line('the base tells what it has', ({ type }) => type === 'upload')
    expect(Number(again.bytes), 'it goes on from what was acknowledged').to.be.at.least(acknowledged)
    expect(await second.exit(), second.errors).to.equal(0)
    expect(closed(second)).to.include({ type: 'job.closed', outcome: 'complete', job })
    expect(await readTree(join(node.media, 'film.bin'))).to.deep.equal(await readTree(film))
    // Once more, when all is over: nothing is left to do, and it says so.
    const third = fleet.run(...args, '--resume', String(job))
    expect(await third.exit(), third.errors).to.equal(0)
    expect(closed(third)).to.include({ type: 'job.closed', outcome: 'complete', job })
  })

  it('ends within its five seconds when it is told to, in every role', async () => {
    const node = await fleet.startNode(nodes[0] as ProcessPlace)
    await fleet.configureProvider(provider, { listen: ['/ip4/127.0.0.1/tcp/0'] })
    const daemon = fleet.run('start', '-c', provider.config)
    await daemon.ready()
    // One that is not fast enough kills itself, and says so with another status.
    for (const run of [daemon, node, baseRun]) {
      expect(await run.stop('SIGTERM'), run.errors).to.equal(0)
      expect(run.lines.map(({ msg }) => msg)).to.include('stopped')
      expect(run.errors).to.not.match(/did not stop within/)
    }
  })
})
