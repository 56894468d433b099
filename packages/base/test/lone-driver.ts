import { type Input, Peer, Prng } from '@sluice/core'
import { type BookedCommand, type BookedJob, commandInfo, Intake, type JobBook, jobInfo, silent } from '@sluice/node'
import type { FlatStore, Journal } from '@sluice/store'

/** So late that only the test itself makes a checkpoint. */
const NEVER = { bytes: Number.MAX_SAFE_INTEGER, ms: 2 ** 30 }

/** A driver without a network: real intake and core, whose effects nobody performs. */
export class LoneDriver {
  readonly peer: Peer
  readonly intake: Intake
  readonly inputs: Input[] = []
  readonly closed: string[] = []
  readonly #jobs: JobBook

  constructor (self: string, { journal, jobs, store, onDurable }: { journal: Journal, jobs: JobBook, store: FlatStore, onDurable: (job: string, seq: number, pieces: Uint8Array) => void }) {
    this.#jobs = jobs
    this.peer = new Peer({ self, prng: Prng.fromText(self), uploadRate: 0 })
    this.intake = new Intake({ journal, jobs, store, checkpoint: NEVER, log: silent, peer: this.peer, input: input => this.input(input), acknowledge: () => {}, wantPage: () => {}, onDurable })
  }

  input (input: Input): void {
    this.inputs.push(input)
    this.peer.handle(input, Date.now())
  }

  jobAdded (job: BookedJob): void {
    this.input({ type: 'jobAdded', job: jobInfo(job), ranges: [{ first: 0, end: job.signed.value.servers.length }], restored: false })
  }

  commandAdded (job: BookedJob, command: BookedCommand): void {
    this.input({ type: 'commandAdded', job: job.key, command: commandInfo(job, command) })
  }

  async closeJob (key: string): Promise<void> {
    this.closed.push(key)
    this.#jobs.close(key)
  }

  /** What the checkpoint of a put says when its time has come. */
  async checkpoint (job: BookedJob, seq: number): Promise<void> {
    await (await this.intake.media(job, seq)).checkpoint()
  }
}
