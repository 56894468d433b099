import { setTimeout as delay } from 'node:timers/promises'
import type { PrivateKey } from '@libp2p/interface'
import { type Ctp, type CtpLine, UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { type ctp, HASH_BYTES, open, PAGE_PIECES, PIECE_BYTES, type Seal, type Signed, sameBytes, sha256, sign } from '@sluice/wire'
import { RefusedError, SourceError } from './errors.ts'
import type { LiveMedia } from './live-media.ts'
import type { SequenceReader } from './sequence-reader.ts'

export interface UploadInit {
  readonly ctp: Ctp
  readonly base: string
  readonly key: PrivateKey
  readonly job: Signed<'job'>
  readonly command: Signed<'command'>
  readonly signal?: AbortSignal | undefined
  /** Of a put that another process began: hashes of the pages that the base has of it, by number. No other version of them is ever sent. */
  readonly pages?: ReadonlyMap<number, Uint8Array> | undefined
  /** Bytes that are durable at the base. */
  readonly onProgress: (bytes: number) => void
}

/** A lost connection is made again after this, doubled up to the second number, in milliseconds. */
const RETRY_MS = 500
const MAX_RETRY_MS = 15_000

/** One connection's worth of an upload. */
interface Attempt {
  readonly line: CtpLine
  readonly accepted: PromiseWithResolvers<Uint8Array>
  readonly sealed: PromiseWithResolvers<void>
  /** The first word on what is durable, after which it is known what need not be sent. */
  readonly resumed: PromiseWithResolvers<void>
  /** It may come before the final page is made again here. */
  seal: Seal | undefined
  room: PromiseWithResolvers<void>
  sentBytes: number
  failed: Error | undefined
}

/**
 * One command on its way to the base, and its media behind it: a page of hashes
 * ahead of every 256 pieces, never more unacknowledged than the window. Done
 * when the base has sealed the final page: it has everything, durably. A lost
 * connection is made again, and only what was not durable is sent again.
 */
export class Upload {
  readonly #init: UploadInit
  readonly #pages: Array<Signed<'page'>> = []
  readonly #hashes: Uint8Array[] = []
  #attempt: Attempt | undefined
  #reader: SequenceReader | undefined
  #live: LiveMedia | undefined
  #durable: ctp.PieceRange[] = []
  #durableBytes = 0
  #retryMs = RETRY_MS
  #refused: Error | undefined

  constructor (init: UploadInit) {
    this.#init = init
    init.signal?.addEventListener('abort', () => this.#refuse(init.signal?.reason as Error), { once: true })
  }

  /**
   * Send the command alone.
   *
   * @returns the base's signed Acceptance
   * @throws {RefusedError} with the base's reason
   */
  async command (): Promise<Uint8Array> {
    const { job, command } = this.#init
    return await this.#persist(async () => {
      const attempt = await this.#open()
      await attempt.line.send({ command: { job: job.value.id, command: command.bytes } })
      return await attempt.accepted.promise
    })
  }

  /** Send the media. Resolves when the base holds all of it durably. */
  async media (reader: SequenceReader): Promise<void> {
    this.#reader = reader
    try {
      await this.#persist(async () => {
        const attempt = this.#attempt ?? await this.#resume()
        await this.#send(attempt, reader)
        await attempt.sealed.promise
      })
    } finally {
      await reader.close()
    }
  }

  /**
   * Send media of unknown length as it is written. Resolves when it has ended and the base holds all of it durably.
   *
   * @throws {SourceError} where it cannot go on
   */
  async live (media: LiveMedia): Promise<void> {
    this.#live = media
    await this.#persist(async () => {
      const attempt = this.#attempt ?? await this.#resume()
      for (let number = 0, ended = false; !ended;) {
        const { page, first, end } = await media.page(number, () => attempt.failed)
        await attempt.line.send({ page: page.bytes })
        for (let piece = first; piece < end; piece++) {
          const bytes = media.kept(piece)
          if (bytes != null) await attempt.line.piece(piece, bytes)
        }
        number = page.value.number + 1
        ended = page.value.final != null
      }
      await attempt.sealed.promise
    })
  }

  async close (): Promise<void> {
    await this.#attempt?.line.close()
  }

  /** Try until it is done, or refused: a base that is away comes back. */
  async #persist<T> (work: () => Promise<T>): Promise<T> {
    for (;;) {
      this.#init.signal?.throwIfAborted()
      try {
        return await work()
      } catch (error) {
        if (this.#refused != null) throw this.#refused
        this.#attempt?.line.abort(error as Error)
        this.#attempt = undefined
        if (this.#live?.failed != null) throw this.#live.failed
        if ((error as Error).name === 'SourceError') throw error
        // What cannot be read here is not readable on another connection either; what was lost may be.
        await delay(this.#retryMs, undefined, this.#init.signal == null ? {} : { signal: this.#init.signal }).catch(() => this.#init.signal?.throwIfAborted())
        this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
      }
    }
  }

  async #open (): Promise<Attempt> {
    const { ctp, base } = this.#init
    let attempt: Attempt | undefined
    const fail = (error: Error): void => { if (attempt != null) this.#fail(attempt, error) }
    const line = await ctp.open(base, reply => { this.#reply(attempt as Attempt, reply).catch((error: Error) => error.name === 'EnvelopeError' ? this.#refuse(error) : fail(error)) }, error => fail(error ?? new Error('the base ended the upload')))
    attempt = { line, accepted: Promise.withResolvers(), sealed: Promise.withResolvers(), resumed: Promise.withResolvers(), seal: undefined, room: Promise.withResolvers(), sentBytes: 0, failed: undefined }
    for (const { promise } of [attempt.accepted, attempt.sealed, attempt.resumed, attempt.room] as Array<PromiseWithResolvers<unknown>>) promise.catch(() => {})
    this.#attempt = attempt
    return attempt
  }

  async #resume (): Promise<Attempt> {
    const { job, command } = this.#init
    const attempt = await this.#open()
    await attempt.line.send({ resume: { job: job.value.id, seq: command.value.seq } })
    await attempt.resumed.promise
    // What is durable was not sent on this connection.
    attempt.sentBytes = this.#durableBytes
    return attempt
  }

  async #send (attempt: Attempt, reader: SequenceReader): Promise<void> {
    const { pieces } = reader.layout
    for (let number = 0, first = 0; first < pieces || number === 0; number++, first += PAGE_PIECES) {
      const end = Math.min(pieces, first + PAGE_PIECES)
      // A page that was made before is the same again; only the pieces that are missing are read.
      const isNew = this.#pages[number] == null
      const batch = new Map<number, Uint8Array>()
      for (let piece = first; piece < end; piece++) if (isNew || !this.#isDurable(piece)) batch.set(piece, await reader.read(piece))
      const page = this.#pages[number] ?? await this.#page(number, first, [...batch.values()], end >= pieces, reader)
      await attempt.line.send({ page: page.bytes })
      for (const [piece, bytes] of batch) if (!this.#isDurable(piece)) await this.#piece(attempt, piece, bytes)
    }
    this.#checkSeal(attempt)
  }

  async #page (number: number, first: number, batch: readonly Uint8Array[], last: boolean, reader: SequenceReader): Promise<Signed<'page'>> {
    const { key, job, command } = this.#init
    if (last) await reader.finish()
    const hashes = Buffer.concat(batch.map(bytes => sha256(bytes)), batch.length * HASH_BYTES)
    this.#hashes.push(hashes)
    const page = await sign('page', {
      job: job.hash,
      seq: command.value.seq,
      number,
      firstPiece: first,
      hashes,
      lengths: batch.every(bytes => bytes.length === PIECE_BYTES) ? [] : batch.map(bytes => bytes.length),
      previous: this.#pages.at(-1)?.hash ?? command.hash,
      ...last ? { final: { pieces: reader.layout.pieces, bytes: reader.layout.bytes - reader.manifestBytes, root: sha256(...this.#hashes), digests: new Uint8Array(), gaps: [] } } : {}
    }, key)
    const before = this.#init.pages?.get(number)
    if (before != null && !sameBytes(before, page.hash)) throw new SourceError(`what is published is not what it was when put ${command.value.seq} of job ${job.value.id} began: bring it back as it was, or publish it by a job of its own`)
    this.#pages.push(page)
    return page
  }

  async #piece (attempt: Attempt, piece: number, bytes: Uint8Array): Promise<void> {
    while (attempt.sentBytes - this.#durableBytes + bytes.length > UPLOAD_WINDOW_BYTES) await attempt.room.promise
    attempt.sentBytes += bytes.length
    await attempt.line.piece(piece, bytes)
  }

  #isDurable (piece: number): boolean {
    return this.#durable.some(({ first, end }) => piece >= first && piece < end)
  }

  async #reply (attempt: Attempt, { accepted, refused, durable, sealed }: ctp.CtpReply): Promise<void> {
    const { base, command } = this.#init
    if (refused != null) return this.#refuse(new RefusedError(refused))
    this.#retryMs = RETRY_MS
    if (accepted != null) {
      const { value } = await open('acceptance', accepted, base)
      if (!sameBytes(value.command, command.hash)) return this.#refuse(new Error('the base accepted another command than the one it was sent'))
      attempt.accepted.resolve(accepted)
    }
    if (durable != null && (this.#reader ?? this.#live) != null) {
      this.#live?.durable(durable.ranges, durable.pages)
      if (this.#reader != null) this.#durable = durable.ranges
      this.#durableBytes = this.#live?.durableBytes ?? durableBytes(durable.ranges, this.#reader as SequenceReader)
      attempt.resumed.resolve()
      this.#init.onProgress(this.#durableBytes)
      const { room } = attempt
      attempt.room = Promise.withResolvers()
      attempt.room.promise.catch(() => {})
      room.resolve()
    }
    if (sealed != null) {
      attempt.seal = (await open('seal', sealed, base)).value
      this.#checkSeal(attempt)
    }
  }

  #checkSeal (attempt: Attempt): void {
    const last = this.#live?.final ?? this.#pages.at(-1)
    if (attempt.seal == null || last?.value.final == null) return
    if (!sameBytes(attempt.seal.page, last.hash)) return this.#refuse(new Error('the base sealed another final page than the one it was sent'))
    attempt.sealed.resolve()
  }

  /** For good: another connection would end the same way. */
  #refuse (error: Error): void {
    this.#refused ??= error
    if (this.#attempt != null) this.#fail(this.#attempt, error)
    this.#live?.fail(error)
  }

  #fail (attempt: Attempt, error: Error): void {
    attempt.failed = error
    for (const { reject } of [attempt.accepted, attempt.sealed, attempt.resumed, attempt.room] as Array<PromiseWithResolvers<unknown>>) reject(error)
    attempt.line.abort(error)
    this.#live?.wake()
  }
}

function durableBytes (ranges: readonly ctp.PieceRange[], reader: SequenceReader): number {
  let bytes = 0
  for (const { first, end } of ranges) for (let piece = first; piece < end; piece++) bytes += reader.layout.pieceLength(piece)
  return bytes
}
