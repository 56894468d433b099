import { Writable } from 'node:stream'
import type { LiveMedia } from './live-media.ts'

export interface LiveWritableInit {
  readonly seq: number
  readonly media: LiveMedia
  /** Resolves when the base holds all of it durably, after the media was closed. */
  readonly sent: Promise<void>
  /** Waits while the servers are too far behind. */
  readonly pace: (bytes: number) => Promise<void>
  /** It was destroyed before its end. */
  readonly cancel: (reason: Error) => void
}

/** What may wait in the writable itself, in bytes: two pieces. What is not durable yet is kept behind it. */
const HIGH_WATER_BYTES = 128 * 1024

/**
 * Where a live put's media is written. `end()` closes it; `finish` is emitted
 * when the base has sealed it and holds all of it durably. `destroy(error)`
 * calls the put off on every server.
 */
export class LiveWritable extends Writable {
  /** Of the put's command. */
  readonly seq: number
  readonly #init: LiveWritableInit

  constructor (init: LiveWritableInit) {
    super({ highWaterMark: HIGH_WATER_BYTES, decodeStrings: true })
    this.seq = init.seq
    this.#init = init
    init.sent.catch((error: Error) => this.destroy(error))
  }

  /** Bytes written so far. */
  get bytes (): number {
    return this.#init.media.bytes
  }

  override _write (chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#take(chunk).then(() => done(), done)
  }

  override _final (done: (error?: Error | null) => void): void {
    this.#init.media.close().then(async () => await this.#init.sent).then(() => done(), done)
  }

  override _destroy (error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.writableFinished) this.#init.cancel(error ?? new Error('the live put was destroyed before its end'))
    done(error)
  }

  async #take (chunk: Buffer): Promise<void> {
    await this.#init.pace(this.bytes)
    await this.#init.media.write(chunk)
  }
}
