import type { Host } from './host.ts'
import type { Network } from './network.ts'
import { nameOf, type FaultPlan } from './plan.ts'
import type { Script } from './script.ts'
import type { World } from './world.ts'

/** Lets what the plan says go wrong. */
export class Faults {
  readonly #world: World
  readonly #network: Network
  readonly #script: Script
  readonly #start: (host: Host) => void

  constructor (world: World, network: Network, script: Script, start: (host: Host) => void) {
    this.#world = world
    this.#network = network
    this.#script = script
    this.#start = start
  }

  schedule (): void {
    for (const fault of this.#world.plan.faults) this.#world.events.at(fault.atMs * 1000, () => this.#strike(fault))
  }

  #host (index: number): Host {
    return this.#world.host(nameOf(index))
  }

  #later (atMs: number, run: () => void): void {
    this.#world.events.at(atMs * 1000, run)
  }

  #strike (fault: FaultPlan): void {
    switch (fault.kind) {
      case 'cut': {
        const connection = this.#host(fault.a).connections.get(fault.b)
        if (connection != null) this.#network.break(connection, this.#host(fault.a), false)
        return
      }
      case 'partition': return this.#part(new Set(fault.hosts), fault.untilMs)
      case 'crash': {
        const host = this.#host(fault.host)
        this.#kill(host, false)
        this.#later(fault.backMs, () => { if (!host.alive && !this.#network.silent.has(host.index)) this.#start(host) })
        return
      }
      case 'die': return this.#die(this.#host(fault.host), fault.silent, fault.backMs)
      case 'disk': {
        const { disk } = this.#host(fault.host)
        disk.suffer(fault.trouble)
        if (fault.untilMs != null) this.#later(fault.untilMs, () => disk.suffer(undefined))
        return
      }
      case 'power': return this.#arm(this.#host(fault.host), fault)
      case 'slow': return this.#slow(this.#host(fault.host), fault.share, fault.untilMs)
      case 'corrupt': return this.#corrupt(this.#host(fault.host), fault.untilMs)
    }
  }

  #die (host: Host, silent: boolean, backMs: number | undefined): void {
    this.#kill(host, silent)
    if (silent) this.#network.silent.add(host.index)
    if (backMs != null) this.#later(backMs, () => {
      this.#network.silent.delete(host.index)
      if (!host.alive) this.#start(host)
    })
  }

  #arm (host: Host, { moment, nth, downMs }: Extract<FaultPlan, { kind: 'power' }>): void {
    host.disk.arm(moment, nth, () => {
      this.#kill(host, false)
      this.#world.events.at(this.#world.nowUs + downMs * 1000, () => { if (!host.alive && !this.#network.silent.has(host.index)) this.#start(host) })
    })
  }

  /** What it has sent is gone with its process; those who banned it do so until they are started again. */
  #corrupt (host: Host, untilMs: number | undefined): void {
    host.corrupt = true
    if (untilMs != null) this.#later(untilMs, () => {
      host.corrupt = false
      for (const other of this.#world.hosts) {
        if (!other.alive || (other !== host && !other.banned.has(host.index))) continue
        this.#kill(other, false)
        if (!this.#network.silent.has(other.index)) this.#start(other)
      }
    })
  }

  #part (side: ReadonlySet<number>, untilMs: number): void {
    this.#network.partitions.add(side)
    for (const index of side) {
      const host = this.#host(index)
      for (const [other, connection] of [...host.connections]) if (!side.has(other)) this.#network.break(connection, host, true)
    }
    this.#later(untilMs, () => this.#network.partitions.delete(side))
  }

  #slow (host: Host, share: number, untilMs: number | undefined): void {
    const { rate } = host.up
    host.up.rate = rate * share
    if (untilMs != null) this.#later(untilMs, () => { host.up.rate = rate })
  }

  /** What was not durable is gone, and so is everything under way. */
  #kill (host: Host, silently: boolean): void {
    if (!host.alive) return
    const { rate } = host.up
    host.alive = false
    host.life++
    host.disk.crash()
    host.traffic.busyUs += host.up.busyUs(this.#world.nowUs)
    host.up = this.#world.newUpLink(host.index)
    // A slow line is slow for the next process, too.
    host.up.rate = rate
    for (const connection of [...host.connections.values()]) this.#network.break(connection, host, silently)
    host.connections.clear()
    host.inFlightTo.clear()
    host.inFlight = 0
    host.banned.clear()
    host.peer = this.#world.newPeer(host.index, host.life)
    for (const record of host.jobs.values()) for (const [seq, media] of record.media) media.crash(this.#script.length(record.info.id, seq), () => host.disk.fate())
  }
}
