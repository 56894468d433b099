import { RepairAction, toHex } from '@sluice/wire'
import type { Attempts } from './attempts.ts'
import type { BadPieces, JobCare } from './job-care.ts'
import type { BookedJob, JobBook } from './job-book.ts'
import type { Outbox } from './outbox.ts'
import type { ReceiptWriter } from './receipt-writer.ts'

export interface RepairActionsInit {
  readonly jobs: JobBook
  readonly care: JobCare
  readonly outbox: Outbox
  readonly receipts: ReceiptWriter
  readonly attempts: Attempts
  /** What is wrong with this node; the argument is the base's clock. */
  readonly unfitness: (baseMs: number) => Promise<string[]>
  /** End this process so that its supervisor starts it again; undefined without a supervisor. */
  readonly restartProcess: (() => void) | undefined
}

/** How long a job stays out of service whose base does not come back to it, in milliseconds: then the node looks at itself. */
export const ACTIVATION_PATIENCE_MS = 10 * 60_000

/** An action that is not done because it would be wrong now: nothing was touched. */
export class RepairRefused extends Error {
  override readonly name = 'RepairRefused'
}

/** What a node can do about itself when its base says so. A fixed list: what is not in the switch does not exist. */
export class RepairActions {
  readonly #init: RepairActionsInit
  /** What `reverify` found, by job, until `refetch`. */
  readonly #bad = new Map<string, BadPieces>()

  constructor (init: RepairActionsInit) {
    this.#init = init
  }

  /**
   * @param hash - of the job
   * @param baseMs - what the base's clock said
   * @returns what was done, in words
   * @throws {RepairRefused | Error}
   */
  async perform (action: RepairAction, hash: Uint8Array, baseMs: number, signal: AbortSignal): Promise<string> {
    const job = this.#init.jobs.get(toHex(hash))
    if (job == null) throw new RepairRefused('this node has no such job')
    switch (action) {
      case RepairAction.RECONNECT: return `${await this.#init.care.reconnect(job)} connections dialled anew`
      case RepairAction.FLUSH_OUTBOX: return await this.#flushOutbox(job)
      case RepairAction.REVERIFY: return await this.#reverify(job, signal)
      case RepairAction.REFETCH: return await this.#refetch(job)
      case RepairAction.RESTART_EXECUTOR: return this.#restartExecutor(job)
      case RepairAction.RESTART_PROCESS: return this.#restartProcess()
      case RepairAction.ACTIVATE: return await this.#activate(job, baseMs)
      default: throw new RepairRefused('this version of the software does not know this repair: update it')
    }
  }

  async #flushOutbox (job: BookedJob): Promise<string> {
    const { receipts, outbox } = this.#init
    receipts.restate(job)
    await receipts.settled()
    return `${outbox.reopen()} receipts are on their way`
  }

  async #reverify (job: BookedJob, signal: AbortSignal): Promise<string> {
    const { checked, held, bad } = await this.#init.care.reverify(job, signal)
    const count = [...bad.values()].reduce((sum, pieces) => sum + pieces.size, 0)
    if (count > 0) this.#bad.set(job.key, bad)
    return `${checked} of ${held} pieces compared, ${count} do not match`
  }

  async #refetch (job: BookedJob): Promise<string> {
    const bad = this.#bad.get(job.key)
    if (bad == null) return 'no piece is known to be bad'
    if (this.#init.attempts.underWay(job.key) > 0) throw new RepairRefused('an effect of the job is under way: its files cannot be closed')
    this.#bad.delete(job.key)
    await this.#init.care.renew(job, bad)
    return `${[...bad.values()].reduce((sum, pieces) => sum + pieces.size, 0)} pieces let go, to be fetched again`
  }

  #restartExecutor (job: BookedJob): string {
    const abandoned = this.#init.attempts.halt(job.key, ACTIVATION_PATIENCE_MS, () => {
      // Nobody activates it: the base may be gone. An unfit node stays out of service, and says so when it is asked.
      void this.#activate(job, Date.now()).catch(() => {})
    })
    return `${abandoned} effects abandoned; out of service until it is activated`
  }

  #restartProcess (): string {
    const { restartProcess } = this.#init
    if (restartProcess == null) throw new RepairRefused('nobody would start this process again: run it with `sluice start --supervise`, or by a service manager')
    restartProcess()
    return 'ends now with status 75, for its supervisor to start it again'
  }

  async #activate (job: BookedJob, baseMs: number): Promise<string> {
    const findings = await this.#init.unfitness(baseMs)
    if (findings.length > 0) throw new Error(findings.join('; '))
    return `fit: store, disk, clock and test piece; ${this.#init.attempts.resume(job.key)} effects begun again`
  }
}
