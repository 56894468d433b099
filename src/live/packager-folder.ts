import { copyFile, link, lstat, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type { Channel, Versions, Written } from './channel.ts'
import { isPlaylist } from './playlist.ts'

/** What packagers call a file that they have not finished. */
const UNFINISHED = /\.(?:tmp|part|temp)$/i

/** A packager's output folder, and a folder of our own where what is being sent stays as it was. */
export class PackagerFolder {
  readonly #dir: string
  readonly #kept: string
  #count = 0

  private constructor (dir: string, kept: string) {
    this.#dir = dir
    this.#kept = kept
  }

  static async open (dir: string): Promise<PackagerFolder> {
    return new PackagerFolder(dir, await mkdtemp(join(tmpdir(), 'sluice-live-')))
  }

  /**
   * Playlists that are new, read before the folder is listed: so whatever they
   * name was finished before, and is in the list if it is still there.
   */
  async look (channel: Channel): Promise<{ read: Map<string, Written>, files: Versions }> {
    const read = new Map<string, Written>()
    for (const [name, version] of await this.#list()) {
      if (!isPlaylist(name) || channel.knows(name, version)) continue
      const text = await readFile(join(this.#dir, name), 'utf8').catch(ignoreMissing)
      if (text != null) read.set(name, { version, text })
    }
    return { read, files: await this.#list() }
  }

  /** Keep a segment as it is, whatever its packager does with it. @returns where; undefined if it is gone */
  async keep (name: string): Promise<string | undefined> {
    const kept = this.#next()
    const source = join(this.#dir, name)
    try {
      await link(source, kept)
      return kept
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    }
    // Another file system, or one without links.
    const found = await stat(source).catch(ignoreMissing)
    if (found == null || await copyFile(source, kept).then(() => true, ignoreMissing) == null) return undefined
    await utimes(kept, found.atime, found.mtime)
    return kept
  }

  async keepText (text: string): Promise<string> {
    const kept = this.#next()
    await writeFile(kept, text)
    return kept
  }

  async release (kept: string): Promise<void> {
    await rm(kept, { force: true })
  }

  async close (): Promise<void> {
    await rm(this.#kept, { recursive: true, force: true })
  }

  #next (): string {
    return join(this.#kept, String(this.#count++))
  }

  /** Finished files, by their path with slashes. */
  async #list (): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const entry of await readdir(this.#dir, { recursive: true })) {
      const name = entry.split(sep).join('/')
      if (UNFINISHED.test(name) || name.split('/').some(part => part.startsWith('.'))) continue
      const there = await lstat(join(this.#dir, entry), { bigint: true }).catch(ignoreMissing)
      if (there?.isFile() === true) found.set(name, `${there.ino}/${there.size}/${there.mtimeNs}`)
    }
    return found
  }
}

function ignoreMissing (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
