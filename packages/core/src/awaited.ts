import { GRACE_DEVIATION_WEIGHT, GRACE_DEVIATIONS, GRACE_MAX_MS, GRACE_MEAN_WEIGHT, GRACE_MIN_MS, GRACE_START_MS, GRACE_TREES } from './limits.ts'

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
  readonly #slots: number
  /** How often a piece comes into the fleet, as it is heard of here, smoothed: a slot of the tree. */
  #everyMs = 0
  #newsMs: number | undefined
  #lagMs: number | undefined
  #deviationMs = 0

  /**
   * @param treeMs - how long it takes until everybody has a piece, as far as anybody knows
   * @param slots - … and how many pieces come meanwhile
   */
  constructor (treeMs = 0, slots = 1) {
    this.#slots = slots
    this.#startMs = Math.min(GRACE_MAX_MS, Math.max(GRACE_START_MS, treeMs))
  }

  has (chunk: number): boolean {
    return this.#heardMs.has(chunk)
  }

  /** How long after it was first heard of a chunk is waited for. */
  get graceMs (): number {
    const usualMs = this.#lagMs == null ? this.#startMs : this.#lagMs + GRACE_DEVIATIONS * this.#deviationMs
    // On slow lines pieces are far apart, and so are the steps of their trees.
    return Math.min(GRACE_MAX_MS, Math.max(GRACE_MIN_MS, GRACE_TREES * this.#slots * this.#everyMs, usualMs))
  }

  heard (chunk: number, nowMs: number): void {
    if (this.#heardMs.has(chunk)) return
    this.#heardMs.set(chunk, nowMs)
    this.#news(nowMs)
  }

  /** One piece more is in the fleet. A pause of the provider is no slot. */
  #news (nowMs: number): void {
    const sinceMs = Math.min(nowMs - (this.#newsMs ?? nowMs), GRACE_MAX_MS / this.#slots)
    this.#everyMs += (sinceMs - this.#everyMs) * GRACE_MEAN_WEIGHT
    this.#newsMs = nowMs
  }

  /** It came by itself, or a piece of it. */
  pushed (chunk: number, nowMs: number): void {
    const heardMs = this.#heardMs.get(chunk) ?? this.#overdueMs.get(chunk)
    const lagMs = heardMs == null ? 0 : nowMs - heardMs
    if (heardMs == null) this.#news(nowMs)
    this.#deviationMs = this.#lagMs == null ? lagMs / 2 : this.#deviationMs + (Math.abs(lagMs - this.#lagMs) - this.#deviationMs) * GRACE_DEVIATION_WEIGHT
    this.#lagMs = this.#lagMs == null ? lagMs : this.#lagMs + (lagMs - this.#lagMs) * GRACE_MEAN_WEIGHT
  }

  /** It was too late, and is to be asked for; it may come by itself all the same. */
  isOverdue (chunk: number): boolean {
    return this.#overdueMs.has(chunk)
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
