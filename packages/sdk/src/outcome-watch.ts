import type { ReceiptName } from './job-events.ts'

/** How a command ended on one server, by its receipt. */
export type CommandState = 'completed' | 'failed' | 'superseded'

const STATES: Partial<Record<ReceiptName, CommandState>> = { 'command-completed': 'completed', 'command-failed': 'failed', 'command-superseded': 'superseded' }

interface Waiting {
  readonly seq: number
  readonly servers: number
  readonly resolve: (outcomes: ReadonlyMap<string, CommandState>) => void
  readonly reject: (error: Error) => void
}

/** What each server has stated of each command, and who waits for it. */
export class OutcomeWatch {
  readonly #outcomes = new Map<number, Map<string, CommandState>>()
  readonly #waiting = new Set<Waiting>()
  readonly #servers: number
  #ended: Error | undefined

  constructor (servers: number) {
    this.#servers = servers
  }

  record (peer: string, kind: ReceiptName, seq: number): void {
    const state = STATES[kind]
    if (state == null) return
    this.#outcomes.set(seq, this.of(seq).set(peer, state))
    for (const waiting of this.#waiting) if (waiting.seq === seq) this.#check(waiting)
  }

  /** By peer id; servers that have not reported are not in it. */
  of (seq: number): Map<string, CommandState> {
    return this.#outcomes.get(seq) ?? new Map()
  }

  /**
   * Resolves when command `seq` is done on so many servers, or can no longer be.
   *
   * @throws if the job ends before
   */
  async settled (seq: number, servers = this.#servers): Promise<ReadonlyMap<string, CommandState>> {
    return await new Promise((resolve, reject) => {
      const waiting: Waiting = { seq, servers, resolve, reject }
      this.#waiting.add(waiting)
      this.#check(waiting)
    })
  }

  end (error: Error): void {
    this.#ended = error
    for (const waiting of this.#waiting) this.#check(waiting)
  }

  #check (waiting: Waiting): void {
    const outcomes = this.of(waiting.seq)
    const done = [...outcomes.values()].filter(state => state !== 'failed').length
    const failed = outcomes.size - done
    const decided = done >= waiting.servers || this.#servers - failed < waiting.servers
    if (!decided && this.#ended == null) return
    this.#waiting.delete(waiting)
    if (decided) waiting.resolve(new Map(outcomes))
    else waiting.reject(this.#ended as Error)
  }
}
