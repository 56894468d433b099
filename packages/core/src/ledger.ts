import type { ReceiptKind } from './effect.ts'
import { invariant } from './invariant.ts'
import { bytesOf } from './laggards.ts'
import { type RepairAction, RepairLadder, type RepairResult } from './repair-ladder.ts'

/** What the base is doing about one server. */
export type Attention =
  | { readonly name: 'none' }
  /** Its status was asked for. */
  | { readonly name: 'asked' }
  /** A repair was ordered. */
  | { readonly name: 'repairing', readonly action: RepairAction }
  /** A repair was done, and gets this time to show. */
  | { readonly name: 'resting', readonly untilMs: number }

/** What the base knows of one server of one job, by receipts alone. */
export interface ServerRow {
  readonly peer: string
  receivedMs: number | undefined
  completedMs: number | undefined
  /** Reason of the first command that failed there. */
  failure: string | undefined
  /** Commands with an outcome. */
  readonly done: Set<number>
  /** So many of the expected commands, from the first on, have an outcome. */
  settled: number
  /** Why no more is expected of it; undefined while it is waited for. */
  givenUp: { readonly state: 'failed' | 'unreachable' | 'unknown', readonly reason: string } | undefined
  /** Periods without an answer, or with one that shows no progress. */
  silent: number
  /** What its last status answer said, to tell progress from standstill. */
  lastAnswer: string
  /** The last attempt to ask it failed. */
  down: boolean
  attention: Attention
  readonly ladder: RepairLadder
  /** How the last repair ended. */
  repaired: { readonly action: RepairAction, readonly result: RepairResult, readonly detail: string } | undefined
  /** When anything was last heard of it that shows work. */
  signMs: number
  /** Before this it is not asked again while the job is open. */
  askAgainMs: number
  /** What it told last of a put, unsigned. */
  progress: { readonly seq: number, readonly bytes: number }
  reissues: number
  reissuedMs: number
}

/** When a command came, and when half of the servers had done it. */
interface CommandPace {
  readonly acceptedMs: number
  done: number
  halfDoneMs: number | undefined
}

export type ServerOutcome = { readonly peer: string, readonly state: 'complete' | 'failed' | 'unreachable' | 'unknown', readonly reason: string }

/** A job's servers and what each has stated: a pure fold over receipts. */
export class Ledger {
  readonly rows: readonly ServerRow[]
  readonly #byPeer = new Map<string, ServerRow>()
  readonly #expected = new Map<number, CommandPace>()
  /** Their seqs, in order of acceptance. */
  readonly #order: number[] = []

  constructor (servers: readonly string[], nowMs: number) {
    this.rows = servers.map(peer => ({
      peer,
      receivedMs: undefined,
      completedMs: undefined,
      failure: undefined,
      done: new Set<number>(),
      settled: 0,
      givenUp: undefined,
      down: false,
      silent: 0,
      lastAnswer: '',
      attention: { name: 'none' },
      ladder: new RepairLadder(),
      repaired: undefined,
      signMs: nowMs,
      askAgainMs: nowMs,
      progress: { seq: 0, bytes: 0 },
      reissues: 0,
      reissuedMs: nowMs
    }))
    for (const row of this.rows) this.#byPeer.set(row.peer, row)
    invariant(this.#byPeer.size === servers.length, 'a server is listed once')
  }

  /** A command that every server is to have an outcome of. */
  expect (seq: number, nowMs: number): void {
    const done = this.rows.filter(row => row.done.has(seq)).length
    this.#order.push(seq)
    this.#expected.set(seq, { acceptedMs: nowMs, done, halfDoneMs: done * 2 >= this.rows.length ? nowMs : undefined })
    // Who had nothing to do was not idle: its time begins with the command.
    for (const row of this.rows) row.signMs = this.outstanding(row) === seq ? nowMs : row.signMs
  }

  /** The first command without an outcome there. */
  outstanding (row: ServerRow): number | undefined {
    // What is done stays done: a long live job is not walked from its start each time.
    while (row.done.has(this.#order[row.settled] ?? 0)) row.settled++
    return this.#order[row.settled]
  }

  pace (seq: number): Readonly<CommandPace> {
    const pace = this.#expected.get(seq)
    invariant(pace != null, `command ${seq} is expected`)
    return pace
  }

  /** What the middle one of all servers has of a put; one that has all of it counts without bound. */
  medianBytes (seq: number): number {
    const bytes = this.rows.map(row => bytesOf(row, seq)).sort((a, b) => a - b)
    return bytes[Math.floor(bytes.length / 2)] ?? 0
  }

  /** A server's own word on how far a put is. Only what moves is a sign of work. */
  progressed (peer: string, seq: number, bytes: number, nowMs: number): void {
    const row = this.#byPeer.get(peer)
    if (row == null || (row.progress.seq === seq && bytes <= row.progress.bytes)) return
    row.progress = { seq, bytes }
    row.signMs = nowMs
  }

  row (peer: string): ServerRow | undefined {
    return this.#byPeer.get(peer)
  }

  record (peer: string, kind: ReceiptKind, seq: number, reason: string, nowMs: number): void {
    const row = this.#byPeer.get(peer)
    invariant(row != null, 'receipts are checked against the server list')
    row.silent = 0
    row.down = false
    row.givenUp = undefined
    row.signMs = nowMs
    row.receivedMs ??= nowMs
    if (kind === 'job-completed') row.completedMs ??= nowMs
    if (kind === 'command-failed') row.failure ??= `command ${seq}: ${reason}`
    if (kind === 'command-completed' || kind === 'command-failed' || kind === 'command-superseded') this.#done(row, seq, nowMs)
  }

  #done (row: ServerRow, seq: number, nowMs: number): void {
    if (row.done.has(seq)) return
    row.done.add(seq)
    const pace = this.#expected.get(seq)
    if (pace != null && ++pace.done * 2 >= this.rows.length) pace.halfDoneMs ??= nowMs
  }

  /** One line per server: never complete without its receipt. */
  outcomes (): ServerOutcome[] {
    return this.rows.map(row => {
      const missing = this.outstanding(row)
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
