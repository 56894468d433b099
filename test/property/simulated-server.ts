import { type CommandInfo, type CommandOutcome, type Effect, type Input, Peer, PIECE_BYTES, Prng } from '@sluice/core'
import { broughtBy, type Scripted } from './command-script.ts'
import { publishedBy, type State } from './reference.ts'
import { Obstacle, TreeModel } from './tree-model.ts'

/** What a node's journal says of a command. */
type Outcome = CommandOutcome | { readonly state: 'in-progress', readonly moved?: boolean }

export const SERVER = 'server'
const JOB = { id: 'job', base: 'base', servers: [SERVER], rates: [0], priority: 0 }

/** A command's effect under way: a step at a time, and a crash may come between any two. */
interface Running {
  readonly command: Scripted
  readonly steps: Iterator<void, void>
}

/**
 * One media server with the production core, and in place of disk and journal
 * a tree and maps in memory that survive a crash. Effects are made in steps, as
 * node and store make them: intent, change by change, outcome.
 */
export class SimulatedServer {
  readonly tree = new TreeModel()
  readonly outcomes = new Map<number, Outcome>()
  readonly receipts: string[] = []
  readonly #commands: readonly Scripted[]
  readonly #infos: readonly CommandInfo[]
  /** Durable: how many commands, which pieces, which puts are closed. */
  #known = 0
  readonly #pieces = new Map<number, Set<number>>()
  readonly #closed = new Set<number>()
  /** Prepared switch-overs. */
  readonly #ready = new Set<number>()
  #peer: Peer | undefined
  #running: Running[] = []
  #nowMs = 0
  /** Commands with an effect begun on the tree, in order: for whoever checks that order. */
  readonly changes: number[] = []

  /** @param infos - of all commands and, as the last, the end */
  constructor (commands: readonly Scripted[], infos: readonly CommandInfo[]) {
    this.#commands = commands
    this.#infos = infos
    this.#start(false)
  }

  get isUp (): boolean {
    return this.#peer != null
  }

  get known (): number {
    return this.#known
  }

  get running (): number {
    return this.#running.length
  }

  get completed (): boolean {
    return this.receipts.includes(`job-completed ${this.#infos.length}`)
  }

  state (seq: number): Outcome | undefined {
    return this.outcomes.get(seq)
  }

  /** The next command of the queue comes. */
  nextCommand (): void {
    const command = this.#infos[this.#known]
    if (command == null) return
    this.#known++
    this.#input({ type: 'commandAdded', job: JOB.id, command })
  }

