import { invariant } from './invariant.ts'
import type { CommandInfo, CommandOutcome } from './input.ts'
import { Failures, TrackSet, tracksOf } from './tracks.ts'

export type CommandState =
  /** Known; its turn, or its media, has not come. */
  | { readonly state: 'new' }
  /** Its effect is being made visible. */
  | { readonly state: 'in-progress' }
  | CommandOutcome

interface Queued {
  readonly info: CommandInfo
  state: CommandState
  /** A put's media is all here. Other kinds need none. */
  ready: boolean
  /** Its effect was begun before a restart, and may be half there. */
  readonly begun: boolean
}

export interface Blocked {
  readonly seq: number
  readonly reason: string
}

/**
 * One job's commands on one server. Transfers overlap; effects commit in order
 * within a track, and nothing waits behind another track but at a barrier, or
 * where a publish needs puts of it.
 */
export class CommandQueue {
  readonly #commands: Queued[] = []
  /** Commands before this index have an outcome: a long live job is not walked from its start each time. */
  #settled = 0
  /** The failures among those. */
  readonly #failures = new Failures()

  /** seq of the last command known without a gap before it. */
  get head (): number {
    return this.#commands.length
  }

  /**
   * Commands come in order: the edge holds back what is ahead of a gap.
   *
   * @param begun - whether its effect was begun before a restart
   */
  add (info: CommandInfo, outcome?: CommandOutcome, begun = false): void {
    invariant(info.seq === this.head + 1, `command ${info.seq} follows ${this.head}`)
    this.#commands.push({ info, state: outcome ?? { state: 'new' }, ready: info.body.kind !== 'put', begun })
  }

  get (seq: number): CommandInfo | undefined {
    return this.#commands[seq - 1]?.info
  }

  state (seq: number): CommandState | undefined {
    return this.#commands[seq - 1]?.state
  }

  /** new: its media is all here and may commit when its turn comes. */
  ready (seq: number): void {
    const queued = this.#commands[seq - 1]
    invariant(queued != null, `command ${seq} is known`)
    queued.ready = true
  }

  /** Whether all that it needs of media is here. */
  isReady (seq: number): boolean {
    return this.#commands[seq - 1]?.ready === true
  }

  /** new | in-progress → new: the disk has lost some of its media, and its effect waits until that is here again. One that has an outcome keeps it. */
  unready (seq: number): void {
    const queued = this.#commands[seq - 1]
    if (queued == null || !isOpen(queued.state)) return
    queued.ready = false
    queued.state = { state: 'new' }
  }

  /** Whether it can still be left out without a trace. */
  untouched (seq: number): boolean {
    const queued = this.#commands[seq - 1]
    return queued?.state.state === 'new' && !queued.begun
  }

  /** new | in-progress → completed | failed | superseded */
  finish (seq: number, outcome: CommandOutcome): void {
    const queued = this.#commands[seq - 1]
    invariant(queued != null && isOpen(queued.state), `command ${seq} finishes once`)
    queued.state = outcome
  }

  /** new → in-progress, for every command whose turn it is: effects, puts, and barriers that are met. */
  takeRunnable (): number[] {
    const runnable: number[] = []
    const waiting = new TrackSet()
    for (const queued of this.#open()) {
      const { seq, body } = queued.info
      const tracks = tracksOf(queued.info)
      const performs = body.kind === 'effect' || body.kind === 'put' || body.kind === 'barrier'
      if (performs && queued.state.state === 'new' && queued.ready && !waiting.meets(tracks) && this.#needsMet(queued)) {
        queued.state = { state: 'in-progress' }
        runnable.push(seq)
      }
      waiting.add(tracks)
    }
    return runnable
  }

  /** Commands that can never run: one before them on a track of theirs failed, or a put that they publish did not complete. */
  takeBlocked (): Blocked[] {
    const blocked: Blocked[] = []
    this.#settle()
    const failures = this.#failures.copy()
    const waiting = new TrackSet()
    for (const { info, state } of this.#open(state => state.state !== 'failed')) {
      const { seq, body } = info
      const tracks = tracksOf(info)
      if (state.state === 'failed') failures.add(info)
      if (!isOpen(state) || body.kind === 'end' || body.kind === 'cancel') continue
      const reason = state.state === 'new' ? this.#blockedBy(info, failures) : undefined
      // A barrier that fails still keeps apart what is before it from what is behind it.
      if (reason == null || (body.kind === 'barrier' && waiting.meets(tracks))) {
        waiting.add(tracks)
        continue
      }
      blocked.push({ seq, reason })
      failures.add(info)
    }
    return blocked
  }

  #blockedBy (info: CommandInfo, failures: Failures): string | undefined {
    const culprit = failures.before(info)
    if (culprit != null) return `not done, since command ${culprit} failed before it`
    const missing = needsOf(info).find(seq => {
      const state = this.state(seq)
      return state != null && !isOpen(state) && state.state !== 'completed'
    })
    return missing == null ? undefined : `not done, since put ${missing} is not here to be published`
  }

  #needsMet ({ info }: Queued): boolean {
    return needsOf(info).every(seq => this.state(seq)?.state === 'completed')
  }

  /** seq of the end command, once everything before it has an outcome. */
  get ended (): number | undefined {
    const last = this.#commands.at(-1)
    if (last?.info.body.kind !== 'end') return undefined
    for (const queued of this.#open()) if (queued !== last) return undefined
    return last.info.seq
  }

  * [Symbol.iterator] (): Generator<{ info: CommandInfo, state: CommandState }> {
    yield * this.#commands
  }

  /** Commands without an outcome, in order, and those with one that are not to be passed over. */
  * #open (passOver: (state: CommandState) => boolean = () => true): Generator<Queued> {
    this.#settle()
    for (let index = this.#settled; index < this.#commands.length; index++) {
      const queued = this.#commands[index] as Queued
      if (isOpen(queued.state) || !passOver(queued.state)) yield queued
    }
  }

  /** Count what has an outcome, up to the first command without. */
  #settle (): void {
    for (; this.#settled < this.#commands.length; this.#settled++) {
      const { info, state } = this.#commands[this.#settled] as Queued
      if (isOpen(state)) return
      if (state.state === 'failed') this.#failures.add(info)
    }
  }
}

function needsOf ({ body }: CommandInfo): readonly number[] {
  return body.kind === 'effect' ? body.needs ?? [] : []
}

/** Whether a command's outcome is still to come; no command has none. */
export function isOpen (state: CommandState | undefined): boolean {
  return state?.state === 'new' || state?.state === 'in-progress'
}
