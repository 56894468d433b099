import type { Leaving } from './framing.ts'
import type { Host } from './host.ts'
import { SlowStart } from './slow-start.ts'

/** A message that is said, and not sent yet. */
export interface Waiting {
  /** Bytes of its body. */
  readonly body: number
  /** What happens at the other end. */
  readonly run: (to: Host) => void
  readonly staleUs: number
}

/** What one end of a connection has sent over it. */
export class Direction {
  readonly from: Host
  readonly to: Host
  /** Messages of a stream arrive in order: not before this. */
  arrivesUs = 0
  /** When the last byte of its pieces leaves, as far as is known. */
  bulkOutUs = 0
  /** TCP's window; it counts where the plan has TCP. */
  readonly slowStart = new SlowStart()
  /** Pages that the sender need not send, by number. */
  readonly pages = new Set<number>()
  /** The frame that was begun last, what is in it, and how it leaves: all that is said in one turn goes in one. */
  frameUs = -1
  frameBytes = 0
  frameLeaving: Leaving = 'alone'
  /** What waits for company, and until when at most. */
  readonly waiting: Waiting[] = []
  dueUs = Number.POSITIVE_INFINITY
  /** Acknowledged pieces among that. */
  acknowledge = 0
  /** Receipts that were sent and not acknowledged yet, by job. */
  readonly receipts = new Map<string, number>()
  /** Jobs that have a handle in this direction. */
  readonly handles = new Set<string>()
  /** The sender still believes in the connection. */
  believed = true

  constructor (from: Host, to: Host) {
    this.from = from
    this.to = to
  }
}

/** Two hosts' connection, until it breaks: what was under way then never arrives. */
export class Connection {
  /** Microseconds one way. */
  readonly delayUs: number
  alive = true
  readonly #there: Direction
  readonly #back: Direction

  constructor (a: Host, b: Host, delayUs: number) {
    this.delayUs = delayUs
    this.#there = new Direction(a, b)
    this.#back = new Direction(b, a)
  }

  from (host: Host): Direction {
    return this.#there.from === host ? this.#there : this.#back
  }

  other (host: Host): Host {
    return this.from(host).to
  }
}
