import { setTimeout as delay } from 'node:timers/promises'
import type { PrivateKey } from '@libp2p/interface'
import { type Ctp, type CtpLine, UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { type ctp, open, PAGE_PIECES, type Seal, type Signed, sameBytes, Visibility } from '@sluice/wire'
import { RefusedError } from './errors.ts'
import type { LiveMedia } from './live-media.ts'
import { PageChain } from './page-chain.ts'
import type { SequenceReader } from './sequence-reader.ts'
import { Silence } from './silence.ts'
import { TransitWindow } from './transit-window.ts'
import { WantedPieces } from './wanted-pieces.ts'

export interface UploadInit {
  readonly ctp: Ctp
  readonly base: string
  readonly key: PrivateKey
  readonly job: Signed<'job'>
  readonly command: Signed<'command'>
  readonly signal?: AbortSignal | undefined
  /** Of a put that another process began: hashes of the pages that the base has of it, by number. No other version of them is ever sent. */
  readonly pages?: ReadonlyMap<number, Uint8Array> | undefined
  /** See Silence. */
  readonly silenceMs?: number | undefined
  /** Bytes that are durable at the base. */
  readonly onProgress: (bytes: number) => void
}

/** A lost connection is made again after this, doubled up to the second number, in milliseconds. */
const RETRY_MS = 500
const MAX_RETRY_MS = 15_000
/** With more holes than this in what is durable, the rest goes in order, whatever viewers want: the base names them all with each checkpoint. */
const MAX_HOLES = 1_024

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
  /** Pages that were sent, and pieces that were sent before their turn. */
  readonly pages: Set<number>
  readonly ahead: Set<number>
  readonly wanted: WantedPieces
  /** Only of what viewers may wait for: anything else is to fill whatever queues there are. */
  readonly transit: TransitWindow | undefined
  failed: Error | undefined
  /** While something is awaited of the base. */
  silence: Silence | undefined
}

/**
 * One command on its way to the base, and its media behind it: a page of hashes
 * ahead of every 256 pieces, never more unacknowledged than the window, and on
 * its way no more than needed where viewers may want something else first. Done
 * when the base has sealed the final page: it has everything, durably. A lost
 * connection is made again, and only what was not durable is sent again. What
 * viewers of media servers wait for is sent before its turn.
 */
