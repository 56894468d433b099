/** In tags, such as EXT-X-MAP and EXT-X-MEDIA. */
const URI = /URI="([^"]*)"/g
/** Relative addresses are resolved against it; what names another host is not ours. */
const ORIGIN = 'http://here.invalid'

/**
 * What an HLS playlist names below the same media root: segments, keys, parts
 * and other playlists.
 *
 * @param place - the playlist's own, as components
 * @returns their paths, with a slash between the components
 */
export function playlistNames (text: string, place: readonly string[]): string[] {
  const base = `${ORIGIN}/${place.map(encodeURIComponent).join('/')}`
  const references = text.split(/\r?\n/).flatMap(line => line.startsWith('#') ? [...line.matchAll(URI)].map(([, reference]) => reference as string) : line.trim() === '' ? [] : [line.trim()])
  return references.flatMap(reference => {
    if (!URL.canParse(reference, base)) return []
    const { origin, pathname } = new URL(reference, base)
    return origin === ORIGIN ? [decoded(pathname.slice(1))] : []
  })
}

/** A name with a stray percent sign is what it says. */
function decoded (path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
