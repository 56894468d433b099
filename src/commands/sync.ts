import type { Job, SyncReport } from '@sluice/sdk'
import { peerOf } from '../address.ts'
import { EXIT, UsageError } from '../failure.ts'
import { count, formatBytes } from '../format.ts'
import { createNames, type NameOf } from '../progress-lines.ts'
import { createBarView, createJsonView, createLineView } from '../progress-view.ts'
import { withProvider } from '../provider-session.ts'
import type { PlannedPut } from '../put-plan.ts'
import { stopSignal } from '../stop-signal.ts'

/** Options of `publish --sync`. */
export interface SyncCommand {
  readonly config: string
  readonly to: readonly string[]
  readonly name: string
  readonly quorum: number | undefined
  readonly delete: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

/** So many paths of each kind are named, and the rest counted: JSON has all of them. */
const PATHS_SHOWN = 20

/** `publish DIR --sync`: compare with what the nodes hold, send what differs. */
export async function syncDirectory (puts: readonly PlannedPut[], { config, json, ...options }: SyncCommand): Promise<number> {
  const [put] = puts
  if (put == null || puts.length > 1) throw new UsageError('--sync compares one directory; name one')
  const stop = stopSignal()
  try {
    return await withProvider(config, stop, async (provider, { base, wait }) => {
      const nameOf = createNames(peerOf(base), json ? [] : await provider.nodes().catch(() => []))
      const report = await provider.sync(put.local, put.destination, { ...options, waitPeriodMs: wait.periodMs, waitPeriods: wait.periods, signal: stop, onJob: job => { void follow(job, nameOf, json) } })
      process.stdout.write(json ? `${JSON.stringify({ type: 'sync', dryRun: options.dryRun, ...report })}\n` : `${renderSync(report, options.dryRun, nameOf)}\n`)
      return { complete: EXIT.complete, partial: EXIT.partial, failed: EXIT.failed }[report.outcome]
    })
  } catch (error) {
    if (!stop.aborted) throw error
    process.stderr.write('sluice: stopped; sync again to do the rest\n')
    return EXIT.interrupted
  }
}

/** One job's progress, as long as it lasts. */
async function follow (job: Job, nameOf: NameOf, json: boolean): Promise<void> {
  const view = json ? createJsonView() : process.stdout.isTTY ? createBarView(nameOf) : createLineView(nameOf)
  try {
    for await (const event of job.events()) if (json || event.type !== 'job.closed') view.show(event)
  } finally {
    view.stop()
  }
}

/** What a sync has done, or would do. */
export function renderSync (report: SyncReport, dryRun: boolean, nameOf: NameOf): string {
  const lines: string[] = []
  const kinds: Array<[verb: string, paths: readonly string[]]> = [
    ['add', report.added],
    ['change', report.changed],
    ['attributes', report.attributes],
    ['remove', report.removed],
    ['keep', report.kept],
    ['in the way', report.obstructed]
  ]
  for (const [verb, paths] of kinds) {
    for (const path of paths.slice(0, PATHS_SHOWN)) lines.push(`${verb.padEnd(10)}  ${path === '' ? '/' : path}`)
    if (paths.length > PATHS_SHOWN) lines.push(`${verb.padEnd(10)}  … and ${paths.length - PATHS_SHOWN} more`)
  }
  for (const { peer, reason } of report.unreachable) lines.push(`not compared: ${nameOf(peer)}: ${reason}`)
  for (const { servers } of report.jobs) {
    for (const { peer, state, reason } of servers) if (state !== 'complete') lines.push(`${state}: ${nameOf(peer)}${reason == null ? '' : `: ${reason}`}`)
  }
  const [would, sent] = dryRun ? ['would send', 'compared'] : ['sent', report.outcome]
  lines.push(`${sent}: ${count(report.compared.length, 'server')}, ${would} ${formatBytes(report.sent)} of ${formatBytes(report.bytes)}`)
  if (report.kept.length > 0) lines.push(`${count(report.kept.length, 'path')} only there; --delete removes them`)
  if (!dryRun) for (const { job } of report.jobs) lines.push(`evidence: sluice receipts ${job} -o ${job}.json`)
  return lines.join('\n')
}
