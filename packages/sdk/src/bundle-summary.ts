import { type Command, commandKind, type Job, type JobRequest, type Report } from '@sluice/wire'

/** What a person sees who opens a bundle in an editor. Derived from the signed objects and from nothing else. */
export interface Summary {
  readonly job: string
  readonly name: string
  readonly provider: string
  readonly base: string
  readonly created: string
  readonly closed: string | null
  readonly outcome: 'open' | 'complete' | 'partial' | 'failed'
  readonly commands: string[]
  readonly servers: string[]
}

interface Facts {
  readonly job: Job
  readonly request: JobRequest
  readonly provider: string
  readonly commands: readonly Command[]
  /** Receipts of each server. */
  readonly counts: ReadonlyMap<string, number>
  readonly report: Report | undefined
}

/** What a report's outcome is called outside of the wire. */
export const OUTCOMES = { COMPLETE: 'complete', PARTIAL: 'partial', FAILED: 'failed' } as const

/** What a server's state is called outside of the wire. */
export const STATES = { SERVER_COMPLETE: 'complete', SERVER_FAILED: 'failed', UNREACHABLE: 'unreachable', UNKNOWN: 'unknown' } as const

export function summarise ({ job, request, provider, commands, counts, report }: Facts): Summary {
  return {
    job: job.id,
    name: request.options?.name ?? '',
    provider,
    base: job.base,
    created: time(job.created),
    closed: report == null ? null : time(report.closed),
    outcome: report == null ? 'open' : OUTCOMES[report.outcome],
    commands: commands.map((command) => `${command.seq} ${describe(command)}`),
    servers: job.servers.map(({ peer }, rank) => {
      const count = counts.get(peer) ?? 0
      const line = report?.servers[rank]
      const state = line == null ? 'open' : STATES[line.state]
      const reason = line == null || line.reason === '' ? '' : ` (${line.reason})`
      return `${peer} ${state}${reason}, ${count} ${count === 1 ? 'receipt' : 'receipts'}`
    })
  }
}

function describe (command: Command): string {
  const path = command.put?.destination ?? command.mkdir?.path ?? command.setattr?.path ?? command.remove?.path ?? command.verify?.path
  const kind = commandKind(command) ?? 'unknown'
  if (path != null) return `${kind} /${path.join('/')}`
  if (command.move != null) return `${kind} /${command.move.from.join('/')} /${command.move.to.join('/')}`
  return kind
}

function time (ms: number): string {
  const date = new Date(ms)
  // A signed number may lie outside of the calendar; it is shown as it is then.
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
