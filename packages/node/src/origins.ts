import type { Peer } from '@sluice/core'
import type { JobRow, Journal } from '@sluice/store'
import { type Command, isWithin, open, type Put, Visibility } from '@sluice/wire'
import type { Intake } from './intake.ts'
import type { JobBook } from './job-book.ts'

export interface OriginsInit {
  readonly base: string
  readonly jobs: JobBook
  readonly journal: Journal
  readonly intake: Intake
  readonly peer: Peer
}

/** From whom this node has got what is at a path. */
export interface Origin {
  /** Job id. */
  readonly job: string
  readonly switches: number
  /** Bytes that came from each, most first. */
  readonly sources: ReadonlyArray<{ readonly peer: string, readonly role: 'base' | 'node', readonly bytes: number }>
}

interface PlacedPut {
  readonly seq: number
  readonly put: Put
  /** The command that published it, of a put that was staged. */
  readonly publishedBy: number | undefined
}

/** Jobs that are looked through, the newest first: a path that none of them put is of an older one, and no news. */
const MAX_JOBS = 100
/** Of one job, the last ones: a channel's may have a hundred thousand, whose segments are gone. */
const MAX_COMMANDS = 1_000
/** Of a channel's job: a minute of segments of one second and their playlists. */
const MAX_BESIDE = 120

/** Where published and arriving media came from, by the records of the jobs that put them. */
export class Origins {
  readonly #init: OriginsInit
  /** Of closed jobs, which do not change any more. */
  readonly #closed = new Map<string, PlacedPut[]>()

  constructor (init: OriginsInit) {
    this.#init = init
  }

  /**
   * @param beside - of what the same job has lately put into the file's folder, too
   * @returns undefined if no job that is remembered put it
   */
  async find (path: readonly string[], beside: boolean): Promise<Origin | undefined> {
    const rows = this.#init.journal.jobs({ limit: MAX_JOBS })
    for (const id of this.#closed.keys()) if (!rows.some(row => row.id === id)) this.#closed.delete(id)
    for (const row of rows) {
      const puts = await this.#putsOf(row)
      for (const placed of puts.toReversed()) {
        if (!await this.#has(row, placed, path)) continue
        const folder = path.slice(0, -1)
        const others = beside ? puts.filter(other => other.seq !== placed.seq && isWithin(other.put.destination, folder) && this.#isSeen(row, other)) : []
        return this.#sum(row, [placed, ...others.slice(-MAX_BESIDE)])
      }
    }
    return undefined
  }

  async #putsOf (row: JobRow): Promise<PlacedPut[]> {
    const booked = this.#init.jobs.byId(row.id)
    if (booked != null) return putsAmong(booked.commands.slice(-MAX_COMMANDS).map(({ signed }) => signed.value))
    let puts = this.#closed.get(row.id)
    if (puts == null) {
      const commands = await Promise.all(this.#init.journal.commands(row.id).slice(-MAX_COMMANDS).map(async ({ bytes }) => (await open('command', bytes)).value))
      this.#closed.set(row.id, puts = putsAmong(commands))
    }
    return puts
  }

  async #has (row: JobRow, placed: PlacedPut, path: readonly string[]): Promise<boolean> {
    const { seq, put } = placed
    if (!isWithin(path, put.destination) || (put.single && path.length !== put.destination.length) || !this.#isSeen(row, placed)) return false
    const job = this.#init.jobs.byId(row.id)
    // The manifest goes with the job: then the place it was put to has to do.
    if (put.single || job == null) return true
    const media = await this.#init.intake.media(job, seq).catch(() => undefined)
    const below = path.slice(put.destination.length).join('/')
    return media?.put.manifest?.some(entry => entry.path.join('/') === below) === true
  }

  /** Whether viewers see what it put: published, or on its way and to be seen. */
  #isSeen ({ id }: JobRow, { seq, put, publishedBy }: PlacedPut): boolean {
    const stateOf = (command: number): string | undefined => this.#init.journal.outcome(id, command)?.state
    if (put.visibility === Visibility.STAGED) return publishedBy != null && stateOf(publishedBy) === 'completed'
    const state = stateOf(seq)
    return state === 'completed' || (put.visibility === Visibility.ARRIVING && state !== 'failed' && state !== 'superseded')
  }

  #sum (row: JobRow, puts: readonly PlacedPut[]): Origin {
    const { base, jobs, journal, peer } = this.#init
    const key = jobs.byId(row.id)?.key
    const commands = key == null ? undefined : peer.status(key)?.commands
    const bytes = new Map<string, number>()
    let switches = 0
    for (const { seq } of puts) {
      const running = key == null ? [] : [...peer.sources(key, seq)]
      // What was fetched before a restart, or of a job that is over, is in the journal.
      const progress = running.length > 0 ? undefined : journal.progress(row.id, seq)
      for (const [source, count] of [...running, ...Object.entries(progress?.sources ?? {})]) bytes.set(source, (bytes.get(source) ?? 0) + count)
      switches += progress?.switches ?? commands?.[seq - 1]?.switches ?? 0
    }
    const sources = [...bytes].map(([source, count]) => ({ peer: source, role: source === base ? 'base' as const : 'node' as const, bytes: count }))
    return { job: row.id, switches, sources: sources.toSorted((a, b) => b.bytes - a.bytes) }
  }
}

function putsAmong (commands: readonly Command[]): PlacedPut[] {
  const publishedBy = new Map(commands.flatMap(({ seq, publish }) => publish?.puts.map(put => [put, seq] as const) ?? []))
  return commands.flatMap(({ seq, put }) => put == null ? [] : [{ seq, put, publishedBy: publishedBy.get(seq) }])
}
