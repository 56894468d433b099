import type { CommandBody, CommandInfo, JobInfo } from '@sluice/core'
import type { Journal, PutShape } from '@sluice/store'
import { checkCommand, type Command, type hello, type Job, type JobRequest, JOB_ID_PATTERN, open, PIECE_BYTES, type Put, type Signed, sameBytes, supersededBy, toHex } from '@sluice/wire'
import { PageBook, PageError } from './page-book.ts'

/** A job or command that must not be acted on. */
export class JobError extends Error {
  override readonly name = 'JobError'
}

export interface BookedCommand {
  readonly signed: Signed<'command'> & { readonly value: Command }
  /** The base's signed Acceptance. */
  readonly acceptance: Uint8Array
}

export interface BookedJob {
  /** Hex of the job's hash: what the core and the streams call it. */
  readonly key: string
  readonly signed: Signed<'job'> & { readonly value: Job }
  readonly request: JobRequest
  readonly provider: string
  readonly commands: BookedCommand[]
  readonly pages: Map<number, PageBook>
}

/** A job may be this much older or newer than our clock says, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000

/**
 * The jobs this peer knows: each verified when it came, durable before anybody
 * acts on it, and kept in the exact bytes that were signed.
 */
export class JobBook {
  readonly #journal: Journal
  readonly #base: string
  readonly #role: string
  readonly #jobs = new Map<string, BookedJob>()
  /** Which open job is told of next. */
  #turn = 0

  /** @param base - the one base whose jobs are taken */
  constructor (journal: Journal, base: string, role: string) {
    this.#journal = journal
    this.#base = base
    this.#role = role
  }

  get (key: string): BookedJob | undefined {
    return this.#jobs.get(key)
  }

