import mime from 'mime'

/** How long what is at a path stays what it is, as far as viewers and caches between may rely on it. */
export type Role = 'playlist' | 'segment' | 'media'

/** Not text to a browser, and not to be guessed at (`nosniff`). */
const UNKNOWN = 'application/octet-stream'
/** Text without a charset is read as whatever the browser likes. */
const CHARSET = '; charset=utf-8'

const PLAYLISTS = new Set(['application/vnd.apple.mpegurl', 'application/dash+xml'])
/** What packagers cut media into: named once, and not written again. */
const SEGMENTS = new Set(['ts', 'm4s', 'cmfv', 'cmfa', 'cmft', 'm4v', 'm4a', 'aac'])
/** CMAF's own endings are in no table of types yet: they are MP4. */
const CMAF: Readonly<Record<string, string>> = { cmfv: 'video/mp4', cmfa: 'audio/mp4', cmft: 'application/mp4', m4v: 'video/mp4' }
/** Types that a browser would run with this host's rights: what a provider puts is data. */
const ACTIVE = new Set(['text/html', 'application/xhtml+xml', 'image/svg+xml', 'text/xml', 'application/xml', 'text/javascript', 'application/javascript'])

export interface MediaType {
  readonly type: string
  readonly role: Role
  /** A browser that opens it must not run anything in it. */
  readonly active: boolean
}

/** What a file is, by its name. */
export function mediaTypeOf (name: string): MediaType {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const type = CMAF[ending] ?? mime.getType(name) ?? UNKNOWN
  const role = PLAYLISTS.has(type) ? 'playlist' : SEGMENTS.has(ending) ? 'segment' : 'media'
  return { type: type.startsWith('text/') ? type + CHARSET : type, role, active: ACTIVE.has(type) }
}

/** A playlist is asked for again and again while it grows: a cache may answer for others that ask in the same second. */
const PLAYLIST_S = 1
/** A day: a segment's name is not used again while anybody still plays its playlist. */
const SEGMENT_S = 86_400
/** A publication may replace a film: a cache asks again after a minute, and mostly hears 304. */
const MEDIA_S = 60

/** @param shared - false for what only the holder of a signed address may see */
export function cacheControl (role: Role, arriving: boolean, shared: boolean): string {
  const scope = shared ? 'public' : 'private'
  // A length nobody knows yet, or bytes that a cancelled put takes back.
  if (arriving) return 'no-store'
  switch (role) {
    case 'playlist': return `${scope}, max-age=${PLAYLIST_S}`
    case 'segment': return `${scope}, max-age=${SEGMENT_S}, immutable`
    case 'media': return `${scope}, max-age=${MEDIA_S}`
  }
}
