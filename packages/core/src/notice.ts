import type { Effect, ReceiptDetails } from './effect.ts'

/** Where no media was involved. */
export function noDetails (nowMs: number, startedMs = nowMs): ReceiptDetails {
  return { sources: [], switches: 0, startedMs, finishedMs: nowMs }
}

/** A notice that is made automatic for a job; by itself it would be given on query only. */
export function notice (job: string, kind: 'command-received' | 'command-started', seq: number, nowMs: number): Effect {
  return { type: 'receipt', job, kind, seq, details: noDetails(nowMs) }
}
