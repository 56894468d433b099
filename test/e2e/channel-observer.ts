import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How often every folder is looked at, in milliseconds: several times within the shortest segment. */
const LOOK_MS = 40

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const segmentsOf = (playlist: string): string[] => playlist.split('\n').filter(line => line !== '' && !line.startsWith('#'))

/**
 * Looks at a packager's folder and at the servers' while a channel runs: what
 * a viewer of each server would find, at every look.
 */
export class ChannelObserver {
  /** Segments that a server's playlist named and that were not there, or not whole. */
  readonly violations: string[] = []
  /** Playlists that were looked at, on all servers together; and different ones of each. */
  looks = 0
  readonly playlists = new Map<string, Set<string>>()
  readonly #made = new Map<string, string>()
  /** When each segment came to rest on each server, by its file's own time: milliseconds since 1970. */
  readonly #rest = new Map<string, Map<string, number>>()
  readonly #packager: string
  readonly #servers: ReadonlyMap<string, string>
  readonly #name: string
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  /** @param servers - the channel's folder on each, by the server's name */
  constructor (packager: string, servers: ReadonlyMap<string, string>, name = 'index.m3u8') {
    this.#packager = packager
    this.#servers = servers
    this.#name = name
    for (const server of servers.keys()) this.playlists.set(server, new Set())
  }

  start (): void {
    this.#running = this.#run()
  }

  /** Look a last time, and no more. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  /** Segments that the packager made. */
  get segments (): string[] {
    return [...this.#made.keys()]
  }

  /** Between the first and the last server that has it at rest, in milliseconds; of segments that all have got. */
  get spreadsMs (): number[] {
    return [...this.#rest.values()].filter(times => times.size === this.#servers.size).map(times => Math.max(...times.values()) - Math.min(...times.values()))
  }

  async #run (): Promise<void> {
    for (;;) {
      const last = this.#stopped
      await this.#lookAtPackager()
      for (const [server, folder] of this.#servers) await this.#lookAt(server, folder)
      if (last) return
      await delay(LOOK_MS)
    }
  }

  async #lookAtPackager (): Promise<void> {
    const playlist = await readFile(join(this.#packager, this.#name), 'utf8').catch(() => '')
    for (const segment of segmentsOf(playlist)) {
      if (this.#made.has(segment)) continue
      const bytes = await readFile(join(this.#packager, segment)).catch(() => undefined)
      if (bytes != null) this.#made.set(segment, digest(bytes))
    }
  }

  async #lookAt (server: string, folder: string): Promise<void> {
    const path = join(folder, this.#name)
    const playlist = await readFile(path, 'utf8').catch(() => undefined)
    if (playlist != null) {
      this.looks++
      this.playlists.get(server)?.add(playlist)
      for (const segment of segmentsOf(playlist)) {
        const bytes = await readFile(join(folder, segment)).catch(() => undefined)
        if (bytes != null && digest(bytes) === this.#made.get(segment)) continue
        // A newer playlist may have come, and the segment been removed, between the two looks: that is no violation.
        if (await readFile(path, 'utf8') !== playlist) continue
        this.violations.push(`${server}: ${segment} is ${bytes == null ? 'missing' : this.#made.has(segment) ? `not whole: ${bytes.length} bytes` : 'not known to the observer'}`)
      }
    }
    for (const name of await readdir(folder).catch(() => [])) {
      if (name === this.#name || name.startsWith('.')) continue
      const times = this.#rest.get(name) ?? new Map<string, number>()
      this.#rest.set(name, times)
      if (times.has(server)) continue
      const found = await stat(join(folder, name)).catch(() => undefined)
      if (found != null) times.set(server, found.ctimeMs)
    }
  }
}
