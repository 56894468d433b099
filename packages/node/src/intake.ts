import type { Input, Peer } from '@sluice/core'
import { Bitmap, type Journal } from '@sluice/store'
import { PAGE_PIECES } from '@sluice/wire'
import { type BookedJob, type JobBook, putShape } from './job-book.ts'
import type { Logger } from './log.ts'
import { MAX_EARLY_PIECES, MAX_PAGE_WAITS, PAGE_PATIENCE_MS, PageAsks } from './page-asks.ts'
import { type PageBook, PageError } from './page-book.ts'
import { RecentPieces } from './recent-pieces.ts'
import { type CheckpointRule, type MediaStore, StagedMedia } from './staged-media.ts'

/** What came ahead of its command waits so long: a command that was lost on its way is sent again after three seconds, and the base gives what nobody announces to another after five. */
const COMMAND_PATIENCE_MS = 4_000
/** … if it is no more than so many commands ahead: who opens a job and gives many small puts is some of them ahead. */
const MAX_EARLY_COMMANDS = 64

export interface IntakeInit {
  readonly journal: Journal
  readonly jobs: JobBook
  readonly store: MediaStore
  readonly checkpoint: CheckpointRule
  readonly log: Logger
  /** What the core knows of a put, to be remembered with a checkpoint. */
  readonly peer: Peer
  readonly input: (input: Input) => void
  /** Room in a source's window for a piece that the core does not hear of. */
  readonly acknowledge: (source: string) => void
  /** Ask a source for the page that covers a piece. */
  readonly wantPage: (source: string, job: string, seq: number, piece: number) => void
  /** A page of a put is here that was not. */
  readonly onPage?: ((job: string, seq: number) => void) | undefined
  /** How long a piece that came ahead waits until its page is asked for anew, in milliseconds. */
  readonly pagePatienceMs?: number | undefined
  /** … and how long what came ahead of its command waits for that. */
  readonly commandPatienceMs?: number | undefined
  /** Pieces of a put are durable. */
  readonly onDurable?: ((job: string, seq: number, pieces: Uint8Array) => void) | undefined
  /** This peer cannot keep a put: nothing of it will become durable any more. */
  readonly onFailed?: ((job: string, seq: number, reason: string) => void) | undefined
  /** A held piece was lost, and no checkpoint names it any more. */
  readonly onLost?: ((job: string, seq: number) => void) | undefined
}

/**
 * Where media enters this peer: pages are verified by their signature, pieces
 * by their page; what holds is written, and only then told to the core.
 */
export class Intake {
  readonly #init: IntakeInit
  readonly #media = new Map<string, Promise<StagedMedia>>()
  readonly #watchers = new Map<string, Set<() => void>>()
  /** Pieces that are being stored. */
  readonly #storing = new Set<Promise<void>>()
  readonly #asks = new PageAsks()
  readonly #recent = new RecentPieces()
  /** Pieces that wait for their page, and what waits for its command. */
  #waiting = 0
  /** Jobs whose puts are being closed to be opened anew. */
  readonly #reopening = new Set<string>()

  constructor (init: IntakeInit) {
    this.#init = init
  }

