import { chmod, cp, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createProvider, type Job, type JobClosed, type Provider, verifyBundle } from '@sluice/sdk'
import { expect } from 'chai'
import { eventually, rejectionOf } from './eventually.ts'
import { listMedia } from './media-listing.ts'
import { writeMedia, writeOddTree } from './media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'

const NODES = 6
const FILM_BYTES = 6 * 1024 * 1024
const ABORTED_BYTES = 48 * 1024 * 1024
/** The base's uplink: the film is on its way while more commands come. */
const UPLOAD = '3MB/s'
const TIME = new Date(1_650_000_000_250)

/** One job with every kind of command, on real processes. */
class Scene {
  readonly fleet = new ProcessFleet()
  readonly nodes: ProcessPlace[] = []
  readonly runs: Run[] = []
  /** What every node's media root is to look like, made by the file system itself. */
  readonly model = join(this.fleet.dir, 'model')
  readonly #sources = join(this.fleet.dir, 'sources')
  /** seq of commands by name. */
  readonly seqs = new Map<string, number>()
  provider!: Provider
  job!: Job
  base!: ProcessPlace

  async start (): Promise<void> {
    const base = this.base = await this.fleet.place('base')
    const provider = await this.fleet.place('provider')
    for (let i = 1; i <= NODES; i++) this.nodes.push(await this.fleet.place(`node-${i}`))
    await this.fleet.startBase(base, [...this.nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }], { limits: { upload: UPLOAD } })
    this.runs.push(...await Promise.all(this.nodes.map(async node => await this.fleet.startNode(node))))
    this.provider = await createProvider({ dataDir: join(provider.dir, 'data'), base: this.fleet.address })
    this.job = await this.provider.openJob({ to: 'all' })
    await mkdir(this.model)
  }

  async stop (): Promise<void> {
    await this.provider?.stop()
    await this.fleet.stop()
  }

  source (name: string): string {
    return join(this.#sources, name)
  }

  at (path: string): string {
    return join(this.model, path)
  }

  async note (name: string, seq: number | Promise<number>): Promise<void> {
    this.seqs.set(name, await seq)
  }

  async put (name: string, local: string, destination: string, options: Parameters<Job['put']>[2] = {}): Promise<void> {
    await this.note(name, this.job.put(local, destination, options).then(({ seq }) => seq))
    if (options.staged === true) return
    await mkdir(join(this.at(destination), '..'), { recursive: true })
    await cp(local, this.at(destination), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  }

  seq (name: string): number {
    return this.seqs.get(name) as number
  }

  async first (): Promise<void> {
    const { job } = this
    const tree = await writeOddTree(this.source('tree'), 3)
    await symlink('deep/er', join(tree, 'link'))
    await symlink('../run.sh', join(tree, 'many', 'up'))
    await this.put('tree', tree, '/vod/a')
    await this.note('empty', job.mkdir('/vod/empty', { attributes: { mode: 0o750 } }))
    await mkdir(this.at('vod/empty'), { mode: 0o750 })
    await this.put('film', await writeMedia(this.source('film.bin'), FILM_BYTES, 4), '/films/one.bin', { track: 1 })
    await this.note('chmod', job.setAttributes('/vod/a/run.sh', { mode: 0o700, mtime: TIME }))
    await chmod(this.at('vod/a/run.sh'), 0o700)
    await utimes(this.at('vod/a/run.sh'), TIME, TIME)
    await this.note('move tree', job.move('/vod/a/many', '/vod/moved/many'))
    await mkdir(this.at('vod/moved'))
    await rename(this.at('vod/a/many'), this.at('vod/moved/many'))
    await this.note('remove tree', job.remove('/vod/a/deep', { recursive: true }))
    await rm(this.at('vod/a/deep'), { recursive: true })
    await this.put('playlist 1', await writeMedia(this.source('one.m3u8'), 200, 5), '/live/index.m3u8', { track: 2 })
    await this.put('segment 1', await writeMedia(this.source('1.ts'), 100_000, 6), '/live/1.ts', { track: 2 })
    await this.put('segment 2', await writeMedia(this.source('2.ts'), 90_000, 7), '/live/2.ts', { track: 2 })
    await this.put('playlist 2', await writeMedia(this.source('two.m3u8'), 300, 8), '/live/index.m3u8', { track: 2 })
    await this.note('remove segment', job.remove('/live/1.ts', { track: 2 }))
    await rm(this.at('live/1.ts'))
  }

  async second (): Promise<void> {
    const { job } = this
    const show = this.source('show')
    for (let i = 0; i < 5; i++) await writeMedia(join(show, `${i}.ts`), 70_000 + i, 10 + i)
    await writeMedia(this.source('show.m3u8'), 400, 20)
    await this.put('staged show', show, '/show', { staged: true, track: 3 })
    await this.put('staged playlist', this.source('show.m3u8'), '/show/index.m3u8', { staged: true, track: 3 })
    await this.note('barrier', job.barrier([1, 3]))
    await this.note('publish', job.publish([this.seq('staged show'), this.seq('staged playlist')]))
    await cp(show, this.at('show'), { recursive: true, preserveTimestamps: true })
    await cp(this.source('show.m3u8'), this.at('show/index.m3u8'), { preserveTimestamps: true })
    await this.note('verify show', job.verify('/show'))
    await this.note('deep folder', job.mkdir('/a/b/c'))
    await mkdir(this.at('a/b/c'), { recursive: true })
    await this.note('move film', job.move('/films/one.bin', '/a/b/c/two.bin'))
    await rename(this.at('films/one.bin'), this.at('a/b/c/two.bin'))
    await this.note('owner', job.setAttributes('/a/b/c/two.bin', { owner: 'nobody', mode: 0o4755 }))
    await chmod(this.at('a/b/c/two.bin'), 0o755)
    await this.note('fails', job.move('/nothing', '/something', { track: 4, continueAfterFailure: true }))
    await this.note('goes on', job.mkdir('/goes-on', { track: 4 }))
    await mkdir(this.at('goes-on'))
    await this.note('fails too', job.setAttributes('/missing', { mode: 0o600 }, { track: 5 }))
    await this.note('blocked', job.mkdir('/never', { track: 5 }))
    await this.#abortedPut()
    await this.note('remove nothing', job.remove('/vod/empty/nothing'))
    await this.note('verify all', job.verify('/'))
    await job.end()
  }

  /** A put that is stopped when the base has taken its command. */
  async #abortedPut (): Promise<void> {
    await writeFile(this.source('aborted.bin'), Buffer.alloc(ABORTED_BYTES))
    const stopping = new AbortController()
    const accepted = Math.max(...this.seqs.values()) + 1
    const putting = this.job.put(this.source('aborted.bin'), '/aborted.bin', { track: 6, signal: stopping.signal })
    await eventually('the put is accepted', async () => (await this.provider.jobs())[0]?.commands === accepted)
    stopping.abort(new Error('the provider thought better of it'))
    expect((await rejectionOf(putting)).message).to.equal('the provider thought better of it')
    this.seqs.set('aborted', accepted)
    this.seqs.set('cancel', accepted + 1)
  }

  /** Trees, attributes and states, on every node. */
  async check (closed: JobClosed): Promise<void> {
    const { job } = this
    const expected = await listMedia(this.model)
    for (const node of this.nodes) expect(await listMedia(node.media), node.name).to.deep.equal(expected)
    const failures = new Map([['fails', /\/nothing does not exist/], ['fails too', /\/missing does not exist/], ['blocked', /command \d+ failed before it/], ['aborted', /cancelled: the provider thought better of it/]])
    for (const [name, seq] of this.seqs) {
      const states = [...job.outcomes(seq).values()]
      expect(states, `${name} (${seq})`).to.have.lengthOf(NODES)
      // A server that learns of the later one first leaves the earlier one out.
      const may = failures.has(name) ? ['failed'] : name === 'playlist 1' || name === 'segment 1' ? ['completed', 'superseded'] : ['completed']
      expect(may, `${name} (${seq})`).to.include.members(states)
    }
    expect(this.seqs.size).to.be.at.least(25)
    expect(closed.outcome, 'every server has failed commands').to.equal('failed')
    for (const { state, reason } of closed.servers) expect([state, reason]).to.satisfy(([, text]: string[]) => state === 'failed' && [...failures.values()].some(pattern => pattern.test(text ?? '')), reason)
    const verified = await verifyBundle(await this.provider.receipts(job.id), { base: this.base.peer, provider: this.provider.peer })
    expect(verified, JSON.stringify(verified)).to.include({ ok: true })
    const detail = await this.provider.job(job.id)
    for (const { commands, peer } of detail.lines) {
      expect(commands.find(({ seq }) => seq === this.seq('blocked')), peer).to.include({ state: 'failed' })
      expect(commands.find(({ seq }) => seq === this.seq('owner'))?.notApplied?.join('\n'), 'what could not be applied is named').to.match(/mode .*\n?owner .*two\.bin/)
    }
  }
}

describe('a job with every kind of command', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = new Scene()
    await scene.start()
  })
  afterEach(async () => { await scene.stop() })

  it('ends with the exact tree, attributes and states on six nodes', async function () {
    this.timeout(180_000)
    await scene.first()
    expect(scene.job.outcomes(scene.seq('film')).size, 'more commands come while earlier ones run').to.be.below(NODES)
    await scene.second()
    await scene.check(await scene.job.closed())
  })

  it('does so with a node that is killed in the middle and comes back', async function () {
    this.timeout(180_000)
    await scene.first()
    const victim = scene.nodes[1] as ProcessPlace
    await eventually('the node has begun', () => scene.job.outcomes(scene.seq('tree')).has(victim.peer))
    await scene.runs[1]?.stop('SIGKILL')
    expect(scene.job.outcomes(scene.seq('film')).has(victim.peer), 'it has not done all').to.equal(false)
    await scene.second()
    await scene.fleet.startNode(victim)
    await scene.check(await scene.job.closed())
  })
})
