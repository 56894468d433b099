import type { Logger } from '@sluice/node'
import type { Journal, WaitingNotice } from '@sluice/store'

export interface WebhooksInit {
  readonly journal: Journal
  readonly log: Logger
  /** The body for a job: its signed report, and what it says in words. */
  readonly body: (job: string) => Promise<string>
}

/** Wait before a notice is posted again, doubled up to the second number, in milliseconds. */
const RETRY_MS = 1_000
const MAX_RETRY_MS = 60 * 60_000
/** More would not count any more: the longest wait is reached. */
const MAX_DOUBLINGS = 20
/** After so many tries, about three weeks, it is left to its provider to come for it. */
const MAX_TRIES = 500
const NEVER = Number.MAX_SAFE_INTEGER
/** How long one post may take. */
const POST_MS = 15_000
/** How often the outbox is looked at. */
const LOOK_MS = 500
/** Posted at once: one that is slow must not hold up the others for long. */
const AT_ONCE = 8

/**
 * Brings final notices to providers that cannot be told otherwise: posted to
 * the URL that the job's request names, again and again until it is taken.
 * What waits is in the journal.
 */
export class Webhooks {
  readonly #init: WebhooksInit
  readonly #ticker: NodeJS.Timeout
  readonly #stopping = new AbortController()
  readonly #posting = new Map<string, Promise<void>>()

  constructor (init: WebhooksInit) {
    this.#init = init
    this.#ticker = setInterval(() => this.#look(), LOOK_MS)
  }

  /** The provider cannot be told otherwise: post what waits for this job now. */
  due (job: string): void {
    this.#init.journal.delayNotice(job, Date.now(), false)
    this.#look()
  }

  async stop (): Promise<void> {
    clearInterval(this.#ticker)
    this.#stopping.abort(new Error('the base stops'))
    await Promise.all(this.#posting.values())
  }

  #look (): void {
    if (this.#stopping.signal.aborted) return
    for (const waiting of this.#init.journal.noticesToPost()) {
      if (waiting.nextAt > Date.now() || this.#posting.size >= AT_ONCE) break
      if (this.#posting.has(waiting.job)) continue
      this.#posting.set(waiting.job, this.#post(waiting).finally(() => { this.#posting.delete(waiting.job) }))
    }
  }

  async #post ({ job, url, tries }: WaitingNotice): Promise<void> {
    const { journal, log, body } = this.#init
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(POST_MS), this.#stopping.signal])
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await body(job), signal, redirect: 'error' })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      journal.removeNotice(job)
      log.info('final notice posted', { job, tries: tries + 1 })
    } catch (error) {
      // What is not known to have been taken is posted again at the next start.
      if (this.#stopping.signal.aborted) return
      journal.delayNotice(job, tries + 1 >= MAX_TRIES ? NEVER : Date.now() + Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(tries, MAX_DOUBLINGS)), true)
      log.warn('final notice not posted', { job, tries: tries + 1, error: (error as Error).message })
    }
  }
}
