import type { PrivateKey } from '@libp2p/interface'
import type { BookedJob, JobBook, Logger, Notify, SessionLine } from '@sluice/node'
import { across, type Journal, JournalConflict } from '@sluice/store'
import { createJobId, open, type session, sign } from '@sluice/wire'
import type { Answers } from './answers.ts'
import type { Registry } from './registry.ts'
import { summaryOf, webhookProblem } from './webhook-notice.ts'
import type { Webhooks } from './webhooks.ts'

export interface SessionsInit {
  readonly key: PrivateKey
  readonly self: string
  readonly epoch: number
  readonly addresses: () => string[]
  readonly journal: Journal
  readonly jobs: JobBook
  readonly registry: Registry
  readonly answers: Answers
  readonly notify: () => Notify
  readonly webhooks: () => Webhooks
  readonly log: Logger
  /** End a job at its provider's wish. @returns how many commands were added */
  readonly cancel: (job: BookedJob, reason: string) => Promise<number>
  /** A job is in the book: let it begin. */
  readonly onOpened: (job: BookedJob) => void
}

/** How long nodes act on a job whose provider set no deadline, in milliseconds. */
const JOB_LIFETIME_MS = 7 * 24 * 60 * 60_000
/** How long requests may be older or newer than our clock, in milliseconds: the nonce covers this time. */
const REQUEST_WINDOW_MS = 10 * 60_000
/** Final notices told to a provider that is there again: the newest. The others wait for the next time, or to be asked for. */
const NOTICES_AT_ONCE = 16
/** Enough that no two requests are ever alike. */
const MIN_NONCE_BYTES = 16
/** Bytes of an answer in one message. */
const ANSWER_PART_BYTES = 4 * 1024 * 1024

/** Providers' sessions: opening jobs, telling what happens to them, answering questions. */
export class Sessions {
  readonly #init: SessionsInit
  readonly #watchers = new Map<string, Set<SessionLine>>()

  constructor (init: SessionsInit) {
    this.#init = init
  }

  /** Serve one session stream until its provider leaves or its job is closed. */
  async serve (line: SessionLine): Promise<void> {
    const { open: request, attach, query, cancel } = await line.nextRequest()
    try {
      if (query != null) return await this.#answer(line, query)
      if (cancel != null) return await this.#cancel(line, cancel)
      const job = request != null ? await this.#open(line.peer, request) : attach != null ? await this.#attach(line.peer, attach) : undefined
      if (job === undefined) throw new Error('the request asks for nothing')
      if (job === 'closed') return await this.#tellClosed(line, attach as string)
      await this.#watch(line, job, attach != null)
    } catch (error) {
      this.#init.log.info('session denied', { provider: line.peer, reason: (error as Error).message })
      await line.tell({ denied: (error as Error).message })
    }
  }

