import type { PrivateKey } from '@libp2p/interface'
import { Base, type BaseEffect, type BaseInput, type ReceiptKind as CoreReceiptKind } from '@sluice/core'
import { type BookedJob, type Driver, type JobBook, type Logger, ReceiptConflict, type Status } from '@sluice/node'
import { across, type Journal, JournalConflict } from '@sluice/store'
import { type hello, open, Outcome, PROTOCOLS, type Receipt, ReceiptKind, type Report, ServerState, sha256, sign, type Signed, sameBytes, type session, type status, toHex } from '@sluice/wire'
import type { Absences } from './absences.ts'
import { inBundleOrder } from './evidence.ts'
import { RepairOrders } from './repair-orders.ts'

type CloseEffect = Extract<BaseEffect, { type: 'closeJob' }>

export interface LifecycleInit {
  readonly key: PrivateKey
  readonly self: string
  readonly epoch: number
  readonly journal: Journal
  readonly jobs: JobBook
  readonly absences: Absences
  readonly driver: () => Driver
  readonly status: () => Status
  /** Drop the connection to a peer that does not answer, and dial it anew. */
  readonly reconnect: (peer: string) => void
  readonly waitPeriodMs: number
  readonly waitPeriods: number
  readonly log: Logger
  /** A receipt is recorded. */
  readonly onReceipt: (job: BookedJob, receipt: Signed<'receipt'>) => void
  /** A server is down: the provider is to know, with how long it will probably take. */
  readonly onSituation: (job: BookedJob, situation: session.Situation) => void
  /** A job is closed, and its report durable. */
  readonly onClosed: (job: BookedJob, report: Signed<'report'>) => void
}

const OUTCOMES = { complete: Outcome.COMPLETE, partial: Outcome.PARTIAL, failed: Outcome.FAILED } as const
const STATES = { complete: ServerState.SERVER_COMPLETE, failed: ServerState.SERVER_FAILED, unreachable: ServerState.UNREACHABLE, unknown: ServerState.UNKNOWN } as const
/** Kinds that the ledger counts; others are only kept. */
const LEDGER_KINDS: Partial<Record<ReceiptKind, CoreReceiptKind>> = {
  [ReceiptKind.JOB_RECEIVED]: 'job-received',
  [ReceiptKind.COMMAND_COMPLETED]: 'command-completed',
  [ReceiptKind.COMMAND_FAILED]: 'command-failed',
  [ReceiptKind.COMMAND_SUPERSEDED]: 'command-superseded',
  [ReceiptKind.JOB_COMPLETED]: 'job-completed'
}

/** How long the final notice waits for the other ways before it is posted, in milliseconds: a call that is not answered takes half of it. */
const WEBHOOK_GRACE_MS = 60_000

/** Receipts told to a node that forgot them, together, in bytes: half of what a message of `notify` holds. More come with the next conflict. */
const MAX_KNOWN_BYTES = PROTOCOLS.notify.maxMessageBytes / 2
/** How often the base's timers are looked at, in milliseconds: its finest is a second. */
const TICK_MS = 250

/**
 * The real interpreter of the base's effects: receipts in, queries and the
 * final report out. Nothing is acknowledged before it is durable.
 */
export class Lifecycle {
  readonly #init: LifecycleInit
  readonly #machine = new Base()
  readonly #orders: RepairOrders
  readonly #ticker: NodeJS.Timeout
  #stopped = false

  constructor (init: LifecycleInit) {
    this.#init = init
    this.#orders = new RepairOrders(init)
    this.#ticker = setInterval(() => { if (this.#machine.busy) this.#input({ type: 'tick' }) }, TICK_MS)
  }

