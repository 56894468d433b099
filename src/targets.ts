import { peerIdProblem } from './address.ts'
import { UsageError } from './failure.ts'

/**
 * `all`, `region=eu` or peer ids, comma-separated: the servers of a job, as their union.
 *
 * @throws {UsageError} naming the word that is none of these
 */
export function parseTargets (texts: readonly string[]): string[] {
  const words = texts.flatMap(text => text.split(',')).map(word => word.trim()).filter(word => word !== '')
  if (words.length === 0) throw new UsageError('--to is empty; write --to all, --to region=eu or peer ids')
  for (const word of words) {
    if (word === 'all' || /^[^=]+=[^=]+$/.test(word) || peerIdProblem(word) == null) continue
    throw new UsageError(`--to ${JSON.stringify(word)} is neither \`all\`, label=value nor a peer id`)
  }
  // Everyone is everyone, whoever else is named.
  return words.includes('all') ? ['all'] : [...new Set(words)]
}
