import { constants, existsSync } from 'node:fs'
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { HandlePool } from './handle-pool.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'

/** Through it a name can be resolved relative to an open folder: Node has no openat(). */
const DESCRIPTORS = '/proc/self/fd'
const HAS_DESCRIPTORS = existsSync(DESCRIPTORS)
const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
/** Of folders that no manifest describes. */
const FOLDER_MODE = 0o755

/** A folder below the root that was reached without following any link. */
export interface Folder {
  readonly components: readonly string[]
  readonly handle: FileHandle
  /** The path of something in it, for system calls; those must not follow its last component. */
  readonly at: (name: string) => string
}

/**
 * Opens folders below a media root component by component, each relative to
 * the open one above it, and never through a symbolic link: whoever can place a
 * link in the media root must not make us write elsewhere. Elsewhere than on
 * Linux each step is looked at first, which leaves a race to a local attacker.
 */
export class FolderWalk {
  readonly #root: string
  readonly #pool = new HandlePool()
  /** Folders whose entries were changed, and have to be made durable. */
  readonly changed = new Map<string, readonly string[]>()

  constructor (root: string) {
    this.#root = root
  }

  /**
   * Run `work` in a folder. `create` makes it, and those above it, where they are missing.
   *
   * @throws {StoreError} unsafe-path, obstructed, vanished; and whatever `work` throws
   */
  async in<T> (components: readonly string[], create: boolean, work: (folder: Folder) => Promise<T>): Promise<T> {
    const open = async (): Promise<FileHandle> => await this.#open(components, create)
    // Whether it is made now, or was by an attempt that a crash cut off: nobody but the disk knows if its name is durable.
    if (create && components.length > 0) this.change(components.slice(0, -1))
    return await this.#pool.use(components.join('/'), open, async handle => {
      const base = HAS_DESCRIPTORS ? `${DESCRIPTORS}/${handle.fd}` : this.pathOf(components)
      return await work({ components, handle, at: name => `${base}/${name}` })
    })
  }

  /** For messages. */
  pathOf (components: readonly string[]): string {
    return join(this.#root, ...components)
  }

  /** Note that something was linked, renamed or made in a folder. */
  change (components: readonly string[]): void {
    this.changed.set(components.join('/'), components)
  }

  async close (): Promise<void> {
    await this.#pool.dropAll()
  }

  async #open (components: readonly string[], create: boolean): Promise<FileHandle> {
    const path = this.pathOf(components)
    try {
      // The operator may well have made the root itself a link.
      if (components.length === 0) return await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
      const name = components[components.length - 1] as string
      return await this.in(components.slice(0, -1), create, async parent => await this.#step(parent, name, create))
    } catch (cause) {
      throw storeError(cause, 'open the folder', path, this.#root)
    }
  }

  async #step (parent: Folder, name: string, create: boolean): Promise<FileHandle> {
    const path = parent.at(name)
    for (;;) {
      try {
        return await open(path, FOLDER_FLAGS)
      } catch (cause) {
        const code = systemCode(cause)
        if (code === 'ENOTDIR' || code === 'ELOOP') throw await this.#obstacle([...parent.components, name], path, cause)
        if (code !== 'ENOENT' || !create) throw cause
      }
      await mkdir(path, FOLDER_MODE).catch(cause => {
        // Another put may need the same folder at the same time.
        if (systemCode(cause) !== 'EEXIST') throw cause
      })
    }
  }

  async #obstacle (components: readonly string[], path: string, cause: unknown): Promise<StoreError> {
    const shown = this.pathOf(components)
    return (await lstat(path)).isSymbolicLink()
      ? new StoreError('unsafe-path', shown, `${shown} is a symbolic link, and media is never written through one: replace it by a folder`, { cause })
      : new StoreError('obstructed', shown, `${shown} is a file where a folder must be: remove or rename it`, { cause })
  }
}
