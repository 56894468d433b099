import { constants } from 'node:fs'
import { lstat, open, readlink } from 'node:fs/promises'
import { EntryType, PIECE_BYTES, sameBytes, type Entry } from '@sluice/wire'
import { FileDigests } from './file-digests.ts'
import { FolderWalk, type Folder } from './folder-walk.ts'
import { type LiveFile, mediaAt } from './media-bytes.ts'
import { entryFile, readFully, type StagingFolder } from './staging-folder.ts'
import { StoreError, systemCode } from './store-error.ts'

/** One entry of a put, and where its bytes are staged. */
interface Audited {
  readonly entry: Entry
  readonly index: number
  /** Of a small file: where it begins in the sequence. */
  readonly start: number
  /** Of a live put's only file: its bytes, of which the manifest says nothing. */
  readonly live?: LiveFile | undefined
}

/**
 * Compare what is published at `place` with what is staged. The staged bytes
 * themselves are the caller's to verify. Attributes are not compared: others
 * may have changed them by commands.
 *
 * @returns what is wrong, if anything is
 */
export async function audit (staging: StagingFolder, audited: Audited, place: readonly string[]): Promise<string | undefined> {
  const walk = new FolderWalk(staging.root)
  try {
    if (audited.entry.type === EntryType.DIRECTORY) return await walk.in(place, false, async () => undefined)
    return await walk.in(place.slice(0, -1), false, async folder => await compare(staging, audited, folder, place.at(-1) as string, place))
  } catch (cause) {
    if (cause instanceof StoreError && cause.code === 'vanished') return 'is gone'
    if (cause instanceof StoreError && (cause.code === 'obstructed' || cause.code === 'unsafe-path')) return 'is not a folder any more, or not in one'
    throw cause
  } finally {
    await walk.close()
  }
}

async function compare (staging: StagingFolder, { entry, index, start, live }: Audited, folder: Folder, name: string, place: readonly string[]): Promise<string | undefined> {
  const path = folder.at(name)
  const there = await lstat(path).catch(cause => {
    if (systemCode(cause) !== 'ENOENT') throw cause
  })
  if (there == null) return 'is gone'
  if (entry.type === EntryType.SYMLINK) return there.isSymbolicLink() && (await readlink(path)).endsWith(entry.target.at(-1) as string) ? undefined : 'is not the symbolic link that was published'
  if (!there.isFile()) return 'is not a file any more'
  const size = live?.bytes ?? entry.size
  if (there.size !== size) return `has ${there.size} bytes instead of ${size}`
  const large = entry.size >= PIECE_BYTES
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    // It was made of a file that was here: nothing of it is staged, and its digest is signed.
    if (entry.target.length > 0) return sameBytes(await new FileDigests().of(handle, place), entry.digest) ? undefined : 'has other content'
    // The published file is the staged one under another name: its bytes were verified there.
    if (large && await staging.use(entryFile(index), async staged => (await staged.stat()).ino === there.ino).catch(() => false)) return undefined
    let position = 0
    for await (const bytes of live?.read(staging) ?? mediaAt(staging, size, large ? { file: index } : { start })) {
      if (!sameBytes(bytes, await readFully(handle, path, bytes.length, position))) return `differs within the ${bytes.length} bytes from ${position} on`
      position += bytes.length
    }
  } finally {
    await handle.close()
  }
  return undefined
}