  /** The staged bytes of a put, opened when they are first needed. */
  media (job: BookedJob, seq: number): Promise<StagedMedia> {
    const key = `${job.key}/${seq}`
    let media = this.#media.get(key)
    if (media == null) {
      const put = job.commands[seq - 1]?.signed.value.put
      if (put == null) return Promise.reject(new Error(`command ${seq} is no put`))
      const { journal, store, checkpoint, onDurable } = this.#init
      const written = journal.progress(job.signed.value.id, seq)?.pieces
      media = store.open(putShape(job, seq, put), written).then(staged => new StagedMedia(staged, journal, checkpoint, {
        pieces: () => this.#init.peer.pieces(job.key, seq)?.toBytes() ?? new Uint8Array(),
        sources: () => Object.fromEntries(this.#init.peer.sources(job.key, seq)),
        switches: () => this.#init.peer.status(job.key)?.commands[seq - 1]?.switches ?? 0
      }, pieces => onDurable?.(job.key, seq, pieces), error => this.failed(job.key, seq, error), written))
      media.catch(() => {})
      this.#media.set(key, media)
      // Its command is here: what came ahead of it can be taken.
      this.#changed(job.key, seq)
    }
    return media
  }

  /** Call `listener` after each page and piece of a put, and when it is over. @returns what ends that */
  watch (key: string, seq: number, listener: () => void): () => void {
    const name = `${key}/${seq}`
    const watchers = this.#watchers.get(name) ?? new Set()
    this.#watchers.set(name, watchers.add(listener))
    return () => {
      if (watchers.delete(listener) && watchers.size === 0 && this.#watchers.get(name) === watchers) this.#watchers.delete(name)
    }
  }

  #changed (key: string, seq: number): void {
    // Whoever is told may end its watch, or begin another.
    for (const listener of [...this.#watchers.get(`${key}/${seq}`) ?? []]) listener()
  }

  /** A page, from the swarm or from the provider. */
  async storePage (key: string, seq: number, bytes: Uint8Array, seal: Uint8Array): Promise<void> {
    await this.#commandComes(key, seq)
    const job = this.#init.jobs.get(key)
    if (job == null || seq > job.commands.length) return
    try {
      const { pages, added } = await this.#init.jobs.addPage(job, seq, bytes, seal)
      if (added && pages.closed != null) this.#init.input({ type: 'mediaClosed', job: key, seq, pieces: pages.closed.pieces, gaps: pages.closed.gaps })
      if (added) {
        this.#init.onPage?.(key, seq)
        this.#changed(key, seq)
      }
    } catch (error) {
      // Two signed versions of one put: nobody on the way can have made them but the provider.
      if (error instanceof PageError) this.#init.input({ type: 'mediaFailed', job: key, seq, reason: `diverged: ${error.message}` })
      throw error
    }
  }

  /** A piece, from the swarm (`from`) or from the provider: verified, written, and only then told to the core. */
  async storePiece (from: string | undefined, key: string, seq: number, piece: number, bytes: Uint8Array, first?: number): Promise<void> {
    const storing = this.#storePiece(from, key, seq, piece, bytes, first)
    this.#storing.add(storing)
    await storing.finally(() => this.#storing.delete(storing))
  }

  async #storePiece (from: string | undefined, key: string, seq: number, piece: number, bytes: Uint8Array, first: number | undefined): Promise<void> {
    if (from != null) await this.#commandComes(key, seq)
    const job = this.#init.jobs.get(key)
    const pages = job?.pages.get(seq)
    if (job == null || pages == null) {
      // Closed meanwhile, or cancelled: the source's window must not shrink by it.
      if (from != null) this.#init.acknowledge(from)
      return
    }
    const isCovered = pages.covers(piece) || (from != null && await this.#pageComes(from, job, seq, piece, pages))
    if (from != null && (!isCovered || this.#reopening.has(key))) {
      // Its page was for a command that had not come yet, perhaps: nobody's fault, and it will be asked for again.
      this.#init.acknowledge(from)
      return
    }
    const problem = pages.problem(piece, bytes)
    if (problem != null) {
      if (from == null) throw new Error(`piece ${piece} ${problem}`)
      this.#init.input({ type: 'pieceRejected', job: key, seq, piece, from, reason: problem })
      return
    }
    // What the base gives away unasked was not asked for together with the next page.
    const next = from === job.signed.value.base ? this.#nextPage(from, key, seq, piece) : undefined
    if (from != null && next != null) this.#init.wantPage(from, key, seq, next)
    try {
      const media = await this.media(job, seq)
      if (!media.put.has(piece)) {
        await media.put.write(piece, bytes)
        media.wrote(bytes.length)
      }
    } catch (error) {
      this.failed(key, seq, error as Error)
      if (from == null) throw error
      this.#init.acknowledge(from)
      return
    }
    this.#recent.keep(`${key}/${seq}/${piece}`, bytes)
    this.#init.input({ type: 'pieceStored', job: key, seq, piece, bytes: bytes.length, from, ...first == null ? {} : { first } })
    this.#changed(key, seq)
  }

  /**
   * Whether `source` is to be asked for the page of `piece` now: it is not here,
   * and no other was asked for it lately. If so it counts as asked.
   */
  asksPage (source: string, key: string, seq: number, piece: number): boolean {
    const job = this.#init.jobs.get(key)
    const pages = job?.pages.get(seq)
    if (job == null || pages == null) return false
    const page = pageKey(job, seq, piece)
    if (!pages.covers(piece)) return this.#asks.ask(page, source, performance.now())
    this.#asks.arrived(page)
    return false
  }

  /** Pieces whose pages are to be asked of `source` with the chunk that begins at `piece`: its own, and the next. */
  pagesToAsk (source: string, key: string, seq: number, piece: number): number[] {
    const needed = this.asksPage(source, key, seq, piece) ? [piece] : []
    const next = this.#nextPage(source, key, seq, piece)
    return next == null ? needed : [...needed, next]
  }

  /** A piece of the page behind that of `piece`, if `source` is to be asked for it. Of a put without a known end nobody knows what it covers. */
  #nextPage (source: string, key: string, seq: number, piece: number): number | undefined {
    const job = this.#init.jobs.get(key)
    const pages = job?.pages.get(seq)
    const next = (Math.floor(piece / PAGE_PIECES) + 1) * PAGE_PIECES
    if (job == null || pages == null || next >= (job.commands[seq - 1]?.signed.value.put?.pieces ?? 0) || pages.covers(next)) return undefined
    return this.#asks.askAhead(pageKey(job, seq, next), source, performance.now()) ? next : undefined
  }

  /** The connection to a source is gone, and with it what it was asked for. */
  lost (source: string): void {
    this.#asks.lost(source)
  }

  /** A piece may come ahead of its page, which another source was asked for: it waits, and its own is asked if that takes long. */
  async #pageComes (from: string, job: BookedJob, seq: number, piece: number, pages: PageBook): Promise<boolean> {
    const { key } = job
    for (let waits = 0; waits < MAX_PAGE_WAITS && this.#waiting < MAX_EARLY_PIECES && !pages.covers(piece); waits++) {
      if (this.#reopening.has(key) || this.#init.jobs.get(key) !== job) return false
      if (this.asksPage(from, key, seq, piece)) this.#init.wantPage(from, key, seq, piece)
      await this.#early(key, seq, this.#init.pagePatienceMs ?? PAGE_PATIENCE_MS, () => pages.covers(piece))
    }
    return pages.covers(piece) && this.#init.jobs.get(key) === job
  }

  /** What the base gives away at once may be ahead of its command, which comes on another stream: passed over, it would not be given again for many seconds. */
  async #commandComes (key: string, seq: number): Promise<void> {
    const job = this.#init.jobs.get(key)
    if (job == null || seq <= job.commands.length || seq > job.commands.length + MAX_EARLY_COMMANDS || this.#waiting >= MAX_EARLY_PIECES) return
    await this.#early(key, seq, this.#init.commandPatienceMs ?? COMMAND_PATIENCE_MS, () => seq <= job.commands.length)
  }

  /** Something came ahead of what it needs: wait for that, for so long. */
  async #early (key: string, seq: number, patienceMs: number, isThere: () => boolean): Promise<void> {
    this.#waiting++
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => done(), patienceMs)
      const unwatch = this.watch(key, seq, () => { if (isThere()) done() })
      const done = (): void => {
        clearTimeout(timer)
        unwatch()
        resolve()
      }
    })
    this.#waiting--
  }

