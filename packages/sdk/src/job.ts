import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { SessionLine } from '@sluice/node'
import { CommandError, encodeManifest, EntryType, type Job as JobValue, open, parsePath, type Put, type session, type Signed, sameBytes } from '@sluice/wire'
import { type CommandBody, CommandLine } from './command-line.ts'
import { type AttributeValues, attributesOf, type CommandOptions, type LivePutOptions, type PutOptions, visibilityOf } from './command-options.ts'
import { markCopies } from './copies.ts'
import { RefusedError } from './errors.ts'
import { EventQueue } from './event-queue.ts'
import type { JobComponents } from './job-components.ts'
import { checkSame, type QueuedPut } from './job-queue.ts'
import { FleetPace, LIVE_LEAD_BYTES } from './fleet-pace.ts'
import { type JobClosed, type JobEvent, ReceiptFile } from './job-events.ts'
import { LiveMedia } from './live-media.ts'
import { LiveWritable } from './live-writable.ts'
import { type CommandState, OutcomeWatch } from './outcome-watch.ts'
import { putOf } from './put-body.ts'
import { type Scanned, scan } from './scan.ts'
import { SequenceReader } from './sequence-reader.ts'
import { Silence } from './silence.ts'
import { Upload } from './upload.ts'

export interface PutResult {
  readonly seq: number
  /** Of all files. */
  readonly bytes: number
  /** Of them, what travelled: the same content travels once. */
  readonly sent: number
  readonly files: number
}

/** A lost session is taken up again after this, doubled up to the second number, in milliseconds. */
const RETRY_MS = 500
const MAX_RETRY_MS = 15_000
/** Tracks of live puts are drawn from here to the end of uint32: nobody numbers his own so high, and no two meet. */
const LIVE_TRACKS = { first: 2 ** 31, end: 2 ** 32 }

/** An open job: commands go in, events come out, and in the end the final notice. */
export class Job {
  readonly id: string
  /** Peer ids of the servers, in rank order. */
  readonly servers: string[]
  readonly #components: JobComponents
  readonly #signed: Signed<'job'> & { readonly value: JobValue }
  readonly #receipts: ReceiptFile
  readonly #events = new EventQueue<JobEvent>()
  readonly #closed = Promise.withResolvers<JobClosed>()
  readonly #openedMs = Date.now()
  readonly #totals = new Map<number, number>()
  readonly #line: CommandLine
  #retryMs = RETRY_MS
  readonly #outcomes: OutcomeWatch
  /** Of live puts that are being written, by their seq. */
  readonly #paces = new Map<number, FleetPace>()
  #done = false

  constructor (components: JobComponents, signed: Signed<'job'> & { readonly value: JobValue }, head: number, headHash: Uint8Array) {
    this.#components = components
    this.#signed = signed
    this.#receipts = new ReceiptFile(signed)
    this.id = signed.value.id
    this.servers = signed.value.servers.map(({ peer }) => peer)
    this.#line = new CommandLine({ ...components, job: signed, onAccepted: (seq, kind) => this.#events.push({ type: 'command.accepted', job: this.id, seq, kind }) }, head, headHash)
    this.#outcomes = new OutcomeWatch(this.servers.length)
    this.#closed.promise.catch(() => {})
    this.#events.push({ type: 'job.opened', job: this.id, servers: this.servers })
  }

  /**
   * Publish a local file or directory at `destination` on every server.
   *
   * @param destination - `/vod/film.mp4` for a file, the folder whose content it becomes for a directory
   * @returns when the base holds all of it durably; the servers may still be fetching
   * @throws {SourceError | PathError | RefusedError}
   */
  async put (local: string, destination: string, options: PutOptions = {}): Promise<PutResult> {
    const path = parsePath(destination)
    return await this.#put(path, async () => await markCopies(await scan(local, path.length > 0, options), options.signal), options)
  }

  /** Publish some entries of a scan, as `put` does with all of them. */
  async putScanned (scanned: Scanned, destination: readonly string[], options: PutOptions = {}): Promise<PutResult> {
    return await this.#put([...destination], async () => await markCopies(scanned, options.signal), options)
  }

