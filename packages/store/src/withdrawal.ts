import { link, lstat, mkdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { RESERVED_COMPONENT } from '@sluice/wire'
import { across } from './failpoint.ts'
import { FolderWalk } from './folder-walk.ts'
import { isStamped, stampOf } from './publication.ts'
import type { FileStamp } from './published-table.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'
import { TRASH } from './switchover.ts'

/** Only one at a time has this name: see `withdraw`. */
const WITHDRAWN = 'withdrawn'

/**
 * Remove a published file or link, durably, if it still is the one that was
 * stamped. Somebody may publish another one in the same moment: so it is taken
 * away first and looked at then, and what is not meant is put back, unless
 * something newer stands there by then. One at a time.
 *
 * @returns whether it was removed now, was gone, or is another one by now
 * @throws {StoreError}
 */
export async function withdraw (root: string, place: readonly string[], stamp: FileStamp): Promise<'removed' | 'gone' | 'replaced'> {
  const walk = new FolderWalk(root)
  const trash = join(root, RESERVED_COMPONENT, TRASH)
  const away = join(trash, WITHDRAWN)
  const isMeant = async (path: string): Promise<boolean> => isStamped(stamp, stampOf(await lstat(path, { bigint: true })))
  try {
    await mkdir(trash, { recursive: true, mode: 0o700 })
    return await walk.in(place.slice(0, -1), false, async folder => {
      const path = folder.at(place.at(-1) as string)
      const there = await lstat(path).catch(ignoreAbsence)
      if (there == null) {
        // What an attempt that was cut off has taken away is gone for good only when its folder says so.
        await across('withdrawn-before', async () => { await folder.handle.sync() })
        return 'gone'
      }
      if (there.isDirectory() || !await isMeant(path)) return 'replaced'
      await across('withdrawn-name', async () => { await rename(path, away) })
      if (!await isMeant(away)) {
        await link(away, path).catch(cause => { if (systemCode(cause) !== 'EEXIST') throw cause })
        await unlink(away)
        return 'replaced'
      }
      await across('withdrawn-from-folder', async () => { await folder.handle.sync() })
      await across('withdrawn', async () => { await unlink(away) })
      return 'removed'
    })
  } catch (cause) {
    if (cause instanceof StoreError && cause.code === 'vanished') return 'gone'
    throw storeError(cause, 'remove', walk.pathOf(place), root)
  } finally {
    await walk.close()
  }
}

function ignoreAbsence (cause: unknown): undefined {
  if (systemCode(cause) !== 'ENOENT') throw cause
}
