import { lstat } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { FolderWalk } from './folder-walk.ts'
import type { Journal } from './journal.ts'
import type { FileStamp, PublishedRow } from './published-table.ts'

/** Rows of one journal commit: a million files are a thousand of them, and the event loop has its turn in between. */
const ROWS_AT_ONCE = 1_000
const NO_BYTES = new Uint8Array()

/**
 * Remember what a command has just shown, as it stands on the disk now. Done
 * before the command's outcome is journalled, so that nothing is shown and
 * forgotten; a second attempt notes the same again.
 *
 * @param places - of files and links, as components below the root
 */
export async function notePublication (root: string, journal: Journal, command: Pick<PublishedRow, 'job' | 'seq' | 'at' | 'expires'>, places: Iterable<readonly string[]>): Promise<void> {
  const walk = new FolderWalk(root)
  let rows: PublishedRow[] = []
  try {
    for (const place of places) {
      const found = await walk.in(place.slice(0, -1), false, async folder => await lstat(folder.at(place.at(-1) as string), { bigint: true })).catch(() => undefined)
      // Somebody took it away since: then there is nothing to look after.
      if (found == null || !(found.isFile() || found.isSymbolicLink())) continue
      rows.push({ ...command, path: place.join('/'), stamp: stampOf(found), digest: found.isFile() ? undefined : NO_BYTES })
      if (rows.length < ROWS_AT_ONCE) continue
      journal.notePublished(rows)
      rows = []
      await turn()
    }
    if (rows.length > 0) journal.notePublished(rows)
  } finally {
    await walk.close()
  }
}

export function stampOf ({ size, mtimeNs, ino }: { readonly size: bigint, readonly mtimeNs: bigint, readonly ino: bigint }): FileStamp {
  return { size: Number(size), mtimeNs, ino }
}

/** Whether a file is the one that was stamped. A new time alone is somebody's setattr; a new inode alone, a move to another disk. */
export function isStamped (stamp: FileStamp, now: FileStamp): boolean {
  return stamp.size === now.size && (stamp.mtimeNs === now.mtimeNs || stamp.ino === now.ino)
}
