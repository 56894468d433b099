import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { type Entry, sameBytes } from '@sluice/wire'
import { FolderWalk } from './folder-walk.ts'
import type { Bytes } from './media-bytes.ts'
import type { PutShape } from './put-shape.ts'
import { StoreError } from './store-error.ts'

/** Read at one time: see media-bytes.ts. */
const COPY_BYTES = 1024 * 1024

/**
 * The bytes of an entry that did not travel, since this server has them already
 * at the place that the entry names. They are what the provider signed only if
 * their digest says so: whoever writes them shows them to nobody before the end.
 *
 * @throws {StoreError} vanished, where they are not there, or are others
 */
export async function * heldMedia (root: string, { destination }: PutShape, { target, size, digest }: Entry): Bytes {
  const place = [...destination, ...target]
  const shown = `/${place.join('/')}`
  const gone = (what: string): StoreError => new StoreError('vanished', shown, `${shown} ${what}, and another file was to be made of it: publish that one again`)
  const walk = new FolderWalk(root)
  try {
    const handle = await walk.in(place.slice(0, -1), false, async ({ at }) => {
      const there = await lstat(at(place.at(-1) as string))
      if (!there.isFile() || there.size !== size) throw gone('is not what it was')
      return await open(at(place.at(-1) as string), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    }).catch(cause => { throw cause instanceof StoreError && cause.path === shown ? cause : gone('is gone') })
    try {
      const hash = createHash('sha256')
      for (let done = 0; done < size;) {
        const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, size - done))
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, done)
        if (bytesRead === 0) throw gone('became shorter')
        const bytes = buffer.subarray(0, bytesRead)
        hash.update(bytes)
        done += bytesRead
        yield bytes
      }
      if (!sameBytes(hash.digest(), digest)) throw gone('has other content by now')
    } finally {
      await handle.close()
    }
  } finally {
    await walk.close()
  }
}
