import type { ReceiptKind } from './effect.ts'
import { invariant } from './invariant.ts'

/** What the base knows of one server of one job, by receipts alone. */
export interface ServerRow {
  readonly peer: string
  receivedMs: number | undefined
  completedMs: number | undefined
  /** Reason of the first command that failed there. */
  failure: string | undefined
  /** Commands with an outcome. */
  readonly done: Set<number>
  /** Why no more is expected of it; undefined while it is waited for. */
  givenUp: { readonly state: 'unreachable' | 'unknown', readonly reason: string } | undefined
  /** Periods without an answer, or with one that shows no progress. */
  silent: number
  /** What its last status answer said, to tell progress from standstill. */
  lastAnswer: string
  querying: boolean
  reissues: number
  reissuedMs: number
}

export type ServerOutcome = { readonly peer: string, readonly state: 'complete' | 'failed' | 'unreachable' | 'unknown', readonly reason: string }

/** A job's servers and what each has stated: a pure fold over receipts. */
export class Ledger {
  readonly rows: readonly ServerRow[]
  readonly #byPeer = new Map<string, ServerRow>()
  readonly #expected: number[] = []

  constructor (servers: readonly string[], nowMs: number) {
    this.rows = servers.map(peer => ({
      peer,
      receivedMs: undefined,
      completedMs: undefined,
      failure: undefined,
      done: new Set<number>(),
      givenUp: undefined,
      silent: 0,
      lastAnswer: '',
      querying: false,
      reissues: 0,
      reissuedMs: nowMs
    }))
    for (const row of this.rows) this.#byPeer.set(row.peer, row)
    invariant(this.#byPeer.size === servers.length, 'a server is listed once')
  }

  /** A command that every server is to have an outcome of. */
  expect (seq: number): void {
    this.#expected.push(seq)
  }

  row (peer: string): ServerRow | undefined {
    return this.#byPeer.get(peer)
  }

  record (peer: string, kind: ReceiptKind, seq: number, reason: string, nowMs: number): void {
    const row = this.#byPeer.get(peer)
    invariant(row != null, 'receipts are checked against the server list')
    row.silent = 0
    row.givenUp = undefined
    row.receivedMs ??= nowMs
    if (kind === 'job-completed') row.completedMs ??= nowMs
    if (kind === 'command-failed') row.failure ??= `command ${seq}: ${reason}`
    if (kind === 'command-completed' || kind === 'command-failed' || kind === 'command-superseded') row.done.add(seq)
  }

  /** One line per server: never complete without its receipt. */
  outcomes (): ServerOutcome[] {
    return this.rows.map(row => {
      const missing = this.#expected.find(seq => !row.done.has(seq))
      if (row.completedMs != null && missing != null) return { peer: row.peer, state: 'failed', reason: `it says that it completed, and gave no receipt for command ${missing}` }
      if (row.completedMs != null) return row.failure == null ? { peer: row.peer, state: 'complete', reason: '' } : { peer: row.peer, state: 'failed', reason: row.failure }
      if (row.failure != null) return { peer: row.peer, state: 'failed', reason: row.failure }
      return { peer: row.peer, ...row.givenUp ?? { state: 'unknown', reason: 'the job was closed before it reported' } }
    })
  }

  /** Whether nothing more is expected of anybody. */
  get settled (): boolean {
    return this.rows.every(row => row.completedMs != null || row.givenUp != null)
  }

  /** How long job receipts took, in the middle. */
  medianReceiptMs (openedMs: number): number {
    const times = this.rows.flatMap(row => row.receivedMs == null ? [] : [row.receivedMs - openedMs]).sort((a, b) => a - b)
    return times[Math.floor(times.length / 2)] ?? 0
  }
}
