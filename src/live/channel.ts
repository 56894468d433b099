import { isPlaylist, type Playlist, parsePlaylist } from './playlist.ts'

/** A file as it is in the packager's folder now: its version is another one when it was written anew. */
export type Versions = ReadonlyMap<string, string>

/** A playlist as it was read, before the folder was listed. */
export interface Written {
  readonly version: string
  readonly text: string
}

/** A playlist that can go, and what has to go before it. */
export interface Issue {
  readonly name: string
  readonly version: string
  readonly text: string
  /** Segments that the servers have not got, in its order. */
  readonly segments: readonly string[]
}

/**
 * What of a packager's folder the servers have, and what is to be sent next:
 * segments before the playlist that names them, a playlist before what it does
 * not name any more is removed. It touches no disk.
 */
export class Channel {
  /** Segments that were sent, with their versions. */
  readonly #sent = new Map<string, string>()
  /** Playlists that were sent last. */
  readonly #playlists = new Map<string, Playlist & { readonly version: string }>()

  /** Whether this version of a playlist need not be read. */
  knows (name: string, version: string): boolean {
    return this.#playlists.get(name)?.version === version
  }

  /**
   * Playlists that can go now. One that names what is not there waits: its packager writes a newer one.
   *
   * @param read - playlists that are new
   * @param files - the folder, listed after they were read
   */
  due (read: ReadonlyMap<string, Written>, files: Versions): Issue[] {
    const issues: Issue[] = []
    const taken = new Set<string>()
    const parsed = [...read].map(([name, written]) => ({ name, ...written, playlist: parsePlaylist(name, written.text) }))
    // A master playlist comes behind those that it names.
    for (const { name, version, text, playlist } of parsed.toSorted((a, b) => Number(a.playlist.isMaster) - Number(b.playlist.isMaster))) {
      const needed = playlist.folder == null ? playlist.names : [...files.keys()].filter(file => isWithin(file, playlist.folder as string) && !isPlaylist(file))
      const isThere = (file: string): boolean => isPlaylist(file) ? this.#playlists.has(file) || issues.some(issue => issue.name === file) : files.has(file) || this.#sent.has(file)
      if (!needed.every(isThere)) continue
      const segments = needed.filter(file => !isPlaylist(file) && !taken.has(file) && files.has(file) && this.#sent.get(file) !== files.get(file))
      for (const segment of segments) taken.add(segment)
      issues.push({ name, version, text, segments })
    }
    return issues
  }

  /** A playlist and its segments are on their way. */
  sent ({ name, version, text, segments }: Issue, files: Versions): void {
    for (const segment of segments) this.#sent.set(segment, files.get(segment) as string)
    this.#playlists.set(name, { ...parsePlaylist(name, text), version })
  }

  /** What the packager has deleted and no playlist names any more: to be removed, now that the playlists are on their way. */
  removable (files: Versions): string[] {
    const named = new Set([...this.#playlists.values()].flatMap(({ names }) => names))
    return [...this.#sent.keys()].filter(file => !files.has(file) && !named.has(file))
  }

  removed (file: string): void {
    this.#sent.delete(file)
  }

  /** All playlists have come to their end. */
  get ended (): boolean {
    const media = [...this.#playlists.values()].filter(({ isMaster }) => !isMaster)
    return media.length > 0 && media.every(({ ended }) => ended)
  }
}

function isWithin (file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`)
}
