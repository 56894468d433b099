import { readFileSync, writeFileSync } from 'node:fs'
import { chmod, cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createProvider, type JobClosed, parseBundle, type Provider, verifyBundle } from '@sluice/sdk'
import { open, ReceiptKind } from '@sluice/wire'
import { eventually } from '../e2e/eventually.ts'
import { readTree, writeMedia } from '../e2e/media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from '../e2e/process-fleet.ts'

const KiB = 1024
export type Victim = 'base' | 'node'

/** What one crash came to. */
export interface Crash {
  readonly victim: Victim
  readonly boundary: string
  /** Whether the process was at that boundary, and died there. */
  readonly hit: boolean
  readonly problems: string[]
}

/**
 * A base, two nodes and a provider: real processes but the provider, which is
 * this one. Each job has every kind of command and small media. A process is
 * killed at a boundary during a job, started again, and the job must be as if
 * nothing had been.
 */
export class CrashFleet {
  readonly #fleet = new ProcessFleet()
  readonly #nodes: ProcessPlace[] = []
  readonly #runs = new Map<ProcessPlace, Run>()
  #base!: ProcessPlace
  #provider!: ProcessPlace
  #client!: Provider
  #jobs = 0

  static async start (): Promise<CrashFleet> {
    const crash = new CrashFleet()
    const fleet = crash.#fleet
    crash.#base = await fleet.place('base')
    crash.#provider = await fleet.place('provider')
    for (const name of ['node-1', 'node-2']) crash.#nodes.push(await fleet.place(name))
    await writeMedia(join(crash.#sources, 'show', 'film.bin'), 700 * KiB, 1)
    await writeMedia(join(crash.#sources, 'show', 'small.txt'), 300, 2)
    await writeMedia(join(crash.#sources, 'show', 'extra.txt'), 100, 4)
    await writeMedia(join(crash.#sources, 'next', 'film.bin'), 200 * KiB, 3)
    const members = [...crash.#nodes.map(place => ({ place, role: 'node' as const })), { place: crash.#provider, role: 'provider' as const }]
    crash.#runs.set(crash.#base, await fleet.startBase(crash.#base, members))
    // It has an address now, and keeps it.
    await fleet.configure(crash.#base, { ...JSON.parse(readFileSync(crash.#base.config, 'utf8')) as object, listen: [fleet.address.replace(/\/p2p\/.*/, '')] })
    for (const node of crash.#nodes) crash.#runs.set(node, await fleet.startNode(node))
    crash.#client = await createProvider({ dataDir: join(crash.#provider.dir, 'data'), base: fleet.address })
    return crash
  }

  get #sources (): string {
    return join(this.#fleet.dir, 'sources')
  }

  /** Run one job with a process that writes down every boundary that it passes. */
  async boundaries (victim: Victim): Promise<string[]> {
    const place = this.#place(victim)
    const file = join(this.#fleet.dir, `boundaries-${victim}`)
    writeFileSync(file, '')
    await this.#restart(place, { SLUICE_FAILPOINT_RECORD: file })
    const problems = await this.#job()
    if (problems.length > 0) throw new Error(`the job that nobody disturbs went wrong: ${problems.join('; ')}`)
    await this.#restart(place)
    return readFileSync(file, 'utf8').trim().split('\n')
  }

  /** Run one job, and kill `victim` where it first passes `boundary`. */
  async crash (victim: Victim, boundary: string): Promise<Crash> {
    const place = this.#place(victim)
    const failing = await this.#restart(place, { SLUICE_FAILPOINT: `${boundary}:1:kill` })
    let hit = false
    let over = false
    const recovering = failing.exit().then(async () => {
      if (over) return
      hit = true
      await this.#start(place)
    })
    const problems = await Promise.race([this.#job(), recovering.then(() => new Promise<never>(() => {}))])
    over = true
    if (!hit) await this.#restart(place)
    return { victim, boundary, hit, problems }
  }

  async stop (): Promise<void> {
    await this.#client?.stop()
    await this.#fleet.stop()
  }

  #place (victim: Victim): ProcessPlace {
    return victim === 'base' ? this.#base : this.#nodes[0] as ProcessPlace
  }

  async #restart (place: ProcessPlace, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    await this.#runs.get(place)?.stop('SIGKILL')
    return await this.#start(place, env)
  }

  /** Its configuration is there already. One that dies before it is ready is as good as any. */
  async #start (place: ProcessPlace, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const run = this.#fleet.runIn(env, 'start', '-c', place.config)
    this.#runs.set(place, run)
    await Promise.race([run.ready(), run.exit()]).catch(() => {})
    return run
  }

  /** One job from its opening to its end, and what is wrong with what came of it. */
  async #job (): Promise<string[]> {
    const at = `/job-${++this.#jobs}`
    const closed = await this.#publish(at)
    const problems: string[] = []
    if (closed.outcome !== 'complete') problems.push(`it is ${closed.outcome}: ${closed.servers.map(({ state, reason }) => `${state} ${reason ?? ''}`).join(', ')}`)
    problems.push(...await this.#evidence(closed.job))
    const wanted = await this.#model()
    for (const node of this.#nodes) {
      const there = await shownIn(join(node.media, at)).catch((error: Error) => [error.message])
      if (there.join() !== wanted.join()) problems.push(`${node.name} shows ${there.join(' | ')} instead of ${wanted.join(' | ')}`)
    }
    return problems
  }

  async #publish (at: string): Promise<JobClosed> {
    const job = await eventually('the base opens a job', async () => await this.#client.openJob({ to: 'all' }).catch(() => undefined))
    const show = join(this.#sources, 'show')
    await job.put(show, `${at}/show`)
    await job.mkdir(`${at}/empty`, { attributes: { mode: 0o750 } })
    await job.setAttributes(`${at}/show/small.txt`, { mode: 0o600 })
    await job.put(join(show, 'film.bin'), `${at}/doomed/film.bin`)
    await job.move(`${at}/doomed`, `${at}/moved`)
    await job.remove(`${at}/moved`, { recursive: true })
    await job.remove(`${at}/show/extra.txt`)
    const { seq } = await job.put(join(this.#sources, 'next'), `${at}/show`, { staged: true })
    await job.publish([seq])
    await job.verify(`${at}/show`)
    await job.end()
    return await job.closed()
  }

  /** What has to be on every node when the job is done. */
  async #model (): Promise<string[]> {
    const model = join(this.#fleet.dir, 'model')
    await cp(join(this.#sources, 'show'), join(model, 'show'), { recursive: true, preserveTimestamps: true })
    await cp(join(this.#sources, 'next'), join(model, 'show'), { recursive: true, preserveTimestamps: true })
    await rm(join(model, 'show', 'extra.txt'))
    await chmod(join(model, 'show', 'small.txt'), 0o600)
    await mkdir(join(model, 'empty'), { recursive: true })
    await chmod(join(model, 'empty'), 0o750)
    return await shownIn(model)
  }

  /** The receipts verify offline, and no server has two last words on anything. */
  async #evidence (id: string): Promise<string[]> {
    const text = await this.#client.receipts(id)
    const verified = await verifyBundle(text, { base: this.#base.peer })
    if (!verified.ok) return verified.problems.map(problem => `the bundle does not verify: ${JSON.stringify(problem)}`)
    const finals = new Map<string, number>()
    for (const bytes of parseBundle(text).receipts) {
      const { node, kind, seq } = (await open('receipt', bytes)).value
      if (kind !== ReceiptKind.COMMAND_COMPLETED && kind !== ReceiptKind.COMMAND_FAILED && kind !== ReceiptKind.COMMAND_SUPERSEDED) continue
      finals.set(`${node} on command ${seq}`, (finals.get(`${node} on command ${seq}`) ?? 0) + 1)
    }
    return [...finals].filter(([, count]) => count !== 1).map(([what, count]) => `${count} final receipts of ${what}`)
  }
}

/** A tree without the times of its folders: they tell when something in them was moved. */
async function shownIn (root: string): Promise<string[]> {
  return (await readTree(root)).map(line => line.replace(/ \d+ folder$/, ' folder'))
}
