import type { PrivateKey } from '@libp2p/interface'
import type { Effect } from '@sluice/core'
import { across, type CommandOutcome, type Journal, JournalError } from '@sluice/store'
import { open, ReceiptKind, sameBytes, sign } from '@sluice/wire'
import type { BookedJob } from './job-book.ts'
import type { Logger } from './log.ts'

type ReceiptEffect = Extract<Effect, { type: 'receipt' }>

const KINDS: Record<ReceiptEffect['kind'], ReceiptKind> = {
  'job-received': ReceiptKind.JOB_RECEIVED,
  'command-completed': ReceiptKind.COMMAND_COMPLETED,
  'command-failed': ReceiptKind.COMMAND_FAILED,
  'command-superseded': ReceiptKind.COMMAND_SUPERSEDED,
  'job-completed': ReceiptKind.JOB_COMPLETED,
  'command-received': ReceiptKind.COMMAND_RECEIVED,
  'command-started': ReceiptKind.COMMAND_STARTED
}

export interface ReceiptWriterInit {
  readonly key: PrivateKey
  readonly self: string
  readonly journal: Journal
  readonly log: Logger
  /** There is something in the outbox. */
  readonly onWritten: () => void
}

/**
 * Signs what this node states, one receipt after the other: each names the hash
 * of the one before. What it says is durable by then; the receipt is, before
 * anybody is told.
 */
export class ReceiptWriter {
  readonly #init: ReceiptWriterInit
  #writing: Promise<void> = Promise.resolve()

  constructor (init: ReceiptWriterInit) {
    this.#init = init
  }