  /** @param prepare - called in the command's turn, so that what is given after it comes after it, however long it takes */
  async #put (path: string[], prepare: () => Promise<Scanned>, options: PutOptions): Promise<PutResult> {
    let prepared: { scanned: Scanned, reader: SequenceReader } | undefined
    let seq = 0
    const { upload, seq: taken } = await this.#line.give(async () => {
      const scanned = await prepare()
      const reader = new SequenceReader(scanned)
      prepared = { scanned, reader }
      return { put: putOf(path, scanned, reader, visibilityOf(options), options.expires) }
    }, options, bytes => this.#uploaded(seq, bytes, (prepared as { reader: SequenceReader }).reader))
    seq = taken
    options.onAccepted?.(seq)
    const { scanned, reader } = prepared as unknown as { scanned: Scanned, reader: SequenceReader }
    this.#totals.set(seq, reader.mediaBytes)
    try {
      await upload.media(reader)
    } catch (error) {
      // A put that cannot be finished must not keep its servers waiting.
      await this.cancel(seq, (error as Error).message).catch((cause: Error) => {
        this.#components.log.warn('put not cancelled', { job: this.id, seq, error: cause.message })
      })
      throw error
    }
    await upload.close()
    return { seq, bytes: scanned.bytes, sent: reader.mediaBytes, files: scanned.files }
  }

  /**
   * Go on with a put that another process of this provider began: what the base holds is not sent again.
   *
   * @throws {SourceError} if `local` is not what it was then; nothing is changed by that
   */
  async resume (queued: QueuedPut, local: string, options: PutOptions = {}): Promise<PutResult> {
    const { seq, put: { destination, visibility, expires }, command, pages } = queued
    const scanned = await markCopies(await scan(local, destination.length > 0, options), options.signal)
    const reader = new SequenceReader(scanned)
    checkSame(queued, putOf(destination, scanned, reader, visibility, expires), local)
    this.#totals.set(seq, reader.mediaBytes)
    const signal = AbortSignal.any([this.#components.signal, ...options.signal == null ? [] : [options.signal]])
    const upload = new Upload({ ...this.#components, job: this.#signed, command, pages, signal, onProgress: bytes => this.#uploaded(seq, bytes, reader) })
    if (!queued.done) await upload.media(reader)
    await upload.close()
    return { seq, bytes: scanned.bytes, sent: queued.done ? 0 : reader.mediaBytes, files: scanned.files }
  }

  #uploaded (seq: number, bytes: number, { manifestBytes, mediaBytes }: SequenceReader): void {
    this.#events.push({ type: 'upload', job: this.id, seq, bytes: Math.max(0, bytes - manifestBytes), total: mediaBytes }, `upload/${seq}`)
  }

  /**
   * Publish one file whose end nobody knows yet, at `destination` on every server: whoever has a piece
   * passes it on while it is still being written here. Viewers may follow it from the first bytes on, by HTTP;
   * as a file it appears when it has ended, whole.
   *
   * It is on a track of its own, if none is given: nothing waits behind it. With `deadlineMs` it is lossy: what is
   * too late is left out, by whoever would have to wait for it, and named in that server's receipt.
   *
   * @returns where to write it, when the base has accepted the command. Backpressure reaches it from the base
   *          (what is not durable there) and from the servers (`leadBytes`)
   * @throws {PathError | CommandError | RefusedError}
   */
  async putLive (destination: string, { staged = false, deadlineMs, arriving = !staged && deadlineMs == null, leadBytes = deadlineMs == null ? LIVE_LEAD_BYTES : Number.POSITIVE_INFINITY, attributes = {}, signal, ...options }: LivePutOptions = {}): Promise<LiveWritable> {
    if (arriving && deadlineMs != null) throw new CommandError('a lossy put cannot be followed while it arrives: leave out `arriving` or `deadlineMs`')
    const entry = { path: [], type: EntryType.FILE, size: 0, attributes: attributesOf({ mtime: new Date(), ...attributes }), digest: new Uint8Array(), target: [] }
    const manifestBytes = encodeManifest([entry]).length
    const put: Put = { destination: parsePath(destination), pieces: undefined, manifestBytes, chunkPieces: 1, bytes: 0, entries: 1, visibility: visibilityOf({ staged, arriving }), lossy: deadlineMs != null, deadlineMs: deadlineMs ?? 0, single: true }
    const stopping = new AbortController()
    const stop = AbortSignal.any([stopping.signal, ...signal == null ? [] : [signal]])
    const track = options.track ?? randomInt(LIVE_TRACKS.first, LIVE_TRACKS.end)
    let seq = 0
    let media: LiveMedia | undefined
    const accepted = await this.#line.give(async () => ({ put }), { ...options, track, signal: stop }, bytes => {
      // Until it has ended there is no total.
      const total = media?.final == null ? 0 : media.bytes
      this.#events.push({ type: 'upload', job: this.id, seq, bytes: Math.max(0, bytes - manifestBytes), total }, `upload/${seq}`)
    })
    seq = accepted.seq
    media = new LiveMedia({ key: this.#components.key, job: this.#signed, command: accepted.command, entry, deadlineMs })
    const pace = new FleetPace(leadBytes)
    this.#paces.set(seq, pace)
    const sent = accepted.upload.live(media).then(async () => {
      this.#totals.set(seq, media.bytes)
      await accepted.upload.close()
    }).finally(() => {
      this.#paces.delete(seq)
      pace.end()
    })
    const cancel = (reason: Error): void => {
      stopping.abort(reason)
      // Its servers must not wait for the rest.
      this.cancel(seq, reason.message).catch((cause: Error) => this.#components.log.warn('put not cancelled', { job: this.id, seq, error: cause.message }))
    }
    return new LiveWritable({ seq, media, sent, pace: async bytes => await pace.wait(bytes), cancel })
  }

  /** Make a folder, and those above it. One that is there gets the attributes. @returns the command's seq */
  async mkdir (path: string, { attributes, ...options }: CommandOptions & { attributes?: AttributeValues | undefined } = {}): Promise<number> {
    const body = { path: parsePath(path), ...attributes == null ? {} : { attributes: attributesOf(attributes) } }
    return await this.#give({ mkdir: body }, options)
  }

  /** Change attributes of a file or folder. @returns the command's seq */
  async setAttributes (path: string, attributes: AttributeValues, options?: CommandOptions): Promise<number> {
    return await this.#give({ setattr: { path: parsePath(path), attributes: attributesOf(attributes) } }, options)
  }

  /** Move a file or folder. A file gives way to a file, and to nothing else. @returns the command's seq */
  async move (from: string, to: string, options?: CommandOptions): Promise<number> {
    return await this.#give({ move: { from: parsePath(from), to: parsePath(to) } }, options)
  }

  /** Remove a file or folder; what is not there is removed already. @returns the command's seq */
  async remove (path: string, { recursive = false, ...options }: CommandOptions & { recursive?: boolean | undefined } = {}): Promise<number> {
    return await this.#give({ remove: { path: parsePath(path), recursive } }, options)
  }

  /** Show staged puts, by their seqs, all at once: on each server all of them or none. @returns the command's seq */
  async publish (puts: readonly number[], options?: CommandOptions): Promise<number> {
    return await this.#give({ publish: { puts: [...puts] } }, options)
  }

  /** Have every server compare what this job has at `path` with what was signed. @returns the command's seq */
  async verify (path: string, options?: CommandOptions): Promise<number> {
    return await this.#give({ verify: { path: parsePath(path) } }, options)
  }

  /** What follows on these tracks, and on the barrier's own, waits for what is before it on them; none: all tracks. @returns the command's seq */
  async barrier (tracks: readonly number[] = [], options?: CommandOptions): Promise<number> {
    return await this.#give({ barrier: { tracks: [...tracks] } }, options)
  }

  /** Call a put off, on every server where it has not begun to appear. @returns the command's seq */
  async cancel (seq: number, reason: string, options?: CommandOptions): Promise<number> {
    return await this.#give({ cancel: { seq, reason } }, options)
  }

  /** Nothing more will be added: servers complete the job when they have done all of it. */
  async end (): Promise<void> {
    await this.#give({ end: {} })
  }

  /** How a command has ended so far, by peer id; servers that have not reported are not in it. */
  outcomes (seq: number): ReadonlyMap<string, CommandState> {
    return this.#outcomes.of(seq)
  }

  /**
   * Resolves when a command is done (completed or superseded) on so many servers, or can no longer be.
   *
   * @param servers - all if not given
   * @throws if the job is closed before
   */
  async settled (seq: number, servers?: number): Promise<ReadonlyMap<string, CommandState>> {
    return await this.#outcomes.settled(seq, servers)
  }

  async #give (body: CommandBody, options?: CommandOptions): Promise<number> {
    const { upload, seq } = await this.#line.give(async () => body, options)
    await upload.close()
    return seq
  }

  /** What happens to the job, from its opening to the final notice. For one reader. */
  events (): AsyncIterable<JobEvent> {
    return this.#events
  }

  /** The final notice. */
  async closed (): Promise<JobClosed> {
    return await this.#closed.promise
  }

  /** Listen to the base until the job is closed; a session that is lost, or silent for too long, is taken up again. */
  async follow (first: SessionLine): Promise<void> {
    let line: SessionLine | undefined = first
    while (!this.#done && !this.#components.signal.aborted) {
      try {
        line ??= await this.#attach()
        await this.#listen(line)
      } catch (error) {
        if (this.#done || this.#components.signal.aborted) break
        this.#components.log.warn('session lost, taking it up again', { job: this.id, error: (error as Error).message })
        line?.close().catch(() => {})
        line = undefined
        await delay(this.#retryMs, undefined, { signal: this.#components.signal }).catch(() => {})
        this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
      }
    }
    await line?.close().catch(() => {})
    if (!this.#done) {
      this.#events.end()
      this.#outcomes.end(new Error('stopped before the job was closed'))
      this.#closed.reject(new Error('stopped before the job was closed'))
    }
  }

  async #attach (): Promise<SessionLine> {
    const line = await this.#components.session.open(this.#components.base)
    await line.request({ attach: this.id })
    return line
  }

  async #listen (line: SessionLine): Promise<void> {
    const silence = new Silence(this.#components.signal, this.#components.silenceMs)
    try {
      while (!this.#done) {
        const event = await line.nextEvent(silence.signal)
        silence.broken()
        this.#retryMs = RETRY_MS
        await this.#hear(event)
      }
    } finally {
      silence.stop()
    }
  }

  async #hear ({ notice, closed, denied }: session.SessionEvent): Promise<void> {
    if (denied != null) {
      this.#done = true
      this.#events.end()
      this.#outcomes.end(new RefusedError(denied))
      this.#closed.reject(new RefusedError(denied))
    }
    if (notice?.progress != null) this.#progress(notice.progress)
    if (notice?.situation != null) this.#events.push({ type: 'server.down', job: this.id, ...notice.situation })
    if (notice != null && notice.receipt.length > 0) await this.#receipt(notice.receipt)
    if (closed != null) await this.close(closed)
  }

  #progress ({ peer, seq, bytes, source }: session.Progress): void {
    const total = this.#totals.get(seq) ?? 0
    this.#paces.get(seq)?.heard(peer, bytes)
    this.#events.push({ type: 'progress', job: this.id, peer, seq, bytes: total > 0 ? Math.min(bytes, total) : bytes, total, ...source === '' ? {} : { source } }, `progress/${peer}/${seq}`)
  }

  async #receipt (bytes: Uint8Array): Promise<void> {
    try {
      const event = await this.#receipts.add(bytes)
      if (event == null) return
      this.#events.push(event)
      if (event.type === 'receipt') this.#outcomes.record(event.peer, event.kind, event.seq)
    } catch (error) {
      this.#components.log.warn('receipt refused', { job: this.id, error: (error as Error).message })
    }
  }

  /** The final notice, by session or by a call of the base. */
  async close (closed: session.Closed): Promise<void> {
    if (this.#done) return
    const { value } = await open('report', closed.report, this.#components.base)
    if (!sameBytes(value.job, this.#signed.hash)) throw new Error('the final notice is of another job')
    for (const receipt of closed.receipts) await this.#receipt(receipt)
    this.#done = true
    const bytes = Math.max(this.#receipts.publishedBytes(), [...this.#totals.values()].reduce((sum, total) => sum + total, 0))
    const event = this.#receipts.closed(value, bytes, Date.now() - this.#openedMs)
    this.#events.push(event)
    this.#events.end()
    this.#outcomes.end(new Error(`job ${this.id} is closed`))
    this.#closed.resolve(event)
  }
}
