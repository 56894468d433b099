import type { PrivateKey } from '@libp2p/interface'
import { type Ctp, type CtpLine, UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { type ctp, HASH_BYTES, open, PAGE_PIECES, PIECE_BYTES, type Signed, sameBytes, sha256, sign } from '@sluice/wire'
import { RefusedError } from './errors.ts'
import type { SequenceReader } from './sequence-reader.ts'

export interface UploadInit {
  readonly ctp: Ctp
  readonly base: string
  readonly key: PrivateKey
  readonly job: Signed<'job'>
  readonly command: Signed<'command'>
  readonly signal?: AbortSignal | undefined
  /** Bytes that are durable at the base. */
  readonly onProgress: (bytes: number) => void
}

/**
 * One command on its way to the base, and its media behind it: a page of hashes
 * ahead of every 256 pieces, never more unacknowledged than the window. Done
 * when the base has sealed the final page: it has everything, durably.
 */
export class Upload {
  readonly #init: UploadInit
  readonly #accepted = Promise.withResolvers<Uint8Array>()
  readonly #sealed = Promise.withResolvers<void>()
  #line: CtpLine | undefined
  #sentBytes = 0
  #durableBytes = 0
  #room = Promise.withResolvers<void>()
  #reader: SequenceReader | undefined
  #finalPage: Signed<'page'> | undefined

  constructor (init: UploadInit) {
    this.#init = init
    this.#accepted.promise.catch(() => {})
    this.#sealed.promise.catch(() => {})
  }

  /**
   * Send the command alone.
   *
   * @returns the base's signed Acceptance
   * @throws {RefusedError} with the base's reason
   */
  async command (): Promise<Uint8Array> {
    const { ctp, base, job, command, signal } = this.#init
    signal?.throwIfAborted()
    signal?.addEventListener('abort', () => this.#fail(signal.reason as Error), { once: true })
    this.#line = await ctp.open(base, reply => { this.#reply(reply).catch((error: Error) => this.#fail(error)) }, error => this.#fail(error ?? new Error('the base ended the upload')))
    await this.#line.send({ command: { job: (job.value as { id: string }).id, command: command.bytes } })
    return await this.#accepted.promise
  }

  /** Send the media. Resolves when the base holds all of it durably. */
  async media (reader: SequenceReader): Promise<void> {
    this.#reader = reader
    const { key, job, command } = this.#init
    const seq = (command.value as { seq: number }).seq
    const { pieces } = reader.layout
    const allHashes: Uint8Array[] = []
    let previous = command.hash
    try {
      for (let number = 0, first = 0; first < pieces || number === 0; number++) {
        const batch: Uint8Array[] = []
        for (let piece = first; piece < Math.min(pieces, first + PAGE_PIECES); piece++) batch.push(await reader.read(piece))
        const hashes = Buffer.concat(batch.map(bytes => sha256(bytes)), batch.length * HASH_BYTES)
        allHashes.push(hashes)
        const last = first + batch.length >= pieces
        const page = await sign('page', {
          job: job.hash,
          seq,
          number,
          firstPiece: first,
          hashes,
          lengths: batch.every(bytes => bytes.length === PIECE_BYTES) ? [] : batch.map(bytes => bytes.length),
          previous,
          ...last ? { final: { pieces, bytes: reader.layout.bytes - reader.manifestBytes, root: sha256(...allHashes), digests: new Uint8Array(), gaps: [] } } : {}
        }, key)
        if (last) this.#finalPage = page
        await this.#line?.send({ page: page.bytes })
        for (const [index, bytes] of batch.entries()) await this.#piece(first + index, bytes)
        previous = page.hash
        first += batch.length
        if (last) break
      }
      await this.#sealed.promise
    } finally {
      await reader.close()
    }
  }

  async close (): Promise<void> {
    await this.#line?.close()
  }

  async #piece (piece: number, bytes: Uint8Array): Promise<void> {
    while (this.#sentBytes - this.#durableBytes + bytes.length > UPLOAD_WINDOW_BYTES) await this.#room.promise
    this.#sentBytes += bytes.length
    await this.#line?.piece(piece, bytes)
  }

  async #reply ({ accepted, refused, durable, sealed }: ctp.CtpReply): Promise<void> {
    const { base, command } = this.#init
    if (refused != null) return this.#fail(new RefusedError(refused))
    if (accepted != null) {
      const { value } = await open('acceptance', accepted, base)
      if (!sameBytes(value.command, command.hash)) throw new Error('the base accepted another command than the one it was sent')
      this.#accepted.resolve(accepted)
    }
    if (durable != null && this.#reader != null) {
      let bytes = 0
      for (const { first, end } of durable.ranges) for (let piece = first; piece < end; piece++) bytes += this.#reader.layout.pieceLength(piece)
      this.#durableBytes = bytes
      this.#init.onProgress(bytes)
      this.#wake()
    }
    if (sealed != null) {
      const { value } = await open('seal', sealed, base)
      if (this.#finalPage == null || !sameBytes(value.page, this.#finalPage.hash)) throw new Error('the base sealed another final page than the one it was sent')
      this.#sealed.resolve()
    }
  }

  #wake (): void {
    const waiting = this.#room
    this.#room = Promise.withResolvers()
    waiting.resolve()
  }

  #fail (error: Error): void {
    this.#accepted.reject(error)
    this.#sealed.reject(error)
    this.#room.promise.catch(() => {})
    this.#room.reject(error)
    this.#line?.abort(error)
  }
}
