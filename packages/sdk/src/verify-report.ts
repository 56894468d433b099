import { Outcome, sameBytes, ServerState, type Report, type ServerLine } from '@sluice/wire'
import type { Findings } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { tryOpen, type Queue } from './verify-queue.ts'

interface Evidence {
  readonly queue: Queue
  readonly ledgers: readonly Ledger[]
  readonly digest: Uint8Array
}

/** The base's report, and whether it follows from the evidence. */
export async function readReport (bytes: Uint8Array, { queue, ledgers, digest }: Evidence, findings: Findings): Promise<Report | undefined> {
  const report = await tryOpen('report', bytes, queue.job.value.base, 'report', findings)
  if (report == null) return undefined
  const { job, epoch, head, receipts, outcome, servers } = report.value

  findings.check(sameBytes(job, queue.job.hash), 'report', 'is of another job')
  findings.check(epoch >= queue.epoch, 'report', `is of epoch ${epoch}, after a command of epoch ${queue.epoch}`)
  findings.check(head === queue.commands.length, 'report', `speaks of ${head} commands, and the bundle has ${queue.commands.length}`)
  findings.check(sameBytes(receipts, digest), 'report', 'rests on other receipts than those in the bundle')
  findings.check(servers.length === ledgers.length, 'report', `has ${servers.length} lines for ${ledgers.length} servers`)

  let completed = 0
  for (const [rank, ledger] of ledgers.entries()) {
    if (findings.full) break
    const line = servers[rank]
    if (line == null) break
    const problem = disagreement(line, ledger)
    findings.check(problem == null, `report.servers[${rank}]`, problem ?? '')
    if (line.state === ServerState.SERVER_COMPLETE) completed++
  }
  const expected = outcomeOf(completed, ledgers.length, queue.request.value.options?.quorum ?? 0)
  findings.check(outcome === expected, 'report', `calls the job ${outcome} where ${completed} of ${ledgers.length} servers make it ${expected}`)
  return report.value
}

function disagreement ({ peer, state, reason }: ServerLine, ledger: Ledger): string | undefined {
  if (peer !== ledger.peer) return `is about ${peer}, and ${ledger.peer} has this rank`
  if (state === ServerState.SERVER_COMPLETE) return ledger.complete ? undefined : 'says complete, and the receipts do not'
  if (ledger.complete) return `says ${state}, and the receipts say complete`
  if (state === ServerState.UNKNOWN && ledger.failed) return 'says unknown, and the receipts say failed'
  if (state === ServerState.SERVER_FAILED && reason === '') return 'says failed and gives no reason'
  return undefined
}

/** Quorum 0 asks for all servers. One beyond the number of servers is never reached. */
function outcomeOf (completed: number, servers: number, quorum: number): Outcome {
  if (completed >= (quorum === 0 ? servers : quorum)) return Outcome.COMPLETE
  return completed === 0 ? Outcome.FAILED : Outcome.PARTIAL
}
