import type { PrivateKey } from '@libp2p/interface'
import type { Ctp, Logger, Session, SessionLine } from '@sluice/node'
import { chunkPiecesFor, type Command, type Job as JobValue, open, parsePath, type session, type Signed, sameBytes, sign, Visibility } from '@sluice/wire'
import { setTimeout as delay } from 'node:timers/promises'
import { RefusedError } from './errors.ts'
import { EventQueue } from './event-queue.ts'
import { type JobClosed, type JobEvent, ReceiptFile } from './job-events.ts'
import { type Scanned, scan } from './scan.ts'
import { SequenceReader } from './sequence-reader.ts'
import { Upload } from './upload.ts'

export interface JobComponents {
  readonly key: PrivateKey
  readonly base: string
  readonly ctp: Ctp
  readonly session: Session
  readonly log: Logger
  readonly signal: AbortSignal
}

export interface PutResult {
  readonly seq: number
  readonly bytes: number
  readonly files: number
}

/** A lost session is taken up again after this, doubled up to the second number, in milliseconds. */
const RETRY_MS = 500
const MAX_RETRY_MS = 15_000

type CommandBody = Pick<Command, 'put' | 'end' | 'cancel'>

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
  #head: number
  #headHash: Uint8Array
  #commanding: Promise<unknown> = Promise.resolve()
  #done = false

  constructor (components: JobComponents, signed: Signed<'job'> & { readonly value: JobValue }, head: number, headHash: Uint8Array) {
    this.#components = components
    this.#signed = signed
    this.#receipts = new ReceiptFile(signed)
    this.id = signed.value.id
    this.servers = signed.value.servers.map(({ peer }) => peer)
    this.#head = head
    this.#headHash = headHash
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
  async put (local: string, destination: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<PutResult> {
    const path = parsePath(destination)
    let prepared: { scanned: Scanned, reader: SequenceReader } | undefined
    let seq = 0
    // Scanned in its turn: a command given after this one comes after it, however long the scan takes.
    const { upload, seq: taken } = await this.#command(async () => {
      const scanned = await scan(local, path.length > 0)
      const reader = new SequenceReader(scanned)
      const { pieces } = reader.layout
      prepared = { scanned, reader }
      return { put: {
        destination: path,
        pieces,
        manifestBytes: reader.manifestBytes,
        chunkPieces: chunkPiecesFor(pieces),
        bytes: scanned.bytes,
        entries: scanned.entries.length,
        visibility: Visibility.COMMIT,
        lossy: false,
        deadlineMs: 0,
        single: scanned.single
      } }
    }, 'put', bytes => {
      const { reader, scanned } = prepared as { scanned: Scanned, reader: SequenceReader }
      this.#events.push({ type: 'upload', job: this.id, seq, bytes: Math.max(0, bytes - reader.manifestBytes), total: scanned.bytes }, `upload/${seq}`)
    }, signal)
    seq = taken
    const { scanned, reader } = prepared as unknown as { scanned: Scanned, reader: SequenceReader }
    this.#totals.set(seq, scanned.bytes)
    try {
      await upload.media(reader)
    } catch (error) {
      await this.#cancel(seq, error as Error)
      throw error
    }
    await upload.close()
    return { seq, bytes: scanned.bytes, files: scanned.files }
  }

  /** Nothing more will be added: servers complete the job when they have done all of it. */
  async end (): Promise<void> {
    const { upload } = await this.#command(async () => ({ end: {} }), 'end', () => {})
    await upload.close()
  }

  /** What happens to the job, from its opening to the final notice. For one reader. */
  events (): AsyncIterable<JobEvent> {
    return this.#events
  }

  /** The final notice. */
  async closed (): Promise<JobClosed> {
    return await this.#closed.promise
  }

  /** A put that cannot be finished must not keep its servers waiting. */
  async #cancel (seq: number, error: Error): Promise<void> {
    try {
      const { upload } = await this.#command(async () => ({ cancel: { seq, reason: error.message } }), 'cancel', () => {})
      await upload.close()
    } catch (cause) {
      this.#components.log.warn('put not cancelled', { job: this.id, seq, error: (cause as Error).message })
    }
  }

  /** Commands are chained: each is signed when the one before it was accepted. */
  #command (prepare: () => Promise<CommandBody>, kind: string, onProgress: (bytes: number) => void, signal?: AbortSignal): Promise<{ upload: Upload, seq: number }> {
    const turn = this.#commanding.then(async () => {
      const { key, base, ctp } = this.#components
      const body = await prepare()
      const seq = this.#head + 1
      const command = await sign('command', { job: this.#signed.hash, seq, previous: this.#headHash, track: 0, issued: Date.now(), continueAfterFailure: false, ...body }, key)
      const upload = new Upload({ ctp, base, key, job: this.#signed, command, signal: AbortSignal.any([this.#components.signal, ...signal == null ? [] : [signal]]), onProgress })
      await upload.command()
      this.#head = seq
      this.#headHash = command.hash
      this.#events.push({ type: 'command.accepted', job: this.id, seq, kind })
      return { upload, seq }
    })
    this.#commanding = turn.catch(() => {})
    return turn
  }

  /** Listen to the base until the job is closed; a lost session is taken up again. */
  async follow (first: SessionLine): Promise<void> {
    let line = first
    let retryMs = RETRY_MS
    while (!this.#done && !this.#components.signal.aborted) {
      try {
        await this.#listen(line)
      } catch (error) {
        if (this.#done || this.#components.signal.aborted) break
        this.#components.log.warn('session lost, taking it up again', { job: this.id, error: (error as Error).message })
        await delay(retryMs, undefined, { signal: this.#components.signal }).catch(() => {})
        retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)
        try {
          line = await this.#components.session.open(this.#components.base)
          await line.request({ attach: this.id })
        } catch (cause) {
          this.#components.log.debug('base not reached', { error: (cause as Error).message })
        }
      }
    }
    await line.close().catch(() => {})
    if (!this.#done) {
      this.#events.end()
      this.#closed.reject(new Error('stopped before the job was closed'))
    }
  }

  async #listen (line: SessionLine): Promise<void> {
    while (!this.#done) {
      const { notice, closed, denied } = await line.nextEvent(this.#components.signal)
      if (denied != null) {
        this.#done = true
        this.#events.end()
        this.#closed.reject(new RefusedError(denied))
      }
      if (notice?.progress != null) this.#progress(notice.progress)
      if (notice != null && notice.receipt.length > 0) await this.#receipt(notice.receipt)
      if (closed != null) await this.close(closed)
    }
  }

  #progress ({ peer, seq, bytes, source }: session.Progress): void {
    const total = this.#totals.get(seq) ?? 0
    this.#events.push({ type: 'progress', job: this.id, peer, seq, bytes: total > 0 ? Math.min(bytes, total) : bytes, total, ...source === '' ? {} : { source } }, `progress/${peer}/${seq}`)
  }

  async #receipt (bytes: Uint8Array): Promise<void> {
    try {
      const event = await this.#receipts.add(bytes)
      if (event != null) this.#events.push(event)
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
    this.#closed.resolve(event)
  }
}
