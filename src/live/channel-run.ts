import { type FSWatcher, watch } from 'node:fs'
import type { Job } from '@sluice/sdk'
import { Channel, type Issue, type Versions } from './channel.ts'
import { PackagerFolder } from './packager-folder.ts'

export interface ChannelRunInit {
  readonly job: Job
  /** The packager's output folder. */
  readonly dir: string
  /** Where it lands below the servers' media root. */
  readonly as: string
  /** End when nothing has changed for so long, in milliseconds. */
  readonly idleMs: number | undefined
  readonly stop: AbortSignal
  readonly onStep: (step: ChannelStep) => void
}

export type ChannelStep =
  | { readonly type: 'segment' | 'playlist', readonly path: string, readonly seq: number, readonly bytes: number }
  | { readonly type: 'removed', readonly path: string }

/** The channel's own order; and a second one for removals, so that a server that is late does not leave out a segment which an older playlist names. */
const CHANNEL_TRACK = 0
const REMOVAL_TRACK = 1
/** A packager writes a playlist in several steps, in milliseconds apart: they are looked at together. */
const SETTLE_MS = 20
/** Some file systems tell of no change: then the folder is looked at this often, in milliseconds. */
const LOOK_MS = 1_000

/**
 * Bring a packager's folder to the servers as it grows, until its playlists
 * have come to their end, or `stop`, or it was idle: each segment, then the
 * playlist that names it, then the removal of what no playlist names any more.
 * While one round is on its way its packager may have written several
 * playlists: only the newest goes.
 *
 * @throws what sending failed with
 */
export async function runChannel (init: ChannelRunInit): Promise<void> {
  const { dir, stop, idleMs } = init
  const channel = new Channel()
  const folder = await PackagerFolder.open(dir)
  const changes = new Changes(dir, stop)
  try {
    for (let changedMs = performance.now(); ;) {
      const last = stop.aborted
      if (await round(init, channel, folder)) changedMs = performance.now()
      if (last || channel.ended) return
      if (idleMs != null && performance.now() - changedMs >= idleMs) return
      await changes.next()
    }
  } finally {
    changes.close()
    await folder.close()
  }
}

/** @returns whether there was anything to do */
async function round ({ job, as, onStep }: ChannelRunInit, channel: Channel, folder: PackagerFolder): Promise<boolean> {
  const { read, files } = await folder.look(channel)
  const sending: Array<Promise<void>> = []
  const send = (work: Promise<void>): void => {
    // Looked at below, when all have been begun.
    work.catch(() => {})
    sending.push(work)
  }
  const put = async (type: 'segment' | 'playlist', name: string, kept: string): Promise<void> => {
    try {
      const { seq, bytes } = await job.put(kept, pathOf(as, name), { track: CHANNEL_TRACK })
      onStep({ type, path: pathOf(as, name), seq, bytes })
    } finally {
      await folder.release(kept)
    }
  }
  for (const issue of channel.due(read, files)) {
    const kept = await keepAll(issue, folder)
    // A segment is gone: its packager has written a newer playlist, or is about to.
    if (kept == null) continue
    const playlist = await folder.keepText(issue.text)
    // Commands are taken in the order of these calls, and nothing is waited for in between.
    for (const [name, path] of kept) send(put('segment', name, path))
    send(put('playlist', issue.name, playlist))
    channel.sent(issue, files)
  }
  const outcomes = await Promise.allSettled([...sending, removeAll({ job, as, onStep }, channel, files)])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return sending.length > 0
}

async function keepAll ({ segments }: Issue, folder: PackagerFolder): Promise<Map<string, string> | undefined> {
  const kept = new Map<string, string>()
  for (const segment of segments) {
    const path = await folder.keep(segment)
    if (path == null) {
      for (const other of kept.values()) await folder.release(other)
      return undefined
    }
    kept.set(segment, path)
  }
  return kept
}

/** Behind the playlists that were just given. */
async function removeAll ({ job, as, onStep }: Pick<ChannelRunInit, 'job' | 'as' | 'onStep'>, channel: Channel, files: Versions): Promise<void> {
  const removable = channel.removable(files)
  if (removable.length === 0) return
  await job.barrier([CHANNEL_TRACK], { track: REMOVAL_TRACK })
  for (const name of removable) {
    channel.removed(name)
    // That a server could not remove it is no reason to stop its channel.
    await job.remove(pathOf(as, name), { track: REMOVAL_TRACK, continueAfterFailure: true })
    onStep({ type: 'removed', path: pathOf(as, name) })
  }
}

function pathOf (as: string, name: string): string {
  return `${as}/${name}`
}

/** Tells when a folder is to be looked at again. */
class Changes {
  #watcher: FSWatcher | undefined
  #news = Promise.withResolvers<void>()

  constructor (dir: string, stop: AbortSignal) {
    stop.addEventListener('abort', () => this.#news.resolve(), { once: true })
    if (stop.aborted) this.#news.resolve()
    try {
      this.#watcher = watch(dir, { recursive: true }, () => this.#news.resolve())
      // Too many watches on this machine, say: it is looked at all the same.
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      this.#watcher = undefined
    }
  }

  async next (): Promise<void> {
    const timer = setTimeout(() => this.#news.resolve(), LOOK_MS)
    await this.#news.promise
    clearTimeout(timer)
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
    this.#news = Promise.withResolvers()
  }

  close (): void {
    this.#watcher?.close()
  }
}