  byId (id: string): BookedJob | undefined {
    for (const job of this.#jobs.values()) if (job.signed.value.id === id) return job
    return undefined
  }

  [Symbol.iterator] (): IterableIterator<BookedJob> {
    return this.#jobs.values()
  }

  /** What is known here of open jobs; if there are more than `limit`, of others at each call, so that each has its turn. */
  heads (limit: number): hello.JobHead[] {
    const jobs = [...this.#jobs.values()]
    const told = [...jobs.slice(this.#turn), ...jobs.slice(0, this.#turn)].slice(0, limit)
    this.#turn = (this.#turn + told.length) % Math.max(1, jobs.length)
    return told.map(job => ({ job: job.signed.hash, seq: job.commands.length, head: this.headHash(job) }))
  }

  /**
   * Verify a job and make it durable.
   *
   * @param check - whether it is for this peer; a throw keeps it out of the journal, and what it writes there becomes durable with the job
   * @throws {JobError | EnvelopeError}
   */
  async addJob (bytes: Uint8Array, nowMs: number, check: (job: BookedJob) => void = () => {}, restored = false): Promise<BookedJob> {
    const signed = await open('job', bytes, this.#base)
    const key = toHex(signed.hash)
    const known = this.#jobs.get(key)
    if (known != null) return known
    const { value } = signed
    if (!JOB_ID_PATTERN.test(value.id)) throw new JobError(`${JSON.stringify(value.id)} is no job id`)
    if (value.base !== this.#base) throw new JobError(`job ${value.id} is of the base ${value.base}`)
    if (!restored && value.expires + CLOCK_SKEW_MS < nowMs) throw new JobError(`job ${value.id} expired at ${new Date(value.expires).toISOString()}`)
    const peers = new Set(value.servers.map(({ peer }) => peer))
    if (peers.size !== value.servers.length) throw new JobError(`job ${value.id} lists a server twice`)
    const request = await open('jobRequest', value.request)
    if (request.value.base !== this.#base) throw new JobError(`job ${value.id} rests on a request to the base ${request.value.base}`)
    const job: BookedJob = { key, signed, request: request.value, provider: request.signer, commands: [], pages: new Map() }
    this.#journal.transaction(() => {
      check(job)
      this.#journal.putJob({ id: value.id, hash: signed.hash, bytes, created: value.created, expires: value.expires, role: this.#role })
    })
    // Two peers may hand the same job over at once: the second finds the first one's entry.
    const raced = this.#jobs.get(key)
    if (raced != null) return raced
    this.#jobs.set(key, job)
    return job
  }

  /**
   * Verify the next command of a queue and make it durable. One that is known is passed over;
   * one ahead of a gap is not taken, its sender will send the rest.
   *
   * @returns the command if it was new
   * @throws {JobError | EnvelopeError}
   */
  async addCommand (job: BookedJob, command: Uint8Array, acceptance: Uint8Array): Promise<BookedCommand | undefined> {
    const signed = await this.checkCommand(job, command)
    if (signed.value.seq !== job.commands.length + 1) return undefined
    const accepted = await open('acceptance', acceptance, this.#base)
    if (!sameBytes(accepted.value.job, job.signed.hash) || accepted.value.seq !== signed.value.seq || !sameBytes(accepted.value.command, signed.hash)) {
      throw new JobError(`the base accepted another command than ${signed.value.seq} of job ${job.signed.value.id}`)
    }
    if (signed.value.seq !== job.commands.length + 1) return undefined
    const booked = { signed, acceptance }
    this.#journal.putCommand(job.signed.value.id, signed.value.seq, { bytes: command, hash: signed.hash, acceptance })
    this.#book(job, booked)
    return booked
  }

  /**
   * Whether a command may follow those that are known: the provider's signature, its place in the chain, what it says.
   *
   * @throws {JobError | EnvelopeError | CommandError | PathError}
   */
  async checkCommand (job: BookedJob, bytes: Uint8Array): Promise<Signed<'command'> & { readonly value: Command }> {
    const signed = await open('command', bytes)
    const { value } = signed
    // The base may end what its provider left open, and nothing else.
    const byBase = signed.signer === this.#base && (value.end != null || value.cancel != null)
    if (signed.signer !== job.provider && !byBase) throw new JobError(`command ${value.seq} of job ${job.signed.value.id} is signed by ${signed.signer}, who is not its provider`)
    if (!sameBytes(value.job, job.signed.hash)) throw new JobError(`command ${value.seq} is of another job than ${job.signed.value.id}`)
    const known = job.commands[value.seq - 1]
    if (known != null && !sameBytes(known.signed.hash, signed.hash)) throw new JobError(`command ${value.seq} of job ${job.signed.value.id} has two versions`)
    if (value.seq === job.commands.length + 1 && !sameBytes(value.previous, this.headHash(job))) throw new JobError(`command ${value.seq} of job ${job.signed.value.id} does not follow the one before it`)
    // What is ahead of a gap may speak of what is in it, and is not taken yet.
    if (value.seq === job.commands.length + 1) checkCommand(value, seq => job.commands[seq - 1]?.signed.value)
    return signed
  }

  /** Hash of the last command, or of the job if there is none. */
  headHash (job: BookedJob): Uint8Array {
    return job.commands.at(-1)?.signed.hash ?? job.signed.hash
  }

  #book (job: BookedJob, command: BookedCommand): void {
    job.commands.push(command)
    if (command.signed.value.put != null) job.pages.set(command.signed.value.seq, new PageBook(command.signed.hash))
  }

  /**
   * Verify a page, and the seal with it, and make them durable.
   *
   * @returns the put's pages, and whether this one was new
   * @throws {PageError | JobError | EnvelopeError}
   */
  async addPage (job: BookedJob, seq: number, bytes: Uint8Array, seal: Uint8Array): Promise<{ pages: PageBook, added: boolean }> {
    const pages = job.pages.get(seq)
    if (pages == null) throw new JobError(`command ${seq} of job ${job.signed.value.id} is no put`)
    const signed = await open('page', bytes, job.provider)
    if (!sameBytes(signed.value.job, job.signed.hash) || signed.value.seq !== seq) throw new JobError('the page is of another put')
    const opened = seal.length === 0 ? undefined : await open('seal', seal, this.#base)
    if (opened != null && (!sameBytes(opened.value.job, job.signed.hash) || opened.value.seq !== seq)) throw new JobError('the seal is of another put')
    if ((signed.value.final?.gaps.length ?? 0) > 0 && job.commands[seq - 1]?.signed.value.put?.lossy !== true) throw new PageError('the final page has gaps, and the put is not lossy')
    const added = pages.add(signed, opened)
    if (added) {
      const { number, firstPiece } = signed.value
      this.#journal.putPage(job.signed.value.id, seq, number, { bytes, hash: signed.hash, firstPiece, ...opened == null ? {} : { seal } })
    }
    return { pages, added }
  }

  /** What the journal holds of jobs that are not closed, verified again as it is read. */
  async restore (nowMs: number): Promise<BookedJob[]> {
    for (const row of this.#journal.openJobs()) {
      // Nodes let an expired job go; its base has yet to say how it ended.
      if (row.expires + CLOCK_SKEW_MS < nowMs && this.#role !== 'base') {
        this.#journal.setJobState(row.id, 'closed')
        continue
      }
      const job = await this.addJob(row.bytes, nowMs, undefined, true)
      for (const { bytes, hash, acceptance } of this.#journal.commands(row.id)) {
        if (acceptance == null) break
        const signed = await this.checkCommand(job, bytes)
        const accepted = await open('acceptance', acceptance, this.#base)
        if (!sameBytes(signed.hash, hash) || !sameBytes(accepted.value.command, hash)) throw new JobError(`the journal's command ${signed.value.seq} of job ${row.id} is damaged`)
        this.#book(job, { signed, acceptance })
        for (const page of this.#journal.pages(row.id, signed.value.seq)) {
          const opened = await open('page', page.bytes, job.provider)
          job.pages.get(signed.value.seq)?.add(opened, page.seal == null ? undefined : await open('seal', page.seal, this.#base))
        }
      }
    }
    return [...this.#jobs.values()]
  }

  /** Nobody asks for it any more. The journal keeps it for the retention time. */
  close (key: string): void {
    const job = this.#jobs.get(key)
    if (job != null) this.#journal.setJobState(job.signed.value.id, 'closed')
    this.#jobs.delete(key)
  }
}

/** A job as the core sees it. */
export function jobInfo ({ key, signed: { value }, request }: BookedJob): JobInfo {
  return {
    id: key,
    base: value.base,
    servers: value.servers.map(({ peer }) => peer),
    rates: value.servers.map(({ uploadRate }) => uploadRate),
    priority: request.options?.priority ?? 0,
    notices: request.options?.notices ?? []
  }
}

/** A command of the book as the core sees it. */
export function commandInfo (job: BookedJob, { signed: { value } }: BookedCommand): CommandInfo {
  return {
    seq: value.seq,
    track: value.track,
    continueAfterFailure: value.continueAfterFailure,
    body: bodyOf(value),
    supersedes: supersededBy(value, seq => job.commands[seq - 1]?.signed.value)
  }
}

function bodyOf (value: Command): CommandBody {
  if (value.put != null) {
    const { pieces, chunkPieces, lossy, deadlineMs, manifestBytes } = value.put
    return { kind: 'put', pieces, chunkPieces: Math.max(1, chunkPieces), lossy: lossy ? { deadlineMs, firstPiece: Math.ceil(manifestBytes / PIECE_BYTES) } : undefined }
  }
  if (value.cancel != null) return { kind: 'cancel', seq: value.cancel.seq, reason: value.cancel.reason }
  if (value.barrier != null) return { kind: 'barrier', tracks: value.barrier.tracks }
  if (value.end != null) return { kind: 'end' }
  return { kind: 'effect', needs: value.publish?.puts }
}

/** A put as the store sees it. */
export function putShape (job: BookedJob, seq: number, put: Put): PutShape {
  return {
    job: job.signed.value.id,
    seq,
    destination: put.destination,
    single: put.single,
    pieces: put.pieces,
    manifestBytes: put.manifestBytes,
    bytes: put.bytes
  }
}
