import type { Effect } from '@sluice/core'
import { Happening } from './event-queue.ts'
import type { Host } from './host.ts'
import type { LaneBook } from './lane-book.ts'
import { startUs } from './plan.ts'
import type { MediaRecord } from './record.ts'
import type { Simulation } from './simulation.ts'
import type { Observer, PieceFate, World } from './world.ts'

/** Why an uplink has nothing to do. */
export const IDLE_REASONS = ['noLane', 'nothingUseful', 'notAsked', 'unacknowledged'] as const
export type IdleReason = typeof IDLE_REASONS[number]

/** Pieces held by everybody at one moment. */
export interface Sample {
  readonly atUs: number
  readonly pieces: Uint32Array
}

/** Measures a run as it goes: who had what when, and what uplinks did with their time. */
export class Meter implements Observer {
  readonly #simulation: Simulation
  readonly #lanes: LaneBook
  readonly samples: Sample[] = []
  /** When each host held everything, in microseconds. */
  readonly finishedUs = new Map<number, number>()
  /** Microseconds of uplink time, all hosts together. */
  readonly idleUs: Record<IdleReason, number> = { noLane: 0, nothingUseful: 0, notAsked: 0, unacknowledged: 0 }
  busyUs = 0
  /** Chunks whose source was changed half-way, as receipts say. */
  switches = 0
  /** Servers that were offered a job they had. */
  vainOffers = 0
  /** Of pieces of live puts, from the base's disk to a node's, in microseconds. */
  readonly delaysUs: number[] = []
  readonly #busyBefore: number[]
  #sampledUs = 0

  constructor (simulation: Simulation, lanes: LaneBook, intervalUs: number) {
    this.#simulation = simulation
    this.#lanes = lanes
    const { world } = simulation
    this.#busyBefore = world.hosts.map(() => 0)
    this.#sampledUs = startUs(world.plan)
    world.events.schedule(this.#sampledUs, new Sampling(world, () => this.#sample(), intervalUs))
  }

  effect (host: Host, effect: Effect): void {
    const { world } = this.#simulation
    // Its turn has come, and all of its bytes are there.
    if (effect.type === 'execute' && host.jobs.get(effect.job)?.media.has(effect.seq) === true) this.finishedUs.set(host.index, world.nowUs)
    if (effect.type === 'handOver' && effect.withJob && world.host(effect.to).jobs.has(effect.job)) this.vainOffers++
    if (effect.type === 'receipt' && effect.kind === 'command-completed') this.switches += effect.details.switches
  }

  arrived (_from: Host, _to: Host, job: string, seq: number, piece: number, fate: PieceFate): void {
    const { script, provider, world } = this.#simulation
    if (fate !== 'stored' || script.media(job, seq).kind !== 'live') return
    const storedUs = provider.storedUs.get(`${job}/${seq}`)?.[piece]
    if (storedUs != null) this.delaysUs.push(world.nowUs - storedUs)
  }

  /** The run is over: what happened since the last sample counts, too. */
  stop (): void {
    this.#sample()
  }

  #sample (): void {
    const { world } = this.#simulation
    const spanUs = world.nowUs - this.#sampledUs
    this.#sampledUs = world.nowUs
    const pieces = new Uint32Array(world.hosts.length)
    for (const host of world.hosts) {
      for (const { media } of host.jobs.values()) for (const { pieces: held } of media.values()) pieces[host.index] = (pieces[host.index] as number) + held.count
      const busyUs = host.traffic.busyUs + host.up.busyUs(world.nowUs)
      const busy = busyUs - (this.#busyBefore[host.index] as number)
      this.#busyBefore[host.index] = busyUs
      if (spanUs === 0 || !host.alive) continue
      this.busyUs += busy
      const idleUs = Math.max(0, spanUs - busy)
      if (idleUs > 0) this.idleUs[this.#reason(host)] += idleUs
    }
    this.samples.push({ atUs: world.nowUs, pieces })
  }

  /** What it looks like now stands for the whole interval. */
  #reason (host: Host): IdleReason {
    if (host.inFlight > 0) return 'unacknowledged'
    let any = false
    for (const { receiver, job } of this.#lanes.from(host)) {
      any = true
      for (const [seq, media] of host.jobs.get(job)?.media ?? []) {
        const theirs = receiver.jobs.get(job)?.media.get(seq)
        if (theirs != null && hasMore(media, theirs)) return 'notAsked'
      }
    }
    return any ? 'nothingUseful' : 'noLane'
  }
}

/** Whether one has a chunk that the other lacks. */
function hasMore (mine: MediaRecord, theirs: MediaRecord): boolean {
  if (mine.chunks.count > theirs.chunks.count) return true
  for (const chunk of mine.chunks.indexes()) if (!theirs.chunks.has(chunk)) return true
  return false
}

class Sampling extends Happening {
  readonly #world: World
  readonly #sample: () => void
  readonly #intervalUs: number

  constructor (world: World, sample: () => void, intervalUs: number) {
    super()
    this.#world = world
    this.#sample = sample
    this.#intervalUs = intervalUs
  }

  override run (): void {
    this.#sample()
    this.#world.events.schedule(this.#world.nowUs + this.#intervalUs, this)
  }
}
