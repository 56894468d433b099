import { constants } from 'node:fs'
import { lstat, mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { EntryType, RESERVED_COMPONENT, TreeDigest, checkPath, type Attributes, type Entry } from '@sluice/wire'
import { type AttributePolicy, AttributeWriter, MODE_AND_TIME_ONLY, NotApplied } from './attributes.ts'
import { Deposit, type Placed, syncChanged } from './deposit.ts'
import { across } from './failpoint.ts'
import { FileDigests, sameFile } from './file-digests.ts'
import { FolderWalk, type Folder } from './folder-walk.ts'
import { stampOf } from './publication.ts'
import type { FileStamp } from './published-table.ts'
import { Space } from './space.ts'
import { readFully } from './staging-folder.ts'
import { statEntry } from './stat-entry.ts'
import { TreeError, treeError } from './tree-error.ts'
import { TreeListing, withTarget } from './tree-listing.ts'

/** Of folders that nobody describes. */
const FOLDER_MODE = 0o755
/** Never through a link, and never waiting for the other end of a pipe. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export interface ListRequest {
  readonly recursive: boolean
  readonly digests: boolean
  readonly after: readonly string[]
  /** Told while a digest takes its time. */
  readonly onHashed: (bytes: number) => void
}

/** One published file, as it was when it was opened: a later publication replaces its name and not its bytes. */
export interface OpenMedia {
  readonly entry: Entry
  readonly stamp: FileStamp
  read (offset: number, length: number): Promise<Uint8Array>
  digest (onHashed: (bytes: number) => void): Promise<Uint8Array>
  /** Its digest if that is remembered: nothing is read for it. */
  knownDigest (): Promise<Uint8Array | undefined>
  /** @throws {TreeError} changed, if somebody wrote to it since */
  check (): Promise<void>
  close (): Promise<void>
}

/**
 * The published media of a server, for errands from others. Every path is
 * checked, opened folder by folder below the root, and never through a link.
 *
 * Every method throws a TreeError that says nothing of where the root is.
 */
export class MediaTree {
  readonly #root: string
  readonly #waiting: string
  readonly #space: Space
  readonly #policy: AttributePolicy
  readonly #digests = new FileDigests()

  private constructor (root: string, policy: AttributePolicy, space: Space) {
    this.#root = root
    this.#policy = policy
    this.#waiting = join(root, RESERVED_COMPONENT, 'deposits')
    this.#space = space
  }

