/** Seconds that are ready to be played from `at` on: of the stretch that it is in. */
export function bufferedAhead (buffered: { readonly length: number, start (index: number): number, end (index: number): number }, at: number): number {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= at + GAP_S && at < buffered.end(i)) return buffered.end(i) - at
  }
  return 0
}

/** What a decoder steps over: the first frame may be that late. */
const GAP_S = 0.1
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** Such as `12.3 MB`: with three figures, as people read it. */
export function bytesText (bytes: number): string {
  let unit = 0
  let count = bytes
  for (; count >= 999.5 && unit < UNITS.length - 1; unit++) count /= 1000
  return `${unit === 0 ? count : count.toPrecision(3).replace(/\.0+$/, '')} ${UNITS[unit]}`
}

export function secondsText (seconds: number): string {
  return `${seconds.toFixed(1)} s`
}

export function percentText (share: number): string {
  // What is not all of it must not read as all of it.
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100} %`
}

/** The end of a peer id tells it from others, as in `sluice nodes`. */
export function peerText (peer: string): string {
  return peer.length <= SHORT_PEER ? peer : `…${peer.slice(-SHORT_PEER)}`
}

const SHORT_PEER = 8

/** What a signed address has in its query; all else is not passed on. */
const SIGNED = ['expires', 'signature', 'below'] as const

/** The query that goes with every address of the media, with its `?`; empty if nothing was signed. */
export function signedQuery (search: string): string {
  const given = new URLSearchParams(search)
  const kept = new URLSearchParams()
  for (const name of SIGNED) {
    const value = given.get(name)
    if (value != null) kept.set(name, value)
  }
  return kept.size === 0 ? '' : `?${kept.toString()}`
}

/** An address with its signature: of what a playlist names, that has none of its own. */
export function withQuery (address: string, query: string): string {
  if (query === '') return address
  return address + (address.includes('?') ? `&${query.slice(1)}` : query)
}
