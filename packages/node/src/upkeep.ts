import { setTimeout as delay } from 'node:timers/promises'
import type { Journal } from '@sluice/store'
import { PIECE_BYTES } from '@sluice/wire'
import type { Driver } from './driver.ts'
import type { JobBook } from './job-book.ts'
import type { Logger } from './log.ts'
import type { PublishedScrub } from './published-scrub.ts'
import type { Retention } from './retention.ts'

export interface UpkeepInit {
  readonly journal: Journal
  readonly jobs: JobBook
  readonly store: {
    staged (): Promise<Array<{ job: string, seq: number }>>
    discard (job: string, seq: number): Promise<void>
  }
  readonly driver: Driver
  readonly log: Logger
  /** How long what the journal has of a closed job is kept, in milliseconds. */
  readonly retentionMs: number
  /** How fast held pieces are read and hashed again, in bytes per second; 0: not at all. */
  readonly scrubRate: number
  /** Looks after what is published; a base publishes nothing. */
  readonly published?: Pick<PublishedScrub, 'run' | 'digestNew'> | undefined
  /** Removes what is not kept any more; a base keeps nothing. */
  readonly retention?: Pick<Retention, 'run'> | undefined
  /** Whether jobs that have expired are let go of here; a base has yet to say how they ended. */
  readonly closesExpired: boolean
}

/** Half a year: longer than anybody disputes a delivery, and a job of small puts is some ten kilobytes. */
export const RETENTION_MS = 180 * 24 * 60 * 60_000
/** A tenth of what a slow disk reads: a terabyte in half a day, and nobody notices. */
export const SCRUB_RATE = 16 * 1024 * 1024
/** How often what is over is looked for, in milliseconds. */
const TIDY_MS = 60 * 60_000
/** How often held pieces are read again from the first, in milliseconds, if that takes less. */
const SCRUB_MS = 6 * 60 * 60_000
/** How often what is not kept any more is looked for, in milliseconds: it takes seconds where a million files are published. */
const RETAIN_MS = 5 * 60_000
/** How often the digests of what is newly published are taken, in milliseconds: soon, while it is in the machine's memory. */
const DIGEST_MS = 60_000
/** Jobs looked at in one step. */
const JOBS_AT_ONCE = 200

/** Lets go of what nobody needs, and looks after what is kept: nothing here is urgent. */
export class Upkeep {
  readonly #init: UpkeepInit
  readonly #stopping = new AbortController()
  #work: Promise<unknown> = Promise.resolve()

  constructor (init: UpkeepInit) {
    this.#init = init
  }

  /** What a crash left of jobs that were closed goes at once; the rest goes on in the background. */
  async start (): Promise<void> {
    await this.tidy(Date.now())
    this.#work = Promise.all([
      this.#every(TIDY_MS, async () => { await this.tidy(Date.now()) }),
      // What has expired while nobody was here is not shown for five minutes more.
      this.#every(RETAIN_MS, async () => { await this.#init.retention?.run(Date.now()) }, 0),
      ...this.#init.scrubRate === 0 ? [] : [this.#every(SCRUB_MS, async () => { await this.scrub() })],
      this.#every(DIGEST_MS, async () => { await this.#init.published?.digestNew() })
    ])
  }

  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#work
  }

  /** Expired jobs are closed, staged bytes of closed ones removed, and the journal's records of old ones. */
  async tidy (nowMs: number): Promise<void> {
    const { journal, jobs, store, driver, log, closesExpired } = this.#init
    if (closesExpired) for (const job of [...jobs]) if (job.signed.value.expires < nowMs) await driver.closeJob(job.key)
    for (const { job, seq } of await store.staged()) {
      const row = journal.job(job)
      if (row != null && row.state !== 'closed') continue
      await store.discard(job, seq).catch((error: Error) => { log.warn('staged media not removed', { job, seq, error: error.message }) })
    }
    this.#forget(nowMs)
  }

  #forget (nowMs: number): void {
    const { journal, log, retentionMs } = this.#init
    const old: string[] = []
    for (let rows = journal.jobs({ limit: JOBS_AT_ONCE }); rows.length > 0; rows = journal.jobs({ limit: JOBS_AT_ONCE, before: rows.at(-1)?.id as string })) {
      for (const { id, state, created, expires } of rows) if (state === 'closed' && Math.max(created, Math.min(expires, nowMs)) + retentionMs < nowMs) old.push(id)
    }
    for (const id of old) {
      // What the base has not acknowledged is not over.
      if (journal.receipts(id).some(({ outbox }) => outbox)) continue
      journal.removeJob(id)
      log.info('job forgotten: it was closed long ago', { job: id })
    }
  }

  /** Read and hash every held piece of jobs that are open, then what is published. What the disk has lost is fetched again. @returns how many pieces were lost */
  async scrub (): Promise<number> {
    const { jobs, driver, log, scrubRate } = this.#init
    let [read, lost] = [0, 0]
    for (const job of [...jobs]) {
      for (const seq of [...job.pages.keys()]) {
        for (const piece of driver.peer.pieces(job.key, seq)?.indexes() ?? []) {
          if (this.#stopping.signal.aborted || jobs.get(job.key) == null) return lost
          await driver.intake.read(job.key, seq, piece).catch((error: Error) => {
            // A job that was closed meanwhile has lost nothing.
            if (jobs.get(job.key) == null) return
            lost++
            log.warn('scrub', { job: job.signed.value.id, seq, piece, error: error.message })
          })
          read++
          if (scrubRate > 0) await this.#rest(PIECE_BYTES * 1000 / scrubRate)
        }
      }
    }
    await this.#init.published?.run()
    if (read > 0) log.info('scrubbed', { pieces: read, lost })
    return lost
  }

  async #every (ms: number, work: () => Promise<void>, firstMs = ms): Promise<void> {
    for (await this.#rest(firstMs); !this.#stopping.signal.aborted; await this.#rest(ms)) {
      await work().catch((error: Error) => { this.#init.log.error('upkeep', { error: error.message }) })
    }
  }

  async #rest (ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {})
  }
}