  /** Write one receipt, unless it was written before: a restart may ask for it again. */
  write (job: BookedJob, effect: ReceiptEffect): void {
    this.#settle(job, effect)
    this.#writing = this.#writing.then(() => this.#write(job, effect)).catch((error: Error) => {
      // A receipt that cannot be kept must not be forgotten: the next start states it again.
      if (error instanceof JournalError) process.nextTick(() => { throw error })
      this.#init.log.error('receipt not written', { job: job.signed.value.id, kind: effect.kind, seq: effect.seq, error: error.message })
    })
  }

  /**
   * What was not done is durable at once: the core goes on to the next command
   * of the track, whose effect would otherwise survive a crash that this
   * outcome does not, and then come before the one it follows.
   */
  #settle (job: BookedJob, { kind, seq, details }: ReceiptEffect): void {
    if (kind !== 'command-failed' && kind !== 'command-superseded') return
    const { journal } = this.#init
    const { id } = job.signed.value
    if (journal.outcome(id, seq)?.state === kind.slice('command-'.length)) return
    journal.setOutcome(id, seq, kind === 'command-failed' ? { state: 'failed', at: Date.now(), reason: details.reason ?? '' } : { state: 'superseded', at: Date.now() })
  }

  /** After a restart: whatever was done and perhaps not receipted is stated again; what was, is passed over. */
  restate (job: BookedJob): void {
    const { journal } = this.#init
    const { id } = job.signed.value
    const now = Date.now()
    const details = { sources: [], switches: 0, startedMs: now, finishedMs: now }
    this.write(job, { type: 'receipt', job: job.key, kind: 'job-received', seq: 0, details })
    for (const [seq, outcome] of journal.outcomes(id)) {
      if (outcome.state === 'in-progress') continue
      const progress = journal.progress(id, seq)
      this.write(job, {
        type: 'receipt',
        job: job.key,
        kind: `command-${outcome.state}`,
        seq,
        details: {
          sources: Object.entries(progress?.sources ?? {}),
          switches: progress?.switches ?? 0,
          startedMs: progress?.startedAt ?? now,
          finishedMs: now,
          reason: outcome.state === 'failed' ? outcome.reason : undefined
        }
      })
    }
  }

  /**
   * Receipts of this node that the base has and the journal has lost, with all
   * behind them: they are what this node has said. What it signed in their
   * place is forgotten, and stated again behind them as far as they do not say it.
   *
   * @returns whether they are ours, of this job, and follow what is here
   */
  async takeBack (id: string, job: BookedJob | undefined, receipts: readonly Uint8Array[]): Promise<boolean> {
    const taking = this.#writing.then(async () => await this.#replace(id, receipts))
    this.#writing = taking.then(() => {}, () => {})
    const taken = await taking
    if (taken && job != null) this.restate(job)
    return taken
  }

  async #replace (id: string, receipts: readonly Uint8Array[]): Promise<boolean> {
    const { journal, self, log } = this.#init
    const jobHash = journal.job(id)?.hash
    if (jobHash == null) return false
    try {
      const opened = []
      for (const bytes of receipts) opened.push(await open('receipt', bytes, self))
      const first = opened[0]?.value.number
      if (first == null) return false
      const before = journal.receipts(id).find(({ node, number }) => node === self && number === first - 1)
      let previous = first === 1 ? jobHash : before?.hash
      for (const [index, { value, hash }] of opened.entries()) {
        if (previous == null || value.number !== first + index || !sameBytes(value.job, jobHash) || !sameBytes(value.previous, previous)) return false
        previous = hash
      }
      journal.replaceReceipts(id, self, first, opened.map(({ value, hash, bytes }) => ({ job: id, node: self, number: value.number, kind: value.kind, seq: value.seq, bytes, hash, outbox: false, recordedAt: Date.now() })))
      return true
    } catch (error) {
      log.warn('receipts of the base are not ours', { job: id, error: (error as Error).message })
      return false
    }
  }

  /** Everything asked for so far is written. */
  async settled (): Promise<void> {
    await this.#writing
  }

  async #write (job: BookedJob, { kind, seq, details }: ReceiptEffect): Promise<void> {
    const { key, self, journal } = this.#init
    const { id } = job.signed.value
    const mine = journal.receipts(id).filter(receipt => receipt.node === self)
    const isCommand = isFinal(KINDS[kind])
    if (mine.some(receipt => isCommand ? receipt.seq === seq && isFinal(receipt.kind) : receipt.kind === KINDS[kind] && receipt.seq === seq)) return
    const last = mine.at(-1)
    const command = job.commands[seq - 1]
    const outcome = isCommand ? journal.outcome(id, seq) : undefined
    const closing = job.pages.get(seq)?.closed
    const signed = await across('receipt-signed', async () => await sign('receipt', {
      node: self,
      job: job.signed.hash,
      number: (last?.number ?? 0) + 1,
      previous: last?.hash ?? job.signed.hash,
      kind: KINDS[kind],
      seq,
      command: command?.signed.hash ?? new Uint8Array(),
      bytes: bytesOf(outcome),
      digest: kind === 'command-completed' ? closing?.root ?? new Uint8Array() : new Uint8Array(),
      sources: details.sources.map(([peer, bytes]) => ({ peer, bytes })),
      switches: details.switches,
      started: Math.round(details.startedMs),
      finished: Math.round(details.finishedMs),
      reason: details.reason ?? '',
      notApplied: outcome?.state === 'completed' ? [...outcome.notApplied] : [],
      gaps: outcome?.state === 'completed' ? [...outcome.gaps ?? []] : []
    }, key))
    journal.transaction(() => {
      journal.addReceipt({ job: id, node: self, number: signed.value.number, kind: KINDS[kind], seq, bytes: signed.bytes, hash: signed.hash, outbox: true, recordedAt: Date.now() })
    })
    this.#init.onWritten()
  }
}

function isFinal (kind: ReceiptKind): boolean {
  return kind === ReceiptKind.COMMAND_COMPLETED || kind === ReceiptKind.COMMAND_FAILED || kind === ReceiptKind.COMMAND_SUPERSEDED
}

function bytesOf (outcome: CommandOutcome | undefined): number {
  return outcome?.state === 'completed' ? outcome.bytes : 0
}
