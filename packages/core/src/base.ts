import type { ReceiptKind } from './effect.ts'
import { invariant } from './invariant.ts'
import { laggards } from './laggards.ts'
import { Ledger, type ServerOutcome, type ServerRow } from './ledger.ts'
import type { Machine } from './machine.ts'
import type { RepairAction, RepairResult } from './repair-ladder.ts'

/** A server without a job receipt is approached again after this, or three times what the others took. */
const REISSUE_MS = 5_000
const REISSUE_MEDIANS = 3
/** A rank is re-issued this often; the wait doubles each time. */
const MAX_REISSUES = 6
/** Whether anybody is behind is looked at this often: the rule's own times are longer. */
const LAG_CHECK_MS = 2_500

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
  /** A server's unsigned word on how many bytes of a put it has. */
  | { readonly type: 'progressed', readonly job: string, readonly peer: string, readonly seq: number, readonly bytes: number }
  /** `summary` differs whenever anything moved; `trouble` is what the server says is wrong with it, if anything. */
  | { readonly type: 'statusAnswered', readonly job: string, readonly peer: string, readonly summary: string, readonly trouble?: string | undefined }
  | { readonly type: 'statusFailed', readonly job: string, readonly peer: string, readonly reason: string }
  /** What came of a `repair` effect. */
  | { readonly type: 'repaired', readonly job: string, readonly peer: string, readonly action: RepairAction, readonly result: RepairResult, readonly detail: string }
  /** After a restart: this was ordered before it. */
  | { readonly type: 'repairRestored', readonly job: string, readonly peer: string, readonly action: RepairAction, readonly result: RepairResult, readonly detail: string }
  | { readonly type: 'tick' }

export type BaseEffect =
  /** Approach these ranks again: their job receipt is missing. */
  | { readonly type: 'reissue', readonly job: string, readonly ranks: readonly number[] }
  | { readonly type: 'queryStatus', readonly job: string, readonly peer: string }
  /** The server does not answer: drop the connection, if there is one, and dial anew. */
  | { readonly type: 'reconnect', readonly job: string, readonly peer: string }
  /** Order a repair; answer with `repaired`. */
  | { readonly type: 'repair', readonly job: string, readonly peer: string, readonly action: RepairAction }
  /** Tell the provider that a server is down. */
  | { readonly type: 'serverDown', readonly job: string, readonly peer: string, readonly reason: string }
  /** The final word on a job: sign it, keep it, tell the provider. */
  | { readonly type: 'closeJob', readonly job: string, readonly outcome: 'complete' | 'partial' | 'failed', readonly servers: readonly ServerOutcome[] }

export type Phase =
  | { readonly name: 'open', lagCheckMs: number }
  /** The end command is accepted; at `periodEndsMs` the silent are asked. */
  | { readonly name: 'ending', readonly periodEndsMs: number }
  /** So many periods have passed, and somebody is still waited for. */
  | { readonly name: 'waiting', readonly period: number, readonly periodEndsMs: number }
  | { readonly name: 'closed' }

interface OpenJob {
  readonly info: BaseJob
  readonly ledger: Ledger
  readonly openedMs: number
  phase: Phase
}

