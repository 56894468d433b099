import { readFile } from 'node:fs/promises'
import { UsageError } from './failure.ts'

/** How long a daemon may take to answer, in milliseconds: it only takes the script in. */
const TIMEOUT_MS = 10_000

/**
 * Give a script to a provider's daemon.
 *
 * @returns what it says of the run
 * @throws {UsageError} where the token's file cannot be read
 * @throws with the daemon's words, where it refuses
 */
export async function postScript (url: string, tokenFile: string, script: string): Promise<unknown> {
  const token = await readFile(tokenFile, 'utf8').catch((error: Error) => {
    throw new UsageError(`${tokenFile} cannot be read (${error.message})`, { cause: error })
  })
  const response = await fetch(new URL('/v1/runs', url), { method: 'POST', body: script, headers: { authorization: `Bearer ${token.trim()}` }, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: Error) => {
    throw new Error(`the daemon at ${url} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`, { cause: error })
  })
  const answer = await response.json() as { error?: string }
  if (!response.ok) throw new Error(answer.error ?? `the daemon at ${url} answers ${response.status}`)
  return answer
}
