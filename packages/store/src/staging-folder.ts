import { constants } from 'node:fs'
import { mkdir, open, readdir, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eachLimited } from './each-limited.ts'
import { across } from './failpoint.ts'
import type { HandlePool } from './handle-pool.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'

/** fdatasyncs under way at one time, of the four threads that libuv has for files. */
const SYNCS_AT_ONCE = 3

/** The staging file of one large entry. */
export function entryFile (entry: number): string {
  return `entry-${entry}`
}

/** The files of one put, below one folder, and what is known of their durability. */
export class StagingFolder {
  readonly path: string
  /** The media root, or the base's spool. */
  readonly root: string
  readonly #pool: HandlePool
  /** Names of files with bytes that no fdatasync has seen. */
  #dirty = new Set<string>()
  /** Names of files that are known to have a durable entry in the folder. */
  readonly #linked = new Set<string>()
  #syncing: Promise<void> = Promise.resolve()
  #failure: StoreError | undefined

  constructor (path: string, root: string, pool: HandlePool) {
    this.path = path
    this.root = root
    this.#pool = pool
  }

  /** Make the folder, durably; with `fresh`, without anything in it. */
  async create (fresh: boolean): Promise<void> {
    await this.#named('make the staging folder', this.path, async () => {
      if (fresh) await rm(this.path, { recursive: true, force: true })
      await mkdir(this.path, { recursive: true, mode: 0o700 })
      for (const folder of [dirname(this.path), dirname(dirname(this.path))]) await across('staging-folder-made', async () => { await syncFolder(folder) })
    })
  }

  async names (): Promise<string[]> {
    return await this.#named('list the staging folder', this.path, async () => await readdir(this.path))
  }

  /** Throw what has put an end to this put, if anything has. */
  check (): void {
    if (this.#failure != null) throw this.#failure
  }

  /** From now on every call throws `error`. */
  fail (error: StoreError): StoreError {
    this.#failure ??= error
    return this.#failure
  }

  async write (name: string, bytes: Uint8Array, position: number): Promise<void> {
    const path = join(this.path, name)
    await this.#named(`write ${bytes.length} bytes`, path, async () => {
      await this.#pool.use(path, async () => await openForWriting(path), async handle => {
        for (let done = 0; done < bytes.length;) {
          done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
        }
      })
    })
    this.#dirty.add(name)
  }

  /** Fill a new buffer. @throws {StoreError} vanished where the file ends before */
  async read (name: string, length: number, position: number): Promise<Uint8Array> {
    const path = join(this.path, name)
    return await this.#named(`read ${length} bytes`, path, async () =>
      await this.use(name, async handle => await readFully(handle, path, length, position)))
  }

  /** Run `work` with a file that is there already. Errors are passed on as they are. */
  async use<T> (name: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const path = join(this.path, name)
    return await this.#pool.use(path, async () => await openExisting(path), work)
  }

  /** One at a time: a later sync() must not overtake the one that holds its files. */
  async sync (): Promise<void> {
    this.check()
    const turn = this.#syncing.then(async () => { await this.#syncAll() })
    this.#syncing = turn.catch(() => {})
    await turn
  }

  async #syncAll (): Promise<void> {
    this.check()
    const names = this.#dirty
    this.#dirty = new Set()
    const path = this.path
    try {
      await eachLimited(names, SYNCS_AT_ONCE, async name => {
        await this.use(name, async handle => {
          await across('staged-data', async () => { await handle.datasync() })
          // A file that was unlinked behind our back takes bytes and syncs all right, and is lost with its last descriptor.
          if ((await handle.stat()).nlink === 0) throw new StoreError('vanished', join(path, name), `${join(path, name)} was removed by somebody: the put must be fetched anew`)
        })
      })
      const fresh = [...names].filter(name => !this.#linked.has(name))
      if (fresh.length > 0) await across('staging-folder', async () => { await syncFolder(path) })
      for (const name of fresh) this.#linked.add(name)
    } catch (cause) {
      // The kernel drops what it could not write, and the next fdatasync would succeed without it: never try again.
      throw this.fail(storeError(cause, 'make staged bytes durable', path, this.root))
    }
  }

  /** Close the files that are open. */
  async close (): Promise<void> {
    await this.#pool.dropAll(this.path + '/')
  }

  async remove (): Promise<void> {
    await this.close()
    await this.#named('remove the staging folder', this.path, async () => {
      await across('staging-removed', async () => { await rm(this.path, { recursive: true, force: true }) })
      // The job's folder goes with its last put.
      await rmdir(dirname(this.path)).catch(() => {})
    })
  }

  async #named<T> (doing: string, path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw storeError(cause, doing, path, this.root)
    }
  }
}

async function openForWriting (path: string): Promise<FileHandle> {
  // Mode 0600: nobody reads staged bytes but us.
  return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
}

async function openExisting (path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  } catch (cause) {
    // A commit has taken the right to write away: the published file is this one.
    if (systemCode(cause) !== 'EACCES' && systemCode(cause) !== 'EROFS') throw cause
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  }
}

/** @throws {StoreError} vanished where the file ends before `position + length` */
export async function readFully (handle: FileHandle, path: string, length: number, position: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new StoreError('vanished', path, `${path} ends at byte ${position + done}, before what was written to it: somebody cut it short, and the put must be fetched anew`)
    done += bytesRead
  }
  return bytes
}

/** Make a folder's entries durable. */
export async function syncFolder (path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
