import type { PrivateKey } from '@libp2p/interface'
import type { BookedJob, Driver, JobBook } from '@sluice/node'
import { type Command, sign } from '@sluice/wire'

export interface CancellationInit {
  readonly key: PrivateKey
  readonly epoch: number
  readonly jobs: JobBook
  readonly driver: () => Driver
  /** A command is accepted, journalled and on its way. */
  readonly onAccepted: (job: BookedJob, seq: number) => void
}

/** How often a provider's own commands may come first before it is given up: it is evidently still at it. */
const MAX_OVERTAKEN = 100

/**
 * Ends jobs by the base's hand: puts are called off wherever they have not begun to appear, and the job is
 * ended. For a provider that is gone, or that asks for it; and for the base's operator.
 */
export class Cancellation {
  readonly #init: CancellationInit

  constructor (init: CancellationInit) {
    this.#init = init
  }

  /**
   * @returns how many commands were added: none where the job had ended and has no put to be called off
   * @throws where the provider adds commands faster than it can be ended
   */
  async cancel (job: BookedJob, reason: string): Promise<number> {
    if (hasEnded(job)) throw new Error(`job ${job.signed.value.id} has ended already: what it began runs to its end, or to its deadline`)
    let added = 0
    for (const { signed: { value } } of [...job.commands]) {
      if (value.put == null || isCancelled(job, value.seq)) continue
      await this.#add(job, { cancel: { seq: value.seq, reason } })
      added++
    }
    if (!hasEnded(job)) {
      await this.#add(job, { end: {} })
      added++
    }
    return added
  }

  async #add (job: BookedJob, body: Partial<Command>): Promise<void> {
    const { key, epoch, jobs, driver, onAccepted } = this.#init
    for (let attempt = 0; attempt < MAX_OVERTAKEN && !hasEnded(job); attempt++) {
      const command = await sign('command', { job: job.signed.hash, seq: job.commands.length + 1, previous: jobs.headHash(job), track: 0, issued: Date.now(), continueAfterFailure: false, ...body }, key)
      const { seq } = command.value
      const acceptance = await sign('acceptance', { job: job.signed.hash, seq, command: command.hash, epoch, accepted: Date.now() }, key)
      // The provider's own next command may have come first.
      if (job.commands.length + 1 !== seq) continue
      const booked = await jobs.addCommand(job, command.bytes, acceptance.bytes).catch(() => undefined)
      if (booked == null) continue
      driver().commandAdded(job, booked)
      onAccepted(job, seq)
      return
    }
    if (!hasEnded(job)) throw new Error(`the provider of job ${job.signed.value.id} adds commands faster than it can be ended: try again`)
  }
}

function hasEnded (job: BookedJob): boolean {
  return job.commands.at(-1)?.signed.value.end != null
}

function isCancelled (job: BookedJob, seq: number): boolean {
  return job.commands.some(({ signed }) => signed.value.cancel?.seq === seq)
}
