import { posix } from 'node:path'

/** What a playlist says that concerns its distribution. Names are relative to the watched folder. */
export interface Playlist {
  /** Files that must be there before it: segments, their init sections and keys; of a master playlist other playlists. */
  readonly names: readonly string[]
  /** Where it does not name its segments one by one (DASH): whatever lies below this folder belongs to it. */
  readonly folder: string | undefined
  /** Nothing more will be added to it. */
  readonly ended: boolean
  /** It names other playlists only, and is never "ended". */
  readonly isMaster: boolean
}

const HLS = /\.m3u8?$/i
const DASH = /\.mpd$/i
/** Tags whose URI is there already when the playlist is; a preload hint's is not. */
const URI_TAG = /^#EXT-X-(?:MAP|KEY|SESSION-KEY|MEDIA|I-FRAME-STREAM-INF|PART|SESSION-DATA):.*?URI="([^"]*)"/
/** Of another server, or no file at all: not ours to bring. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/)/i

export function isPlaylist (name: string): boolean {
  return HLS.test(name) || DASH.test(name)
}

/**
 * Read a playlist as a packager wrote it.
 *
 * @param name - its own, relative to the watched folder
 */
export function parsePlaylist (name: string, text: string): Playlist {
  const folder = posix.dirname(name)
  if (DASH.test(name)) return { names: [], folder: folder === '.' ? '' : folder, ended: /<MPD[^>]*\stype="static"/.test(text) || !/<MPD[^>]*\stype=/.test(text), isMaster: false }
  const names: string[] = []
  let ended = false
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#EXT-X-ENDLIST')) ended = true
    const uri = line.startsWith('#') ? URI_TAG.exec(line)?.[1] : line.trim()
    if (uri == null || uri === '' || ELSEWHERE.test(uri)) continue
    const path = posix.join(folder, decoded(uri.replace(/[?#].*$/, '')))
    // What is above the folder is not in it, and cannot be brought.
    if (!path.startsWith('../') && path !== '.') names.push(path)
  }
  return { names: [...new Set(names)], folder: undefined, ended, isMaster: text.includes('#EXT-X-STREAM-INF') }
}

function decoded (uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    return uri
  }
}
