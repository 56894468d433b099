import type { PrivateKey } from '@libp2p/interface'
import type { BookedJob, JobBook, Logger, Notify, SessionLine } from '@sluice/node'
import { across, type Journal, JournalConflict } from '@sluice/store'
import { createJobId, open, type Report, type session, sign, type Signed } from '@sluice/wire'
import type { Answers } from './answers.ts'
import type { Registry } from './registry.ts'

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
  readonly log: Logger
  /** A job is in the book: let it begin. */
  readonly onOpened: (job: BookedJob) => void
}

/** How long nodes act on a job whose provider set no deadline, in milliseconds. */
const JOB_LIFETIME_MS = 7 * 24 * 60 * 60_000
/** How long requests may be older or newer than our clock, in milliseconds: the nonce covers this time. */
const REQUEST_WINDOW_MS = 10 * 60_000
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
    const { open: request, attach, query } = await line.nextRequest()
    try {
      if (query != null) return await this.#answer(line, query)
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

  /** The final notice: to the open sessions, else by calling the provider; a query finds it for ever. */
  async closed (job: BookedJob, report: Signed<'report'> & { readonly value: Report }): Promise<void> {
    const { id } = job.signed.value
    const lines = [...this.#watchers.get(job.key) ?? []]
    this.#watchers.delete(job.key)
    const told = await Promise.allSettled(lines.map(line => this.#tellClosed(line, id)))
    if (told.some(({ status }) => status === 'fulfilled')) return
    try {
      const call = await this.#init.notify().open(job.provider)
      await call.tell({ closed: this.#notice(id, report.bytes) })
      await call.close()
    } catch (error) {
      this.#init.log.info('provider is away: its final notice waits to be asked for', { job: id, provider: job.provider, error: (error as Error).message })
    }
  }

  async #tellClosed (line: SessionLine, id: string): Promise<void> {
    const report = this.#init.journal.report(id)
    if (report == null) throw new Error(`job ${id} has no report`)
    await line.tell({ closed: this.#notice(id, report) })
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
