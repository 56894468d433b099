import type { Ledger, ServerRow } from './ledger.ts'

/** A server of which nothing was heard for so long may be behind. Its progress comes twice a second while it has any. */
export const QUIET_MS = 10_000
/** … if half of its fellows took less than a third of the time that it has had by now … */
export const LAG_FACTOR = 3
/** … or have four times its bytes of the same put. */
export const LAG_SHARE = 0.25

/**
 * Servers that took the job and neither report nor move, while the others do: what a server should have by
 * now is measured by the rate of its fellows. Where all of them stand still nobody is behind.
 */
export function laggards (ledger: Ledger, nowMs: number): ServerRow[] {
  const medians = new Map<number, number>()
  return ledger.rows.filter(row => {
    if (row.receivedMs == null || row.completedMs != null || nowMs - row.signMs < QUIET_MS) return false
    const seq = ledger.outstanding(row)
    if (seq == null) return false
    const { acceptedMs, halfDoneMs } = ledger.pace(seq)
    if (halfDoneMs != null) return nowMs - acceptedMs >= Math.max(QUIET_MS, LAG_FACTOR * (halfDoneMs - acceptedMs))
    const median = medians.get(seq) ?? ledger.medianBytes(seq)
    medians.set(seq, median)
    return bytesOf(row, seq) < LAG_SHARE * median
  })
}

/** Verified bytes of a put, as far as the server told. */
export function bytesOf (row: ServerRow, seq: number): number {
  if (row.done.has(seq)) return Number.POSITIVE_INFINITY
  return row.progress.seq === seq ? row.progress.bytes : 0
}