  /**
   * @param root - a media root that a TreeStore has opened: what it stages and what waits here share a file system
   * @param space - of that store, for one book of what is promised
   */
  static async open (root: string, policy: AttributePolicy = MODE_AND_TIME_ONLY, space = new Space(root)): Promise<MediaTree> {
    const tree = new MediaTree(root, policy, space)
    // What a crash left waiting was never acknowledged.
    await rm(tree.#waiting, { recursive: true, force: true })
    await mkdir(tree.#waiting, { mode: 0o700 })
    return tree
  }

  /** What is below a folder. The generator's return value counts what no path may name. */
  async * list (path: readonly string[], { recursive, digests, after, onHashed }: ListRequest): AsyncGenerator<Entry, number> {
    checked(path)
    const walk = new FolderWalk(this.#root)
    const listing = new TreeListing(walk, path, { recursive, after })
    try {
      for await (const entry of listing.entries()) {
        if (!digests || entry.type !== EntryType.FILE) yield entry
        else {
          const described = await this.#described(walk, path, entry, onHashed)
          if (described != null) yield described
        }
      }
      return listing.unnamed
    } finally {
      await walk.close()
    }
  }

  /** One file, folder or link; with `digest` the SHA-256 of a file, or the TreeDigest of what is in a folder. */
  async stat (path: readonly string[], digest: boolean, onHashed: (bytes: number) => void = () => {}): Promise<Entry> {
    checked(path)
    const entry = await this.#in(path, async (folder, name) => {
      const stat = name == null ? await folder.handle.stat({ bigint: true }) : await lstat(folder.at(name), { bigint: true })
      if (!stat.isFile() && !stat.isDirectory() && !stat.isSymbolicLink()) throw new TreeError('not-a-file', path, 'is neither a file nor a folder')
      const found = statEntry([...path], stat)
      return name == null ? found : await withTarget(found, stat, folder, name)
    })
    if (!digest || entry.type === EntryType.SYMLINK) return entry
    if (entry.type === EntryType.DIRECTORY) {
      const tree = new TreeDigest()
      for await (const inside of this.list(path, { recursive: true, digests: true, after: [], onHashed })) tree.add(inside)
      return { ...entry, digest: tree.digest() }
    }
    const media = await this.read(path)
    try {
      return { ...media.entry, digest: await media.digest(onHashed) }
    } finally {
      await media.close()
    }
  }

  async read (path: readonly string[]): Promise<OpenMedia> {
    checked(path)
    return await this.#in(path, async (folder, name) => {
      if (name == null) throw new TreeError('not-a-file', path, 'is the media root: list it')
      const handle = await openFile(folder.at(name), path)
      const stat = await handle.stat({ bigint: true })
      return {
        entry: statEntry([...path], stat),
        stamp: stampOf(stat),
        // Somebody cut it short: check() would say so, too.
        read: async (offset, length) => await readFully(handle, `/${path.join('/')}`, length, offset).catch(cause => { throw treeError(cause, path) }),
        digest: async onHashed => await this.#digests.of(handle, path, onHashed),
        knownDigest: async () => await this.#digests.known(handle),
        check: async () => { if (!sameFile(await handle.stat({ bigint: true }), stat)) throw new TreeError('changed', path, 'changed while it was being read: ask again') },
        close: async () => { await handle.close() }
      }
    })
  }

  /** Begin to put one file. Its sender's bytes go to the deposit, which is then placed, and closed in any case. */
  async put (path: readonly string[], { size, attributes, digest }: Pick<Entry, 'size' | 'attributes' | 'digest'>, parents: boolean): Promise<Deposit> {
    checked(path)
    if (path.length === 0) throw new TreeError('not-a-file', path, 'is the media root, and a file needs a name below it')
    const space = await this.#space.reserve(size).catch(cause => { throw treeError(cause, path) })
    return await Deposit.begin({ root: this.#root, waiting: this.#waiting, path, size, attributes, digest, parents, space, policy: this.#policy }).catch(cause => {
      space.release()
      throw cause
    })
  }

  /** @param parents - make the folders on the way, too, and do not mind if all of it is there */
  async mkdir (path: readonly string[], attributes: Attributes | undefined, parents: boolean): Promise<Placed> {
    checked(path)
    if (path.length === 0) throw new TreeError('exists', path, 'is the media root, and exists')
    await this.#guard(path, async walk => {
      await walk.in(path.slice(0, -1), parents, async ({ at, handle }) => {
        await mkdir(at(path.at(-1) as string), FOLDER_MODE).catch(async (cause: NodeJS.ErrnoException) => {
          const isFolder = cause.code === 'EEXIST' && (await lstat(at(path.at(-1) as string))).isDirectory()
          if (!parents || !isFolder) throw cause
        })
        await across('errand-folder', async () => { await handle.sync() })
      })
      await syncChanged(walk)
    })
    return await this.setattr(path, attributes ?? { xattrs: [] })
  }

  /** Change what is named, and leave the rest. */
  async setattr (path: readonly string[], attributes: Attributes): Promise<Placed> {
    checked(path)
    if (path.length === 0) throw new TreeError('forbidden', path, 'is the media root: its attributes are its operator\'s')
    return await this.#in(path, async (folder, name) => {
      const isFolder = (await lstat(folder.at(name as string))).isDirectory()
      const handle = await (isFolder ? open(folder.at(name as string), READ_FLAGS | constants.O_DIRECTORY) : openFile(folder.at(name as string), path))
      try {
        const notApplied = new NotApplied()
        const writer = new AttributeWriter(this.#policy, notApplied)
        const shown = `/${path.join('/')}`
        await (isFolder ? writer.folder(handle, attributes, shown) : writer.file(handle, attributes, shown))
        await across('errand-attributes', async () => { await handle.sync() })
        return { entry: statEntry([...path], await handle.stat({ bigint: true })), notApplied: notApplied.lines() }
      } finally {
        await handle.close()
      }
    })
  }

  /** Run `work` in the folder that has `path` in it; in the root, without a name, for the root itself. */
  async #in<T> (path: readonly string[], work: (folder: Folder, name: string | undefined) => Promise<T>): Promise<T> {
    return await this.#guard(path, async walk => await walk.in(path.slice(0, -1), false, async folder => await work(folder, path.at(-1))))
  }

  async #guard<T> (path: readonly string[], work: (walk: FolderWalk) => Promise<T>): Promise<T> {
    const walk = new FolderWalk(this.#root)
    try {
      return await work(walk)
    } catch (cause) {
      throw treeError(cause, path)
    } finally {
      await walk.close()
    }
  }

  /** A listed file with its digest; nothing if it went away meanwhile. */
  async #described (walk: FolderWalk, base: readonly string[], entry: Entry, onHashed: (bytes: number) => void): Promise<Entry | undefined> {
    const place = [...base, ...entry.path]
    try {
      return await walk.in(place.slice(0, -1), false, async ({ at }) => {
        const handle = await openFile(at(place.at(-1) as string), place)
        try {
          const digest = await this.#digests.of(handle, place, onHashed)
          return { ...statEntry(entry.path, await handle.stat({ bigint: true })), digest }
        } finally {
          await handle.close()
        }
      })
    } catch (cause) {
      const error = treeError(cause, place)
      if (error.code === 'not-found' || error.code === 'link' || error.code === 'not-a-file') return undefined
      throw error
    }
  }
}

function checked (path: readonly string[]): void {
  try {
    checkPath(path)
  } catch (cause) {
    throw treeError(cause, [])
  }
}

/** A regular file, and nothing else that a name may stand for: devices are not even opened. */
async function openFile (place: string, path: readonly string[]): Promise<FileHandle> {
  const there = await lstat(place)
  if (there.isSymbolicLink()) throw new TreeError('link', path, 'is a symbolic link: links are shown and never followed')
  if (!there.isFile()) throw new TreeError('not-a-file', path, there.isDirectory() ? 'is a folder, and a file is wanted' : 'is neither a file nor a folder')
  const handle = await open(place, READ_FLAGS)
  // It may have been exchanged since.
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new TreeError('not-a-file', path, 'is no file')
}
