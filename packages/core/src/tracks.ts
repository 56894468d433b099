import type { CommandInfo } from './input.ts'

/** Tracks that a command stands on. A barrier stands on all that it joins. */
export type Tracks = 'all' | readonly number[]

/** A barrier that names no tracks joins all of them, those to come included. */
export function tracksOf ({ track, body }: CommandInfo): Tracks {
  if (body.kind !== 'barrier') return [track]
  return body.tracks.length === 0 ? 'all' : [track, ...body.tracks]
}

/** Tracks on which something is still to come before what follows. */
export class TrackSet {
  readonly #tracks = new Set<number>()
  #all = false

  add (tracks: Tracks): void {
    if (tracks === 'all') this.#all = true
    else for (const track of tracks) this.#tracks.add(track)
  }

  meets (tracks: Tracks): boolean {
    if (this.#all) return true
    return tracks === 'all' ? this.#tracks.size > 0 : tracks.some(track => this.#tracks.has(track))
  }
}

/** The first failure on each track that stops what comes after it. */
export class Failures {
  #byTrack = new Map<number, number>()
  #all: number | undefined

  /** A command that failed: what follows on its tracks is not to be done, unless its provider said otherwise. */
  add (info: CommandInfo): void {
    if (info.continueAfterFailure) return
    const tracks = tracksOf(info)
    // What it stands for is the failure that came first.
    const culprit = this.before(info) ?? info.seq
    if (tracks === 'all') this.#all ??= culprit
    else for (const track of tracks) if (!this.#byTrack.has(track)) this.#byTrack.set(track, culprit)
  }

  /** seq of the failure that a command comes after, if it comes after one. */
  before (info: CommandInfo): number | undefined {
    const tracks = tracksOf(info)
    if (this.#all != null) return this.#all
    const culprits = tracks === 'all' ? [...this.#byTrack.values()] : tracks.flatMap(track => this.#byTrack.get(track) ?? [])
    return culprits.length === 0 ? undefined : Math.min(...culprits)
  }

  copy (): Failures {
    const copy = new Failures()
    copy.#byTrack = new Map(this.#byTrack)
    copy.#all = this.#all
    return copy
  }
}
