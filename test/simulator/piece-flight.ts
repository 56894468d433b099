import type { Connection } from './connection.ts'
import { acknowledgedBytes, PIECE_HEADER_BYTES } from './framing.ts'
import type { Host } from './host.ts'
import { Parcel } from './link.ts'
import { PIECE_BYTES } from './plan.ts'
import type { World } from './world.ts'

/** Hashing, writing and the event loop's own time, per piece: 64 KiB at the 1.4 GB/s of SHA-256, and as much again for the rest. */
const HANDLING_US = 100

/** A piece from the moment it is sent until its receiver has looked at it. */
export class PieceFlight extends Parcel {
  readonly connection: Connection
  readonly from: Host
  readonly to: Host
  readonly job: string
  readonly seq: number
  readonly piece: number
  /** The page that goes ahead of it; -1: none. */
  readonly page: number
  readonly genuine: boolean
  /** How often it has begun to wait for its page. */
  waits = 0
  /** It goes on unasked, along the tree of the first holder of this rank. */
  readonly first: number | undefined
  readonly #world: World
  readonly #land: (flight: PieceFlight) => void

  constructor (world: World, connection: Connection, from: Host, job: string, seq: number, piece: number, page: number, pageBytes: number, first: number | undefined, land: (flight: PieceFlight) => void) {
    super(PIECE_BYTES + PIECE_HEADER_BYTES + pageBytes)
    this.connection = connection
    this.from = from
    this.to = connection.other(from)
    this.job = job
    this.seq = seq
    this.piece = piece
    this.page = page
    this.genuine = !from.corrupt
    this.first = first
    this.#world = world
    this.#land = land
  }

  override get isVain (): boolean {
    return !this.connection.alive
  }

  override get flow (): object {
    return this.connection.from(this.from)
  }

  override leaves (startUs: number, endUs: number): void {
    const { delayUs } = this.connection
    const lateUs = this.#world.plan.links.tcp === true ? this.connection.from(this.from).slowStart.lateUs(this.bytes, startUs, endUs, 2 * delayUs) : 0
    this.#world.events.schedule(this.to.down.pass(this.bytes, startUs + delayUs, endUs + lateUs + delayUs) + HANDLING_US, this)
  }

  /** What TCP says of it on the way back takes a little of both lines. */
  #acknowledge (): void {
    const bytes = acknowledgedBytes(this.bytes)
    this.to.up.squeeze(bytes)
    const inUs = this.#world.nowUs + this.connection.delayUs
    this.from.down.pass(bytes, inUs, inUs)
  }

  override run (): void {
    if (!this.connection.alive) return
    if (this.#world.plan.links.tcp === true) this.#acknowledge()
    this.#land(this)
  }
}
