import { invariant } from './invariant.ts'
import type { CommandInfo, CommandOutcome } from './input.ts'

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
}

/**
 * One job's commands on one server. Transfers overlap; effects commit in order
 * within a track, and nothing waits behind another track but at a barrier.
 */
export class CommandQueue {
  readonly #commands: Queued[] = []

  /** seq of the last command known without a gap before it. */
  get head (): number {
    return this.#commands.length
  }

  /** Commands come in order: the edge holds back what is ahead of a gap. */
  add (info: CommandInfo, outcome?: CommandOutcome): void {
    invariant(info.seq === this.head + 1, `command ${info.seq} follows ${this.head}`)
    this.#commands.push({ info, state: outcome ?? { state: 'new' }, ready: info.body.kind !== 'put' })
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

  /** new | in-progress → completed | failed | superseded */
  finish (seq: number, outcome: CommandOutcome): void {
    const queued = this.#commands[seq - 1]
    invariant(queued != null && isOpen(queued.state), `command ${seq} finishes once`)
    queued.state = outcome
  }

  /** new → in-progress, for every command whose turn it is. */
  takeRunnable (): number[] {
    const runnable: number[] = []
    const waiting = new Set<number>()
    for (const queued of this.#commands) {
      const { track, seq, body } = queued.info
      if (!isOpen(queued.state)) continue
      const performs = body.kind === 'effect' || body.kind === 'put'
      if (performs && queued.state.state === 'new' && queued.ready && !waiting.has(track)) {
        queued.state = { state: 'in-progress' }
        runnable.push(seq)
      }
      waiting.add(track)
    }
    return runnable
  }

  /** Commands that can never run because one before them on their track failed. */
  takeBlocked (): number[] {
    const failed = new Set<number>()
    const blocked: number[] = []
    for (const queued of this.#commands) {
      const { track, seq, body } = queued.info
      if (queued.state.state === 'failed' && !queued.info.continueAfterFailure) failed.add(track)
      else if (failed.has(track) && queued.state.state === 'new' && body.kind !== 'end' && body.kind !== 'cancel') blocked.push(seq)
    }
    return blocked
  }

  /** seq of the end command, once everything before it has an outcome. */
  get ended (): number | undefined {
    const last = this.#commands.at(-1)
    if (last?.info.body.kind !== 'end') return undefined
    return this.#commands.every(queued => queued === last || !isOpen(queued.state)) ? last.info.seq : undefined
  }

  * [Symbol.iterator] (): Generator<{ info: CommandInfo, state: CommandState }> {
    yield * this.#commands
  }
}

function isOpen (state: CommandState): boolean {
  return state.state === 'new' || state.state === 'in-progress'
}
