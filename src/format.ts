/** Sizes, rates, durations and peers as people read them. What they write is read in quantity.ts. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const STEP = 1024
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
// All Ed25519 peer ids begin alike: their tails tell them apart.
const PEER_TAIL = 8

/** Three significant digits and a binary unit: `0 B`, `1.50 KiB`, `64.0 MiB`. */
export function formatBytes (bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP
    unit++
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${UNITS[unit]}`
}

export function formatRate (bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}

/** `340 ms`, `4.2 s`, `3 min 20 s`, `5 h 12 min`, `2 d 3 h`. */
export function formatDuration (ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < MINUTE_MS) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ${Math.floor(ms % MINUTE_MS / SECOND_MS)} s`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${Math.floor(ms % HOUR_MS / MINUTE_MS)} min`
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor(ms % DAY_MS / HOUR_MS)} h`
}

/** Whole percent, rounded down, so that 100 % means all of it. */
export function formatPercent (part: number, whole: number): string {
  return `${whole > 0 ? Math.floor(Math.min(1, part / whole) * 100) : 0} %`
}

export function formatTime (atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')
}

export function shortPeer (peer: string): string {
  return peer.length > PEER_TAIL + 2 ? `…${peer.slice(-PEER_TAIL)}` : peer
}

/** `3 files`, `1 file`. */
export function count (n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function significant (value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value.toFixed(value >= 10 ? 1 : 2)
}
