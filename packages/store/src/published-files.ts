import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Entry } from '@sluice/wire'
import { FolderWalk } from './folder-walk.ts'
import type { PutShape } from './put-shape.ts'
import { readFully } from './staging-folder.ts'
import { storeError } from './store-error.ts'

/** Where an entry of a put goes, as components below the media root. */
export function placeOf (shape: PutShape, entry: Pick<Entry, 'path'>): string[] {
  return [...shape.destination, ...entry.path]
}

/**
 * The files of a put where viewers see them. Read for peers only where the file
 * system permits no links, so that the commit had to move the staged file.
 */
export class PublishedFiles {
  readonly #shape: PutShape
  readonly #root: string

  constructor (shape: PutShape, root: string) {
    this.#shape = shape
    this.#root = root
  }

  /** @throws {StoreError} vanished where the file is gone or shorter than it was */
  async read (entry: Entry, length: number, offset: number): Promise<Uint8Array> {
    const place = placeOf(this.#shape, entry)
    const name = place.pop() as string
    const walk = new FolderWalk(this.#root)
    const path = walk.pathOf([...place, name])
    try {
      return await walk.in(place, false, async folder => {
        const handle = await open(folder.at(name), constants.O_RDONLY | constants.O_NOFOLLOW)
        try {
          return await readFully(handle, path, length, offset)
        } finally {
          await handle.close()
        }
      })
    } catch (cause) {
      throw storeError(cause, `read ${length} bytes`, path, this.#root)
    } finally {
      await walk.close()
    }
  }
}