  stop (): void {
    this.#stopped = true
    clearInterval(this.#ticker)
  }

  phase (key: string): string {
    return this.#machine.phase(key) ?? 'closed'
  }

  opened (job: BookedJob): void {
    const { options } = job.request
    const { value } = job.signed
    this.#input({
      type: 'jobOpened',
      job: {
        id: job.key,
        servers: value.servers.map(({ peer }) => peer),
        waitPeriodMs: options == null || options.waitPeriodMs === 0 ? this.#init.waitPeriodMs : options.waitPeriodMs,
        waitPeriods: options == null || options.waitPeriods === 0 ? this.#init.waitPeriods : options.waitPeriods,
        quorum: options?.quorum ?? 0,
        expiresMs: value.expires
      }
    })
  }

  accepted (job: BookedJob, seq: number): void {
    const isEnd = job.commands[seq - 1]?.signed.value.end != null
    if (isEnd) this.#init.journal.setJobState(job.signed.value.id, 'ending')
    this.#input({ type: 'commandAccepted', job: job.key, seq, end: isEnd })
  }

  /** A job of the journal, after a restart: its commands and receipts tell where it stands. */
  async restore (job: BookedJob): Promise<void> {
    this.opened(job)
    for (const { bytes } of this.#init.journal.receipts(job.signed.value.id)) this.#count(job, (await open('receipt', bytes)).value)
    for (const repaired of await this.#orders.past(job)) this.#input({ type: 'repairRestored', job: job.key, ...repaired })
    for (const { signed } of job.commands) this.accepted(job, signed.value.seq)
  }

  /** A node's unsigned word on how far it is. */
  progress (from: string, { job: id, seq, bytes }: session.Progress): void {
    const job = this.#init.jobs.byId(id)
    if (job != null) this.#input({ type: 'progressed', job: job.key, peer: from, seq, bytes })
  }

  /**
   * A node's receipt: verified, made durable, counted. Resolves when it may be acknowledged.
   *
   * @throws if it will never be taken, with the reason
   */
  async receive (from: string, bytes: Uint8Array): Promise<void> {
    const { journal } = this.#init
    const signed = await open('receipt', bytes, from)
    const { value } = signed
    if (value.node !== from) throw new Error(`the receipt speaks for ${value.node}`)
    const row = journal.jobByHash(value.job)
    if (row == null) throw new Error(`no job ${toHex(value.job)} here`)
    const job = this.#init.jobs.get(toHex(value.job))
    if (job == null && row.state !== 'closed') throw new Error(`job ${row.id} is not open`)
    if (job != null && !job.signed.value.servers.some(({ peer }) => peer === from)) throw new Error(`${from} is not a server of job ${row.id}`)
    if (job != null && value.seq > 0) {
      const command = job.commands[value.seq - 1]
      if (command == null || !sameBytes(command.signed.hash, value.command)) throw new Error(`the receipt is for another command ${value.seq} than that of job ${row.id}`)
    }
    const last = journal.lastReceipt(row.id, from)
    if (value.number > (last?.number ?? 0) + 1) throw new Error(`receipt ${value.number} does not follow ${last?.number ?? 0}`)
    if (value.number === (last?.number ?? 0) + 1 && !sameBytes(value.previous, last?.hash ?? row.hash)) throw new Error(`receipt ${value.number} is not chained to the one before it`)
    const recordedAt = await this.#recordedAt(row.id)
    let added: ReturnType<Journal['addReceipt']>
    try {
      added = journal.addReceipt({ job: row.id, node: from, number: value.number, kind: value.kind, seq: value.seq, bytes, hash: signed.hash, outbox: false, recordedAt })
    } catch (error) {
      // A node whose journal lost its end signs the same numbers again: what it said before counts, and it is told.
      if (error instanceof JournalConflict) throw new ReceiptConflict(error.message, this.#statedBy(row.id, from, value.number))
      throw error
    }
    if (added === 'known' || job == null) return
    this.#count(job, value)
    this.#init.onReceipt(job, signed)
  }

  /** What is here of a node from a receipt's number on, as much of it as an answer holds. */
  #statedBy (id: string, node: string, number: number): Uint8Array[] {
    const known: Uint8Array[] = []
    let bytes = 0
    for (const receipt of this.#init.journal.receipts(id)) {
      if (receipt.node !== node || receipt.number < number) continue
      bytes += receipt.bytes.length
      if (bytes > MAX_KNOWN_BYTES) break
      known.push(receipt.bytes)
    }
    return known
  }

  /** A receipt that comes after the report is recorded after it, whatever the clock says: the report does not rest on it. */
  async #recordedAt (id: string): Promise<number> {
    const report = this.#init.journal.report(id)
    return report == null ? Date.now() : Math.max(Date.now(), (await open('report', report)).value.closed + 1)
  }

  #count (job: BookedJob, receipt: Receipt): void {
    let kind = LEDGER_KINDS[receipt.kind]
    let { reason } = receipt
    const closing = job.pages.get(receipt.seq)?.closed
    // It holds other bytes than the sealed ones: whatever it says, it is not complete.
    if (kind === 'command-completed' && receipt.gaps.length > 0 && job.commands[receipt.seq - 1]?.signed.value.put?.lossy !== true) {
      kind = 'command-failed'
      reason = 'its receipt has gaps, and the command is no lossy put'
    }
    if (kind === 'command-completed' && closing != null && !sameBytes(receipt.digest, closing.root)) {
      kind = 'command-failed'
      reason = 'diverged: its digest is not the sealed one'
    }
    // A source must not count on it.
    if (kind === 'command-failed' || kind === 'command-superseded') this.#init.driver().input({ type: 'declined', job: job.key, seq: receipt.seq, peer: receipt.node })
    if (kind != null) this.#input({ type: 'receiptRecorded', job: job.key, peer: receipt.node, kind, seq: receipt.seq, reason })
  }

  #input (input: BaseInput): void {
    // Questions that fail because this base stops say nothing of its servers, and its journal is about to close.
    if (this.#stopped) return
    for (const effect of this.#machine.handle(input, Date.now())) this.#perform(effect)
  }

  #perform (effect: BaseEffect): void {
    switch (effect.type) {
      case 'reissue': return this.#init.driver().input({ type: 'reissue', job: effect.job, ranks: effect.ranks })
      case 'queryStatus': return this.#query(effect.job, effect.peer)
      case 'reconnect': return this.#init.reconnect(effect.peer)
      case 'repair': return this.#repair(effect)
      case 'serverDown': return this.#down(effect)
      case 'closeJob': {
        this.#close(effect).catch((error: Error) => this.#init.log.error('job not closed', { job: effect.job, error: error.message }))
        return
      }
    }
  }

  #query (key: string, peer: string): void {
    const job = this.#init.jobs.get(key)
    if (job == null) return
    this.#init.log.info('asking a silent server', { job: job.signed.value.id, peer })
    this.#init.status().query(peer, { job: job.signed.hash }).then(reply => {
      const summary = JSON.stringify([reply.known, reply.head, reply.handover, reply.commands.map(({ seq, state, bytes }) => [seq, state, bytes])])
      // An answer that is none is silence with a reason.
      if (reply.refused !== '') throw new Error(reply.refused)
      this.#input({ type: 'statusAnswered', job: key, peer, summary, trouble: reply.trouble })
    }).catch((error: Error) => this.#input({ type: 'statusFailed', job: key, peer, reason: error.message }))
  }

  #repair ({ job: key, peer, action }: Extract<BaseEffect, { type: 'repair' }>): void {
    const job = this.#init.jobs.get(key)
    if (job != null) void this.#orders.order(job, peer, action).then(repaired => this.#input({ type: 'repaired', job: key, ...repaired }))
  }

  #down ({ job: key, peer, reason }: Extract<BaseEffect, { type: 'serverDown' }>): void {
    const job = this.#init.jobs.get(key)
    const { ms, because } = this.#init.absences.expected(peer, Date.now())
    this.#init.log.info('server down', { job: job?.signed.value.id, peer, reason, expectedWaitMs: ms })
    if (job != null) this.#init.onSituation(job, { peer, reason, expectedWaitMs: ms, because })
  }

  async #close ({ job: key, outcome, servers }: CloseEffect): Promise<void> {
    const { key: signer, epoch, journal, jobs, log } = this.#init
    const job = jobs.get(key)
    if (job == null) return
    const { id } = job.signed.value
    const receipts = inBundleOrder(journal.receipts(id), job.signed.value)
    const report: Report = {
      job: job.signed.hash,
      epoch,
      outcome: OUTCOMES[outcome],
      closed: Math.max(Date.now(), ...receipts.map(({ recordedAt }) => recordedAt)),
      servers: servers.map(({ peer, state, reason }) => ({ peer, state: STATES[state], reason: state === 'unreachable' ? `${reason}; ${this.#init.absences.sentence(peer, Date.now())}` : reason })),
      head: job.commands.length,
      receipts: sha256(...receipts.map(({ hash }) => hash))
    }
    const signed = await across('report-signed', async () => await sign('report', report, signer))
    journal.transaction(() => {
      journal.setReport(id, signed.bytes)
      journal.setJobState(id, 'closed')
      // It waits from now on, whatever happens before the provider has it.
      journal.addNotice({ job: id, provider: job.provider, url: job.request.options?.webhook ?? '', nextAt: Date.now() + WEBHOOK_GRACE_MS })
    })
    log.info('job closed', { job: id, outcome })
    this.#init.onClosed(job, signed)
    await this.#release(job, signed.bytes, servers.filter(({ state }) => state === 'complete').map(({ peer }) => peer))
  }

  /** A server is back, with these jobs: those that were closed without its hearing of it, it may let go of. @throws what broke the connection */
  async returned (peer: string, heads: readonly hello.JobHead[]): Promise<void> {
    const { journal, status } = this.#init
    for (const { job } of heads) {
      const row = journal.jobByHash(job)
      const report = row?.state === 'closed' ? journal.report(row.id) : undefined
      if (report == null) continue
      const { servers } = (await open('report', report)).value
      if (servers.some(server => server.peer === peer && server.state === ServerState.SERVER_COMPLETE)) await status().query(peer, { closed: report })
    }
  }

  /** Nobody waits for this job any more: its servers, and the base, may let go of the staged bytes. */
  async #release (job: BookedJob, report: Uint8Array, servers: readonly string[]): Promise<void> {
    await Promise.allSettled(servers.map(peer => this.#init.status().query(peer, { closed: report } satisfies Partial<status.StatusRequest>)))
    await this.#init.driver().closeJob(job.key)
  }
}
