import { PIECE_BYTES, SWITCH_GAIN, SWITCH_SAVING_MS, SWITCH_SAVING_PIECES } from '../limits.ts'

/** What one source still has to bring, and how fast it does. */
export interface Workload {
  /** Bytes that come before the last one waited for, itself included. */
  readonly bytes: number
  /** Bytes per second, measured; offered as long as nothing was measured. */
  readonly rate: number
}

/**
 * Dynamic switching: whether a chunk that one source was asked for is better
 * taken from another. It must be there clearly sooner, by a factor because
 * rates are noisy, and by a time because a switch costs messages, and the
 * pieces of the old source that are in flight.
 */
export function worthSwitching (now: Workload, other: Workload): boolean {
  if (other.rate <= 0) return false
  const nowMs = now.rate <= 0 ? Number.POSITIVE_INFINITY : now.bytes * 1000 / now.rate
  const otherMs = other.bytes * 1000 / other.rate
  const savingMs = Math.max(SWITCH_SAVING_MS, SWITCH_SAVING_PIECES * PIECE_BYTES * 1000 / other.rate)
  return nowMs > otherMs * SWITCH_GAIN && nowMs - otherMs > savingMs
}
