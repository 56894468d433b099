import { renderTable } from '../../src/table.ts'
import type { Figures, Receiver } from './figures.ts'
import type { LabCase } from './lab-case.ts'
import { median } from './median.ts'

/** One case, run: what goes into the tables and, whole, into the JSON. */
export interface CaseReport {
  readonly labCase: LabCase
  /** Mbit/s as TCP gets them, by Mbit/s of wire. */
  readonly goodput: { readonly up: Readonly<Record<string, number>>, readonly down: Readonly<Record<string, number>> }
  readonly boundS: number
  readonly runs: readonly Figures[]
  readonly receivers: ReadonlyArray<readonly Receiver[]>
  /** Last ÷ T*, in the simulator: as it is, and with the throttle. */
  readonly simulated: number
  readonly simulatedThrottled: number | undefined
  /** What the process that delays frames counted. */
  readonly delay: string | undefined
  readonly failures: readonly string[]
}

/** A case in one line. */
export interface Verdict {
  /** Last ÷ T*; with a throttle: throttled last ÷ unthrottled last. */
  readonly real: number
  readonly simulated: number
  /** Real ÷ simulated − 1. */
  readonly difference: number
  readonly limit: number | undefined
  readonly holds: boolean
}

export function verdictOf ({ labCase, runs, simulated, simulatedThrottled, failures }: CaseReport): Verdict {
  const last = (throttled: boolean): number => median(runs.filter(run => run.throttled === throttled).map(({ lastRatio }) => lastRatio))
  const real = labCase.throttle == null ? last(false) : last(true) / last(false)
  const model = simulatedThrottled == null ? simulated : simulatedThrottled / simulated
  return { real, simulated: model, difference: real / model - 1, limit: labCase.limit, holds: failures.length === 0 && (labCase.limit == null || real <= labCase.limit) }
}

export function renderCase (report: CaseReport): string {
  const { labCase, boundS, runs, receivers, failures, delay, goodput } = report
  const rates = (name: string, of: Readonly<Record<string, number>>): string => Object.entries(of).map(([wire, mbit]) => `${name} ${wire} → ${mbit.toFixed(2)}`).join(', ')
  const lines = [
    `## ${labCase.name}`,
    `goodput, Mbit/s: ${rates('up', goodput.up)}; ${rates('down', goodput.down)}`,
    `T* = ${boundS.toFixed(2)} s; the provider's upload, at ${median(runs.map(({ uploadRatio }) => uploadRatio)).toFixed(1)} × the rate of the base's link, is ${labCase.start === 'held' ? 'over when the time begins' : 'in the time'}`,
    '',
    renderTable(RUN_COLUMNS.map(([title]) => ({ title, align: 'right' as const })), [...runs.map((run, index) => [`${index + 1}${run.throttled ? ' throttled' : ''}`, run] as const)].map(([name, run]) => RUN_COLUMNS.map(([, cell]) => cell(run, name)))),
    ...runs.filter(({ idle }) => !idle).map(() => 'one run began before its fleet was idle'),
    ...receivers.flatMap((rows, index) => ['', `receivers of the throttled relay, run ${index + 1}`, renderReceivers(rows)]),
    ...delay == null ? [] : [`delay: ${delay}`],
    ...failures.map(failure => `FAILED: ${failure}`)
  ]
  return `${lines.join('\n')}\n`
}

const RUN_COLUMNS: ReadonlyArray<[title: string, cell: (run: Figures, name: string) => string]> = [
  ['run', (_run, name) => name],
  ['last s', ({ lastS }) => lastS.toFixed(2)],
  ['last/T*', ({ lastRatio }) => lastRatio.toFixed(3)],
  ['mean/T*', ({ meanRatio }) => meanRatio.toFixed(3)],
  ['p50 s', ({ p50S }) => p50S.toFixed(2)],
  ['p99 s', ({ p99S }) => p99S.toFixed(2)],
  ['source/F', ({ sourceBytes }) => sourceBytes.toFixed(3)],
  ['wire/F', ({ sourceWire }) => sourceWire.toFixed(3)],
  ['duplicates', ({ duplicates }) => percent(duplicates, 2)],
  ['switches', ({ switches }) => String(switches)],
  ['asked again', ({ reRequests }) => String(reRequests)],
  ['CPU s/GiB', ({ cpuSPerGiB }) => cpuSPerGiB.toFixed(1)],
  ['cores busy', ({ machineBusy }) => percent(machineBusy)],
  ['by the lab', ({ fleetBusy }) => percent(fleetBusy)],
  ['retransmits', ({ retransmits }) => String(retransmits)],
  ['RSS base, node MiB', ({ peakMiB }) => `${peakMiB.base.toFixed(0)}, ${peakMiB.node.toFixed(0)}`],
  ['connected', ({ connected }) => connected]
]

function renderReceivers (rows: readonly Receiver[]): string {
  return renderTable(
    ['node', 'switches', 'from relay ÷ F', 'chunks that left it', 'went on at piece: chunks', 'fetched twice B', 'worst chunk B'].map(title => ({ title, align: 'right' as const })),
    rows.map(row => [
      row.node,
      String(row.switches),
      row.fromRelay.toFixed(3),
      String(row.leftRelay),
      Object.entries(row.offsets).map(([offset, count]) => `${offset}: ${count}`).join(', '),
      String(row.refetchedBytes),
      String(row.worstChunkBytes)
    ])
  )
}

/** All cases below each other: what was promised, what is, and what the simulator says. */
export function renderSummary (reports: readonly CaseReport[]): string {
  return renderTable(
    ['case', 'runs', 'T* s', 'real', 'min–max', 'limit', 'holds', 'simulated', 'real ÷ simulated', 'source/F', 'duplicates', 'cores busy'].map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' })),
    reports.map(report => {
      const { real, simulated, difference, limit, holds } = verdictOf(report)
      const { runs, boundS, labCase } = report
      const shown = labCase.throttle == null ? runs : runs.filter(({ throttled }) => throttled)
      const unthrottled = median(runs.filter(({ throttled }) => !throttled).map(({ lastRatio }) => lastRatio))
      const ratios = shown.map(({ lastRatio }) => labCase.throttle == null ? lastRatio : lastRatio / unthrottled)
      return [
        labCase.name,
        String(shown.length),
        boundS.toFixed(2),
        real.toFixed(3),
        `${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)}`,
        limit?.toFixed(2) ?? '',
        limit == null && holds ? '' : holds ? 'yes' : 'no',
        simulated.toFixed(3),
        `${difference >= 0 ? '+' : ''}${percent(difference, 1)}`,
        median(shown.map(({ sourceBytes }) => sourceBytes)).toFixed(3),
        percent(median(shown.map(({ duplicates }) => duplicates)), 2),
        percent(median(shown.map(({ machineBusy }) => machineBusy)))
      ]
    })
  )
}

function percent (share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`
}
