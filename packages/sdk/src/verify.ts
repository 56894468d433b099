import { sameBytes } from '@sluice/wire'
import { BundleError, type BundleParts } from './bundle-parts.ts'
import { OUTCOMES, STATES, summarise, type Summary } from './bundle-summary.ts'
import { parseBundle, renderBundle } from './bundle-text.ts'
import { Findings, type Problem } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { readQueue, type Queue } from './verify-queue.ts'
import { readReceipts } from './verify-receipts.ts'
import { readReport } from './verify-report.ts'
import { readSeals } from './verify-seals.ts'

export type { Problem } from './findings.ts'

export interface VerifyOptions {
  /** Peer id of the base whose word counts: what names the fleet. */
  readonly base: string
  /** Peer id of the provider the job must be from; none: any that the base took the job from. */
  readonly provider?: string | undefined
  /** Accept the evidence of a job that is still open, as far as it goes. */
  readonly allowOpen?: boolean | undefined
}

export interface VerifiedServer {
  readonly peer: string
  readonly rank: number
  /** As reported; of an open job, `complete` where its receipts already say so. */
  readonly state: 'complete' | 'failed' | 'unreachable' | 'unknown'
  readonly reason: string
  readonly receipts: number
  /** Bytes of all completed commands, by its own statement. */
  readonly bytes: number
  /** When it completed the job, in milliseconds since 1970 by its own clock. */
  readonly completedAt: number | null
}

export interface VerifiedBundle {
  readonly ok: true
  readonly job: string
  readonly provider: string
  readonly outcome: Summary['outcome']
  readonly servers: VerifiedServer[]
  /** Whether the provider's final pages are in the bundle, so that the content is the provider's by its own signature. */
  readonly contentSigned: boolean
  readonly checks: number
}

export interface RefusedBundle {
  readonly ok: false
  /** Set if all that is wrong with the bundle is that its job is still open. */
  readonly outcome?: 'open'
  readonly problems: Problem[]
}

/**
 * Check a bundle, offline: every signature, every chain, that the report
 * follows from the receipts, and that the text is the one text of all this.
 * Never throws, whatever the text.
 */
export async function verifyBundle (text: string, options: VerifyOptions): Promise<VerifiedBundle | RefusedBundle> {
  const findings = new Findings()
  try {
    return await verify(text, options, findings)
  } catch (cause) {
    findings.add(cause instanceof BundleError ? cause.where : 'bundle', (cause as Error).message)
    return { ok: false, problems: findings.problems }
  }
}

async function verify (text: string, { base, provider, allowOpen = false }: VerifyOptions, findings: Findings): Promise<VerifiedBundle | RefusedBundle> {
  const { summary, ...parts } = parseBundle(text)

  const queue = await readQueue(parts, base, provider, findings)
  // Without a job of this base there is nothing to measure the rest by.
  if (queue == null) return { ok: false, problems: findings.problems }
  const roots = await readSeals(parts, queue, findings)
  const { ledgers, digest } = await readReceipts(parts.receipts, queue, roots, findings)
  const report = parts.report == null ? undefined : await readReport(parts.report, { queue, ledgers, digest }, findings)
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems }

  findings.check(isTextOf(text, parts, queue, ledgers, report), 'summary', 'the text is not the one that its signed objects make; fetch it again')
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems }
  if (report == null && !allowOpen) {
    return { ok: false, outcome: 'open', problems: [{ where: 'report', what: `job ${queue.job.value.id} is open: the base has not closed it; fetch the bundle again later` }] }
  }
  return {
    ok: true,
    job: queue.job.value.id,
    provider: queue.request.signer,
    outcome: report == null ? 'open' : OUTCOMES[report.outcome],
    servers: ledgers.map((ledger, rank) => {
      const line = report?.servers[rank]
      const { peer, receipts, bytes, completedAt } = ledger
      const state = line == null ? (ledger.complete ? 'complete' : 'unknown') : STATES[line.state]
      return { peer, rank, state, reason: line?.reason ?? '', receipts, bytes, completedAt }
    }),
    contentSigned: parts.finalPages != null,
    checks: findings.checks
  }
}

/** Whether rebuilding the bundle from its signed objects gives this very text. */
function isTextOf (text: string, parts: BundleParts, queue: Queue, ledgers: readonly Ledger[], report: Awaited<ReturnType<typeof readReport>>): boolean {
  const rebuilt = renderBundle(parts, summarise({
    job: queue.job.value,
    request: queue.request.value,
    provider: queue.request.signer,
    commands: queue.commands.map(({ value }) => value),
    counts: new Map(ledgers.map(({ peer, receipts }) => [peer, receipts])),
    report
  }))
  return rebuilt.length === text.length && sameBytes(Buffer.from(rebuilt), Buffer.from(text))
}
