import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { type Journal, type MediaTree, type PublishedRow, TreeError } from '@sluice/store'
import { isWithin } from '@sluice/wire'
import type { Logger } from './log.ts'
import { playlistNames } from './playlist-names.ts'

/** What goes of the things directly in a folder, be they files or folders with all that is in them. */
export interface RetentionRule {
  readonly path: readonly string[]
  /** So many that were published last stay. */
  readonly keepLast?: number | undefined
  /** What was published longer ago goes, in milliseconds. */
  readonly maxAgeMs?: number | undefined
}

export interface RetentionInit {
  readonly journal: Journal
  readonly tree: Pick<MediaTree, 'read'>
  readonly rules: readonly RetentionRule[]
  /** These paths, and what is below them, stay. */
  readonly pins: ReadonlyArray<readonly string[]>
  /** Remove a file if it still is the one of this row. */
  readonly withdraw: (row: PublishedRow) => Promise<'removed' | 'gone' | 'replaced'>
  /** @throws where the media root is not there: an unmounted disk has removed nothing */
  readonly present: () => Promise<void>
  readonly log: Logger
  readonly signal: AbortSignal
}

/** Rows in memory at one time. */
const ROWS_AT_ONCE = 1_000
/** Between two removals, in milliseconds: a hundred of them in a second leave a disk time for viewers. */
const REST_MS = 10
/** A longer playlist names what nobody plays: a day of segments is a tenth of it. */
const MAX_PLAYLIST_BYTES = 4 * 1024 * 1024

interface Thing {
  /** When something in it was published last, in milliseconds since 1970. */
  at: number
  /** Of a job that is open still. */
  isOpen: boolean
}

/**
 * Removes what this server need not have any more: by the time that a put gave
 * it, and by the rules of its operator. Only what a job has published here and
 * nobody has replaced since; nothing of a job that is open, nothing that a
 * playlist of such a job names, and nothing that is pinned. Folders stay.
 */
export class Retention {
  readonly #init: RetentionInit
  #running: Promise<number> | undefined

  constructor (init: RetentionInit) {
    this.#init = init
  }

  /** @returns how many files were removed. Who asks while it is under way is told of that one. */
  async run (nowMs: number): Promise<number> {
    this.#running ??= this.#run(nowMs).finally(() => { this.#running = undefined })
    return await this.#running
  }

  async #run (nowMs: number): Promise<number> {
    const { journal, rules, present, signal } = this.#init
    if (rules.length === 0 && (journal.nextExpiry() ?? Number.POSITIVE_INFINITY) > nowMs) return 0
    await present()
    const { doomed, playlists } = await this.#look(nowMs)
    const named = await this.#named(playlists)
    let removed = 0
    for await (const row of this.#rows()) {
      if (signal.aborted) break
      const reason = row.expires != null && row.expires <= nowMs ? 'it has expired' : this.#ruleOf(row, doomed)
      // The job is asked for again: another one may have come since.
      if (reason == null || this.#isOpen(row.job) || this.#isPinned(row.path.split('/')) || named.has(row.path)) continue
      if (await this.#remove(row, reason)) removed++
      await delay(REST_MS, undefined, { signal, ref: false }).catch(() => {})
    }
    return removed
  }

  async #remove ({ path, at }: PublishedRow, reason: string): Promise<boolean> {
    const { journal, log, withdraw } = this.#init
    // It may have been published anew, or mended, since it was looked at.
    const row = journal.publishedAt(path)
    if (row?.at !== at) return false
    try {
      const outcome = await withdraw(row)
      // A newer publication may have written this row anew meanwhile, and is about to be shown.
      if (journal.publishedAt(row.path)?.at === row.at) journal.forgetPublished(row.path)
      if (outcome === 'removed') log.info('published media removed', { path: `/${row.path}`, job: row.job, seq: row.seq, reason })
      return outcome === 'removed'
    } catch (error) {
      log.warn('published media not removed', { path: `/${row.path}`, error: (error as Error).message })
      return false
    }
  }