  async #watch (line: SessionLine, job: BookedJob, again: boolean): Promise<void> {
    const watchers = this.#watchers.get(job.key) ?? new Set()
    const opened = across('job-told', async () => await line.tell({ opened: { job: job.signed.bytes, head: job.commands.length, headHash: this.#init.jobs.headHash(job) } }))
    // At once: what happens while the opening is being told is told behind it.
    this.#watchers.set(job.key, watchers.add(line))
    try {
      await opened
      if (again) for (const { bytes } of this.#init.journal.receipts(job.signed.value.id)) await line.tell({ notice: { receipt: bytes } })
      await line.ended()
    } finally {
      watchers.delete(line)
    }
  }

  async #open (provider: string, bytes: Uint8Array): Promise<BookedJob> {
    const { key, self, epoch, journal, jobs, registry } = this.#init
    const { value } = await open('jobRequest', bytes, provider)
    const now = Date.now()
    if (value.base !== self) throw new Error(`the request is meant for the base ${value.base}`)
    if (Math.abs(now - value.created) > REQUEST_WINDOW_MS) throw new Error(`the request was made at ${new Date(value.created).toISOString()}, here it is ${new Date(now).toISOString()}: set the clocks right`)
    if (value.nonce.length < MIN_NONCE_BYTES) throw new Error(`the request's nonce has ${value.nonce.length} bytes instead of ${MIN_NONCE_BYTES}`)
    const options = value.options
    if (options != null && options.deadline !== 0 && options.deadline <= now) throw new Error('the deadline has passed already')
    const problem = webhookProblem(options?.webhook ?? '')
    if (problem != null) throw new Error(`the webhook ${problem}`)
    const servers = registry.targets(value.targets)
    if ((options?.quorum ?? 0) > servers.length) throw new Error(`a quorum of ${options?.quorum} cannot be met by ${servers.length} servers`)
    const signed = await across('job-signed', async () => await sign('job', {
      id: createJobId(now),
      epoch,
      created: now,
      expires: options == null || options.deadline === 0 ? now + JOB_LIFETIME_MS : options.deadline,
      base: self,
      baseAddresses: this.#init.addresses(),
      request: bytes,
      servers
    }, key))
    // A nonce is used once: the same request again would open a second job.
    const job = await jobs.addJob(signed.bytes, now, () => {
      try {
        journal.redeem(value.nonce, `${provider}/${signed.value.id}`)
      } catch (cause) {
        if (!(cause instanceof JournalConflict)) throw cause
        throw new Error('this request was used before: sign a new one for another job', { cause })
      }
    })
    this.#init.onOpened(job)
    this.#init.log.info('job opened', { job: signed.value.id, provider, servers: servers.length })
    return job
  }

  async #attach (provider: string, id: string): Promise<BookedJob | 'closed'> {
    const job = this.#init.jobs.byId(id)
    if (job != null) {
      if (job.provider !== provider) throw new Error(`job ${id} is another provider's`)
      if (this.#init.journal.report(id) != null) return 'closed'
      return job
    }
    const row = this.#init.journal.job(id)
    if (row == null) throw new Error(`there is no job ${id}`)
    const { value } = await open('job', row.bytes, this.#init.self)
    if ((await open('jobRequest', value.request)).signer !== provider) throw new Error(`job ${id} is another provider's`)
    return 'closed'
  }

  async #cancel (line: SessionLine, { job: id, reason }: session.Cancellation): Promise<void> {
    const job = await this.#attach(line.peer, id)
    if (job === 'closed') throw new Error(`job ${id} is closed already`)
    const commands = await this.#init.cancel(job, reason)
    await line.tell({ answer: { json: Buffer.from(JSON.stringify({ job: id, commands })), last: true, refused: '' } })
  }

  async #answer (line: SessionLine, query: session.Query): Promise<void> {
    let text: string
    try {
      text = await this.#init.answers.answer(line.peer, query)
    } catch (error) {
      return await line.tell({ answer: { json: new Uint8Array(), last: true, refused: (error as Error).message } })
    }
    const bytes = Buffer.from(text)
    for (let at = 0; at === 0 || at < bytes.length; at += ANSWER_PART_BYTES) {
      await line.tell({ answer: { json: bytes.subarray(at, at + ANSWER_PART_BYTES), last: at + ANSWER_PART_BYTES >= bytes.length, refused: '' } })
    }
  }

  /** Tell everybody in session about a job something about it. */
  tell (key: string, event: session.SessionEvent): void {
    for (const line of this.#watchers.get(key) ?? []) line.tell(event).catch(() => {})
  }

  /** The final notice: to the open sessions, else by calling the provider, else by its webhook; a query finds it for ever. */
  async closed (job: BookedJob): Promise<void> {
    const { id } = job.signed.value
    const lines = [...this.#watchers.get(job.key) ?? []]
    this.#watchers.delete(job.key)
    const told = await Promise.allSettled(lines.map(line => this.#tellClosed(line, id)))
    if (told.some(({ status }) => status === 'fulfilled')) return
    try {
      await this.#call(job.provider, [id])
    } catch (error) {
      this.#init.log.info('provider is away: its final notice waits for it', { job: id, provider: job.provider, error: (error as Error).message })
      this.#init.webhooks().due(id)
    }
  }

  /** A provider is there again: what it has not heard of is told now. */
  async returned (provider: string): Promise<void> {
    const waiting = this.#init.journal.noticesFor(provider, NOTICES_AT_ONCE)
    if (waiting.length === 0) return
    await this.#call(provider, waiting.map(({ job }) => job)).catch((error: Error) => {
      this.#init.log.debug('final notices not told', { provider, error: error.message })
    })
  }

  /** Tell a provider of closed jobs by calling it. @throws if it does not take them */
  async #call (provider: string, ids: readonly string[]): Promise<void> {
    const { journal, notify } = this.#init
    const call = await notify().open(provider)
    try {
      for (const id of ids) {
        const report = journal.report(id)
        if (report == null) continue
        const refused = await call.tell({ closed: this.#notice(id, report) })
        if (refused != null) throw new Error(refused.reason)
        journal.removeNotice(id)
      }
    } finally {
      await call.close()
    }
  }

  /** What is posted to a job's webhook: the signed report, the signed job that it is of, and the same for people. */
  async webhookBody (id: string): Promise<string> {
    const { journal, self } = this.#init
    const report = journal.report(id)
    const job = journal.job(id)
    if (report == null || job == null) throw new Error(`job ${id} has no report`)
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
    return JSON.stringify({ ...summaryOf(id, (await open('report', report, self)).value), signedReport: text(report), signedJob: text(job.bytes) })
  }

  async #tellClosed (line: SessionLine, id: string): Promise<void> {
    const report = this.#init.journal.report(id)
    if (report == null) throw new Error(`job ${id} has no report`)
    await line.tell({ closed: this.#notice(id, report) })
    this.#init.journal.removeNotice(id)
  }

  #notice (id: string, report: Uint8Array): session.Closed {
    const { journal } = this.#init
    // The receipts went out one by one; they come along as far as a message holds them.
    const receipts: Uint8Array[] = []
    let bytes = 0
    for (const receipt of journal.receipts(id)) {
      bytes += receipt.bytes.length
      if (bytes > ANSWER_PART_BYTES) break
      receipts.push(receipt.bytes)
    }
    return { report, job: journal.job(id)?.bytes ?? new Uint8Array(), receipts }
  }
}
