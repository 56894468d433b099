import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Abortable, RemoteMedia } from '@sluice/node'
import { type Entry, EntryType, parsePath, toHex } from '@sluice/wire'
import { type AttributeValues, attributesOf } from './command-options.ts'
import { download, type DownloadOptions, type Downloaded } from './download.ts'
import { SourceError } from './errors.ts'

/** A file, folder or link on a server. */
export interface MediaEntry {
  /** Relative to what was listed; the whole path where one thing was asked for. */
  readonly path: string
  readonly type: 'file' | 'folder' | 'link'
  /** Bytes; 0 of what is no file. */
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  /** Milliseconds since 1970, with fractions. */
  readonly mtimeMs: number
  /** Hex SHA-256, where it was asked for; of a folder that of all that is in it. */
  readonly digest?: string
  /** Where a link leads, as far as that is within what was listed. */
  readonly target?: string
}

/** What a server made of it. */
export interface PlacedMedia {
  readonly entry: MediaEntry
  /** Attributes that the server could not set. */
  readonly notApplied: readonly string[]
}

const PERMISSIONS = 0o7777
const NANOS_PER_MS = 1e6
const TYPES = { [EntryType.FILE]: 'file', [EntryType.DIRECTORY]: 'folder', [EntryType.SYMLINK]: 'link' } as const
/** Read from a local file at one time. */
const READ_BYTES = 256 * 1024

/**
 * The media of one server, directly and not by a job: browse, read, change,
 * create. Paths are `/vod/film.mp4`, below the server's media root.
 *
 * Every method throws a PathError for a path that cannot be, an ErrandError
 * with the server's reason, a RefusedError with the base's, the signal's reason
 * once it is aborted, or what broke the connection.
 */
export class MediaFiles {
  readonly #remote: RemoteMedia

  constructor (remote: RemoteMedia) {
    this.#remote = remote
  }

  /** What is in a folder, in order, as it comes. Nothing more is asked for than is iterated, but one page. */
  async * list (path: string, { recursive, digests, after, signal }: { recursive?: boolean, digests?: boolean, after?: string } & Abortable = {}): AsyncGenerator<MediaEntry, number> {
    const found = this.#remote.list(parsePath(path), { recursive, digests, signal, ...after == null ? {} : { after: parsePath(after) } })
    for (;;) {
      const next = await found.next()
      if (next.done === true) return next.value
      let passed = false
      try {
        yield mediaEntry(next.value)
        passed = true
      } finally {
        // Whoever stops iterating here stops it there.
        if (!passed) await found.return(0)
      }
    }
  }

  async stat (path: string, options: { digest?: boolean } & Abortable = {}): Promise<MediaEntry> {
    return mediaEntry(await this.#remote.stat(parsePath(path), options))
  }

  /** A file's bytes, or some of them, as they are iterated. */
  async * read (path: string, options: { offset?: number, length?: number } & Abortable = {}): AsyncGenerator<Uint8Array> {
    const { bytes } = await this.#remote.get(parsePath(path), options)
    yield * bytes
  }

  /** Fetch a file. A partial one of an earlier try is gone on with, and the whole is verified by its digest. */
  async get (path: string, local: string, options: DownloadOptions = {}): Promise<Downloaded> {
    return await download(this.#remote, parsePath(path), local, options)
  }

  /** Put one local file. It appears whole, or not at all. What is larger than 64 MiB goes by a job. */
  async put (local: string, path: string, { parents, mode, onProgress, signal }: { parents?: boolean, mode?: number, onProgress?: (bytes: number, total: number) => void } & Abortable = {}): Promise<PlacedMedia> {
    const components = parsePath(path)
    const handle = await open(local, constants.O_RDONLY).catch((cause: Error) => { throw new SourceError(`cannot read ${local}: ${cause.message}`, { cause }) })
    try {
      const stat = await handle.stat({ bigint: true })
      if (!stat.isFile()) throw new SourceError(`${local} is no file: directories are published by a job`)
      const size = Number(stat.size)
      const source = async function * (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < size;) {
          const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(READ_BYTES, size - at)), { position: at })
          if (bytesRead === 0) throw new SourceError(`${local} became shorter while it was being put: put it again when it is finished`)
          yield buffer.subarray(0, bytesRead)
          at += bytesRead
          onProgress?.(at, size)
        }
      }
      return placedMedia(await this.#remote.put(components, source(), { size, attributes: attributesOf({ mode: mode ?? Number(stat.mode) & PERMISSIONS, mtime: stat.mtimeNs }), parents, signal }))
    } finally {
      await handle.close()
    }
  }

  /** @param options.parents - make the folders on the way, too, and do not mind if all of it is there */
  async mkdir (path: string, { parents, mode, signal }: { parents?: boolean, mode?: number } & Abortable = {}): Promise<PlacedMedia> {
    return placedMedia(await this.#remote.mkdir(parsePath(path), { parents, signal, ...mode == null ? {} : { attributes: attributesOf({ mode }) } }))
  }

  async setattr (path: string, change: AttributeValues, options: Abortable = {}): Promise<PlacedMedia> {
    return placedMedia(await this.#remote.setattr(parsePath(path), attributesOf(change), options))
  }
}

function placedMedia ({ entry, notApplied }: { entry: Entry, notApplied: string[] }): PlacedMedia {
  return { entry: mediaEntry(entry), notApplied }
}

export function mediaEntry ({ path, type, size, attributes, digest, target }: Entry): MediaEntry {
  return {
    path: path.join('/'),
    type: TYPES[type],
    size,
    mode: (attributes?.mode ?? 0) & PERMISSIONS,
    mtimeMs: (attributes?.mtimeSeconds ?? 0) * 1_000 + (attributes?.mtimeNanos ?? 0) / NANOS_PER_MS,
    ...digest.length > 0 ? { digest: toHex(digest) } : {},
    ...target.length > 0 ? { target: target.join('/') } : {}
  }
}
