import { randomBytes } from 'node:crypto'

// Crockford's alphabet in lower case: no i, l, o, u to misread.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** `j` + 9 digits of milliseconds + 7 of randomness, all base 32: sorts by time, unique without asking anyone. */
export function createJobId (nowMs: number): string {
  let time = ''
  for (let rest = nowMs, i = 0; i < 9; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time
  let random = ''
  for (const byte of randomBytes(7)) random += ALPHABET[byte % 32]
  return `j${time}${random}`
}

export const JOB_ID_PATTERN = /^j[0-9a-hjkmnp-tv-z]{16}$/
