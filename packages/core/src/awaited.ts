import { GRACE_DEVIATION_WEIGHT, GRACE_DEVIATIONS, GRACE_MAX_MS, GRACE_MEAN_WEIGHT, GRACE_MIN_MS, GRACE_START_MS } from './limits.ts'

/**
 * Chunks of a live put that others have announced and that should come here by
 * themselves: how long to wait before one is asked for. Pushes come after the
 * first announcement by some usual lag, or before it; what is later than that
 * will probably not come.
 */
export class Awaited {
  /** When each was first heard of, the earliest first. */
  readonly #heardMs = new Map<number, number>()
  /** … of those that were too late: if they come by themselves yet, the time was too short. */
  readonly #overdueMs = new Map<number, number>()
  readonly #startMs: number
  #lagMs: number | undefined
  #deviationMs = 0

  /** @param treeMs - how long it takes until everybody has a piece, as far as anybody knows */
  constructor (treeMs = 0) {
    this.#startMs = Math.min(GRACE_MAX_MS, Math.max(GRACE_START_MS, treeMs))
  }

  has (chunk: number): boolean {
    return this.#heardMs.has(chunk)
  }

  /** How long after it was first heard of a chunk is waited for. */
  get graceMs (): number {
    if (this.#lagMs == null) return this.#startMs
    return Math.min(GRACE_MAX_MS, Math.max(GRACE_MIN_MS, this.#lagMs + GRACE_DEVIATIONS * this.#deviationMs))
  }

  heard (chunk: number, nowMs: number): void {
    if (!this.#heardMs.has(chunk)) this.#heardMs.set(chunk, nowMs)
  }

  /** It came by itself, or a piece of it. */
  pushed (chunk: number, nowMs: number): void {
    const heardMs = this.#heardMs.get(chunk) ?? this.#overdueMs.get(chunk)
    const lagMs = heardMs == null ? 0 : nowMs - heardMs
    this.#deviationMs = this.#lagMs == null ? lagMs / 2 : this.#deviationMs + (Math.abs(lagMs - this.#lagMs) - this.#deviationMs) * GRACE_DEVIATION_WEIGHT
    this.#lagMs = this.#lagMs == null ? lagMs : this.#lagMs + (lagMs - this.#lagMs) * GRACE_MEAN_WEIGHT
  }

  /** It is here, asked for, or not waited for any more. */
  forget (chunk: number): void {
    this.#heardMs.delete(chunk)
    this.#overdueMs.delete(chunk)
  }

  /** Those that are to be asked for now, each once. */
  takeOverdue (nowMs: number): number[] {
    const overdue: number[] = []
    const { graceMs } = this
    for (const [chunk, heardMs] of this.#heardMs) {
      if (nowMs - heardMs < graceMs) break
      overdue.push(chunk)
      this.#heardMs.delete(chunk)
      this.#overdueMs.set(chunk, heardMs)
    }
    return overdue
  }
}
