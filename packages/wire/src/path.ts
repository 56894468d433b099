/**
 * The one validator of paths, on every route: manifests, commands, HTTP, CTP.
 * Paths travel as components; separators never do.
 */

/** POSIX NAME_MAX: what every file system we may land on can hold. */
export const MAX_COMPONENT_BYTES = 255
/** Well below PATH_MAX (4096), so that a media root may itself be deep. */
export const MAX_PATH_BYTES = 3072
export const MAX_DEPTH = 64

/** Our own folder below the media root; nobody publishes into it. */
export const RESERVED_COMPONENT = '.sluice'

// Device names of Windows, with or without an extension: a media root may be mounted there one day.
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i
// Control characters garble logs and terminals; separators and drive colons change the path's meaning.
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const FORBIDDEN = /[\u0000-\u001f\u007f/\\:]/

export class PathError extends Error {
  override readonly name = 'PathError'
}

/**
 * Check one path.
 *
 * @throws {PathError} saying which component is refused and why
 */
export function checkPath (components: readonly string[]): void {
  if (components.length > MAX_DEPTH) throw new PathError(`a path of ${components.length} components is deeper than ${MAX_DEPTH}`)
  let bytes = 0
  for (const component of components) {
    const problem = problemOf(component)
    if (problem != null) throw new PathError(`path component ${JSON.stringify(component)} ${problem}`)
    bytes += Buffer.byteLength(component) + 1
  }
  if (bytes > MAX_PATH_BYTES) throw new PathError(`a path of ${bytes} bytes is longer than ${MAX_PATH_BYTES}`)
}

function problemOf (component: string): string | undefined {
  if (component === '') return 'is empty'
  if (component === '.' || component === '..') return 'would leave its folder'
  if (FORBIDDEN.test(component)) return 'has a separator or a control character'
  if (!component.isWellFormed()) return 'is not well-formed Unicode'
  if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) return `is longer than ${MAX_COMPONENT_BYTES} bytes`
  if (component.toLowerCase() === RESERVED_COMPONENT) return 'is reserved'
  if (WINDOWS_DEVICES.test(component)) return 'is a reserved device name'
  if (component.endsWith('.') || component.endsWith(' ')) return 'ends in a dot or a space'
  return undefined
}

/** `/vod/film.mp4`, `vod/film.mp4` or `/` as components, checked. */
export function parsePath (path: string): string[] {
  const components = path.replace(/^\//, '').replace(/\/$/, '').split('/')
  if (components.length === 1 && components[0] === '') return []
  checkPath(components)
  return components
}

/**
 * Finds entries that some file system would take for one and the same: equal
 * after Unicode normalisation and case folding.
 */
export class CollisionCheck {
  readonly #seen = new Map<string, string>()

  /** @throws {PathError} naming both paths */
  add (components: readonly string[]): void {
    const path = components.join('/')
    const folded = path.normalize('NFC').toLowerCase()
    const other = this.#seen.get(folded)
    if (other != null) throw new PathError(`${JSON.stringify(path)} and ${JSON.stringify(other)} are the same path on some file systems`)
    this.#seen.set(folded, path)
  }
}
