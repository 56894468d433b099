import type { JobClosed } from '@sluice/sdk'
import { formatBytes, formatDuration } from '../format.ts'
import type { NameOf } from '../progress-lines.ts'
import { describeSources } from '../report.ts'
import { renderTable } from '../table.ts'
import type { Evidence, ReceiptCount } from './evidence.ts'

/** A job that is over, with what was found out about it. */
export interface Outcome {
  readonly closed: JobClosed
  readonly evidence: Evidence
  /** Put commands that every node has to have completed. */
  readonly puts: number
  readonly bytes: number
}

/** A row per node over all jobs: what it got, from whom, how long it took, and what it signed. */
export function renderSummary (nodes: ReadonlyArray<{ name: string, peer: string }>, outcomes: readonly Outcome[], nameOf: NameOf): string {
  const rows = nodes.map(({ name, peer }) => {
    const sources: Record<string, number> = {}
    let elapsedMs = 0
    for (const { closed } of outcomes) {
      const server = closed.servers.find(candidate => candidate.peer === peer)
      for (const [source, bytes] of Object.entries(server?.sources ?? {})) sources[source] = (sources[source] ?? 0) + bytes
      const first = Math.min(...closed.servers.flatMap(candidate => candidate.receivedAt ?? []))
      if (server?.completedAt != null) elapsedMs = Math.max(elapsedMs, server.completedAt - first)
    }
    const received = Object.values(sources).reduce((sum, bytes) => sum + bytes, 0)
    return [name, formatBytes(received), formatDuration(elapsedMs), ...receiptCells(outcomes, peer), describeSources(sources, nameOf)]
  })
  return renderTable([
    { title: 'node' },
    { title: 'bytes', align: 'right' },
    { title: 'time', align: 'right' },
    { title: 'job-received', align: 'right' },
    { title: 'command-completed', align: 'right' },
    { title: 'job-completed', align: 'right' },
    { title: 'sources' }
  ], rows)
}

/** Nodes whose verified receipts do not add up, in words. */
export function missingReceipts (nodes: ReadonlyArray<{ name: string, peer: string }>, { closed, evidence, puts }: Outcome): string[] {
  return nodes.flatMap(({ name, peer }) => {
    const { jobReceived, commandCompleted, jobCompleted } = countsOf(evidence, peer)
    if (jobReceived >= 1 && commandCompleted >= puts && jobCompleted >= 1) return []
    return [`job ${closed.job}: ${name} has signed ${jobReceived} job-received, ${commandCompleted} command-completed and ${jobCompleted} job-completed, and 1, ${puts} and 1 were expected`]
  })
}

/** What the base itself sent: by its own count, or else as far as receipts name it as a source. */
export function describeEgress (outcomes: readonly Outcome[], base: string, countedBytes: number | undefined): string {
  const published = outcomes.reduce((sum, { bytes }) => sum + bytes, 0)
  let sent = 0
  let received = 0
  for (const { sources } of outcomes.flatMap(({ closed }) => closed.servers)) {
    sent += sources[base] ?? 0
    received += Object.values(sources).reduce((sum, bytes) => sum + bytes, 0)
  }
  const egress = countedBytes ?? sent
  return `the base sent ${formatBytes(egress)} (${(egress / published).toFixed(2)} × what was published); the nodes received ${formatBytes(received)}`
}

function receiptCells (outcomes: readonly Outcome[], peer: string): string[] {
  const cell = (of: (count: ReceiptCount) => number, expected: (outcome: Outcome) => number): string => {
    const found = outcomes.reduce((sum, { evidence }) => sum + of(countsOf(evidence, peer)), 0)
    const wanted = outcomes.reduce((sum, outcome) => sum + expected(outcome), 0)
    return found >= wanted ? `${found} verified` : `${found} of ${wanted}`
  }
  return [
    cell(count => count.jobReceived, () => 1),
    cell(count => count.commandCompleted, outcome => outcome.puts),
    cell(count => count.jobCompleted, () => 1)
  ]
}

function countsOf (evidence: Evidence, peer: string): ReceiptCount {
  return evidence.counts.get(peer) ?? { jobReceived: 0, commandCompleted: 0, jobCompleted: 0 }
}