  /** This peer cannot keep the put's bytes: the core is told, and its command fails with the reason. */
  failed (job: string, seq: number, error: Error): void {
    this.#init.log.error('media cannot be kept', { job: this.#init.jobs.get(job)?.signed.value.id, seq, error: error.message })
    this.#init.input({ type: 'mediaFailed', job, seq, reason: error.message })
    this.#changed(job, seq)
    this.#init.onFailed?.(job, seq, error.message)
  }

  /** A held piece, for one who will verify it: what has just come is in memory still. */
  async readToSend (key: string, seq: number, piece: number): Promise<Uint8Array> {
    return this.#recent.get(`${key}/${seq}/${piece}`) ?? await this.read(key, seq, piece)
  }

  /** A held piece, as it is on the disk. */
  async read (key: string, seq: number, piece: number): Promise<Uint8Array> {
    const job = this.#init.jobs.get(key)
    const pages = job?.pages.get(seq)
    if (job == null || pages == null) throw new Error(`job ${key} was closed`)
    const media = await this.media(job, seq)
    const bytes = await media.put.read(piece, pages.length(piece)).catch((error: Error) => error)
    const problem = bytes instanceof Error ? bytes.message : pages.problem(piece, bytes)
    if (problem == null) return bytes as Uint8Array
    this.#lost(job, seq, piece, media, problem)
    throw new Error(`piece ${piece} of command ${seq} is not what was written: ${problem}`)
  }