export class Upload {
  readonly #init: UploadInit
  #attempt: Attempt | undefined
  #reader: SequenceReader | undefined
  #chain: PageChain | undefined
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
      return await this.#awaited(attempt, attempt.accepted.promise)
    })
  }

  /** Send the media. Resolves when the base holds all of it durably. */
  async media (reader: SequenceReader): Promise<void> {
    const { key, job, command } = this.#init
    const chain = new PageChain({ key, job, command, reader, before: this.#init.pages })
    this.#reader = reader
    this.#chain = chain
    try {
      await this.#persist(async () => {
        const attempt = this.#attempt ?? await this.#resume()
        await this.#send(attempt, reader, chain)
        await this.#awaited(attempt, attempt.sealed.promise)
      })
    } finally {
      await reader.close()
      await chain.close()
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
      await this.#awaited(attempt, attempt.sealed.promise)
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

  /** What the base is to say, as long as it says anything at all: otherwise another attempt is made. */
  async #awaited<T> (attempt: Attempt, said: Promise<T>): Promise<T> {
    const silence = attempt.silence = new Silence(undefined, this.#init.silenceMs)
    silence.signal.addEventListener('abort', () => this.#fail(attempt, silence.signal.reason as Error), { once: true })
    try {
      return await said
    } finally {
      silence.stop()
    }
  }

  async #open (): Promise<Attempt> {
    const { ctp, base, command } = this.#init
    let attempt: Attempt | undefined
    const fail = (error: Error): void => { if (attempt != null) this.#fail(attempt, error) }
    const line = await ctp.open(base, reply => { this.#reply(attempt as Attempt, reply).catch((error: Error) => error.name === 'EnvelopeError' ? this.#refuse(error) : fail(error)) }, error => fail(error ?? new Error('the base ended the upload')))
    attempt = { line, accepted: Promise.withResolvers(), sealed: Promise.withResolvers(), resumed: Promise.withResolvers(), seal: undefined, room: Promise.withResolvers(), sentBytes: 0, pages: new Set(), ahead: new Set(), wanted: new WantedPieces(), transit: command.value.put?.visibility === Visibility.ARRIVING ? new TransitWindow() : undefined, failed: undefined, silence: undefined }
    for (const { promise } of [attempt.accepted, attempt.sealed, attempt.resumed, attempt.room] as Array<PromiseWithResolvers<unknown>>) promise.catch(() => {})
    this.#attempt = attempt
    return attempt
  }

  async #resume (): Promise<Attempt> {
    const { job, command } = this.#init
    const attempt = await this.#open()
    await attempt.line.send({ resume: { job: job.value.id, seq: command.value.seq } })
    await this.#awaited(attempt, attempt.resumed.promise)
    // What is durable was not sent on this connection.
    attempt.sentBytes = this.#durableBytes
    return attempt
  }

  async #send (attempt: Attempt, reader: SequenceReader, chain: PageChain): Promise<void> {
    const { pieces } = reader.layout
    for (let number = 0, first = 0; first < pieces || number === 0; number++, first += PAGE_PIECES) {
      // What is read for a page is sent from memory; of one that was made before only the pieces that are missing are read.
      const kept = new Map<number, Uint8Array>()
      await this.#page(attempt, await chain.page(number, kept))
      for (let piece = first; piece < Math.min(pieces, first + PAGE_PIECES); piece++) {
        await this.#sendWanted(attempt, reader, chain)
        if (this.#isDone(attempt, piece)) continue
        await this.#piece(attempt, piece, kept.get(piece) ?? await this.#read(reader, chain, piece))
      }
    }
    this.#checkSeal(attempt)
  }

  /** What viewers wait for, as far as its pages are made. */
  async #sendWanted (attempt: Attempt, reader: SequenceReader, chain: PageChain): Promise<void> {
    const next = (): ReturnType<WantedPieces['next']> => attempt.wanted.next(piece => this.#isDone(attempt, piece), piece => chain.at(pageOf(piece)) != null)
    for (let run = next(); run != null; run = next()) {
      await this.#page(attempt, await chain.page(pageOf(run.first)))
      for (let piece = run.first; piece < run.end; piece++) {
        attempt.ahead.add(piece)
        await this.#piece(attempt, piece, await this.#read(reader, chain, piece))
      }
    }
  }

  async #read (reader: SequenceReader, chain: PageChain, piece: number): Promise<Uint8Array> {
    const bytes = await reader.read(piece)
    chain.verify(piece, bytes)
    return bytes
  }

  async #page (attempt: Attempt, page: Signed<'page'>): Promise<void> {
    const { number } = page.value
    if (attempt.pages.has(number)) return
    attempt.pages.add(number)
    await attempt.line.send({ page: page.bytes })
  }

  async #piece (attempt: Attempt, piece: number, bytes: Uint8Array): Promise<void> {
    while (attempt.sentBytes - this.#durableBytes + bytes.length > UPLOAD_WINDOW_BYTES || attempt.transit?.hasRoom(bytes.length) === false) await this.#awaited(attempt, attempt.room.promise)
    attempt.sentBytes += bytes.length
    attempt.transit?.sent(bytes.length, performance.now())
    await attempt.line.piece(piece, bytes)
  }

  #isDone (attempt: Attempt, piece: number): boolean {
    return attempt.ahead.has(piece) || this.#durable.some(({ first, end }) => piece >= first && piece < end)
  }

  /** Viewers wait for these pieces. Their pages are made now, while others are being sent. */
  #want (attempt: Attempt, { first, end }: ctp.PieceRange): void {
    const chain = this.#chain
    // What is live has nothing that could be sent sooner.
    if (chain == null || this.#reader == null || this.#durable.length > MAX_HOLES) return
    const { pieces } = this.#reader.layout
    if (first >= pieces) return
    attempt.wanted.add(first, Math.min(end, pieces))
    // If it cannot be read, whoever sends in order finds that, too, and says so.
    chain.page(pageOf(Math.min(end, pieces) - 1)).catch(() => {})
  }

  async #reply (attempt: Attempt, { accepted, refused, durable, received, sealed, want }: ctp.CtpReply): Promise<void> {
    const { base, command } = this.#init
    attempt.silence?.broken()
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
      this.#makeRoom(attempt)
    }
    if (received != null) {
      attempt.transit?.received(received, performance.now())
      this.#makeRoom(attempt)
    }
    if (want != null) this.#want(attempt, want)
    if (sealed != null) {
      attempt.seal = (await open('seal', sealed, base)).value
      this.#checkSeal(attempt)
    }
  }

  #makeRoom (attempt: Attempt): void {
    const { room } = attempt
    attempt.room = Promise.withResolvers()
    attempt.room.promise.catch(() => {})
    room.resolve()
  }

  #checkSeal (attempt: Attempt): void {
    const last = this.#live?.final ?? this.#chain?.final
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

function pageOf (piece: number): number {
  return Math.floor(piece / PAGE_PIECES)
}
