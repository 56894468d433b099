import { formatBytes, formatPercent, formatRate } from './format.ts'
import { bar } from './progress-lines.ts'
import { Screen } from './screen.ts'

/** Shows how far one file is. */
export interface TransferView {
  readonly show: (bytes: number, total: number) => void
  stop (): void
}

// A script wants to see that it goes on, not every piece.
const JSON_INTERVAL_MS = 500
const MS_PER_SECOND = 1_000

/** A bar on a terminal, JSON lines for a script, and silence else: the result is said by whoever has it. */
export function createTransferView (name: string, json: boolean): TransferView {
  const startedMs = performance.now()
  let bytes = 0
  let total = 0
  let saidMs = Number.NEGATIVE_INFINITY
  const seconds = (): number => Math.max(1, performance.now() - startedMs) / MS_PER_SECOND
  const screen = json || !process.stdout.isTTY ? undefined : new Screen(process.stdout, () => [`${name} ${bar(bytes, total)} ${formatPercent(bytes, total)} ${formatBytes(bytes)}  ${formatRate(bytes / seconds())}`])
  let stopped = false
  return {
    show: (now, of) => {
      bytes = now
      total = of
      if (!json || performance.now() - saidMs < JSON_INTERVAL_MS) return
      saidMs = performance.now()
      process.stdout.write(`${JSON.stringify({ type: 'progress', bytes, total })}\n`)
    },
    stop: () => {
      if (!stopped) screen?.stop()
      stopped = true
    }
  }
}
