import { companyMs, LARGE_CHUNK_PIECES } from '@sluice/core'
import { bodyBytes } from '../framing.ts'
import type { Fleet } from './fleet.ts'
import { ACKNOWLEDGE, ACKNOWLEDGED } from './happenings.ts'
import type { TimeWheel } from './time-wheel.ts'
import type { Wires } from './wires.ts'

/** Acknowledgements that wait for company, as in ../company.ts: they go along with whatever else is said to the same peer. */
export class Acknowledgements {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #wheel: TimeWheel
  /** Pieces, by half-edge of who acknowledges; and when they leave at the latest. */
  readonly #pieces: Int32Array
  readonly #dueUs: Float64Array
  readonly #bytes: number
  readonly #waitUs: number
  /** Pieces of the base are acknowledged. */
  onBase: (node: number, pieces: number) => void = () => {}

  constructor (fleet: Fleet, wires: Wires, wheel: TimeWheel) {
    const message = { type: 'acknowledge', pieces: 1, large: fleet.cut.chunkPieces >= LARGE_CHUNK_PIECES } as const
    this.#fleet = fleet
    this.#wires = wires
    this.#wheel = wheel
    this.#pieces = new Int32Array(fleet.graph.peer.length)
    this.#dueUs = new Float64Array(fleet.graph.peer.length)
    this.#bytes = bodyBytes(message)
    this.#waitUs = companyMs(message) * 1000
  }

  add (h: number, pieces: number): void {
    this.#pieces[h]! += pieces
    if (this.#pieces[h]! > pieces) return
    this.#dueUs[h] = this.#wheel.nowUs + this.#waitUs
    this.#wheel.at(this.#dueUs[h]!, ACKNOWLEDGE, h)
  }

  /** The time of some is over, unless they have left with company. */
  due (h: number): void {
    if (this.#wheel.nowUs >= this.#dueUs[h]!) this.leave(h)
  }

  /** Something is said to the same peer now. */
  leave (h: number): void {
    const pieces = this.#pieces[h]!
    if (pieces === 0) return
    this.#pieces[h] = 0
    const { owner, peer, twin } = this.#fleet.graph
    if (peer[h] === 0) this.onBase(owner[h]!, pieces)
    else this.#wires.say(h, this.#bytes, ACKNOWLEDGED, twin[h]!, pieces)
  }
}
