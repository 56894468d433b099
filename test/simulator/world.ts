import { InvariantError, Peer, Prng, type Effect, type Input } from '@sluice/core'
import { Disk } from './disk.ts'
import { EventQueue } from './event-queue.ts'
import { type Host, noTraffic } from './host.ts'
import { DownLink, UpLink } from './link.ts'
import { nameOf, type Plan } from './plan.ts'
import { TraceHash } from './trace.ts'

/** The core is told a time such as the driver's: nobody may take 0 for a time that never came. */
const EPOCH_MS = 1_700_000_000_000

/** Somebody who looks on: checkers, meters, the writer of the transcript. */
export interface Observer {
  /** An input was handled; its effects follow. */
  input? (host: Host, input: Input): void
  /** An effect is about to be performed. */
  effect? (host: Host, effect: Effect): void
  /** A connection was made. */
  connected? (a: Host, b: Host): void
  /** A connection broke; neither end may know yet. */
  broken? (a: Host, b: Host): void
  /** A process was killed, or started. */
  restarted? (host: Host): void
  /** A piece was taken off the link. `fate`: it was stored, was here already, was wrong, or nobody could use it. */
  arrived? (from: Host, to: Host, job: string, seq: number, piece: number, fate: PieceFate): void
  /** A receipt is durable at its server. */
  receipt? (host: Host, job: string, receipt: string): void
  /** The base has told the provider that it may forget these pieces. */
  accepted? (job: string, seq: number, pieces: Uint8Array): void
  /** A server's receipt, the so-and-so-many-th of its chain, gets to the base. */
  reported? (job: string, server: string, index: number, receipt: string): void
  /** The base says that it has this many of a server's receipts, and will keep them. */
  settled? (job: string, server: string, count: number): void
  /** The base closes a job, with a line for each server. */
  closed? (job: string, lines: ReadonlyArray<{ readonly peer: string, readonly state: string }>): void
}

export type PieceFate = 'stored' | 'duplicate' | 'rejected' | 'dropped'

/** Something that must never be. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
}

/** What every part of the simulator shares: time, chance, hosts, and those who look on. */
export class World {
  readonly plan: Plan
  readonly events = new EventQueue()
  readonly prng: Prng
  readonly hash = new TraceHash()
  readonly hosts: Host[]
  readonly observers: Observer[] = []
  /** Those of them that look at inputs, and at effects: most look at few things, and these are many. */
  readonly #inputObservers: Array<Observer & Required<Pick<Observer, 'input'>>> = []
  readonly #effectObservers: Array<Observer & Required<Pick<Observer, 'effect'>>> = []
  readonly #byName = new Map<string, Host>()
  /** Connections that broke so far, and processes that were killed. */
  losses = 0
  /** Performs effects. */
  perform: (host: Host, effect: Effect) => void = () => {}

  constructor (plan: Plan) {
    this.plan = plan
    this.prng = new Prng(plan.seed)
    this.hosts = plan.hosts.map(({ down }, index) => ({
      index,
      name: nameOf(index),
      peer: this.newPeer(index, 0),
      alive: false,
      life: 0,
      disk: new Disk(this, index),
      up: this.newUpLink(index),
      down: new DownLink(down),
      connections: new Map(),
      jobs: new Map(),
      banned: new Set(),
      corrupt: false,
      redials: 0,
      inFlightTo: new Map(),
      inFlight: 0,
      traffic: noTraffic()
    }))
    for (const host of this.hosts) this.#byName.set(host.name, host)
  }

  get nowUs (): number {
    return this.events.nowUs
  }

  /** What the clock of a process says. */
  get clockMs (): number {
    return EPOCH_MS + this.events.nowUs / 1000
  }

  get base (): Host {
    return this.hosts[0] as Host
  }

  host (name: string): Host {
    const host = this.#byName.get(name)
    if (host == null) throw this.error(`the core speaks of a host ${JSON.stringify(name)} that there is not`)
    return host
  }

  newPeer (index: number, life: number): Peer {
    return new Peer({ self: nameOf(index), prng: Prng.fromText(`${this.plan.seed}/${index}/${life}`), ...this.plan.peer })
  }

  newUpLink (index: number): UpLink {
    const { links, hosts } = this.plan
    return new UpLink(hosts[index]?.up ?? 0, this.events, this.prng, links.jitter, links.drift, links.tcp)
  }

  observe (observer: Observer): void {
    this.observers.push(observer)
    if (looksAtInputs(observer)) this.#inputObservers.push(observer)
    if (looksAtEffects(observer)) this.#effectObservers.push(observer)
  }

  /** Something happened to a peer: let it decide, and do what it decided. */
  input (host: Host, input: Input): void {
    if (!host.alive) return
    this.hash.input(this.events.nowUs, host.index, input)
    let effects: Effect[]
    try {
      effects = host.peer.handle(input, this.clockMs)
    } catch (error) {
      const what = error instanceof InvariantError ? 'an invariant of the core does not hold' : 'the core throws'
      throw this.error(`${host.name}: ${what}: ${(error as Error).message}`, error)
    }
    for (const observer of this.#inputObservers) observer.input(host, input)
    for (const effect of effects) {
      this.hash.effect(effect)
      for (const observer of this.#effectObservers) observer.effect(host, effect)
      this.perform(host, effect)
    }
  }

  /** Run something after a while, if this process lives so long. */
  inLife (host: Host, delayUs: number, run: () => void): void {
    const { life } = host
    this.events.at(this.events.nowUs + delayUs, () => { if (host.alive && host.life === life) run() })
  }

  error (what: string, cause?: unknown): SimulationError {
    const { seed, replay } = this.plan
    return new SimulationError(`${what}\n  at ${(this.events.nowUs / 1e6).toFixed(6)} s of seed ${seed}; run it again with: ${replay}`, { cause })
  }
}

function looksAtInputs (observer: Observer): observer is Observer & Required<Pick<Observer, 'input'>> {
  return observer.input != null
}

function looksAtEffects (observer: Observer): observer is Observer & Required<Pick<Observer, 'effect'>> {
  return observer.effect != null
}
