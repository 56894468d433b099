import type { JobEvent } from '@sluice/sdk'
import { count, formatBytes, formatDuration, formatPercent, formatRate } from './format.ts'
import { progressRows, type NameOf } from './progress-lines.ts'
import { JobProgress } from './progress.ts'
import { Screen } from './screen.ts'

/** Shows a job's events. The last event, job.closed, is shown by whoever has the whole answer. */
export interface ProgressView {
  show (event: JobEvent): void
  stop (): void
}

// A log that someone reads later wants a few lines per minute, not a few per second.
const LINE_INTERVAL_MS = 5_000
// Nothing new is worth a line once in a while, as a sign of life.
const SAME_LINE_INTERVAL_MS = 60_000

/** Events as JSON lines. */
export function createJsonView (): ProgressView {
  return {
    show: event => { process.stdout.write(`${JSON.stringify(event)}\n`) },
    stop () {}
  }
}

/** Bars, for a terminal. */
export function createBarView (nameOf: NameOf): ProgressView {
  const progress = new JobProgress()
  const screen = new Screen(process.stdout, () => progressRows(progress, nameOf))
  return {
    show: event => progress.handle(event, performance.now()),
    stop: () => screen.stop()
  }
}

/** Sparse plain lines, for a pipe or a log; `title` stands before each, where several jobs speak at once. */
export function createLineView (nameOf: NameOf, title = ''): ProgressView {
  const progress = new JobProgress()
  const startedMs = performance.now()
  const say = (text: string): void => { process.stdout.write(`${formatDuration(performance.now() - startedMs).padStart(8)}  ${title}${text}\n`) }
  let last = { text: '', atMs: startedMs }
  const timer = setInterval(() => {
    const text = standing(progress)
    const nowMs = performance.now()
    if (text === last.text && nowMs - last.atMs < SAME_LINE_INTERVAL_MS) return
    last = { text, atMs: nowMs }
    say(text)
  }, LINE_INTERVAL_MS)
  let uploaded = false
  return {
    show (event) {
      progress.handle(event, performance.now())
      const { bytes, total } = progress.upload
      if (event.type === 'job.opened') say(`job ${event.job} opened for ${count(event.servers.length, 'server')}`)
      else if (event.type === 'upload' && total > 0 && bytes >= total && !uploaded) say(`uploaded ${formatBytes(total)}`)
      else if (event.type === 'receipt' && event.kind === 'job-completed') say(`${nameOf(event.peer)} has completed the job`)
      else if (event.type === 'receipt' && event.kind.endsWith('failed')) say(`${nameOf(event.peer)} failed: ${event.reason ?? 'no reason given'}`)
      else if (event.type === 'server.down') say(`${nameOf(event.peer)} is down; expected back in about ${formatDuration(event.expectedWaitMs)} (${event.because})`)
      uploaded = total > 0 && bytes >= total
    },
    stop: () => clearInterval(timer)
  }
}

function standing (progress: JobProgress): string {
  const nodes = [...progress.nodes.values()]
  const done = nodes.filter(node => node.state === 'complete').length
  const bytes = nodes.reduce((sum, node) => sum + node.bytes, 0)
  const rate = nodes.reduce((sum, node) => sum + node.rate, 0)
  return `${done} of ${count(nodes.length, 'server')} done, ${formatPercent(bytes, progress.total * nodes.length)} arrived, ${formatRate(rate)} in all`
}