  /**
   * Whether all that is held of a put is what the provider signed: what was
   * restored after a restart is hashed before it is shown. What is not is
   * fetched again.
   */
  async prove (job: BookedJob, seq: number): Promise<boolean> {
    const media = await this.media(job, seq)
    const restored = Bitmap.fromBytes(media.restored)
    let proven = true
    for (const piece of restored.pieces()) {
      // One that was lost was fetched again since, and verified as it came.
      if (!media.put.has(piece)) proven = false
      else await this.read(job.key, seq, piece).catch(() => { proven = false })
    }
    if (proven) media.restored = new Uint8Array()
    return proven
  }

  /** The disk does not give back what was written. The checkpoint that named it is out of date, too. */
  #lost (job: BookedJob, seq: number, piece: number, media: StagedMedia, problem: string): void {
    this.#init.log.error('a held piece is lost, and is fetched again', { job: job.signed.value.id, seq, piece, problem })
    media.put.forget(piece)
    this.#recent.forget(`${job.key}/${seq}/${piece}`)
    this.#init.input({ type: 'pieceLost', job: job.key, seq, piece })
    media.checkpoint().then(() => this.#init.onLost?.(job.key, seq), (error: Error) => this.failed(job.key, seq, error))
  }

  /** Nobody asks for this job's bytes any more. What was published stays. */
  async discard (job: BookedJob): Promise<void> {
    this.#asks.drop(job.key)
    for (const seq of job.pages.keys()) {
      const media = await this.#media.get(`${job.key}/${seq}`)?.catch(() => undefined)
      this.#media.delete(`${job.key}/${seq}`)
      // After a restart nobody may have opened it.
      await (media?.close(true) ?? this.#init.store.discard(job.signed.value.id, seq)).catch((error: Error) => this.#init.log.warn('staged media not removed', { job: job.signed.value.id, seq, error: error.message }))
    }
  }

  /**
   * Close a job's puts, and leave in the journal what `keep` makes of each one's durable pieces. Whoever needs
   * one next opens it anew; pieces that come meanwhile are passed over, and asked for again.
   *
   * @param forget - called between the last checkpoint and the first close: the core lets go of the job
   */
  async reopen (job: BookedJob, forget: () => void, keep: (seq: number, pieces: Uint8Array) => Uint8Array): Promise<void> {
    const { journal } = this.#init
    const { id } = job.signed.value
    this.#reopening.add(job.key)
    try {
      await Promise.allSettled([...this.#storing])
      const opened: Array<[seq: number, media: StagedMedia]> = []
      for (const seq of job.pages.keys()) {
        const media = await this.#media.get(`${job.key}/${seq}`)?.catch(() => undefined)
        if (media == null) continue
        await media.checkpoint()
        opened.push([seq, media])
      }
      forget()
      for (const [seq, media] of opened) {
        await media.close(false)
        this.#media.delete(`${job.key}/${seq}`)
        const progress = journal.progress(id, seq)
        if (progress != null) journal.setProgress(id, seq, { ...progress, pieces: keep(seq, progress.pieces) })
      }
    } finally {
      this.#reopening.delete(job.key)
    }
  }

  /** Make everything durable and let go of the files. */
  async stop (): Promise<void> {
    for (const opening of this.#media.values()) {
      const media = await opening.catch(() => undefined)
      if (media == null) continue
      await media.checkpoint().catch(() => {})
      await media.close(false).catch(() => {})
    }
  }
}

/** Pages of a put of known length are all full; those of another are cut by time, and nobody knows which pieces share one before it is here. */
function pageKey (job: BookedJob, seq: number, piece: number): string {
  const isKnown = job.commands[seq - 1]?.signed.value.put?.pieces != null
  return `${job.key}/${seq}/${isKnown ? Math.floor(piece / PAGE_PIECES) : `piece ${piece}`}`
}
