import { checkPath, type Entry } from '@sluice/wire'
import { StoreError } from './store-error.ts'

/**
 * The text of a symbolic link: its target's components, which are relative to
 * the put's destination, relative to the link's own folder.
 *
 * @throws {StoreError} unsafe-path where there is no target, or it would leave the destination
 */
export function symlinkText (entry: Pick<Entry, 'path' | 'target'>, shown: string): string {
  const { path, target } = entry
  try {
    if (target.length === 0) throw new Error('it has no target')
    // The same rules as for every path: no component may lead upwards.
    checkPath(target)
  } catch (cause) {
    throw new StoreError('unsafe-path', shown, `the symbolic link ${shown} is refused: ${(cause as Error).message}`, { cause })
  }
  const folder = path.slice(0, -1)
  let shared = 0
  while (shared < folder.length && shared < target.length - 1 && folder[shared] === target[shared]) shared++
  return [...folder.slice(shared).map(() => '..'), ...target.slice(shared)].join('/')
}

/** Whether a link with this text, in a folder that is so many components below the media root, would lead out of it. */
export function leavesRoot (folder: readonly string[], text: string): boolean {
  if (text.startsWith('/')) return true
  let depth = folder.length
  for (const component of text.split('/')) {
    if (component === '..') depth--
    else if (component !== '' && component !== '.') depth++
    if (depth < 0) return true
  }
  return false
}
