import type { Journal, PutShape, StagedPut } from '@sluice/store'

/** Opens puts in the peer's store; a node's can be published, a base's cannot. */
export interface MediaStore {
  open (shape: PutShape, written?: Uint8Array): Promise<StagedPut>
  /** Free the staged bytes of a put that is not open, if there are any. */
  discard (job: string, seq: number): Promise<void>
}

/** What is to be remembered with a checkpoint. */
export interface CheckpointSource {
  readonly pieces: () => Uint8Array
  readonly sources: () => Record<string, number>
  readonly switches: () => number
}

/** When what has arrived is made durable: after so many bytes, or so long after the first of them. */
export interface CheckpointRule {
  readonly bytes: number
  readonly ms: number
}

/** A node resumes from here: at most 16 MiB, or a second, are fetched again. */
export const NODE_CHECKPOINT: CheckpointRule = { bytes: 16 * 1024 * 1024, ms: 1_000 }
/** A provider waits for these: it keeps what is not acknowledged. */
export const BASE_CHECKPOINT: CheckpointRule = { bytes: 8 * 1024 * 1024, ms: 100 }

/** One put's bytes on this peer, and its checkpoints: data is durable before the bitmap that names it. */
export class StagedMedia {
  readonly put: StagedPut
  /** The bitmap of pieces that an earlier run has written, until they are proven. */
  restored: Uint8Array
  readonly #journal: Journal
  readonly #source: CheckpointSource
  readonly #rule: CheckpointRule
  readonly #startedAt = Date.now()
  readonly #onDurable: (pieces: Uint8Array) => void
  readonly #onFailed: (error: Error) => void
  #unsynced = 0
  #timer: NodeJS.Timeout | undefined
  #syncing: Promise<void> = Promise.resolve()

  constructor (put: StagedPut, journal: Journal, rule: CheckpointRule, source: CheckpointSource, onDurable: (pieces: Uint8Array) => void, onFailed: (error: Error) => void, restored: Uint8Array = new Uint8Array()) {
    this.restored = restored
    this.put = put
    this.#journal = journal
    this.#rule = rule
    this.#source = source
    this.#onDurable = onDurable
    this.#onFailed = onFailed
  }

  /** So many bytes more were written. */
  wrote (bytes: number): void {
    this.#unsynced += bytes
    if (this.#unsynced >= this.#rule.bytes) void this.checkpoint().catch(this.#onFailed)
    else this.#timer ??= setTimeout(() => { void this.checkpoint().catch(this.#onFailed) }, this.#rule.ms)
  }

  /** Make durable what is written, then the bitmap that says so. One at a time. */
  checkpoint (): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#unsynced = 0
    const after = this.#syncing.then(async () => {
      const pieces = this.#source.pieces()
      await this.put.sync()
      const { job, seq } = this.put.shape
      this.#journal.setProgress(job, seq, { pieces, sources: this.#source.sources(), switches: this.#source.switches(), startedAt: this.#startedAt })
      this.#onDurable(pieces)
    })
    this.#syncing = after.catch(() => {})
    return after
  }

  async close (discard: boolean): Promise<void> {
    clearTimeout(this.#timer)
    await this.#syncing
    await (discard ? this.put.discard() : this.put.close())
  }
}
