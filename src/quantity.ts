/** What people write for rates, sizes and durations, as numbers. Their printed forms are in format.ts. */

const PREFIXES: Record<string, number> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40
}
// Only `bit` and a capital B: `Mb/s` means bits to one half of the world and bytes to the other.
const RATE = /^(\d+(?:\.\d+)?) *([kmgtKMGT]i?)?(bit|B)\/s$/
const SIZE = /^(\d+(?:\.\d+)?) *([kmgtKMGT]i?)?B$/
const DURATION = /^(\d+(?:\.\d+)?) *(ms|s|m|h|d)$/
const BITS_PER_BYTE = 8
const MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `20Mbit/s`, `5MB/s` or a number of bytes per second, in bytes per second; undefined if it is none of these. */
export function parseRate (value: string | number): number | undefined {
  if (typeof value === 'number') return wholePositive(value)
  const match = RATE.exec(value.trim())
  if (match == null) return undefined
  return wholePositive(Number(match[1]) * prefix(match[2]) / (match[3] === 'bit' ? BITS_PER_BYTE : 1))
}

/** `500ms`, `30s`, `5m`, `24h` or `7d`, in milliseconds; undefined if it is none of these. */
export function parseDuration (value: string): number | undefined {
  const match = DURATION.exec(value.trim())
  return match == null ? undefined : wholePositive(Number(match[1]) * (MS[match[2] ?? ''] ?? 1))
}

/** `10GB`, `4GiB` or a number of bytes, in bytes; undefined if it is none of these. */
export function parseSize (value: string | number): number | undefined {
  if (typeof value === 'number') return wholePositive(value)
  const match = SIZE.exec(value.trim())
  return match == null ? undefined : wholePositive(Number(match[1]) * prefix(match[2]))
}

function prefix (text: string | undefined): number {
  return PREFIXES[(text ?? '').toLowerCase()] ?? 1
}

function wholePositive (value: number): number | undefined {
  const whole = Math.round(value)
  return Number.isSafeInteger(whole) && whole > 0 ? whole : undefined
}
