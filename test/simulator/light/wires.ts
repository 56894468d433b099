import { PIECE_BYTES, type Prng } from '@sluice/core'
import { frameBytes, framedBytes, PIECE_HEADER_BYTES, prefixedBytes } from '../framing.ts'
import { ARRIVE, SERVED } from './happenings.ts'
import { NONE, type Fleet } from './fleet.ts'
import { grown, type TimeWheel } from './time-wheel.ts'

/** As in ../network.ts and ../piece-flight.ts. */
const CONTROL_BACKLOG_US = 20_000
const HANDLING_US = 100
/** Jitter is drawn in steps of a thousandth, as in ../link.ts. */
const STEPS = 1_000

/**
 * All uplinks and downlinks, by the same rules as ../link.ts: parcels leave one
 * after the other, pass the receiver's downlink while they arrive, and control
 * takes its time of the uplink without waiting long.
 */
export class Wires {
  readonly #fleet: Fleet
  readonly #wheel: TimeWheel
  readonly #prng: Prng
  readonly #jitter: number
  /** Bytes per second. */
  readonly #up: Float64Array
  readonly #down: Float64Array
  readonly #freeUs: Float64Array
  readonly #endUs: Float64Array
  readonly #owedUs: Float64Array
  readonly #queuedBytes: Float64Array
  readonly #busyUs: Float64Array
  readonly #heardUs: Float64Array
  /** By half-edge: the frame that its owner began last for its peer, what is in it, and whether it goes behind parcels that have not left. */
  readonly #frameUs: Float64Array
  readonly #frameBytes: Float64Array
  readonly #frameBehind: Uint8Array
  /** When the last byte of its parcels leaves, as far as is known. */
  readonly #bulkOutUs: Float64Array
  readonly #head: Int32Array
  readonly #tail: Int32Array
  // Parcels under way, from the moment they are sent until they arrive.
  edge = new Int32Array(0)
  chunk = new Int32Array(0)
  parcel = new Int32Array(0)
  pieces = new Int32Array(0)
  /** The page that goes ahead; -1: none. */
  page = new Int32Array(0)
  #extra = new Int32Array(0)
  #next = new Int32Array(0)
  #free = NONE
  controlBytes = 0
  sourcePieces = 0

  constructor (fleet: Fleet, wheel: TimeWheel, prng: Prng) {
    const { members, plan } = fleet
    this.#fleet = fleet
    this.#wheel = wheel
    this.#prng = prng
    this.#jitter = plan.links.jitter
    this.#up = Float64Array.from(plan.hosts, ({ up }) => up)
    this.#down = Float64Array.from(plan.hosts, ({ down }) => down)
    this.#freeUs = new Float64Array(members)
    this.#endUs = new Float64Array(members)
    this.#owedUs = new Float64Array(members)
    this.#queuedBytes = new Float64Array(members)
    this.#busyUs = new Float64Array(members)
    this.#heardUs = new Float64Array(members)
    this.#frameUs = new Float64Array(fleet.graph.peer.length)
    this.#frameBytes = new Float64Array(fleet.graph.peer.length)
    this.#frameBehind = new Uint8Array(fleet.graph.peer.length)
    this.#bulkOutUs = new Float64Array(fleet.graph.peer.length)
    this.#head = new Int32Array(members).fill(NONE)
    this.#tail = new Int32Array(members).fill(NONE)
  }

