import { Bitfield, type CommandInfo, type CommandOutcome, type Input, type JobInfo, type Range } from '../src/index.ts'

/** What a host holds durably of one job, as a node's journal and store would. */
export class JobRecord {
  readonly job: JobInfo
  ranges: readonly Range[]
  readonly commands: CommandInfo[] = []
  readonly outcomes = new Map<number, CommandOutcome>()
  readonly pieces = new Map<number, Bitfield>()
  /** Puts whose final page is here, and their lengths. */
  readonly closed = new Map<number, number>()

  constructor (job: JobInfo, ranges: readonly Range[]) {
    this.job = job
    this.ranges = ranges
  }

  /** @returns whether it was new */
  store (seq: number, piece: number): boolean {
    let bits = this.pieces.get(seq)
    if (bits == null) this.pieces.set(seq, bits = new Bitfield())
    return bits.set(piece)
  }

  has (seq: number, piece: number): boolean {
    return this.pieces.get(seq)?.has(piece) === true
  }

  /** Bytes after the last checkpoint are gone after a crash. */
  forget (seq: number, isLost: (piece: number) => boolean): void {
    const kept = new Bitfield()
    for (const piece of this.pieces.get(seq)?.indexes() ?? []) if (!isLost(piece)) kept.set(piece)
    this.pieces.set(seq, kept)
  }

  /** What the driver tells a new peer after a restart, in its order. */
  * restored (): Generator<Input> {
    const job = this.job.id
    yield { type: 'jobAdded', job: this.job, ranges: this.ranges, restored: true }
    for (const command of this.commands) {
      const { seq } = command
      yield { type: 'commandAdded', job, command, outcome: this.outcomes.get(seq) }
      const pieces = this.pieces.get(seq)
      if (pieces != null) yield { type: 'mediaRestored', job, seq, pieces: pieces.toBytes() }
      const length = this.closed.get(seq)
      if (length != null) yield { type: 'mediaClosed', job, seq, pieces: length }
    }
  }
}
