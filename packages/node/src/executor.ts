import { type CommandOutcome, type Journal, notePublication, type TreePut, type TreeStore } from '@sluice/store'
import { type Command, EntryType, type Gap, gapsOf, MAX_GAPS, supersededBy, Visibility } from '@sluice/wire'
import { below, holdingsOf } from './holdings.ts'
import type { BookedCommand, BookedJob } from './job-book.ts'
import type { StagedMedia } from './staged-media.ts'

export interface ExecutorInit {
  readonly journal: Journal
  readonly store: TreeStore
}

/** A put's staged bytes, opened when they are needed. */
export type MediaOf = (seq: number) => Promise<StagedMedia>

/** What is told of an audit that found something: a receipt cannot name a million paths. */
const MAX_FINDINGS = 5

interface Done {
  readonly bytes: number
  readonly notApplied: readonly string[]
}

const NEVER = new AbortController().signal
const NOTHING: Done = { bytes: 0, notApplied: [] }

/**
 * Performs commands on this server's media: each effect is durable, and its
 * outcome in the journal, when `execute` resolves. After a crash the same
 * command is executed again, from the start, with the same outcome.
 */
export class Executor {
  readonly #init: ExecutorInit

  constructor (init: ExecutorInit) {
    this.#init = init
  }

  /**
   * @param attempt - aborted when this try does not count any more
   * @throws with what went wrong; nothing of the command is to be expected then
   */
  async execute (job: BookedJob, { signed: { value } }: BookedCommand, open: MediaOf, attempt: AbortSignal = NEVER): Promise<void> {
    const { journal } = this.#init
    const { id } = job.signed.value
    const mediaOf: MediaOf = async seq => {
      const staged = await open(seq)
      // One that was abandoned while it hung goes no further: another is at it.
      attempt.throwIfAborted()
      return this.#withEnd(job, seq, staged)
    }
    const complete = (done: Done): void => {
      attempt.throwIfAborted()
      const gaps = settledGaps(journal.outcome(id, value.seq))
      journal.setOutcome(id, value.seq, { state: 'completed', at: Date.now(), ...done, ...gaps == null ? {} : { gaps } })
    }
    if (value.publish != null) return await this.#publish(job, value, value.publish.puts, mediaOf, complete)
    complete(await this.#effect(job, value, mediaOf))
  }

  /** Remove what a crash has left of commands that are over. Before anything is executed. @throws {StoreError} */
  async tidy (): Promise<void> {
    const { journal, store } = this.#init
    await store.tidy(label => {
      const [job = '', seq] = label.split('-')
      const row = journal.job(job)
      const state = journal.outcome(job, Number(seq))?.state
      return row == null || row.state === 'closed' || state === 'completed' || state === 'failed'
    })
  }

  async #effect (job: BookedJob, command: Command, mediaOf: MediaOf): Promise<Done> {
    const { effects } = this.#init.store
    const { put, mkdir, setattr, move, remove, verify, seq } = command
    if (put != null) return await this.#put(job, command, put.visibility, await mediaOf(seq))
    if (mkdir != null) return { bytes: 0, notApplied: await effects.makeFolder(mkdir.path, mkdir.attributes) }
    if (setattr?.attributes != null) return { bytes: 0, notApplied: await effects.setAttributes(setattr.path, setattr.attributes) }
    if (move != null) {
      await effects.move(move.from, move.to, await this.#identify(job.signed.value.id, seq, move.from))
      this.#init.journal.movePublished(move.from.join('/'), move.to.join('/'))
    }
    else if (remove != null) {
      // A server that did not do what this supersedes has the same folders above it as one that did; where they cannot be, no server has.
      if (supersededBy(command, other => job.commands[other - 1]?.signed.value).length > 0) await effects.makeFolder(remove.path.slice(0, -1), undefined).catch(() => {})
      await effects.remove(remove.path, remove.recursive, `${job.signed.value.id}-${seq}`)
      this.#init.journal.forgetPublished(remove.path.join('/'))
    }
    else if (verify != null) return { bytes: await this.#verify(job, verify.path, mediaOf), notApplied: [] }
    else throw new Error('this version of the software does not perform commands of this kind: update it')
    return NOTHING
  }

  async #put (job: BookedJob, command: Command, visibility: Visibility, media: StagedMedia): Promise<Done> {
    const put = media.put as TreePut
    if (visibility === Visibility.STAGED) return { bytes: await put.hold(), notApplied: [] }
    const { bytes, notApplied } = await put.commit()
    await this.#note(job, command, [put])
    return { bytes, notApplied }
  }

  async #publish (job: BookedJob, command: Command, seqs: readonly number[], mediaOf: MediaOf, complete: (done: Done) => void): Promise<void> {
    const puts: TreePut[] = []
    for (const seq of seqs) puts.push((await mediaOf(seq)).put as TreePut)
    const switchover = this.#init.store.switchOver(`${job.signed.value.id}-${command.seq}`, puts)
    const { bytes, notApplied } = await switchover.run()
    await this.#note(job, command, puts)
    complete({ bytes, notApplied })
    await switchover.forget()
  }