  /** Microseconds that all uplinks together were busy. */
  busyUs (): number {
    let sum = 0
    for (let i = 0; i < this.#busyUs.length; i++) sum += this.#busyUs[i]! - Math.max(0, this.#endUs[i]! - this.#wheel.nowUs)
    return sum
  }

  /** @param extra - bytes of the page ahead of it */
  send (h: number, chunk: number, parcel: number, pieces: number, page: number, extra: number): void {
    if (this.#free === NONE) this.#grow()
    const flight = this.#free
    this.#free = this.#next[flight]!
    this.edge[flight] = h
    this.chunk[flight] = chunk
    this.parcel[flight] = parcel
    this.pieces[flight] = pieces
    this.page[flight] = page
    this.#extra[flight] = extra
    this.#next[flight] = NONE
    this.controlBytes += extra
    const from = this.#fleet.graph.owner[h]!
    if (from === 0) this.sourcePieces += pieces
    this.#queuedBytes[from]! += this.#bytes(flight)
    if (this.#head[from] === NONE) this.#head[from] = flight
    else this.#next[this.#tail[from]!] = flight
    this.#tail[from] = flight
    // The head is the one being sent: it stays there until its last byte left.
    if (this.#head[from] === flight) this.#serve(from, flight, Math.max(this.#wheel.nowUs, this.#endUs[from]!))
    this.#bulkOutUs[h] = this.#wheel.nowUs + this.#backlogUs(from)
  }

  /** The last byte of a parcel left: the next one's turn. */
  served (from: number): void {
    const next = this.#next[this.#head[from]!]!
    this.#head[from] = next
    // Not by the wheel's rounded time, so that roundings do not add up.
    if (next !== NONE) this.#serve(from, next, this.#endUs[from]!)
  }

  /** A parcel is here: forget it. */
  landed (flight: number): void {
    this.#next[flight] = this.#free
    this.#free = flight
  }

  /**
   * A control message, without its framing.
   *
   * @param lateUs - how much later the other end acts on it
   */
  control (from: number, body: number, kind: number, a: number, b = 0, lateUs = 0): void {
    const atUs = this.#wheel.nowUs + this.controlUs(from, framedBytes(body))
    if (lateUs > 0) return this.#wheel.at(atUs + lateUs, kind, a, b)
    this.#heard(from, atUs, kind, a, b)
  }

  /** The same, of a half-edge's owner to its peer: what is said in one turn goes in one frame. */
  say (h: number, body: number, kind: number, a: number, b: number): void {
    const from = this.#fleet.graph.owner[h]!
    this.#heard(from, this.#wheel.nowUs + this.controlUs(from, this.framed(h, body)), kind, a, b)
  }

  /** @returns bytes on the wire that such a message adds to what is said in this turn */
  framed (h: number, body: number): number {
    const { nowUs } = this.#wheel
    const before = this.#frameUs[h] === nowUs ? this.#frameBytes[h]! : 0
    if (before === 0) this.#frameBehind[h] = this.#bulkOutUs[h]! > nowUs ? 1 : 0
    const leaving = this.#frameBehind[h] === 1 ? 'behind' : 'alone'
    this.#frameUs[h] = nowUs
    this.#frameBytes[h] = before + prefixedBytes(body)
    return frameBytes(this.#frameBytes[h]!, leaving) - frameBytes(before, leaving)
  }

  #heard (from: number, atUs: number, kind: number, a: number, b: number): void {
    // What was said first is heard first, whatever its length: a request must not overtake the answer that opens its lane.
    this.#heardUs[from] = Math.max(this.#heardUs[from]!, atUs)
    this.#wheel.at(this.#heardUs[from]!, kind, a, b)
  }

  /** @returns microseconds until so many bytes of control, framing included, are at the other end */
  controlUs (from: number, framed: number): number {
    this.controlBytes += framed
    const us = framed / this.#up[from]! * 1e6
    this.#owedUs[from]! += us
    return Math.min(CONTROL_BACKLOG_US, this.#backlogUs(from)) + us + this.#fleet.delayUs
  }

  #backlogUs (from: number): number {
    return Math.max(0, this.#endUs[from]! - this.#wheel.nowUs) + this.#queuedBytes[from]! / this.#up[from]! * 1e6
  }

  #bytes (flight: number): number {
    return this.pieces[flight]! * (PIECE_BYTES + PIECE_HEADER_BYTES) + this.#extra[flight]!
  }

  #serve (from: number, flight: number, startUs: number): void {
    const bytes = this.#bytes(flight)
    this.#queuedBytes[from]! -= bytes
    const noise = this.#jitter === 0 ? 1 : 1 + this.#jitter * (this.#prng.below(2 * STEPS + 1) / STEPS - 1)
    const us = bytes / this.#up[from]! * 1e6 * noise + this.#owedUs[from]!
    this.#owedUs[from] = 0
    const endUs = this.#endUs[from] = startUs + us
    this.#busyUs[from]! += us
    const to = this.#fleet.graph.peer[this.edge[flight]!]!
    const { delayUs } = this.#fleet
    this.#freeUs[to] = Math.max(this.#freeUs[to]!, startUs + delayUs) + bytes / this.#down[to]! * 1e6
    this.#wheel.at(endUs, SERVED, from)
    this.#wheel.at(Math.max(this.#freeUs[to]!, endUs + delayUs) + HANDLING_US * this.pieces[flight]!, ARRIVE, flight)
  }

  #grow (): void {
    const old = this.edge.length
    const size = Math.max(1_024, old * 2)
    this.edge = grown(this.edge, new Int32Array(size))
    this.chunk = grown(this.chunk, new Int32Array(size))
    this.parcel = grown(this.parcel, new Int32Array(size))
    this.pieces = grown(this.pieces, new Int32Array(size))
    this.page = grown(this.page, new Int32Array(size))
    this.#extra = grown(this.#extra, new Int32Array(size))
    this.#next = grown(this.#next, new Int32Array(size))
    for (let flight = size - 1; flight >= old; flight--) this.landed(flight)
  }
}
