import { ReceiptKind, sameBytes, type Signed } from '@sluice/wire'
import type { Queue } from './verify-queue.ts'

/** How a command ended on one server. Another content than the sealed one is a failure, whatever the server calls it. */
type Settled = 'done' | 'failed'

/** What one server's receipts amount to, receipt by receipt. */
export class Ledger {
  readonly peer: string
  receipts = 0
  bytes = 0
  completedAt: number | null = null
  readonly #queue: Queue
  readonly #roots: ReadonlyMap<number, Uint8Array>
  readonly #settled = new Map<number, Settled>()
  #previous: Uint8Array
  #received = false
  #refused = false
  #failures = 0
  #done = 0

  constructor (peer: string, queue: Queue, roots: ReadonlyMap<number, Uint8Array>) {
    this.peer = peer
    this.#queue = queue
    this.#roots = roots
    this.#previous = queue.job.hash
  }

  /** Received, every command done, and its last word is that the ended job is complete. */
  get complete (): boolean {
    return this.completedAt != null && this.#failures === 0
  }

  /** It refused the job, or a command failed and was not mended. */
  get failed (): boolean {
    return this.#failures > 0 || (this.#refused && !this.#received)
  }

  /** Take the next receipt of this server. Says what is wrong with it, if anything is. */
  add ({ value, hash }: Signed<'receipt'>): string | undefined {
    const { job, number, previous, seq, command } = value
    if (!sameBytes(job, this.#queue.job.hash)) return 'is of another job'
    if (number !== this.receipts + 1) return `has number ${number}, not ${this.receipts + 1}: one is missing, or two have the same number`
    if (!sameBytes(previous, this.#previous)) return 'does not name the receipt before it'
    this.receipts++
    this.#previous = hash

    if (seq > this.#queue.commands.length) return `speaks of command ${seq}, and the last is ${this.#queue.commands.length}`
    const named = this.#queue.commands[seq - 1]
    if (named == null ? command.length !== 0 : !sameBytes(command, named.hash)) return `does not name the command ${seq} that was accepted`
    if (this.complete) return 'comes after the server completed the job'
    this.completedAt = null
    return named == null || value.kind.startsWith('JOB_') ? this.#addJob(value) : this.#addCommand(value, named)
  }

  #addJob ({ kind, seq, finished }: Signed<'receipt'>['value']): string | undefined {
    switch (kind) {
      case ReceiptKind.JOB_REFUSED:
        this.#refused = true
        return this.#received ? 'refuses a job that was received' : undefined
      case ReceiptKind.JOB_RECEIVED: {
        const again = this.#received
        this.#received = true
        return again ? 'says for a second time that the job was received' : undefined
      }
      case ReceiptKind.JOB_COMPLETED:
        if (!this.#received) return 'completes a job that was not received'
        if (!this.#queue.ended || seq !== this.#queue.commands.length) return `completes the job at command ${seq}, which does not end it`
        // With a failure the server is only through with the job, and may be repaired yet.
        if (this.#failures === 0 && this.#done < this.#queue.commands.length - 1) return 'completes the job before all of its commands'
        this.completedAt = finished
        return undefined
      default:
        return `is of kind ${kind} and names no command`
    }
  }

  #addCommand ({ kind, seq, bytes, digest, gaps }: Signed<'receipt'>['value'], command: Signed<'command'>): string | undefined {
    if (!this.#received) return 'is about a command of a job that was not received'
    const before = this.#settled.get(seq)
    if (before === 'done') return `is about command ${seq}, which was done before`
    if (kind === ReceiptKind.COMMAND_RECEIVED || kind === ReceiptKind.COMMAND_STARTED) return undefined

    let settled: Settled = kind === ReceiptKind.COMMAND_FAILED ? 'failed' : 'done'
    if (kind === ReceiptKind.COMMAND_COMPLETED && command.value.put != null) {
      const root = this.#roots.get(seq)
      if (root == null) return `completes put ${seq}, which has no seal`
      if (!sameBytes(digest, root)) settled = 'failed'
    }
    if (gaps.length > 0 && command.value.put?.lossy !== true) return `has gaps in command ${seq}, which is no lossy put`
    if (kind === ReceiptKind.COMMAND_SUPERSEDED && !this.#canSupersede(seq)) return `calls command ${seq} superseded, and nothing came after it that could`
    if (kind === ReceiptKind.COMMAND_COMPLETED && settled === 'done') this.bytes += bytes

    this.#settled.set(seq, settled)
    if (before === 'failed') this.#failures--
    if (settled === 'failed') this.#failures++
    // The end of a job may have a receipt of its own and needs none.
    else if (command.value.end == null) this.#done++
    return undefined
  }

  #canSupersede (seq: number): boolean {
    return this.#queue.lastReplacing > seq
  }
}
