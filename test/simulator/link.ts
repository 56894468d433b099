import type { Prng } from '@sluice/core'
import { type EventQueue, Happening } from './event-queue.ts'

/** What passes links: it is told when its last byte left, and where it goes then is its own business. */
export abstract class Parcel extends Happening {
  readonly bytes: number

  constructor (bytes: number) {
    super()
    this.bytes = bytes
  }

  /** What is on a connection that broke is not sent any more. */
  abstract get isVain (): boolean
  /** Its first byte leaves now, its last one at `endUs`. */
  abstract leaves (startUs: number, endUs: number): void
}

/** How far a service time may vary, in steps of a thousandth. */
const STEPS = 1_000
/** Rates wander in steps of a second. */
const DRIFT_STEP_US = 1_000_000

/**
 * One host's way out: parcels leave one after the other at its rate. What waits
 * in it is what the kernel and the shaper would hold.
 */
export class UpLink {
  /** Bytes per second, before drift. */
  rate: number
  readonly #events: EventQueue
  readonly #prng: Prng
  readonly #jitter: number
  readonly #drift: number
  #queue: Parcel[] = []
  #head = 0
  #queuedBytes = 0
  #current: Parcel | undefined
  #endUs = 0
  #owedUs = 0
  /** When what goes between will be out. */
  #betweenUs = 0
  #driftStep = -1
  #driftFactor = 1
  /** When it last had something to do. */
  lastUsedUs = 0
  #busyUs = 0
  readonly #served = new Served(this)

  constructor (rate: number, events: EventQueue, prng: Prng, jitter: number, drift: number) {
    this.rate = rate
    this.#events = events
    this.#prng = prng
    this.#jitter = jitter
    this.#drift = drift
  }

  get idle (): boolean {
    return this.#current == null
  }

  /** Microseconds it was busy until now. */
  busyUs (nowUs: number): number {
    return this.#busyUs - (this.#current == null ? 0 : Math.max(0, this.#endUs - nowUs))
  }

  /** How long what waits here now will take, in microseconds. */
  backlogUs (nowUs: number): number {
    return (this.#current == null ? 0 : Math.max(0, this.#endUs - nowUs)) + this.#queuedBytes / this.rate * 1e6
  }

  send (parcel: Parcel): void {
    this.#queue.push(parcel)
    this.#queuedBytes += parcel.bytes
    if (this.#current == null) this.next()
  }

  /** Small things that go between, one after the other: what they take is missing to the next parcel. @returns microseconds until they are out */
  squeeze (bytes: number): number {
    const { nowUs } = this.#events
    const us = bytes / this.rate * 1e6
    this.#owedUs += us
    this.#betweenUs = Math.max(this.#betweenUs, nowUs) + us
    return this.#betweenUs - nowUs
  }

  next (): void {
    const nowUs = this.#events.nowUs
    if (this.#current != null) this.lastUsedUs = nowUs
    this.#current = undefined
    for (;;) {
      const parcel = this.#queue[this.#head]
      if (parcel == null) break
      this.#head++
      this.#queuedBytes -= parcel.bytes
      if (parcel.isVain) continue
      this.#serve(parcel, nowUs)
      break
    }
    if (this.#head > 1_024 || this.#head === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #serve (parcel: Parcel, nowUs: number): void {
    const noise = this.#jitter === 0 ? 1 : 1 + this.#jitter * (this.#prng.below(2 * STEPS + 1) / STEPS - 1)
    const us = Math.max(1, Math.round(parcel.bytes / (this.rate * this.#wandered(nowUs)) * 1e6 * noise + this.#owedUs))
    this.#owedUs = 0
    this.#current = parcel
    this.#endUs = nowUs + us
    this.#busyUs += us
    parcel.leaves(nowUs, this.#endUs)
    this.#events.schedule(this.#endUs, this.#served)
  }

  /** A walk that is drawn back to 1, a step a second. */
  #wandered (nowUs: number): number {
    if (this.#drift === 0) return 1
    const step = Math.floor(nowUs / DRIFT_STEP_US)
    if (step !== this.#driftStep) {
      this.#driftStep = step
      this.#driftFactor = 1 + this.#drift * ((this.#driftFactor - 1) / this.#drift + this.#prng.below(2 * STEPS + 1) / STEPS - 1) / 2
    }
    return this.#driftFactor
  }
}

class Served extends Happening {
  readonly #link: UpLink

  constructor (link: UpLink) {
    super()
    this.#link = link
  }

  override run (): void {
    this.#link.next()
  }
}

/** One host's way in: a fluid queue, through which a parcel passes while it still arrives. */
export class DownLink {
  readonly rate: number
  #freeUs = 0

  constructor (rate: number) {
    this.rate = rate
  }

  /** @returns when the last byte is in, of a parcel whose first byte gets here at `startUs` and whose last at `endUs` */
  pass (bytes: number, startUs: number, endUs: number): number {
    this.#freeUs = Math.max(this.#freeUs, startUs) + bytes / this.rate * 1e6
    return Math.max(this.#freeUs, endUs)
  }
}
