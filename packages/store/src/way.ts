import { lstat } from 'node:fs/promises'
import type { FolderWalk } from './folder-walk.ts'
import { StoreError, systemCode } from './store-error.ts'

/**
 * Whether an entry can go to its place, without touching anything.
 *
 * @param missing - gets the folders on the way that are not there yet, the upper ones first
 * @throws {StoreError} obstructed, unsafe-path
 */
export async function checkWay (walk: FolderWalk, place: readonly string[], isFolder: boolean, missing: Map<string, readonly string[]>): Promise<void> {
  const folders = isFolder ? place.length : place.length - 1
  for (let depth = 1; depth <= folders; depth++) {
    const folder = place.slice(0, depth)
    if (!missing.has(folder.join('/')) && await isFolderThere(walk, folder)) continue
    for (let rest = depth; rest <= folders; rest++) missing.set(place.slice(0, rest).join('/'), place.slice(0, rest))
    return
  }
  const name = place.at(-1)
  if (isFolder || name == null) return
  const there = await walk.in(place.slice(0, -1), false, async folder => await lstat(folder.at(name)).catch(cause => {
    if (systemCode(cause) !== 'ENOENT') throw cause
  }))
  const shown = walk.pathOf(place)
  if (there?.isDirectory() === true) throw new StoreError('obstructed', shown, `${shown} is a folder where a file must go: remove or rename it`)
}

async function isFolderThere (walk: FolderWalk, folder: readonly string[]): Promise<boolean> {
  return await walk.in(folder, false, async () => true).catch(cause => {
    if (cause instanceof StoreError && cause.code === 'vanished') return false
    throw cause
  })
}
