import { createHmac, timingSafeEqual } from 'node:crypto'

/** Shorter ones can be guessed. */
export const MIN_SECRET_BYTES = 16
/** Keeps this key's signatures apart from whatever else the same secret may sign. */
const DOMAIN = 'sluice-media-v1'

export interface SignedQuery {
  readonly expires?: string | undefined
  readonly signature?: string | undefined
  /** Set where the signature is for all that is below a folder, such as an HLS channel. */
  readonly below?: string | undefined
}

/**
 * The query that lets whoever has it read a path until a time.
 *
 * @param below - for all that is below the path, too: a playlist's segments have addresses of their own
 */
export function signPath (secret: string, path: readonly string[], expiresS: number, below = false): string {
  const query = new URLSearchParams({ expires: String(expiresS), signature: signature(secret, path, expiresS, below) })
  if (below) query.set('below', path.join('/'))
  return query.toString()
}

/** Why a request may not read `path`; undefined if it may. */
export function refusal (secret: string, path: readonly string[], { expires, signature: given, below }: SignedQuery, nowMs: number): string | undefined {
  if (expires == null || given == null) return 'needs a signed address: ask whoever gave it to you for one with `expires` and `signature`'
  if (!/^\d{1,12}$/.test(expires)) return 'has an `expires` that is no time in seconds'
  const signed = below == null ? path : below.split('/').filter(component => component !== '')
  if (below != null && !signed.every((component, i) => component === path[i])) return 'is outside of what its signature is for'
  const expected = Buffer.from(signature(secret, signed, Number(expires), below != null))
  const actual = Buffer.from(given)
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 'has a signature that does not hold: the address was changed, or signed with another secret'
  return Number(expires) * 1000 <= nowMs ? 'has expired: ask for a new address' : undefined
}

function signature (secret: string, path: readonly string[], expiresS: number, below: boolean): string {
  return createHmac('sha256', secret).update([DOMAIN, below ? 'below' : 'exactly', String(expiresS), ...path].join('\n')).digest('base64url')
}
