import { Base, type BaseEffect, type BaseInput, type CommandInfo, type JobInfo, type ReceiptKind } from '../src/index.ts'
import type { Lossy } from '../src/lateness.ts'
import { Network } from './network.ts'

/** Nodes try their base again after this. */
const REDIAL_MS = 200
const WAIT_PERIOD_MS = 2_000
const STATUS_MS = 10

export const put = (seq: number, pieces: number | undefined, chunkPieces = 1, { track = 0, lossy }: { track?: number, lossy?: Lossy } = {}): CommandInfo => ({ seq, track, continueAfterFailure: false, body: { kind: 'put', pieces, chunkPieces, lossy } })
export const effect = (seq: number, track = 0): CommandInfo => ({ seq, track, continueAfterFailure: false, body: { kind: 'effect' } })
export const cancel = (seq: number, target: number): CommandInfo => ({ seq, track: 0, continueAfterFailure: false, body: { kind: 'cancel', seq: target, reason: 'changed my mind' } })
export const end = (seq: number): CommandInfo => ({ seq, track: 0, continueAfterFailure: false, body: { kind: 'end' } })

/** A base `base`, nodes `n0` …, and one job for all of them, with the base's lifecycle beside it. */
export class Fleet {
  readonly network = new Network()
  readonly job: JobInfo
  readonly lifecycle = new Base()
  readonly closings: Array<Extract<BaseEffect, { type: 'closeJob' }>> = []
  /** Ranks the base had to approach again. */
  reissued = 0
  readonly #recorded = new Set<string>()

  constructor (count: number, rates: (rank: number) => number = () => 0) {
    const { network } = this
    const servers = Array.from({ length: count }, (_, i) => `n${i}`)
    this.job = { id: 'job', base: 'base', servers, rates: servers.map((_, rank) => rates(rank)), priority: 0 }
    network.add('base')
    for (const server of servers) network.add(server)
    for (const server of servers) network.keepConnected(server, 'base', REDIAL_MS)
    network.onReceipt = () => this.#flush()
    this.#tick()
  }

  open (): this {
    const { id, servers } = this.job
    this.oversee({ type: 'jobOpened', job: { id, servers, waitPeriodMs: WAIT_PERIOD_MS, waitPeriods: 3, quorum: 0, expiresMs: 600_000 } })
    this.network.openJob('base', this.job)
    return this
  }

  command (command: CommandInfo): this {
    this.network.addCommand('base', 'job', command)
    this.oversee({ type: 'commandAccepted', job: 'job', seq: command.seq, end: command.body.kind === 'end' })
    return this
  }

  /** A put with all its bytes. */
  put (seq: number, pieces: number, chunkPieces = 1): this {
    this.command(put(seq, pieces, chunkPieces))
    this.network.store('base', 'job', seq, pieces)
    return this
  }

  oversee (input: BaseInput): void {
    for (const effect of this.lifecycle.handle(input, this.network.nowMs)) this.#perform(effect)
  }

  get completed (): string[] {
    return this.job.servers.filter(name => this.network.host(name).receipts.some(receipt => receipt.startsWith('job-completed')))
  }

  get alive (): string[] {
    return this.job.servers.filter(name => this.network.host(name).alive)
  }

  /** Run until everybody who lives has completed. @returns whether that came */
  run (untilMs: number): boolean {
    const done = (): boolean => this.alive.every(name => this.completed.includes(name))
    this.network.run(untilMs, done)
    return done()
  }

  /** Pieces that left the base. */
  get egress (): number {
    return [...this.network.sent].reduce((sum, [key, pieces]) => key.startsWith('base>') ? sum + pieces : sum, 0)
  }

  receipts (name: string): readonly string[] {
    return this.network.host(name).receipts
  }

  #tick (): void {
    this.network.at(this.network.nowMs + 100, () => {
      this.#flush()
      this.oversee({ type: 'tick' })
      this.#tick()
    })
  }

  /** Outboxes empty towards the base while it can be reached. */
  #flush (): void {
    for (const name of this.job.servers) {
      if (!this.network.linked(name, 'base')) continue
      for (const receipt of this.receipts(name)) {
        if (this.#recorded.has(`${name} ${receipt}`)) continue
        this.#recorded.add(`${name} ${receipt}`)
        const [kind, seq] = receipt.split(':') as [ReceiptKind, string]
        this.oversee({ type: 'receiptRecorded', job: 'job', peer: name, kind, seq: Number(seq), reason: kind === 'command-failed' ? 'failed there' : '' })
      }
    }
  }

  #perform (effect: BaseEffect): void {
    const { network } = this
    switch (effect.type) {
      case 'reissue':
        this.reissued += effect.ranks.length
        network.input('base', effect)
        break
      case 'queryStatus': {
        const { peer } = effect
        network.at(network.nowMs + STATUS_MS, () => {
          const isThere = network.linked(peer, 'base')
          this.oversee(isThere
            ? { type: 'statusAnswered', job: 'job', peer, summary: JSON.stringify(network.host(peer).peer.status('job') ?? 'unknown') }
            : { type: 'statusFailed', job: 'job', peer, reason: 'unreachable' })
        })
        break
      }
      case 'repair': {
        const { peer, action } = effect
        // These servers are peers and nothing more: there is nothing in them to be repaired.
        network.at(network.nowMs + STATUS_MS, () => this.oversee({ type: 'repaired', job: 'job', peer, action, result: network.linked(peer, 'base') ? 'refused' : 'silent', detail: 'nothing to repair' }))
        break
      }
      case 'reconnect':
      case 'serverDown':
        break
      case 'closeJob':
        this.closings.push(effect)
        break
    }
  }
}