  /** Files and links that are shown now are looked after from now on. */
  async #note (job: BookedJob, { seq }: Command, puts: readonly TreePut[]): Promise<void> {
    const { journal, store } = this.#init
    for (const { shape, manifest = [] } of puts) {
      const places = manifest.filter(({ type }) => type !== EntryType.DIRECTORY).map(({ path }) => [...shape.destination, ...path])
      await notePublication(store.root, journal, { job: job.signed.value.id, seq, at: Date.now(), expires: job.commands[shape.seq - 1]?.signed.value.put?.expires }, places)
    }
  }

  /** What is to be moved, remembered before it is: after a crash it may stand at its new place already. */
  async #identify (job: string, seq: number, path: readonly string[]): Promise<string | undefined> {
    const { journal, store } = this.#init
    const before: CommandOutcome | undefined = journal.outcome(job, seq)
    if (before?.state === 'in-progress' && before.intent != null) return before.intent
    const intent = await store.effects.identify(path)
    if (intent != null) journal.setOutcome(job, seq, { state: 'in-progress', at: Date.now(), intent })
    return intent
  }

  /**
   * Audit what this job has at `path`: the staged pieces against the hashes that
   * the provider signed, the published files against the staged pieces.
   *
   * @returns bytes of the files that were compared
   */
  async #verify (job: BookedJob, path: readonly string[], mediaOf: MediaOf): Promise<number> {
    const shown = `/${path.join('/')}`
    const commands = job.commands.map(({ signed }) => signed.value)
    const manifestOf = async (seq: number): Promise<NonNullable<TreePut['manifest']>> => (await mediaOf(seq)).put.manifest ?? []
    const holdings = below(await holdingsOf(commands, this.#init.journal.outcomes(job.signed.value.id), manifestOf), path)
    if (holdings.length === 0) throw new Error(`this job has nothing at ${shown} to be verified`)
    const problems: string[] = []
    for (const seq of new Set(holdings.flatMap(({ from }) => from?.seq ?? []))) problems.push(...await this.#verifyPieces(job, seq, await mediaOf(seq)))
    let bytes = 0
    for (const { place, from } of holdings) {
      if (from == null) continue
      const problem = await ((await mediaOf(from.seq)).put as TreePut).audit(from.entry, place)
      if (problem != null) problems.push(`/${place.join('/')} ${problem}`)
      bytes += job.commands[from.seq - 1]?.signed.value.put?.pieces == null ? job.pages.get(from.seq)?.closed?.bytes ?? 0 : from.entry.size
    }
    if (problems.length > 0) throw new Error(`${problems.length} of ${holdings.length} entries at ${shown} are not as published: ${problems.slice(0, MAX_FINDINGS).join('; ')}`)
    return bytes
  }

  /**
   * A live put's final page says how long it is, and each page how long its pieces are. What a lossy one lacks when
   * it is first needed here it lacks for good, and the journal says so before anything is shown: what comes later,
   * or a second attempt after a crash, changes nothing.
   */
  #withEnd (job: BookedJob, seq: number, media: StagedMedia): StagedMedia {
    const pages = job.pages.get(seq)
    if (pages?.closed == null) return media
    const { pieces } = pages.closed
    if (job.commands[seq - 1]?.signed.value.put?.lossy !== true) {
      (media.put as TreePut).closed({ pieces, length: piece => pages.length(piece) })
      return media
    }
    const { journal } = this.#init
    const { id } = job.signed.value
    const outcome = journal.outcome(id, seq)
    let gaps = settledGaps(outcome)
    if (gaps == null) {
      gaps = gapsOf(Array.from({ length: pieces }, (_, piece) => piece).filter(piece => !media.put.has(piece)), MAX_GAPS)
      if (outcome?.state === 'in-progress') journal.setOutcome(id, seq, { ...outcome, gaps })
    }
    const gone = new Set(gaps.flatMap(({ firstPiece, pieces: length }) => Array.from({ length }, (_, index) => firstPiece + index)))
    const put = media.put as TreePut
    put.closed({ pieces, length: piece => gone.has(piece) ? 0 : pages.length(piece) })
    return media
  }

  async #verifyPieces (job: BookedJob, seq: number, { put }: StagedMedia): Promise<string[]> {
    const pages = job.pages.get(seq)
    const lossy = job.commands[seq - 1]?.signed.value.put?.lossy === true
    const problems: string[] = []
    for (let piece = 0; piece < (pages?.closed?.pieces ?? 0); piece++) {
      if (lossy && !put.has(piece)) continue
      const problem = pages?.problem(piece, await put.read(piece, pages.length(piece)))
      if (problem != null) problems.push(`piece ${piece} of put ${seq} ${problem}`)
    }
    return problems
  }
}

/** What a lossy put left out here, once that is settled. */
function settledGaps (outcome: CommandOutcome | undefined): readonly Gap[] | undefined {
  return outcome?.state === 'in-progress' || outcome?.state === 'completed' ? outcome.gaps : undefined
}
