import { styleText } from 'node:util'
import type { JobClosed, ServerResult } from '@sluice/sdk'
import { EXIT } from './failure.ts'
import { count, formatBytes, formatDuration, formatPercent } from './format.ts'
import type { NameOf } from './progress-lines.ts'
import { renderTable } from './table.ts'

// More sources than these are only counted: the line fits a terminal.
const NAMED_SOURCES = 2

const OUTCOME_COLORS = { complete: 'green', partial: 'yellow', failed: 'red' } as const

/** The final notice for people. */
export function renderReport (closed: JobClosed, nameOf: NameOf): string {
  const done = closed.servers.filter(server => server.state === 'complete').length
  // styleText leaves out its colours where stdout is no terminal or NO_COLOR is set.
  const outcome = styleText(OUTCOME_COLORS[closed.outcome], closed.outcome, { stream: process.stdout })
  const first = Math.min(...closed.servers.flatMap(server => server.receivedAt ?? []))
  const rows = closed.servers.map(server => [
    nameOf(server.peer),
    describeState(server),
    server.completedAt == null ? '' : formatDuration(Math.max(0, server.completedAt - first)),
    String(server.switches),
    describeSources(server.sources, nameOf)
  ])
  const table = renderTable([{ title: 'server' }, { title: 'state' }, { title: 'time', align: 'right' }, { title: 'switches', align: 'right' }, { title: 'sources' }], rows)
  return `${table}\n\n${outcome}: ${formatBytes(closed.bytes)} to ${done} of ${closed.servers.length} servers in ${formatDuration(closed.elapsedMs)}, job ${closed.job}`
}

/** `complete, 12 pieces left out`. */
function describeState ({ state, reason, gaps }: ServerResult): string {
  const lost = gaps === 0 ? '' : `, ${count(gaps, 'piece')} left out`
  return reason == null || reason === '' ? `${state}${lost}` : `${state}${lost}: ${reason}`
}

/** `base 40 %, …a 35 %, 4 more`. */
export function describeSources (sources: Record<string, number>, nameOf: NameOf): string {
  const sorted = Object.entries(sources).filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a)
  const total = sorted.reduce((sum, [, bytes]) => sum + bytes, 0)
  const named = sorted.slice(0, NAMED_SOURCES).map(([peer, bytes]) => `${nameOf(peer)} ${formatPercent(bytes, total)}`)
  const more = sorted.length - named.length
  return [...named, ...more > 0 ? [`${more} more`] : []].join(', ')
}

export function exitOf (outcome: JobClosed['outcome']): number {
  return EXIT[outcome]
}