  /** A piece of a known put comes, or its final page, whichever is `index`. */
  media (seq: number, index: number): void {
    const info = this.#infos[seq - 1]
    if (info?.body.kind !== 'put' || seq > this.#known || info.body.pieces == null) return
    if (index >= info.body.pieces) {
      if (this.#closed.has(seq)) return
      this.#closed.add(seq)
      return this.#input({ type: 'mediaClosed', job: JOB.id, seq, pieces: info.body.pieces })
    }
    const pieces = this.#pieces.get(seq) ?? new Set()
    if (pieces.has(index)) return
    this.#pieces.set(seq, pieces.add(index))
    this.#input({ type: 'pieceStored', job: JOB.id, seq, piece: index, bytes: PIECE_BYTES, from: undefined })
  }

  /** One step of one of the effects under way. */
  step (pick: number): void {
    const running = this.#running[pick % Math.max(1, this.#running.length)]
    if (running == null) return
    const { command: { seq } } = running
    let outcome: CommandOutcome = { state: 'completed' }
    try {
      if (running.steps.next().done !== true) return
      this.outcomes.set(seq, outcome)
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error
      outcome = { state: 'failed', reason: error.message }
    }
    this.#running = this.#running.filter(other => other !== running)
    this.#input({ type: 'executed', job: JOB.id, seq, outcome })
  }

  tick (): void {
    this.#input({ type: 'tick' })
  }

  crash (): void {
    this.#peer = undefined
    this.#running = []
  }

  return (): void {
    if (this.#peer == null) this.#start(true)
  }

  #start (restored: boolean): void {
    this.#peer = new Peer({ self: SERVER, prng: new Prng(1) })
    this.#input({ type: 'jobAdded', job: JOB, ranges: [], restored })
    for (const command of this.#infos.slice(0, this.#known)) {
      const { seq } = command
      const outcome = this.outcomes.get(seq)
      this.#input({ type: 'commandAdded', job: JOB.id, command, outcome: outcome == null || outcome.state === 'in-progress' ? undefined : outcome, begun: outcome?.state === 'in-progress' })
      const bits = [...this.#pieces.get(seq) ?? []].reduce((sum, piece) => sum | 1 << piece, 0)
      if (bits !== 0) this.#input({ type: 'mediaRestored', job: JOB.id, seq, pieces: Uint8Array.of(bits) })
      if (this.#closed.has(seq)) this.#input({ type: 'mediaClosed', job: JOB.id, seq, pieces: (command.body.kind === 'put' ? command.body.pieces : undefined) ?? 0 })
    }
  }

  #input (input: Input): void {
    this.#nowMs++
    for (const effect of this.#peer?.handle(input, this.#nowMs) ?? []) this.#perform(effect)
  }

  #perform (effect: Effect): void {
    if (effect.type === 'execute') {
      const command = this.#commands[effect.seq - 1] as Scripted
      this.#running.push({ command, steps: this.#effect(command) })
    }
    if (effect.type !== 'receipt') return
    const { kind, seq, details } = effect
    if (kind === 'command-failed') this.outcomes.set(seq, { state: 'failed', reason: details.reason ?? '' })
    if (kind === 'command-superseded') this.outcomes.set(seq, { state: 'superseded' })
    // A barrier's and a cancel's receipts are all there is of them: restated, they would come again.
    if (kind === 'command-completed') this.outcomes.set(seq, { state: 'completed' })
    const receipt = `${kind} ${seq}`
    if (!this.receipts.includes(receipt)) this.receipts.push(receipt)
  }

  * #effect (command: Scripted): Generator<void, void> {
    const { seq } = command
    const before = this.outcomes.get(seq)
    if (before?.state !== 'in-progress') this.outcomes.set(seq, { state: 'in-progress' })
    yield
    switch (command.kind) {
      case 'put':
        if (!command.staged) yield * this.#place(seq, broughtBy(command))
        break
      case 'publish':
        if (!this.#ready.has(seq)) {
          const brought = publishedBy(this.#commands, command, this.#states())
          this.tree.check(brought)
          yield
          this.#ready.add(seq)
        }
        yield * this.#place(seq, publishedBy(this.#commands, command, this.#states()))
        break
      case 'mkdir': this.#change(seq, () => this.tree.mkdir(command.path, command.mode)); break
      case 'setattr': this.#change(seq, () => this.tree.setMode(command.path, command.mode)); break
      case 'remove':
        if ((this.#infos[seq - 1]?.supersedes ?? []).length > 0) this.#change(seq, () => this.tree.makeParents(command.path))
        yield
        this.#change(seq, () => this.tree.remove(command.path, command.recursive))
        break
      case 'verify': this.tree.verify(command.path); break
      case 'move':
        yield * this.#move(seq, command.from, command.to, before?.state === 'in-progress' && before.moved === true)
        break
      default: break
    }
    yield
  }

  * #place (seq: number, brought: ReturnType<typeof broughtBy>): Generator<void, void> {
    this.tree.check(brought)
    for (const one of brought) {
      this.#change(seq, () => this.tree.place(one))
      yield
    }
  }

  /** Its intent names the item; done again, it finds whether that stands at its new place. Here the change and the note are one step. */
  * #move (seq: number, from: string, to: string, moved: boolean): Generator<void, void> {
    if (moved) return
    this.#change(seq, () => {
      this.tree.move(from, to)
      this.outcomes.set(seq, { state: 'in-progress', moved: true })
    })
    yield
  }

  #change (seq: number, change: () => void): void {
    change()
    if (this.changes.at(-1) !== seq) this.changes.push(seq)
  }

  #states (): Map<number, State> {
    const states = new Map<number, State>()
    for (const [seq, { state }] of this.outcomes) if (state !== 'in-progress') states.set(seq, state)
    return states
  }
}
