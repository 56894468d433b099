import type { RunReport } from './report.ts'
import { IDLE_REASONS } from './meter.ts'

interface Column {
  readonly head: string
  readonly of: (report: RunReport) => number | undefined
  readonly digits: number
}

const percent = (share: number | undefined): number | undefined => share == null ? undefined : share * 100
const IDLE_HEADS = { noLane: 'no lane %', nothingUseful: 'nothing useful %', notAsked: 'not asked %', unacknowledged: 'unacked %' } as const

const COLUMNS: readonly Column[] = [
  { head: 'nodes', of: report => report.nodes, digits: 0 },
  { head: 'T/T*', of: report => report.ratio, digits: 3 },
  { head: 'T/disc', of: report => report.discreteRatio, digits: 3 },
  { head: 'p50 s', of: report => report.p50S, digits: 2 },
  { head: 'p99 s', of: report => report.p99S, digits: 2 },
  { head: 'last s', of: report => report.lastS, digits: 2 },
  { head: 'source/F', of: report => report.sourceShare, digits: 3 },
  { head: 'dup %', of: report => percent(report.duplicateShare), digits: 2 },
  { head: 'up busy %', of: report => percent(report.busyShare), digits: 1 },
  ...IDLE_REASONS.map(reason => ({ head: IDLE_HEADS[reason], of: (report: RunReport) => percent(report.idleShare[reason]), digits: 1 })),
  { head: 'switches', of: report => report.switches, digits: 0 },
  { head: 'vain offers', of: report => report.vainOffers, digits: 0 },
  { head: 'control %', of: report => percent(report.controlShare), digits: 3 },
  { head: 'delay p50', of: report => report.delayP50Ms, digits: 0 },
  { head: 'p99 ms', of: report => report.delayP99Ms, digits: 0 },
  { head: 'max', of: report => report.delayMaxMs, digits: 0 },
  { head: 'later p99', of: report => report.delayLaterP99Ms, digits: 0 }
]

/** A line for each run, and one of their means if there are several. Columns that nobody has a value for are left out. */
export function tableOf (reports: readonly RunReport[]): string {
  const columns = COLUMNS.filter(({ of }) => reports.some(report => of(report) != null))
  const cell = (value: number | undefined, digits: number): string => value == null || Number.isNaN(value) ? '-' : value.toFixed(digits)
  const rows = reports.map(report => [String(report.seed), ...columns.map(({ of, digits }) => cell(of(report), digits))])
  if (reports.length > 1) rows.push(['mean', ...columns.map(({ of, digits }) => cell(mean(reports.flatMap(report => of(report) ?? [])), digits))])
  const heads = ['seed', ...columns.map(({ head }) => head)]
  const widths = heads.map((head, index) => Math.max(head.length, ...rows.map(row => (row[index] as string).length)))
  return [heads, ...rows].map(row => row.map((text, index) => text.padStart(widths[index] as number)).join('  ')).join('\n')
}

function mean (values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
