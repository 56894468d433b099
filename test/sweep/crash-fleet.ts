import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createProvider, type Provider } from '@sluice/sdk'
import { eventually } from '../e2e/eventually.ts'
import { writeMedia } from '../e2e/media-tree.ts'
import { ProcessFleet, type ProcessPlace, type Run } from '../e2e/process-fleet.ts'
import { errandRound } from './errand-round.ts'
import { expiryRound } from './expiry-round.ts'
import { jobRound } from './job-round.ts'
import { type Ground, listed, type Round, type Victim } from './round.ts'
import { undoneRound } from './undone-round.ts'

const KiB = 1024
const ROUNDS: readonly Round[] = [jobRound, undoneRound, errandRound, expiryRound]
/** Where a server keeps what is on its way: nothing of it outlasts what it was for. */
const ON_THE_WAY = ['deposits', 'publish', 'trash']

/** Where a process is to be killed: in the first round that passes this boundary. */
export interface Target {
  readonly victim: Victim
  readonly round: Round
  readonly boundary: string
}

/** What one crash came to. */
export interface Crash {
  readonly victim: Victim
  readonly round: string
  readonly boundary: string
  /** Whether the process was at that boundary, and died there. */
  readonly hit: boolean
  readonly ms: number
  readonly problems: string[]
}

/** A process that is to die, or to write down what it passes. */
interface Watched {
  readonly revived: () => Promise<void>
  /** It is not to die any more. */
  over: boolean
}

/**
 * A base, two nodes and a provider: real processes but the provider, which is
 * this one. A process is killed at a boundary while a round goes on, started
 * again, and all must be as if nothing had been.
 */
export class CrashFleet {
  readonly #fleet = new ProcessFleet()
  readonly #nodes: ProcessPlace[] = []
  readonly #runs = new Map<ProcessPlace, Run>()
  #base!: ProcessPlace
  #client!: Provider
  #rounds = 0

  static async start (): Promise<CrashFleet> {
    const crash = new CrashFleet()
    const fleet = crash.#fleet
    crash.#base = await fleet.place('base')
    const provider = await fleet.place('provider')
    for (const name of ['node-1', 'node-2']) crash.#nodes.push(await fleet.place(name))
    await writeMedia(join(crash.#sources, 'show', 'film.bin'), 700 * KiB, 1)
    await writeMedia(join(crash.#sources, 'show', 'small.txt'), 300, 2)
    await writeMedia(join(crash.#sources, 'show', 'extra.txt'), 100, 4)
    await writeMedia(join(crash.#sources, 'next', 'film.bin'), 200 * KiB, 3)
    const members = [...crash.#nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' as const }]
    crash.#runs.set(crash.#base, await fleet.startBase(crash.#base, members))
    for (const node of crash.#nodes) crash.#runs.set(node, await fleet.startNode(node))
    // They have addresses now, and keep them, as servers do.
    for (const [place, run] of crash.#runs) {
      const address = (await run.ready()).replace(/\/p2p\/.*/, '')
      await fleet.configure(place, { ...JSON.parse(readFileSync(place.config, 'utf8')) as object, listen: [address] })
    }
    crash.#client = await createProvider({ dataDir: join(provider.dir, 'data'), base: fleet.address })
    return crash
  }

  get #sources (): string {
    return join(this.#fleet.dir, 'sources')
  }

  /** Go through all rounds with a process that writes down every boundary that it passes. */
  async targets (victim: Victim): Promise<Target[]> {
    const place = this.#place(victim)
    const file = join(this.#fleet.dir, `boundaries-${victim}`)
    const targets = new Map<string, Target>()
    for (const round of ROUNDS.filter(({ victims }) => victims.includes(victim))) {
      const watched = { revived: async () => { throw new Error('nobody was to be killed') }, over: false }
      const ground = await this.#ground(place, watched)
      await round.prepare?.(ground)
      writeFileSync(file, '')
      await this.#restart(place, { SLUICE_FAILPOINT_RECORD: file })
      const problems = [...await round.run(ground), ...await this.#leftovers()]
      if (problems.length > 0) throw new Error(`${round.name}, which nobody disturbs, went wrong: ${problems.join('; ')}`)
      for (const boundary of readFileSync(file, 'utf8').trim().split('\n')) if (!targets.has(boundary)) targets.set(boundary, { victim, round, boundary })
    }
    await this.#restart(place)
    return [...targets.values()]
  }

  /** Go through the target's round, and kill its victim where it first passes the boundary. */
  async crash ({ victim, round, boundary }: Target): Promise<Crash> {
    const startMs = performance.now()
    const place = this.#place(victim)
    let hit = false
    const watched: Watched = { revived: async () => { await eventually(`${place.name} is killed`, () => hit); await revived }, over: false }
    const ground = await this.#ground(place, watched)
    await round.prepare?.(ground)
    const failing = await this.#restart(place, { SLUICE_FAILPOINT: `${boundary}:1:kill` })
    const revived = failing.exit().then(async () => {
      if (watched.over) return
      hit = true
      await this.#start(place)
    })
    const work = round.run(ground).catch((error: Error) => [error.message])
    const problems = await Promise.race([work, revived.then(async () => await work)])
    // Some pass it after the others have what they wanted.
    if (!watched.over) await watched.revived().catch(() => {})
    watched.over = true
    problems.push(...await this.#leftovers())
    return { victim, round: round.name, boundary, hit, ms: Math.round(performance.now() - startMs), problems }
  }

  async stop (): Promise<void> {
    await this.#client?.stop()
    await this.#fleet.stop()
  }

  #place (victim: Victim): ProcessPlace {
    return victim === 'base' ? this.#base : this.#nodes[0] as ProcessPlace
  }

  async #ground (victim: ProcessPlace, watched: Watched): Promise<Ground> {
    const name = `round-${++this.#rounds}`
    const model = join(this.#fleet.dir, 'models', name)
    await mkdir(model, { recursive: true })
    return {
      client: this.#client,
      base: this.#base,
      nodes: this.#nodes,
      victim,
      sources: this.#sources,
      at: `/${name}`,
      model,
      revived: async () => { await watched.revived() },
      stopped: async work => {
        watched.over = true
        await this.#runs.get(victim)?.stop('SIGKILL')
        try {
          return work()
        } finally {
          await this.#start(victim)
        }
      }
    }
  }

  /** What is left on the nodes of what was cut off. */
  async #leftovers (): Promise<string[]> {
    const left = (): string[] => this.#nodes.flatMap(({ name, media }) => ON_THE_WAY.flatMap(folder => listed(join(media, '.sluice', folder)).map(file => `${name} still has ${folder}/${file}`)))
    return await eventually('nothing is left over', () => left().length === 0).then(() => [], left)
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
}
