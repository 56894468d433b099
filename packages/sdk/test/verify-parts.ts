import { sha256 } from '@sluice/wire'
import { type BundleParts, buildBundle } from '../src/bundle.ts'
import { type VerifyOptions, verifyBundle } from '../src/verify.ts'
import { identity } from './synthetic-job.ts'

/** Verify a bundle of these parts. */
export async function verified (parts: BundleParts, options: Partial<VerifyOptions> = {}): ReturnType<typeof verifyBundle> {
  return verifyBundle(await buildBundle(parts), { base: (await identity('base')).peer, ...options })
}

/** Where problems were found, each place once; an open job is no problem. */
export async function places (parts: BundleParts, options: Partial<VerifyOptions> = {}): Promise<string[]> {
  const result = await verified(parts, { allowOpen: true, ...options })
  return result.ok ? [] : [...new Set(result.problems.map(({ where }) => where))]
}

/** The text with the checksum that it ought to have. */
export function resummed (text: string): string {
  const at = text.lastIndexOf('  "sha256"')
  const body = at === -1 ? text : text.slice(0, at)
  return `${body}  "sha256": "${Buffer.from(sha256(Buffer.from(body))).toString('hex')}"\n}\n`
}
