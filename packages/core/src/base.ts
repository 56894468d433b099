import type { ReceiptKind } from './effect.ts'
import { invariant } from './invariant.ts'
import { Ledger, type ServerOutcome, type ServerRow } from './ledger.ts'
import type { Machine } from './machine.ts'

/** A server without a job receipt is approached again after this, or three times what the others took. */
const REISSUE_MS = 5_000
const REISSUE_MEDIANS = 3
/** A rank is re-issued this often; the wait doubles each time. */
const MAX_REISSUES = 6

export interface BaseJob {
  readonly id: string
  readonly servers: readonly string[]
  /** How long after the end a server may be silent before it is asked. */
  readonly waitPeriodMs: number
  /** Periods without an answer or progress after which it is given up. */
  readonly waitPeriods: number
  /** Servers that must complete for the job to be complete; 0: all. */
  readonly quorum: number
  /** The job is closed then, whatever is missing. */
  readonly expiresMs: number
}

export type BaseInput =
  | { readonly type: 'jobOpened', readonly job: BaseJob }
  | { readonly type: 'commandAccepted', readonly job: string, readonly seq: number, readonly end: boolean }
  /** A receipt, verified and durable. */
  | { readonly type: 'receiptRecorded', readonly job: string, readonly peer: string, readonly kind: ReceiptKind, readonly seq: number, readonly reason: string }
  /** `summary` differs whenever anything moved. */
  | { readonly type: 'statusAnswered', readonly job: string, readonly peer: string, readonly summary: string }
  | { readonly type: 'statusFailed', readonly job: string, readonly peer: string, readonly reason: string }
  | { readonly type: 'tick' }

export type BaseEffect =
  /** Approach these ranks again: their job receipt is missing. */
  | { readonly type: 'reissue', readonly job: string, readonly ranks: readonly number[] }
  | { readonly type: 'queryStatus', readonly job: string, readonly peer: string }
  /** The final word on a job: sign it, keep it, tell the provider. */
  | { readonly type: 'closeJob', readonly job: string, readonly outcome: 'complete' | 'partial' | 'failed', readonly servers: readonly ServerOutcome[] }

type Phase =
  | { readonly name: 'open' }
  /** The end command is accepted; `periodEndsMs` is when the silent are asked next. */
  | { readonly name: 'ending', periodEndsMs: number }
  | { readonly name: 'closed' }

interface OpenJob {
  readonly info: BaseJob
  readonly ledger: Ledger
  readonly openedMs: number
  phase: Phase
}

/**
 * The life of jobs at the base: open → ending → closed. A job's state is a fold
 * over receipts; the base waits for them, asks the silent, gives up on those
 * that neither answer nor move, and closes with one line per server.
 */
export class Base implements Machine<BaseInput, BaseEffect> {
  readonly #jobs = new Map<string, OpenJob>()

  get busy (): boolean {
    return this.#jobs.size > 0
  }

  ledger (id: string): Ledger | undefined {
    return this.#jobs.get(id)?.ledger
  }

  phase (id: string): Phase['name'] | undefined {
    return this.#jobs.get(id)?.phase.name
  }

  handle (input: BaseInput, nowMs: number): BaseEffect[] {
    if (input.type === 'jobOpened') {
      invariant(!this.#jobs.has(input.job.id), 'a job is opened once')
      this.#jobs.set(input.job.id, { info: input.job, ledger: new Ledger(input.job.servers, nowMs), openedMs: nowMs, phase: { name: 'open' } })
      return []
    }
    if (input.type === 'tick') return [...this.#jobs.values()].flatMap(job => this.#tick(job, nowMs))
    const job = this.#jobs.get(input.job)
    if (job == null) return []
    switch (input.type) {
      case 'commandAccepted':
        if (!input.end) job.ledger.expect(input.seq)
        if (input.end) {
          job.phase = { name: 'ending', periodEndsMs: nowMs + job.info.waitPeriodMs }
          // They get their time from here on, however long the job was open.
          for (const row of job.ledger.rows) row.reissuedMs = nowMs
        }
        return this.#closeIfSettled(job)
      case 'receiptRecorded':
        job.ledger.record(input.peer, input.kind, input.seq, input.reason, nowMs)
        return this.#closeIfSettled(job)
      case 'statusAnswered': return this.#answered(job, input.peer, input.summary)
      case 'statusFailed': return this.#silent(job, input.peer, { state: 'unreachable', reason: `no answer to status queries: ${input.reason}` })
    }
  }

  /** A server that moves is waited for; one that answers the same again and again is not. */
  #answered (job: OpenJob, peer: string, summary: string): BaseEffect[] {
    const row = job.ledger.row(peer)
    if (row == null || !row.querying) return []
    if (summary === row.lastAnswer) return this.#silent(job, peer, { state: 'unknown', reason: 'answers, but makes no progress' })
    row.querying = false
    row.lastAnswer = summary
    row.silent = 0
    return []
  }

  #silent (job: OpenJob, peer: string, reason: NonNullable<ServerRow['givenUp']>): BaseEffect[] {
    const row = job.ledger.row(peer)
    if (row == null || !row.querying) return []
    row.querying = false
    row.silent++
    if (row.silent >= job.info.waitPeriods && row.completedMs == null) row.givenUp = reason
    return this.#closeIfSettled(job)
  }

  #tick (job: OpenJob, nowMs: number): BaseEffect[] {
    if (nowMs >= job.info.expiresMs) return this.#close(job)
    const effects: BaseEffect[] = []
    const missing = this.#overdue(job, nowMs)
    if (missing.length > 0) effects.push({ type: 'reissue', job: job.info.id, ranks: missing })
    if (job.phase.name === 'ending' && nowMs >= job.phase.periodEndsMs) {
      job.phase.periodEndsMs = nowMs + job.info.waitPeriodMs
      for (const row of job.ledger.rows) {
        if (row.completedMs != null || row.givenUp != null || row.querying) continue
        row.querying = true
        effects.push({ type: 'queryStatus', job: job.info.id, peer: row.peer })
      }
    }
    return effects
  }

  /** Ranks whose job receipt is late, each at doubling intervals; and, while ending, those that are not done. */
  #overdue (job: OpenJob, nowMs: number): number[] {
    const patienceMs = Math.max(REISSUE_MS, REISSUE_MEDIANS * job.ledger.medianReceiptMs(job.openedMs))
    const ranks: number[] = []
    job.ledger.rows.forEach((row, rank) => {
      const waiting = row.receivedMs == null || (job.phase.name === 'ending' && row.completedMs == null)
      if (!waiting || row.reissues >= MAX_REISSUES || nowMs - row.reissuedMs < patienceMs * 2 ** row.reissues) return
      row.reissues++
      row.reissuedMs = nowMs
      ranks.push(rank)
    })
    return ranks
  }

  #closeIfSettled (job: OpenJob): BaseEffect[] {
    return job.phase.name === 'ending' && job.ledger.settled ? this.#close(job) : []
  }

  #close (job: OpenJob): BaseEffect[] {
    const servers = job.ledger.outcomes()
    const complete = servers.filter(({ state }) => state === 'complete').length
    const wanted = job.info.quorum === 0 ? servers.length : Math.min(job.info.quorum, servers.length)
    job.phase = { name: 'closed' }
    this.#jobs.delete(job.info.id)
    return [{ type: 'closeJob', job: job.info.id, outcome: complete >= wanted ? 'complete' : complete > 0 ? 'partial' : 'failed', servers }]
  }
}
