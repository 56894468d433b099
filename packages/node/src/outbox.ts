import type { Journal } from '@sluice/store'
import type { session } from '@sluice/wire'
import type { Logger } from './log.ts'
import type { Notify, NotifyLine } from './protocols/notify.ts'

/** Wait before the base is tried again, doubled up to the second number, in milliseconds. It is tried for ever. */
const RETRY_MS = 500
const MAX_RETRY_MS = 30_000
/** Receipts read from the journal at a time. */
const BATCH = 64

/**
 * Brings receipts to the base, oldest first, and keeps each until the base has
 * it durably. Libp2p gives up on a peer after a few tries; a receipt must not be.
 */
export class Outbox {
  readonly #journal: Journal
  readonly #notify: Notify
  readonly #base: string
  readonly #log: Logger
  readonly #takeBack: (job: string, receipts: readonly Uint8Array[]) => Promise<boolean>
  #line: NotifyLine | undefined
  #flushing = false
  #delivering: Promise<void> = Promise.resolve()
  #again = false
  #retryMs = RETRY_MS
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /** @param takeBack - given receipts of this node that its journal has lost, says whether they took the place of what contradicts them */
  constructor (journal: Journal, notify: Notify, base: string, log: Logger, takeBack: (job: string, receipts: readonly Uint8Array[]) => Promise<boolean>) {
    this.#journal = journal
    this.#notify = notify
    this.#base = base
    this.#log = log
    this.#takeBack = takeBack
  }

  /** Send what waits. Called whenever there may be something to send, or the base may be back. */
  flush (): void {
    if (this.#stopped) return
    if (this.#flushing) {
      this.#again = true
      return
    }
    this.#flushing = true
    clearTimeout(this.#timer)
    this.#delivering = this.#deliver().then(() => { this.#retryMs = RETRY_MS }, (error: Error) => {
      this.#log.debug('base not reached', { error: error.message, retryMs: this.#retryMs })
      this.#line = undefined
      if (!this.#stopped) this.#timer = setTimeout(() => this.flush(), this.#retryMs)
      this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
      this.#again = false
    }).finally(() => {
      this.#flushing = false
      if (this.#again) {
        this.#again = false
        this.flush()
      }
    })
  }

  /**
   * Send what waits over a new line, at once: the old one may be dead and not know it.
   *
   * @returns how many receipts wait, counted up to a batch
   */
  reopen (): number {
    const line = this.#line
    this.#line = undefined
    void line?.close()
    this.#retryMs = RETRY_MS
    this.flush()
    return this.#journal.outbox(BATCH).length
  }

  /** How far a put is, for people who watch. Lost if the base is away. */
  progress (progress: session.Progress): void {
    if (this.#flushing || this.#line?.isOpen !== true) return
    this.#line.progress(progress).catch(() => { this.#line = undefined })
  }

  /** A line to the base is open, so that progress can be told. */
  async connect (): Promise<void> {
    if (this.#line?.isOpen !== true) this.#line = await this.#notify.open(this.#base)
  }

  async stop (): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#line?.close()
    // What it was told meanwhile is still noted, before the journal closes.
    await this.#delivering
  }

  async #deliver (): Promise<void> {
    for (;;) {
      const waiting = this.#journal.outbox(BATCH)
      if (waiting.length === 0 || this.#stopped) return
      await this.connect()
      for (const { id, bytes, job, seq } of waiting) {
        if (this.#stopped) return
        const refused = await (this.#line as NotifyLine).tell({ receipt: bytes })
        if (refused != null && refused.known.length > 0 && await this.#takeBack(job, refused.known)) {
          this.#log.warn('the base has other receipts of this node than its journal: it lost them, and has them back', { job, seq, reason: refused.reason })
          // What waited behind it was made anew.
          break
        }
        if (refused != null) this.#log.error('the base refuses a receipt', { job, seq, reason: refused.reason })
        this.#journal.acknowledged(id)
      }
    }
  }
}
