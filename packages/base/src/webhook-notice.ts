import { Outcome, type Report, ServerState } from '@sluice/wire'

const OUTCOMES: Record<Outcome, string> = { [Outcome.COMPLETE]: 'complete', [Outcome.PARTIAL]: 'partial', [Outcome.FAILED]: 'failed' }
const STATES: Record<ServerState, string> = { [ServerState.SERVER_COMPLETE]: 'complete', [ServerState.SERVER_FAILED]: 'failed', [ServerState.UNREACHABLE]: 'unreachable', [ServerState.UNKNOWN]: 'unknown' }

/** Longest URL of a webhook, in characters: what servers commonly take. */
const MAX_URL = 2_000

/** A report for people and programs that do not check signatures. Times are milliseconds since 1970. */
export function summaryOf (job: string, { outcome, closed, servers }: Report): object {
  return { type: 'job.closed', job, outcome: OUTCOMES[outcome], closed, servers: servers.map(({ peer, state, reason }) => ({ peer, state: STATES[state], ...reason === '' ? {} : { reason } })) }
}

/** What is wrong with a webhook's URL; none is fine. */
export function webhookProblem (url: string): string | undefined {
  if (url === '') return undefined
  if (url.length > MAX_URL) return `is ${url.length} characters long, ${MAX_URL} are allowed`
  if (!URL.canParse(url)) return `${JSON.stringify(url)} is no URL`
  const { protocol, username, password } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return `${JSON.stringify(url)} is neither https nor http`
  return username === '' && password === '' ? undefined : 'has a name or password in it: put a secret into its path or query, where no log prints it as a login'
}
