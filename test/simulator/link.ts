import type { Prng } from '@sluice/core'
import { type EventQueue, Happening } from './event-queue.ts'
import { FairTurns, InTurn, SLICE_BYTES } from './turns.ts'

/** What passes links: it is told when its last byte left, and where it goes then is its own business. */
export abstract class Parcel extends Happening {
  readonly bytes: number
  /** Bytes of it that have not left yet. */
  left = 0
  /** When the first of them left. */
  beganUs = 0

  constructor (bytes: number) {
    super()
    this.bytes = bytes
  }

  /** What is on a connection that broke is not sent any more. */
  abstract get isVain (): boolean
  /** What it goes by: parcels of one connection leave one after the other. */
  abstract get flow (): object
  /** Its first byte left at `startUs`, its last one will at `endUs`. */
  abstract leaves (startUs: number, endUs: number): void
}

/** How far a service time may vary, in steps of a thousandth. */
const STEPS = 1_000
/** Rates wander in steps of a second. */
const DRIFT_STEP_US = 1_000_000

/**
 * One host's way out: parcels leave one after the other at its rate; or, as
 * TCP's connections share a line, those of all connections at once. What waits
 * in it is what the kernel and the shaper would hold.
 */
export class UpLink {
  /** Bytes per second, before drift. */
  rate: number
  readonly #events: EventQueue
  readonly #prng: Prng
  readonly #jitter: number
  readonly #drift: number
  readonly #turns: InTurn | FairTurns
  readonly #slice: number
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

  constructor (rate: number, events: EventQueue, prng: Prng, jitter: number, drift: number, fair = false) {
    this.rate = rate
    this.#turns = fair ? new FairTurns() : new InTurn()
    this.#slice = fair ? SLICE_BYTES : Number.POSITIVE_INFINITY
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
    return (this.#current == null ? 0 : Math.max(0, this.#endUs - nowUs)) + this.#turns.bytes / this.rate * 1e6
  }

  /** How long what waits of one connection will take, if no other comes or goes: all have the same share. */
  backlogOfUs (flow: object, nowUs: number): number {
    const own = this.#turns.bytesOf(flow)
    if (own === 0) return this.#current?.flow === flow ? Math.max(0, this.#endUs - nowUs) : 0
    return Math.min(this.backlogUs(nowUs), own * this.#turns.flows / this.rate * 1e6)
  }

  send (parcel: Parcel): void {
    parcel.left = parcel.bytes
    this.#turns.add(parcel)
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
    const parcel = this.#turns.next()
    if (parcel != null) this.#serve(parcel, nowUs)
  }

  #serve (parcel: Parcel, nowUs: number): void {
    const noise = this.#jitter === 0 ? 1 : 1 + this.#jitter * (this.#prng.below(2 * STEPS + 1) / STEPS - 1)
    const bytes = Math.min(this.#slice, parcel.left)
    const us = Math.max(1, Math.round(bytes / (this.rate * this.#wandered(nowUs)) * 1e6 * noise + this.#owedUs))
    this.#owedUs = 0
    this.#current = parcel
    this.#endUs = nowUs + us
    this.#busyUs += us
    if (parcel.left === parcel.bytes) parcel.beganUs = nowUs
    parcel.left -= bytes
    if (parcel.left === 0) parcel.leaves(parcel.beganUs, this.#endUs)
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
