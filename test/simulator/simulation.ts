import { Faults } from './faults.ts'
import { Happening } from './event-queue.ts'
import type { Host } from './host.ts'
import { Intake } from './intake.ts'
import { Interpreter } from './interpreter.ts'
import { Network } from './network.ts'
import { Office } from './office.ts'
import { Pages } from './pages.ts'
import { deadOf, nameOf, type Plan } from './plan.ts'
import { Provider } from './provider.ts'
import { Script } from './script.ts'
import { type Observer, World } from './world.ts'

/** How often a driver looks at the core's timers, as in packages/node/src/driver.ts. */
const TICK_US = 20_000

/**
 * One run of a plan: the very same `Peer` and `Base` that run in production,
 * over links with rates, queues and propagation delay, with a provider, faults
 * and observers. Deterministic: a plan has one trace.
 */
export class Simulation {
  readonly world: World
  readonly script: Script
  readonly provider: Provider
  readonly #network: Network
  readonly #office: Office
  readonly #interpreter: Interpreter
  /** Jobs that servers have not reported as completed: `job name`. */
  readonly #expected = new Set<string>()

  constructor (plan: Plan) {
    this.world = new World(plan)
    this.script = new Script(plan)
    this.#network = new Network(this.world)
    this.#office = new Office(this.world, this.#network)
    const pages = new Pages(this.world, this.#network, this.script)
    const intake = new Intake(this.world, this.script, pages, (host, to) => this.#interpreter.acknowledge(host, to))
    intake.onAccepted = (job, seq, pieces) => this.provider.accepted(job, seq, pieces)
    this.#interpreter = new Interpreter(this.world, this.#network, this.script, intake, pages, host => this.#office.flush(host))
    this.provider = new Provider(this.world, this.script, intake, this.#office)
    this.world.perform = (host, effect) => this.#interpreter.perform(host, effect)
    this.#network.onConnected = host => this.#office.flush(host)
    const dead = deadOf(plan)
    for (const { id, servers } of plan.jobs) for (const server of servers) if (!dead.has(server)) this.#expected.add(`${id} ${nameOf(server)}`)
    this.#office.onRecorded = (job, server, receipt) => { if (receipt.startsWith('job-completed')) this.#expected.delete(`${job} ${server}`) }
  }

  /** How many receipts of a server are in the base's journal. */
  readonly recorded = (job: string, server: string): number => this.#office.recorded(job, server)

  observe (observer: Observer): void {
    this.world.observe(observer)
  }

  /** Servers that live to the end and have not reported a job as completed: `job name`. */
  get unfinished (): ReadonlySet<string> {
    return this.#expected
  }

  /** Play the plan until everybody who lives has completed everything. @throws {SimulationError} if that takes too long, or goes wrong */
  run (): void {
    const { world } = this
    const { plan, events } = world
    const faults = new Faults(world, this.#network, this.script, host => this.#start(host))
    for (const host of world.hosts) {
      const joinsMs = plan.hosts[host.index]?.joinsMs ?? 0
      if (joinsMs > 0) this.#network.silent.add(host.index)
      events.at(joinsMs * 1000, () => {
        this.#network.silent.delete(host.index)
        this.#start(host)
      })
    }
    faults.schedule()
    this.provider.start()
    const limitUs = plan.limitMs * 1000
    while (this.#unfinished() && events.nowUs < limitUs) if (!events.step()) break
    if (plan.goal === 'safe') return
    if (this.#expected.size > 0) throw world.error(`not completed after ${plan.limitMs / 1000} s: ${[...this.#expected].slice(0, 8).join(', ')}${this.#expected.size > 8 ? ` and ${this.#expected.size - 8} more` : ''}`)
  }

  /** Where everything is mended every job must also be closed. */
  #unfinished (): boolean {
    return this.#expected.size > 0 || (this.world.plan.healsMs != null && this.#office.open.length > 0)
  }

  /** A process starts, on whatever an earlier one left. */
  #start (host: Host): void {
    const { world } = this
    host.alive = true
    host.redials = 0
    for (const observer of world.observers) observer.restarted?.(host)
    for (const record of host.jobs.values()) {
      if (record.closed) continue
      if (host.index > 0) {
        // Whatever was done and perhaps not receipted is stated again.
        this.#interpreter.receipt(host, record.info.id, 'job-received', 0)
        for (const [seq, { state }] of record.outcomes) this.#interpreter.receipt(host, record.info.id, `command-${state}`, seq)
      }
      for (const input of record.restored()) world.input(host, input)
    }
    world.events.schedule(world.nowUs + world.prng.below(TICK_US), new Tick(world, host))
    if (host.index === 0) {
      this.#office.start()
      this.provider.resume()
    } else {
      this.#network.dial(host, world.base)
    }
  }
}

/** A process looks at its timers again and again, not in step with others. */
class Tick extends Happening {
  readonly #world: World
  readonly #host: Host
  readonly #life: number

  constructor (world: World, host: Host) {
    super()
    this.#world = world
    this.#host = host
    this.#life = host.life
  }

  override run (): void {
    if (!this.#host.alive || this.#host.life !== this.#life) return
    if (this.#host.peer.busy) this.#world.input(this.#host, { type: 'tick' })
    this.#world.events.schedule(this.#world.nowUs + TICK_US, this)
  }
}
