import { setTimeout as delay } from 'node:timers/promises'
import { type MediaSource, MediumError } from './medium.ts'

/** What a player asks to wait for: a segment by its media sequence number, or a part of it (RFC 8216bis, 6.2.5.2). */
export interface ReloadDirective {
  readonly msn: number
  readonly part: number | undefined
}

/** How far an HLS media playlist has come. */
export interface PlaylistEdge {
  /** Media sequence number of the segment that comes next: those before it are complete. */
  readonly nextMsn: number
  /** Parts of that segment that are named already. */
  readonly parts: number
  readonly targetS: number
  readonly ended: boolean
}

/** A playlist that grew while somebody waited is seen this much later at most; all who wait for one playlist share the look. */
const LOOK_MS = 50
/** A server gives up after three target durations. */
const TARGETS = 3
/** A player that is so many segments ahead has another playlist in mind. */
const MAX_AHEAD = 2
/** Of a playlist of a day in one-second segments: larger ones are answered at once. */
const MAX_PLAYLIST_BYTES = 8 * 1024 * 1024
const NUMBER = /^\d{1,15}$/

/** @throws {MediumError} 400 for directives that are none */
export function directiveOf (path: readonly string[], { _HLS_msn: msn, _HLS_part: part }: Readonly<Record<string, string | undefined>>): ReloadDirective | undefined {
  if (path.at(-1)?.toLowerCase().endsWith('.m3u8') !== true || (msn == null && part == null)) return undefined
  if (msn == null || !NUMBER.test(msn) || (part != null && !NUMBER.test(part))) throw new MediumError(400, 'has _HLS_msn or _HLS_part that is no number, or the part without its segment')
  return { msn: Number(msn), part: part == null ? undefined : Number(part) }
}

export function edgeOf (playlist: string): PlaylistEdge {
  let nextMsn = 0
  let parts = 0
  let targetS = 0
  let ended = false
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) nextMsn = Number.parseInt(line.slice('#EXT-X-MEDIA-SEQUENCE:'.length), 10)
    else if (line.startsWith('#EXT-X-TARGETDURATION:')) targetS = Number.parseFloat(line.slice('#EXT-X-TARGETDURATION:'.length))
    else if (line.startsWith('#EXT-X-PART:')) parts++
    else if (line.startsWith('#EXT-X-SKIP:')) nextMsn += Number(/SKIPPED-SEGMENTS=(\d+)/.exec(line)?.[1] ?? 0)
    else if (line.startsWith('#EXT-X-ENDLIST')) ended = true
    else if (line !== '' && !line.startsWith('#')) {
      nextMsn++
      parts = 0
    }
  }
  return { nextMsn, parts, targetS, ended }
}

/** Whether a playlist names what was asked for. */
export function hasReached ({ nextMsn, parts, ended }: PlaylistEdge, { msn, part }: ReloadDirective): boolean {
  return ended || msn < nextMsn || (msn === nextMsn && part != null && part < parts)
}

/** Blocking reload: a request for a playlist waits until that names what the player asks for, instead of being asked again and again. */
export class PlaylistHold {
  readonly #published: MediaSource
  readonly #looks = new Map<string, Promise<PlaylistEdge | undefined>>()

  constructor (published: MediaSource) {
    this.#published = published
  }

  /** @throws {MediumError} 400, or 503 where it does not come in time */
  async wait (path: readonly string[], directive: ReloadDirective, signal: AbortSignal): Promise<void> {
    let edge = await this.#read(path)
    // A master playlist, or none at all: there is nothing to wait for.
    if (edge == null || edge.targetS === 0) return
    if (directive.msn > edge.nextMsn + MAX_AHEAD) throw new MediumError(400, `asks for segment ${directive.msn}, and the next one is ${edge.nextMsn}`)
    const until = performance.now() + edge.targetS * TARGETS * 1_000
    while (edge != null && !hasReached(edge, directive)) {
      if (performance.now() > until) throw new MediumError(503, `has no segment ${directive.msn} yet: whoever makes it is late`, 1)
      edge = await this.#look(path)
      signal.throwIfAborted()
    }
  }

  #look (path: readonly string[]): Promise<PlaylistEdge | undefined> {
    const key = path.join('/')
    let look = this.#looks.get(key)
    if (look == null) {
      look = delay(LOOK_MS).then(async () => {
        // Who begins to wait from now on must not share a look that was taken before.
        this.#looks.delete(key)
        return await this.#read(path)
      })
      this.#looks.set(key, look)
    }
    return look
  }

  async #read (path: readonly string[]): Promise<PlaylistEdge | undefined> {
    const { signal } = new AbortController()
    const medium = await this.#published.open(path, signal)
    if (medium == null) return undefined
    try {
      const { size = 0 } = medium
      return size > MAX_PLAYLIST_BYTES ? undefined : edgeOf(Buffer.from(await medium.read(0, size, signal)).toString())
    } finally {
      await medium.close()
    }
  }
}
