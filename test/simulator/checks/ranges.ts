import type { Effect, Input, Range } from '@sluice/core'
import { Happening } from '../event-queue.ts'
import type { Host } from '../host.ts'
import type { Observer, World } from '../world.ts'

/** What a host gave to one server it approached. */
interface Errand {
  readonly job: string
  readonly peer: string
  readonly ranges: readonly Range[]
  /** When the ranges were given, and when anything was sent last. */
  readonly givenUs: number
  sentUs: number
  number: number
  answered: boolean
  /** When it came back: at once if it was not answered, later if it was. */
  backUs: number | undefined
}

/** A server that has its ranges may return so long; and ticks come every 20 ms. */
const TAKE_BACK_US = 5_500_000
/** An errand is open for so long at least before it is sent once more. */
const RESEND_US = 2_900_000
/** Four servers are approached at once, and one that is gone takes 10 s: what is owed is paid by then. */
const OWED_US = 60_000_000
const EVERY_US = 500_000

/** What a server does not live to hand on, its giver does; and nobody calls a job complete before that. */
export class RangesCheck extends Happening implements Observer {
  readonly #world: World
  /** `name job` → peer → errand */
  readonly #errands = new Map<string, Map<string, Errand>>()
  /** `name job` → server → when it was approached, or given away, last */
  readonly #approachedUs = new Map<string, Map<string, number>>()
  /** … and when it was brought to this host last, to be approached. */
  readonly #broughtUs = new Map<string, Map<string, number>>()

  constructor (world: World) {
    super()
    this.#world = world
    world.events.schedule(EVERY_US, this)
  }

  restarted (host: Host): void {
    for (const key of [...this.#errands.keys()]) if (key.startsWith(`${host.name} `)) this.#errands.delete(key)
  }

  input (host: Host, input: Input): void {
    const { nowUs } = this.#world
    switch (input.type) {
      case 'disconnected':
      case 'unreachable':
        // A dial that failed beside a connection says nothing.
        if (host.connections.has(this.#world.host(input.peer).index)) return
        for (const errand of this.#of(host, input.peer)) errand.backUs ??= errand.answered ? nowUs + TAKE_BACK_US : nowUs
        return
      case 'connected':
        for (const errand of this.#of(host, input.peer)) if (errand.answered && (errand.backUs ?? 0) > nowUs) errand.backUs = undefined
        return
      case 'handedOver':
        for (const server of this.#servers(host, input.job, input.ranges)) note(this.#broughtUs, host, input.job, server, nowUs)
        return
      case 'jobClosed':
        this.#errands.delete(`${host.name} ${input.job}`)
        return
      case 'message': {
        if (input.message.type !== 'handoverAck') return
        const errand = this.#errands.get(`${host.name} ${input.message.job}`)?.get(input.from)
        if (errand?.number !== input.message.errand || errand.backUs != null) return
        errand.answered = true
        if (input.message.refused != null) errand.backUs = nowUs
      }
    }
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type === 'handOver' && effect.errand > 0) this.#handOver(host, effect)
    else if (effect.type === 'connect') for (const job of host.jobs.keys()) this.#approach(host, job, effect.peer)
    else if (effect.type === 'receipt' && effect.kind === 'job-completed') {
      for (const errand of this.#errands.get(`${host.name} ${effect.job}`)?.values() ?? []) this.#mayComplete(host, errand)
      this.#errands.delete(`${host.name} ${effect.job}`)
    }
  }

  override run (): void {
    for (const host of this.#world.hosts) {
      for (const job of host.alive ? host.jobs.keys() : []) {
        for (const errand of this.#errands.get(`${host.name} ${job}`)?.values() ?? []) this.#mustPay(host, errand, OWED_US, 'has not approached')
      }
    }
    this.#world.events.schedule(this.#world.nowUs + EVERY_US, this)
  }

  #mayComplete (host: Host, errand: Errand): void {
    const { peer, job, sentUs, answered } = errand
    if (!answered && errand.backUs == null && host.connections.has(this.#world.host(peer).index) && this.#world.nowUs - sentUs < RESEND_US) throw this.#world.error(`${host.name} states that ${job} is complete, and ${peer} has not confirmed what it was sent`)
    this.#mustPay(host, errand, 0, `states that ${job} is complete, and has not approached`)
  }

  #mustPay (host: Host, { job, peer, ranges, givenUs, backUs }: Errand, patienceUs: number, what: string): void {
    if (backUs == null || this.#world.nowUs - backUs < patienceUs) return
    const approachedUs = this.#approachedUs.get(`${host.name} ${job}`)
    for (const server of this.#servers(host, job, ranges)) {
      // Who has confirmed the job to this very host is not approached again, even if the base had it approached again.
      const own = this.#errands.get(`${host.name} ${job}`)?.get(server)
      if (own?.answered === true && own.backUs == null && (this.#broughtUs.get(`${host.name} ${job}`)?.get(server) ?? 0) > own.givenUs) continue
      if (server !== host.name && (approachedUs?.get(server) ?? -1) <= givenUs) throw this.#world.error(`${host.name} ${what} ${server}, which came back from ${peer} ${((this.#world.nowUs - backUs) / 1e6).toFixed(1)} s ago`)
    }
  }

  #handOver (host: Host, { job, to, errand: number, withJob, ranges }: Extract<Effect, { type: 'handOver' }>): void {
    const { nowUs } = this.#world
    const key = `${host.name} ${job}`
    this.#approach(host, job, to)
    for (const server of this.#servers(host, job, ranges)) this.#approach(host, job, server)
    let errands = this.#errands.get(key)
    if (errands == null) this.#errands.set(key, errands = new Map())
    const before = errands.get(to)
    if (!withJob && before != null) Object.assign(before, { number, sentUs: nowUs, answered: false })
    else errands.set(to, { job, peer: to, ranges, givenUs: nowUs, sentUs: nowUs, number, answered: false, backUs: undefined })
  }

  #approach (host: Host, job: string, server: string): void {
    note(this.#approachedUs, host, job, server, this.#world.nowUs)
  }

  #servers (host: Host, job: string, ranges: readonly Range[]): string[] {
    return ranges.flatMap(({ first, end }) => host.jobs.get(job)?.info.servers.slice(first, end) ?? [])
  }

  * #of (host: Host, peer: string): Generator<Errand> {
    for (const job of host.jobs.keys()) {
      const errand = this.#errands.get(`${host.name} ${job}`)?.get(peer)
      if (errand != null) yield errand
    }
  }
}

function note (times: Map<string, Map<string, number>>, host: Host, job: string, server: string, nowUs: number): void {
  const key = `${host.name} ${job}`
  let of = times.get(key)
  if (of == null) times.set(key, of = new Map())
  of.set(server, nowUs)
}
