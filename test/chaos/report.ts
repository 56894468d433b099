import { renderTable } from '../../src/table.ts'
import { FAULTS, ROLES } from './plan.ts'
import { mibOf, type RunResult } from './run.ts'

/** One line for one run. */
export function renderRun ({ plan, outcome, states, counts, violations, ms, looks }: RunResult): string {
  const happened = [...counts].map(([kind, count]) => count === 1 ? kind : `${count} × ${kind}`).join(', ')
  const servers = Object.entries(states).map(([state, count]) => `${count} ${state}`).join(', ')
  return `seed ${plan.seed}: ${violations.length === 0 ? 'holds' : 'FAILS'}, ${outcome} (${servers}), ${plan.manner} of ${mibOf(plan)} MiB to ${plan.nodes} nodes, ${(ms / 1000).toFixed(1)} s, ${looks} looks; ${happened === '' ? 'no fault' : happened}`
}

/** What went wrong in a run, what was done in it, and how to have it again. */
export function renderFailure ({ plan, violations, story }: RunResult, again: string): string {
  return [`seed ${plan.seed}:`, ...violations.map(text => `  ✖ ${text}`), ...story.map(text => `    ${text}`), `  again: ${again}`].join('\n')
}

/** The table at the end of a suite. */
export function renderSummary (results: readonly RunResult[], skipped: readonly string[]): string {
  const count = (kind: string): number => results.reduce((sum, { counts }) => sum + (counts.get(kind) ?? 0), 0)
  const outcomes = (outcome: RunResult['outcome']): number => results.filter(result => result.outcome === outcome).length
  const violations = results.reduce((sum, result) => sum + result.violations.length, 0)
  const seconds = results.map(({ ms }) => ms / 1000).sort((a, b) => a - b)
  const rows: Array<[string, string]> = [
    ['runs', String(results.length)],
    ...ROLES.map((role): [string, string] => [`kills of ${role === 'base' || role === 'provider' ? `the ${role}` : `a ${role}`}`, String(count(`kill ${role}`))]),
    ...Object.keys(FAULTS).map((kind): [string, string] => [kind, skipped.includes(kind) ? 'left out' : String(count(kind))]),
    ['journals moved away', String(count('journal moved away'))],
    ['processes ended by what their disk did', String(count('ended by a fault'))],
    ...(['complete', 'partial', 'failed', 'none'] as const).map((outcome): [string, string] => [outcome === 'none' ? 'jobs without an end' : `jobs ${outcome}`, String(outcomes(outcome))]),
    ['runs with a violation', String(results.filter(result => result.violations.length > 0).length)],
    ['violations', String(violations)],
    ['seconds per run, median and most', `${(seconds[Math.floor(seconds.length / 2)] ?? 0).toFixed(1)}, ${(seconds.at(-1) ?? 0).toFixed(1)}`]
  ]
  return renderTable([{ title: 'chaos' }, { title: '', align: 'right' }], rows)
}
