import { Base, type BaseEffect, type BaseInput, type JobInfo, type ReceiptKind } from '@sluice/core'
import { receiptBytes } from './framing.ts'
import type { Host } from './host.ts'
import type { Network } from './network.ts'
import type { JobRecord } from './record.ts'
import type { World } from './world.ts'

/** How often the base's own timers are looked at, as in packages/base/src/lifecycle.ts. */
const TICK_US = 250_000
/** Short, so that silent servers are asked often; and never tired of it, so that all who live complete. */
const WAIT_PERIOD_MS = 2_000
const MANY_WAIT_PERIODS = 1_000_000
const NEVER_MS = Number.MAX_SAFE_INTEGER
/** Bytes of a status query, and of its answer. */
const STATUS_BYTES = 80
/** Bytes of a signed report, before its lines. */
const REPORT_BYTES = 400
/** Bytes of an acknowledgement on the line that receipts go over. */
const ACK_BYTES = 4

/** The base's core for the life of jobs, and the way of receipts to it. */
export class Office {
  readonly #world: World
  readonly #network: Network
  #machine = new Base()
  /** What the base has durably: per job, in order. */
  readonly #jobs = new Map<string, { readonly info: JobInfo, readonly commands: boolean[], readonly receipts: Array<readonly [peer: string, receipt: string]>, closed: boolean }>()
  /** `job name receipt` */
  readonly #recorded = new Set<string>()
  onRecorded: (job: string, server: string, kind: string) => void = () => {}

  constructor (world: World, network: Network) {
    this.#world = world
    this.#network = network
  }

  /** With every start of the base's process: everything from what is durable. */
  start (): void {
    this.#machine = new Base()
    for (const [id, job] of this.#jobs) {
      if (job.closed) continue
      this.#input(this.#openInput(job.info))
      for (const [peer, receipt] of job.receipts) this.#count(id, peer, receipt)
      for (const [index, end] of job.commands.entries()) this.#input({ type: 'commandAccepted', job: id, seq: index + 1, end })
    }
    this.#tick()
  }

