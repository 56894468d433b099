import { type Job, open, Outcome, type Receipt, ReceiptKind, type Report, ServerState, type Signed } from '@sluice/wire'

export type ReceiptName = 'job-received' | 'command-completed' | 'command-failed' | 'command-superseded' | 'job-completed' | 'command-received' | 'command-started' | 'job-refused'

/** What happens to a job, as it happens. Times are milliseconds since 1970, sizes bytes. */
export type JobEvent =
  | { readonly type: 'job.opened', readonly job: string, readonly servers: readonly string[] }
  | { readonly type: 'command.accepted', readonly job: string, readonly seq: number, readonly kind: string }
  /** So much of a put is durable at the base. */
  | { readonly type: 'upload', readonly job: string, readonly seq: number, readonly bytes: number, readonly total: number }
  /** So much of a put is verified on a server, by its own unsigned word. */
  | { readonly type: 'progress', readonly job: string, readonly peer: string, readonly seq: number, readonly bytes: number, readonly total: number, readonly source?: string }
  | { readonly type: 'receipt', readonly job: string, readonly peer: string, readonly kind: ReceiptName, readonly seq: number, readonly bytes: number, readonly reason?: string, readonly at: number }
  /** A server is down, and the base expects it back after so long, in milliseconds. It is no receipt: the base says so. */
  | { readonly type: 'server.down', readonly job: string, readonly peer: string, readonly reason: string, readonly expectedWaitMs: number, readonly because: string }
  | JobClosed

/** The final notice: one line per server, never complete without its receipt. */
export interface JobClosed {
  readonly type: 'job.closed'
  readonly job: string
  readonly outcome: 'complete' | 'partial' | 'failed'
  /** Of media, all puts together. */
  readonly bytes: number
  readonly elapsedMs: number
  readonly servers: readonly ServerResult[]
}

export interface ServerResult {
  readonly peer: string
  readonly state: 'complete' | 'failed' | 'unreachable' | 'unknown'
  readonly reason?: string
  readonly receivedAt?: number
  readonly completedAt?: number
  /** Bytes taken from each source. */
  readonly sources: Readonly<Record<string, number>>
  readonly switches: number
  /** Pieces of lossy puts that it left out. */
  readonly gaps: number
}

const KINDS: Record<ReceiptKind, ReceiptName> = {
  [ReceiptKind.JOB_RECEIVED]: 'job-received',
  [ReceiptKind.COMMAND_COMPLETED]: 'command-completed',
  [ReceiptKind.COMMAND_FAILED]: 'command-failed',
  [ReceiptKind.COMMAND_SUPERSEDED]: 'command-superseded',
  [ReceiptKind.JOB_COMPLETED]: 'job-completed',
  [ReceiptKind.COMMAND_RECEIVED]: 'command-received',
  [ReceiptKind.COMMAND_STARTED]: 'command-started',
  [ReceiptKind.JOB_REFUSED]: 'job-refused'
}
const OUTCOMES: Record<Outcome, JobClosed['outcome']> = { [Outcome.COMPLETE]: 'complete', [Outcome.PARTIAL]: 'partial', [Outcome.FAILED]: 'failed' }
const STATES: Record<ServerState, ServerResult['state']> = {
  [ServerState.SERVER_COMPLETE]: 'complete',
  [ServerState.SERVER_FAILED]: 'failed',
  [ServerState.UNREACHABLE]: 'unreachable',
  [ServerState.UNKNOWN]: 'unknown'
}

/** A job's receipts as they come in, each verified, and the final notice made of them. */
export class ReceiptFile {
  readonly #job: Signed<'job'> & { readonly value: Job }
  readonly #receipts = new Map<string, Map<number, Receipt>>()

  constructor (job: Signed<'job'> & { readonly value: Job }) {
    this.#job = job
  }

  /**
   * @returns what to tell about it; undefined if it was known
   * @throws {EnvelopeError} if nobody of the server list signed it
   */
  async add (bytes: Uint8Array): Promise<JobEvent | undefined> {
    const { value, signer } = await open('receipt', bytes)
    if (value.node !== signer || !this.#job.value.servers.some(({ peer }) => peer === signer)) throw new Error(`a receipt of ${signer}, which is not a server of this job`)
    const mine = this.#receipts.get(signer) ?? new Map<number, Receipt>()
    if (mine.has(value.number)) return undefined
    this.#receipts.set(signer, mine.set(value.number, value))
    return {
      type: 'receipt',
      job: this.#job.value.id,
      peer: signer,
      kind: KINDS[value.kind],
      seq: value.seq,
      bytes: value.bytes,
      ...value.reason === '' ? {} : { reason: value.reason },
      at: value.finished
    }
  }

  /** Media that the servers state to have published: of the one that has most. What a provider that attached later knows of a job's size. */
  publishedBytes (): number {
    return Math.max(0, ...[...this.#receipts.values()].map(mine => [...mine.values()].reduce((sum, { bytes }) => sum + bytes, 0)))
  }

  closed (report: Report, bytes: number, elapsedMs: number): JobClosed {
    return {
      type: 'job.closed',
      job: this.#job.value.id,
      outcome: OUTCOMES[report.outcome],
      bytes,
      elapsedMs,
      servers: report.servers.map(({ peer, state, reason }) => {
        const mine = [...this.#receipts.get(peer)?.values() ?? []]
        const received = mine.find(({ kind }) => kind === ReceiptKind.JOB_RECEIVED)
        const completed = mine.find(({ kind }) => kind === ReceiptKind.JOB_COMPLETED)
        const sources: Record<string, number> = {}
        for (const receipt of mine) for (const source of receipt.sources) sources[source.peer] = (sources[source.peer] ?? 0) + source.bytes
        return {
          peer,
          state: STATES[state],
          ...reason === '' ? {} : { reason },
          ...received == null ? {} : { receivedAt: received.finished },
          ...completed == null ? {} : { completedAt: completed.finished },
          sources,
          switches: mine.reduce((sum, receipt) => sum + receipt.switches, 0),
          gaps: mine.reduce((sum, receipt) => sum + receipt.gaps.reduce((pieces, gap) => pieces + gap.pieces, 0), 0)
        }
      })
    }
  }
}