/**
 * The life of jobs at the base: open → ending → waiting → closed. A job's state
 * is a fold over receipts; the base waits for them, asks the silent, has those
 * repaired that answer and do not move, gives up on those that nothing helps,
 * and closes with one line per server.
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
      this.#jobs.set(input.job.id, { info: input.job, ledger: new Ledger(input.job.servers, nowMs), openedMs: nowMs, phase: { name: 'open', lagCheckMs: nowMs } })
      return []
    }
    if (input.type === 'tick') return [...this.#jobs.values()].flatMap(job => this.#tick(job, nowMs))
    const job = this.#jobs.get(input.job)
    if (job == null) return []
    switch (input.type) {
      case 'commandAccepted': return this.#accepted(job, input.seq, input.end, nowMs)
      case 'receiptRecorded':
        job.ledger.record(input.peer, input.kind, input.seq, input.reason, nowMs)
        return this.#closeIfSettled(job)
      case 'progressed':
        job.ledger.progressed(input.peer, input.seq, input.bytes, nowMs)
        return []
      default: {
        const row = job.ledger.row(input.peer)
        return row == null ? [] : [...this.#heard(job, row, input, nowMs), ...this.#closeIfSettled(job)]
      }
    }
  }

  /** open → ending, with the end command. */
  #accepted (job: OpenJob, seq: number, end: boolean, nowMs: number): BaseEffect[] {
    if (!end) {
      job.ledger.expect(seq, nowMs)
      return []
    }
    job.phase = { name: 'ending', periodEndsMs: nowMs + job.info.waitPeriodMs }
    // They get their time from here on, however long the job was open.
    for (const row of job.ledger.rows) {
      row.reissuedMs = nowMs
      row.silent = 0
    }
    return this.#closeIfSettled(job)
  }

  #heard (job: OpenJob, row: ServerRow, input: Extract<BaseInput, { type: 'statusAnswered' | 'statusFailed' | 'repaired' | 'repairRestored' }>, nowMs: number): BaseEffect[] {
    switch (input.type) {
      case 'statusAnswered': return this.#answered(job, row, input.summary, input.trouble ?? '')
      case 'statusFailed': return row.attention.name === 'asked' ? this.#unreached(job, row, input.reason) : []
      case 'repaired': return this.#repaired(job, row, input, nowMs)
      case 'repairRestored':
        if (!row.ladder.has(input.action)) row.ladder.use(input.action)
        row.repaired = input
        return []
    }
  }

  /** A server that moves is waited for one period more; one that says the same again, or that it is not well, is repaired. */
  #answered (job: OpenJob, row: ServerRow, summary: string, trouble: string): BaseEffect[] {
    if (row.attention.name !== 'asked') return []
    row.attention = { name: 'none' }
    row.down = false
    const moved = summary !== row.lastAnswer
    row.lastAnswer = summary
    if (moved && trouble === '') {
      row.silent = 0
      return []
    }
    row.silent++
    return this.#climb(job, row)
  }

  /** It cannot be told anything. That its connection is dead is all that can be mended from here. */
  #unreached (job: OpenJob, row: ServerRow, reason: string): BaseEffect[] {
    row.attention = { name: 'none' }
    row.silent++
    const effects: BaseEffect[] = row.down ? [] : [{ type: 'serverDown', job: job.info.id, peer: row.peer, reason }]
    row.down = true
    if (!row.ladder.has('reconnect')) {
      row.ladder.use('reconnect')
      effects.push({ type: 'reconnect', job: job.info.id, peer: row.peer })
    }
    this.#giveUp(job, row, { state: 'unreachable', reason: `no answer to status queries: ${reason}` })
    return effects
  }

  /** The next rung, or the end of all that can be done. */
  #climb (job: OpenJob, row: ServerRow): BaseEffect[] {
    const action = row.ladder.next(row.repaired?.result === 'done' ? row.repaired.action : undefined)
    if (action == null) {
      const unfit = row.repaired?.action === 'activate' && row.repaired.result === 'failed' ? row.repaired.detail : undefined
      this.#giveUp(job, row, unfit == null ? { state: 'unknown', reason: `answers, but makes no progress${triedOf(row)}` } : { state: 'failed', reason: `not fit for service: ${unfit}` })
      return []
    }
    row.ladder.use(action)
    row.attention = { name: 'repairing', action }
    return [{ type: 'repair', job: job.info.id, peer: row.peer, action }]
  }

  #repaired (job: OpenJob, row: ServerRow, { action, result, detail }: { action: RepairAction, result: RepairResult, detail: string }, nowMs: number): BaseEffect[] {
    if (row.attention.name !== 'repairing' || row.attention.action !== action) return []
    row.attention = { name: 'none' }
    row.repaired = { action, result, detail }
    if (row.completedMs != null) return []
    if (result === 'silent') return this.#unreached(job, row, detail)
    // What was not done needs no time to show.
    if (result !== 'done' || row.ladder.leadsOn(action)) return this.#climb(job, row)
    row.attention = { name: 'resting', untilMs: nowMs + row.ladder.restMs(job.info.waitPeriodMs) }
    return []
  }

  /** While the job is open it has time; after its end, as many periods as the job allows. */
  #giveUp (job: OpenJob, row: ServerRow, reason: NonNullable<ServerRow['givenUp']>): void {
    if (job.phase.name !== 'open' && row.silent >= job.info.waitPeriods && row.completedMs == null) row.givenUp = reason
  }

  #tick (job: OpenJob, nowMs: number): BaseEffect[] {
    if (nowMs >= job.info.expiresMs) return this.#close(job)
    const missing = this.#overdue(job, nowMs)
    const effects: BaseEffect[] = missing.length > 0 ? [{ type: 'reissue', job: job.info.id, ranks: missing }] : []
    for (const row of this.#due(job, nowMs)) {
      row.attention = { name: 'asked' }
      effects.push({ type: 'queryStatus', job: job.info.id, peer: row.peer })
    }
    return effects
  }

  /** Servers to be asked now: those whose repair had its time; after the end the silent, once a period; before it those that are behind. */
  #due (job: OpenJob, nowMs: number): ServerRow[] {
    const { phase, ledger, info } = job
    const open = ledger.rows.filter(row => row.completedMs == null && row.givenUp == null)
    const rested = open.filter(({ attention }) => attention.name === 'resting' && nowMs >= attention.untilMs)
    const idle = (row: ServerRow): boolean => row.attention.name === 'none'
    if (phase.name === 'open') {
      if (nowMs - phase.lagCheckMs < LAG_CHECK_MS) return rested
      phase.lagCheckMs = nowMs
      const behind = laggards(ledger, nowMs).filter(row => idle(row) && nowMs >= row.askAgainMs)
      for (const row of behind) row.askAgainMs = nowMs + info.waitPeriodMs
      return [...rested, ...behind]
    }
    if (phase.name === 'closed' || nowMs < phase.periodEndsMs) return rested
    // ending → waiting(1) → waiting(2) …
    job.phase = { name: 'waiting', period: phase.name === 'ending' ? 1 : phase.period + 1, periodEndsMs: nowMs + info.waitPeriodMs }
    return [...rested, ...open.filter(idle)]
  }

  /** Ranks whose job receipt is late, each at doubling intervals; and, after the end, those that are not done. */
  #overdue (job: OpenJob, nowMs: number): number[] {
    const patienceMs = Math.max(REISSUE_MS, REISSUE_MEDIANS * job.ledger.medianReceiptMs(job.openedMs))
    const ranks: number[] = []
    job.ledger.rows.forEach((row, rank) => {
      const waiting = row.receivedMs == null || (job.phase.name !== 'open' && row.completedMs == null)
      if (!waiting || row.reissues >= MAX_REISSUES || nowMs - row.reissuedMs < patienceMs * 2 ** row.reissues) return
      row.reissues++
      row.reissuedMs = nowMs
      ranks.push(rank)
    })
    return ranks
  }

  #closeIfSettled (job: OpenJob): BaseEffect[] {
    return job.phase.name !== 'open' && job.phase.name !== 'closed' && job.ledger.settled ? this.#close(job) : []
  }

  /** → closed(complete | partial | failed) */
  #close (job: OpenJob): BaseEffect[] {
    const servers = job.ledger.outcomes()
    const complete = servers.filter(({ state }) => state === 'complete').length
    const wanted = job.info.quorum === 0 ? servers.length : Math.min(job.info.quorum, servers.length)
    job.phase = { name: 'closed' }
    this.#jobs.delete(job.info.id)
    return [{ type: 'closeJob', job: job.info.id, outcome: complete >= wanted ? 'complete' : complete > 0 ? 'partial' : 'failed', servers }]
  }
}

/** What was tried, for the server's line in the report. */
function triedOf ({ ladder, repaired }: ServerRow): string {
  if (ladder.tried.length === 0) return ''
  const last = repaired == null || repaired.result === 'done' ? '' : `; ${repaired.action} ${repaired.result}: ${repaired.detail}`
  return `; tried ${ladder.tried.join(', ')}${last}`
}
