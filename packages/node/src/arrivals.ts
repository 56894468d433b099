import type { Journal } from '@sluice/store'
import { type Entry, EntryType, isWithin, Layout, PIECE_BYTES, Visibility } from '@sluice/wire'
import type { Intake } from './intake.ts'
import type { BookedJob, JobBook } from './job-book.ts'

export interface ArrivalsInit {
  readonly jobs: JobBook
  readonly journal: Journal
  readonly intake: Intake
}

/** Where an arriving file's bytes stand in its put's sequence of pieces. */
export type ArrivingPlace =
  | { readonly kind: 'fixed', readonly start: number, readonly size: number }
  /** A live file: the pieces from this one on, each as long as its page says. */
  | { readonly kind: 'live', readonly firstPiece: number }

export type ArrivalState =
  | { readonly state: 'arriving' }
  /** Published: it stands in the media tree. */
  | { readonly state: 'complete' }
  | { readonly state: 'failed', readonly reason: string }

/** A file of a put that viewers may see while it is on its way. */
export interface ArrivingFile {
  /** Job id. */
  readonly job: string
  readonly seq: number
  readonly entry: Entry
  readonly place: ArrivingPlace
  readonly state: ArrivalState
  /** Of the whole put, once they are known. */
  readonly pieces: number | undefined
  /** Bytes of a piece; undefined while its page is not here. */
  pieceLength (piece: number): number | undefined
  /** Whether a piece is here, verified. */
  held (piece: number): boolean
  /** A held piece, hashed again as it is read. @throws if the disk gives back something else */
  read (piece: number): Promise<Uint8Array>
  /** Be told of each change of the above. @returns what ends it */
  watch (listener: () => void): () => void
}

/** A put that viewers may see, and where its files are once its manifest is here. */
interface OpenPut {
  readonly seq: number
  readonly destination: readonly string[]
  files: Map<string, ArrivingFile> | undefined
}

interface Scanned {
  /** Commands that were looked at. */
  commands: number
  open: OpenPut[]
}

/**
 * Files that are still arriving, by the path that viewers will find them at:
 * those of puts whose provider lets them be seen early. Bytes come from where
 * they are staged, as they were verified.
 */
export class Arrivals {
  readonly #init: ArrivalsInit
  // By identity: a closed job's takes no room.
  readonly #scanned = new WeakMap<BookedJob, Scanned>()

  constructor (init: ArrivalsInit) {
    this.#init = init
  }

  /** The file at `path`, of the latest put that has one there. */
  async find (path: readonly string[]): Promise<ArrivingFile | undefined> {
    for (const [job, put] of this.#putsAt(path)) {
      const file = (await this.#files(job, put))?.get(path.slice(put.destination.length).join('/'))
      if (file != null) return file
    }
    return undefined
  }

  /** Tells of a change of any put that may have a file at `path`, and whose manifest is not here. Undefined: there is none. */
  async watchManifest (path: readonly string[], listener: () => void): Promise<{ readonly job: string, readonly seq: number, readonly pieces: number, readonly stop: () => void } | undefined> {
    for (const [job, put] of this.#putsAt(path)) {
      if (await this.#files(job, put) != null) continue
      const manifestBytes = job.commands[put.seq - 1]?.signed.value.put?.manifestBytes ?? 0
      return { job: job.signed.value.id, seq: put.seq, pieces: Math.ceil(manifestBytes / PIECE_BYTES), stop: this.#init.intake.watch(job.key, put.seq, listener) }
    }
    return undefined
  }

  /** The latest first. */
  #putsAt (path: readonly string[]): Array<[BookedJob, OpenPut]> {
    return [...this.#init.jobs].toReversed().flatMap(job => this.#open(job).filter(({ destination }) => isWithin(path, destination)).toReversed().map(put => [job, put] satisfies [BookedJob, OpenPut]))
  }

  /** Commands are added at the end, so each is looked at once; a put that is over is looked at no more. */
  #open (job: BookedJob): OpenPut[] {
    let scanned = this.#scanned.get(job)
    if (scanned == null) this.#scanned.set(job, scanned = { commands: 0, open: [] })
    for (; scanned.commands < job.commands.length; scanned.commands++) {
      const { seq, put } = job.commands[scanned.commands]?.signed.value ?? {}
      // Of a lossy one nobody knows which byte is where before it has ended.
      if (seq != null && put?.visibility === Visibility.ARRIVING && !put.lossy) scanned.open.push({ seq, destination: put.destination, files: undefined })
    }
    scanned.open = scanned.open.filter(({ seq }) => this.#stateOf(job, seq).state === 'arriving')
    return scanned.open
  }

  #stateOf (job: BookedJob, seq: number): ArrivalState {
    const outcome = this.#init.journal.outcome(job.signed.value.id, seq)
    if (outcome == null || outcome.state === 'in-progress') return { state: 'arriving' }
    if (outcome.state === 'completed') return { state: 'complete' }
    return { state: 'failed', reason: outcome.state === 'failed' ? outcome.reason : 'a later command replaced or removed it' }
  }

  async #files (job: BookedJob, open: OpenPut): Promise<OpenPut['files']> {
    if (open.files != null) return open.files
    const { put } = job.commands[open.seq - 1]?.signed.value ?? {}
    const media = await this.#init.intake.media(job, open.seq).catch(() => undefined)
    const entries = media?.put.manifest
    if (put == null || media == null || entries == null) return undefined
    const live = put.pieces == null
    const layout = live ? undefined : new Layout(put.manifestBytes, entries)
    const starts = new Map(layout?.extents.map(({ entry, start }) => [entry, start]))
    const pages = job.pages.get(open.seq)
    const common = {
      job: job.signed.value.id,
      seq: open.seq,
      pieceLength: (piece: number) => layout != null ? layout.pieceLength(piece) : pages?.covers(piece) === true ? pages.length(piece) : undefined,
      held: (piece: number) => media.put.has(piece),
      // It is hashed as it is read.
      read: async (piece: number) => await this.#init.intake.read(job.key, open.seq, piece),
      watch: (listener: () => void) => this.#init.intake.watch(job.key, open.seq, listener)
    }
    const stateOf = (): ArrivalState => this.#stateOf(job, open.seq)
    const files = new Map<string, ArrivingFile>()
    entries.forEach((entry, index) => {
      // What is made of files that are here stands nowhere until it is published.
      const start = starts.get(entry.copyOf ?? index) ?? 0
      if (entry.type !== EntryType.FILE || entry.target.length > 0) return
      const place: ArrivingPlace = live ? { kind: 'live', firstPiece: Math.ceil(put.manifestBytes / PIECE_BYTES) } : { kind: 'fixed', start, size: entry.size }
      files.set(entry.path.join('/'), {
        ...common,
        entry,
        place,
        get state () { return stateOf() },
        get pieces () { return put.pieces ?? pages?.closed?.pieces }
      })
    })
    open.files = files
    return files
  }
}
