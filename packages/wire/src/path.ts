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

// Device names of Windows, with or without an extension, also behind spaces that it drops: a media root may be mounted there one day.
const WINDOWS_DEVICES = /^(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?$/i
// Control characters garble logs and terminals; separators and drive colons change the path's meaning.
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\:]/
// What HFS+ leaves out of a comparison, such as a zero-width joiner.
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu

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
  if (fold(component) === RESERVED_COMPONENT) return 'is reserved'
  if (WINDOWS_DEVICES.test(component)) return 'is a reserved device name'
  if (component.endsWith('.') || component.endsWith(' ')) return 'ends in a dot or a space'
  return undefined
}

/** `/vod/film.mp4`, `vod/film.mp4` or `/` as components, checked. */
export function parsePath (path: string): string[] {
  if (path === '' || path === '/') return []
  const components = path.replace(/^\//, '').replace(/\/$/, '').split('/')
  checkPath(components)
  return components
}

/**
 * One form for all names that some file system takes for the same. Upper case
 * first: it joins letters with two lower cases, such as both sigmas and the long s.
 */
function fold (name: string): string {
  return name.replace(IGNORABLE, '').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** A path that was met: how it was spelt, what it is, and what is in it by the folded form of its name. */
interface Met {
  readonly name: string
  /** Unset while it was met only on the way to something in it. */
  entry: 'folder' | 'other' | undefined
  within: Map<string, Met> | undefined
}

/**
 * Finds entries that some file system would take for one and the same: equal
 * after Unicode normalisation and case folding. Folders count as they are met,
 * whether they have an entry or not, since `A/x` and `a/y` would share one. Also
 * finds what is inside of something that is no folder, so that no link leads an
 * entry elsewhere, and folders that come after what is in them.
 */
export class CollisionCheck {
  readonly #root: Met = { name: '', entry: undefined, within: undefined }

  /** @throws {PathError} naming the path */
  add (components: readonly string[], entry: 'folder' | 'other' = 'other'): void {
    let place = this.#root
    for (const [index, name] of components.entries()) {
      if (place.entry === 'other') throw new PathError(`${shown(components)} is inside of ${shown(components.slice(0, index))}, which is no folder`)
      place.within ??= new Map()
      const folded = fold(name)
      let next = place.within.get(folded)
      if (next == null) {
        next = { name, entry: undefined, within: undefined }
        place.within.set(folded, next)
      } else if (next.name !== name || (index === components.length - 1 && next.entry != null)) {
        throw new PathError(`${shown(components.slice(0, index + 1))} and ${shown([...components.slice(0, index), next.name])} are the same path on some file systems`)
      }
      place = next
    }
    if (place.within != null && place !== this.#root) throw new PathError(`${shown(components)} comes after what is in it`)
    place.entry = entry
  }
}

function shown (components: readonly string[]): string {
  return JSON.stringify(components.join('/'))
}