  /** Jobs that wait for somebody. */
  get open (): string[] {
    return [...this.#jobs].filter(([, { closed }]) => !closed).map(([id]) => id)
  }

  /** How many receipts of a server are in its journal. */
  recorded (job: string, server: string): number {
    return this.#jobs.get(job)?.receipts.filter(([peer]) => peer === server).length ?? 0
  }

  opened (info: JobInfo): void {
    this.#jobs.set(info.id, { info, commands: [], receipts: [], closed: false })
    this.#input(this.#openInput(info))
  }

  accepted (job: string, seq: number, end: boolean): void {
    this.#jobs.get(job)?.commands.push(end)
    this.#input({ type: 'commandAccepted', job, seq, end })
  }

  /** Send what waits: after a receipt was written, or when the base is there again. */
  flush (host: Host): void {
    const connection = host.connections.get(0)
    if (host.index === 0 || connection?.alive !== true) return
    const { receipts } = connection.from(host)
    for (const [id, record] of host.jobs) {
      for (let index = Math.max(record.acknowledged, receipts.get(id) ?? 0); index < record.receipts.length; index++) {
        receipts.set(id, index + 1)
        const receipt = record.receipts[index] as string
        this.#network.control(connection, host, receiptBytes(), base => {
          for (const observer of this.#world.observers) observer.reported?.(id, host.name, index, receipt)
          this.#record(id, host.name, receipt)
          base.disk.passes('recorded')
          this.#world.inLife(base, 0, () => {
            if (!connection.alive) return
            for (const observer of this.#world.observers) observer.settled?.(id, host.name, index + 1)
            this.#network.control(connection, base, ACK_BYTES, () => { record.acknowledged = Math.max(record.acknowledged, index + 1) })
          })
        })
      }
    }
  }

  #openInput ({ id, servers }: JobInfo): BaseInput {
    return { type: 'jobOpened', job: { id, servers, waitPeriodMs: WAIT_PERIOD_MS, waitPeriods: this.#world.plan.waitPeriods ?? MANY_WAIT_PERIODS, quorum: 0, expiresMs: NEVER_MS } }
  }

  #tick (): void {
    this.#world.inLife(this.#world.base, TICK_US, () => {
      this.#input({ type: 'tick' })
      this.#tick()
    })
  }

  #record (job: string, peer: string, receipt: string): void {
    const key = `${job} ${peer} ${receipt}`
    if (this.#recorded.has(key)) return
    this.#recorded.add(key)
    this.#jobs.get(job)?.receipts.push([peer, receipt])
    this.#count(job, peer, receipt)
    this.onRecorded(job, peer, receipt)
  }

  #count (job: string, peer: string, receipt: string): void {
    const [kind, seq] = receipt.split(':') as [ReceiptKind, string]
    if (kind === 'command-received' || kind === 'command-started') return
    this.#input({ type: 'receiptRecorded', job, peer, kind, seq: Number(seq), reason: kind === 'command-failed' ? 'it failed there' : '' })
  }

  #input (input: BaseInput): void {
    for (const effect of this.#machine.handle(input, this.#world.clockMs)) this.#perform(effect)
  }

  #perform (effect: BaseEffect): void {
    switch (effect.type) {
      case 'reissue': return this.#world.input(this.#world.base, { type: 'reissue', job: effect.job, ranks: effect.ranks })
      case 'queryStatus': return this.#query(effect.job, effect.peer)
      case 'repair': return this.#repair(effect)
      // A simulated connection is up or down, and comes back by itself.
      case 'reconnect':
      case 'serverDown': return
      case 'closeJob': return this.#close(effect)
    }
  }

  #query (job: string, peer: string): void {
    const { base } = this.#world
    const connection = base.connections.get(this.#world.host(peer).index)
    const failed = (): void => this.#input({ type: 'statusFailed', job, peer, reason: 'no connection' })
    if (connection?.alive !== true) return this.#world.inLife(base, 0, failed)
    this.#network.control(connection, base, STATUS_BYTES, host => {
      const summary = JSON.stringify(host.peer.status(job) ?? 'unknown')
      this.#network.control(connection, host, STATUS_BYTES, () => this.#input({ type: 'statusAnswered', job, peer, summary }))
    })
  }

  /** Simulated servers are cores without an executor, an outbox that hangs, or a disk that rots: they refuse every repair, as nodes do whose configuration allows none. */
  #repair ({ job, peer, action }: Extract<BaseEffect, { type: 'repair' }>): void {
    const { base } = this.#world
    const connection = base.connections.get(this.#world.host(peer).index)
    const ended = (result: 'refused' | 'silent'): void => this.#input({ type: 'repaired', job, peer, action, result, detail: 'not in a simulation' })
    if (connection?.alive !== true) return this.#world.inLife(base, 0, () => ended('silent'))
    this.#network.control(connection, base, STATUS_BYTES, host => this.#network.control(connection, host, STATUS_BYTES, () => ended('refused')))
  }

  /** Nobody waits for it any more: all who completed are told, then the base lets go, too. */
  #close ({ job: id, servers }: Extract<BaseEffect, { type: 'closeJob' }>): void {
    const { base } = this.#world
    const job = this.#jobs.get(id)
    if (job == null) return
    for (const observer of this.#world.observers) observer.closed?.(id, servers)
    job.closed = true
    for (const { peer, state } of servers) {
      const connection = base.connections.get(this.#world.host(peer).index)
      if (state === 'complete' && connection?.alive === true) this.#network.control(connection, base, REPORT_BYTES, host => this.#release(host, id))
    }
    this.#world.inLife(base, 0, () => this.#release(base, id))
  }

  #release (host: Host, id: string): void {
    const record: JobRecord | undefined = host.jobs.get(id)
    if (record == null || record.closed) return
    record.closed = true
    this.#world.input(host, { type: 'jobClosed', job: id })
  }
}
