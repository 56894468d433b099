import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, readlink, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { RESERVED_COMPONENT, type Attributes } from '@sluice/wire'
import { type AttributePolicy, AttributeWriter, NotApplied } from './attributes.ts'
import { across } from './failpoint.ts'
import { type Folder, FolderWalk } from './folder-walk.ts'
import { syncFolder } from './staging-folder.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'
import { TRASH } from './switchover.ts'
import { leavesRoot } from './symlink-target.ts'

/** What published media is called in messages: below the media root, wherever that is. */
const shownOf = (path: readonly string[]): string => `/${path.join('/')}`

/**
 * What commands do to published media beside putting it there. Paths were
 * checked; no symbolic link is followed on the way. Each effect is durable when
 * it resolves, and may be done again after a crash, with the same outcome.
 *
 * @throws {StoreError}
 */
export class TreeEffects {
  readonly #root: string
  readonly #policy: AttributePolicy

  constructor (root: string, policy: AttributePolicy) {
    this.#root = root
    this.#policy = policy
  }

  /** Make a folder and those above it. One that is there gets the attributes. @returns what could not be applied */
  async makeFolder (path: readonly string[], attributes: Attributes | undefined): Promise<string[]> {
    return await this.#walked(`make ${shownOf(path)}`, async (walk, writer) => {
      await walk.in(path, true, async ({ handle }) => {
        for (const changed of walk.changed.values()) await walk.in(changed, false, async parent => { await across('made-folder-name', async () => { await parent.handle.sync() }) })
        await writer.folder(handle, attributes, shownOf(path))
        await across('made-folder', async () => { await handle.sync() })
      })
    })
  }

  /** Set attributes of a file, folder or link that is there. @returns what could not be applied */
  async setAttributes (path: readonly string[], attributes: Attributes): Promise<string[]> {
    const shown = shownOf(path)
    return await this.#walked(`set attributes of ${shown}`, async (walk, writer) => {
      const name = path.at(-1)
      if (name == null) return await walk.in([], false, async ({ handle }) => { await setFolder(handle) })
      await this.#inParent(walk, path, async folder => {
        const there = await this.#lookAt(folder, name, shown)
        if (there.isSymbolicLink()) return await writer.link(folder.at(name), attributes, shown)
        const handle = await open(folder.at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
        try {
          if (there.isDirectory()) await setFolder(handle)
          else {
            await writer.file(handle, attributes, shown)
            await across('set-attributes', async () => { await handle.sync() })
          }
        } finally {
          await handle.close()
        }
      })
      async function setFolder (handle: Folder['handle']): Promise<void> {
        await writer.folder(handle, attributes, shown)
        await across('set-attributes', async () => { await handle.sync() })
      }
    })
  }

  /** What tells the thing at `path` from any other, whatever it is called later; undefined if there is nothing. */
  async identify (path: readonly string[]): Promise<string | undefined> {
    let identity: string | undefined
    await this.#walked(`look at ${shownOf(path)}`, async walk => {
      identity = await walk.in(path.slice(0, -1), false, async folder => await identityOf(folder, path.at(-1) as string)).catch(ignoreAbsence)
    })
    return identity
  }

  /**
   * Move a file, folder or link. A file gives way to a file, and to nothing else.
   *
   * @param identity - of what is to be moved, as it was before the first attempt
   */
  async move (from: readonly string[], to: readonly string[], identity: string | undefined): Promise<void> {
    const [source, target] = [from.at(-1) as string, to.at(-1) as string]
    await this.#walked(`move ${shownOf(from)} to ${shownOf(to)}`, async walk => {
      if (identity == null) throw new StoreError('missing', shownOf(from), `${shownOf(from)} does not exist: there is nothing to move`)
      if (await this.identify(to) === identity && await this.identify(from) == null) return await this.#moved(walk, from, to)
      await this.#inParent(walk, from, async fromFolder => {
        const there = await this.#lookAt(fromFolder, source, shownOf(from))
        await this.#checkLinks(join(walk.pathOf(from)), from, to)
        await walk.in(to.slice(0, -1), true, async toFolder => {
          const before = await lstat(toFolder.at(target)).catch(ignoreAbsence)
          if (before != null && (before.isDirectory() || there.isDirectory())) throw new StoreError('obstructed', shownOf(to), `${shownOf(to)} is there already: remove it before ${shownOf(from)} is moved there`)
          await across('moved-name', async () => { await rename(fromFolder.at(source), toFolder.at(target)) })
          // Two names of one file: a rename of one to the other does nothing.
          if (!there.isDirectory()) await unlink(fromFolder.at(source)).catch(ignoreAbsence)
        })
      })
      await this.#moved(walk, from, to)
    })
  }

  /** A move that is done, perhaps by an attempt that was cut off right then, is made durable. */
  async #moved (walk: FolderWalk, from: readonly string[], to: readonly string[]): Promise<void> {
    await walk.in(to.slice(0, -1), true, async () => {})
    walk.change(to.slice(0, -1))
    for (const changed of walk.changed.values()) await walk.in(changed, false, async ({ handle }) => { await across('moved-to-folder', async () => { await handle.sync() }) })
    // Somebody may have removed it since: then its names are gone with it.
    await walk.in(from.slice(0, -1), false, async ({ handle }) => { await across('moved-from-folder', async () => { await handle.sync() }) }).catch(ignoreAbsence)
  }

  /**
   * Remove a file, link or folder; what is gone already is no error. A folder disappears at once, with all that is in it.
   *
   * @param label - names this removal, and no other one
   */
  async remove (path: readonly string[], recursive: boolean, label: string): Promise<void> {
    const name = path.at(-1) as string
    const trash = join(this.#root, RESERVED_COMPONENT, TRASH)
    await this.#walked(`remove ${shownOf(path)}`, async walk => {
      await rm(join(trash, label), { recursive: true, force: true })
      await walk.in(path.slice(0, -1), false, async folder => {
        const there = await lstat(folder.at(name)).catch(ignoreAbsence)
        // What is gone may have gone in an attempt that was cut off: that it is gone has to be durable, too.
        if (there == null) return await across('removed-from-folder', async () => { await folder.handle.sync() })
        if (!there.isDirectory()) await across('removed-name', async () => { await unlink(folder.at(name)) })
        else if (!recursive) await rmdir(folder.at(name)).catch(cause => { throw notEmpty(cause, path) })
        else {
          await mkdir(trash, { recursive: true, mode: 0o700 })
          await across('trashed-name', async () => { await rename(folder.at(name), join(trash, label)) })
          await across('trash-folder', async () => { await syncFolder(trash) })
        }
        await across('removed-from-folder', async () => { await folder.handle.sync() })
      }).catch(cause => {
        // Below a file there is nothing.
        if (!(cause instanceof StoreError) || cause.code !== 'obstructed' || cause.path === shownOf(path)) ignoreAbsence(cause)
      })
      await rm(join(trash, label), { recursive: true, force: true })
    })
  }

  async #walked (doing: string, work: (walk: FolderWalk, writer: AttributeWriter) => Promise<void>): Promise<string[]> {
    const walk = new FolderWalk(this.#root)
    const notApplied = new NotApplied()
    try {
      await work(walk, new AttributeWriter(this.#policy, notApplied))
    } catch (cause) {
      throw storeError(cause, doing, this.#root, this.#root)
    } finally {
      await walk.close()
    }
    return notApplied.lines()
  }

  async #inParent (walk: FolderWalk, path: readonly string[], work: (folder: Folder) => Promise<void>): Promise<void> {
    await walk.in(path.slice(0, -1), false, work).catch(cause => {
      if (!(cause instanceof StoreError) || cause.code !== 'vanished') throw cause
      throw new StoreError('missing', shownOf(path), `${shownOf(path)} does not exist`, { cause })
    })
  }

  async #lookAt (folder: Folder, name: string, shown: string): Promise<Awaited<ReturnType<typeof lstat>>> {
    const there = await lstat(folder.at(name)).catch(ignoreAbsence)
    if (there == null) throw new StoreError('missing', shown, `${shown} does not exist`)
    return there
  }

  /** A link that leads upwards leads elsewhere from another place: it must not lead out of the media root. */
  async #checkLinks (local: string, from: readonly string[], to: readonly string[]): Promise<void> {
    const there = await lstat(local)
    if (there.isSymbolicLink()) {
      if (leavesRoot(to.slice(0, -1), await readlink(local))) throw new StoreError('unsafe-path', shownOf(from), `the symbolic link ${shownOf(from)} would lead out of the media root from ${shownOf(to)}: remove it, or move what it points to as well`)
    } else if (there.isDirectory()) {
      for (const name of await readdir(local)) await this.#checkLinks(join(local, name), [...from, name], [...to, name])
    }
  }
}

async function identityOf (folder: Folder, name: string): Promise<string | undefined> {
  const there = await lstat(folder.at(name)).catch(ignoreAbsence)
  return there == null ? undefined : `${there.dev}:${there.ino}`
}

function notEmpty (cause: unknown, path: readonly string[]): unknown {
  if (systemCode(cause) !== 'ENOTEMPTY' && systemCode(cause) !== 'EEXIST') return cause
  return new StoreError('obstructed', shownOf(path), `${shownOf(path)} is a folder with something in it: remove it with "recursive"`, { cause })
}

function ignoreAbsence (cause: unknown): undefined {
  if (systemCode(cause) === 'ENOENT' || (cause instanceof StoreError && cause.code === 'vanished')) return undefined
  throw cause
}