  /** What the rules do not keep, by rule; and the playlists of open jobs. */
  async #look (nowMs: number): Promise<{ doomed: Array<ReadonlySet<string>>, playlists: string[] }> {
    const { rules } = this.#init
    const things = rules.map(() => new Map<string, Thing>())
    const playlists: string[] = []
    const openJobs = new Map<string, boolean>()
    for await (const { path, job, at } of this.#rows()) {
      const isOpen = openJobs.get(job) ?? this.#isOpen(job)
      openJobs.set(job, isOpen)
      if (isOpen && path.endsWith('.m3u8')) playlists.push(path)
      const place = path.split('/')
      for (const [index, rule] of rules.entries()) {
        const name = thingOf(place, rule)
        if (name == null) continue
        const thing = things[index]?.get(name)
        things[index]?.set(name, { at: Math.max(at, thing?.at ?? 0), isOpen: isOpen || thing?.isOpen === true })
      }
    }
    return { doomed: rules.map((rule, index) => this.#doomed(rule, things[index] as Map<string, Thing>, nowMs)), playlists }
  }

  #doomed ({ path, keepLast = Number.POSITIVE_INFINITY, maxAgeMs = Number.POSITIVE_INFINITY }: RetentionRule, things: ReadonlyMap<string, Thing>, nowMs: number): ReadonlySet<string> {
    // What is pinned stays beside those that are kept, and takes no place of theirs.
    const newestFirst = [...things].filter(([name]) => !this.#isPinned([...path, name])).sort(([a, { at: one }], [b, { at: other }]) => other - one || (a < b ? 1 : -1))
    return new Set(newestFirst.filter(([, { at, isOpen }], rank) => !isOpen && (rank >= keepLast || at + maxAgeMs <= nowMs)).map(([name]) => name))
  }

  #ruleOf ({ path }: PublishedRow, doomed: ReadonlyArray<ReadonlySet<string>>): string | undefined {
    const place = path.split('/')
    const rule = this.#init.rules.find((each, index) => doomed[index]?.has(thingOf(place, each) ?? '') === true)
    return rule == null ? undefined : `the rule of /${rule.path.join('/')}`
  }

  /** All that these playlists name, and the playlists that they name. */
  async #named (playlists: readonly string[]): Promise<ReadonlySet<string>> {
    const named = new Set<string>()
    const left = [...playlists]
    for (let path = left.pop(); path != null; path = left.pop()) {
      const place = path.split('/')
      for (const name of playlistNames(await this.#text(place), place)) {
        if (named.has(name)) continue
        named.add(name)
        if (name.endsWith('.m3u8')) left.push(name)
      }
    }
    return named
  }

  /** @throws where it is there and cannot be read: then nobody knows what it names, and nothing is removed */
  async #text (place: readonly string[]): Promise<string> {
    const file = await this.#init.tree.read(place).catch((error: Error) => {
      if (!(error instanceof TreeError) || !['not-found', 'not-a-file', 'not-a-folder', 'link', 'bad-path'].includes(error.code)) throw error
    })
    if (file == null) return ''
    try {
      return Buffer.from(await file.read(0, Math.min(file.entry.size, MAX_PLAYLIST_BYTES))).toString()
    } finally {
      await file.close()
    }
  }

  async * #rows (): AsyncGenerator<PublishedRow> {
    const { journal } = this.#init
    for (let rows = journal.published('', ROWS_AT_ONCE); rows.length > 0; rows = journal.published(rows.at(-1)?.path as string, ROWS_AT_ONCE)) {
      yield * rows
      // A million rows take seconds: what is more urgent comes in between.
      await turn()
    }
  }

  /** What the journal has forgotten was closed long before. */
  #isOpen (job: string): boolean {
    const row = this.#init.journal.job(job)
    return row != null && row.state !== 'closed'
  }

  #isPinned (place: readonly string[]): boolean {
    return this.#init.pins.some(pin => isWithin(place, pin))
  }
}

/** The name, directly in a rule's folder, of what something is or is in. */
function thingOf (place: readonly string[], { path }: RetentionRule): string | undefined {
  return place.length > path.length && isWithin(place, path) ? place[path.length] : undefined
}
