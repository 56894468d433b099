import { ACKNOWLEDGE_COMPANY_MS, catchUp, INITIAL_WINDOW_PIECES, LARGE_CHUNK_PIECES, LARGE_WINDOW_MS, MAX_QUEUED_REQUESTS, PIECE_BYTES, WINDOW_MS, windowPieces } from '@sluice/core'
import { framedBytes, pageBytes } from '../framing.ts'
import { ACCEPTED, NONE, PAGE_PIECES, type Fleet } from './fleet.ts'
import { grown } from './time-wheel.ts'
import type { Wires } from './wires.ts'

/** As in the core's uplink.ts. */
const RATE_INTERVAL_US = 500_000

/** The nodes' uplinks as the core has them: a window of pieces in flight, the lane with the fewest of them next. */
export class Senders {
  readonly #fleet: Fleet
  readonly #wires: Wires
  // By node.
  readonly #window: Int32Array
  readonly #inFlight: Int32Array
  readonly #acknowledged: Int32Array
  readonly #rate: Float64Array
  readonly #busy: Uint8Array
  readonly #sinceUs: Int32Array
  readonly #waiting: Int32Array
  // By half-edge.
  readonly #laneInFlight: Int32Array
  readonly #queued: Uint8Array
  readonly #head: Int32Array
  /** How many times its usual part of the uplink a receiver has. */
  readonly #catchUp: Float64Array
  /** The page that goes with the next parcel; NONE: it asked for none. */
  readonly #wantedPage: Int32Array
  /** When each lane was served last, as a count: among equals that one goes last. */
  readonly #servedAt: Uint32Array
  #turns = 0
  // Chunks, or the rest of them, that wait in a lane.
  #chunk = new Int32Array(0)
  #parcel = new Int32Array(0)
  #next = new Int32Array(0)
  #free = NONE

  constructor (fleet: Fleet, wires: Wires) {
    const { members, graph: { peer: { length: edges } } } = fleet
    this.#fleet = fleet
    this.#wires = wires
    this.#window = new Int32Array(members).fill(INITIAL_WINDOW_PIECES)
    this.#inFlight = new Int32Array(members)
    this.#acknowledged = new Int32Array(members)
    this.#rate = new Float64Array(members)
    this.#busy = new Uint8Array(members)
    this.#sinceUs = new Int32Array(members)
    this.#waiting = new Int32Array(members)
    this.#laneInFlight = new Int32Array(edges)
    this.#queued = new Uint8Array(edges)
    this.#head = new Int32Array(edges).fill(NONE)
    this.#catchUp = new Float64Array(edges).fill(1)
    this.#wantedPage = new Int32Array(edges).fill(NONE)
    this.#servedAt = new Uint32Array(edges)
  }

  /** The rate a lane opened now can be given. */
  offerRate (node: number): number {
    const { graph: { first }, outState } = this.#fleet
    let lanes = 1
    for (let h = first[node]!; h < first[node + 1]!; h++) if (outState[h] === ACCEPTED) lanes++
    return Math.round(this.#rate[node]! / lanes)
  }

  /** A receiver asks for a chunk from a parcel on. */
  requested (h: number, chunk: number, parcel: number, wantsPage: boolean): void {
    const { graph: { owner }, outState, begun, has, cut } = this.#fleet
    const node = owner[h]!
    if (outState[h] !== ACCEPTED || !has.call(this.#fleet, begun, node, chunk)) return
    if (wantsPage) this.#wantedPage[h] = cut.pageOf(chunk)
    this.cancelled(h, chunk)
    if (this.#queued[h]! < MAX_QUEUED_REQUESTS) this.#enqueue(h, chunk, parcel)
    this.serve(node)
  }

  cancelled (h: number, chunk: number): void {
    let before = NONE
    for (let item = this.#head[h]!; item !== NONE; item = this.#next[item]!) {
      if (this.#chunk[item] === chunk) return this.#remove(h, item, before)
      before = item
    }
  }

  acknowledged (h: number, pieces: number): void {
    const node = this.#fleet.graph.owner[h]!
    this.#laneInFlight[h]! -= pieces
    this.#inFlight[node]! -= pieces
    this.#acknowledged[node]! += pieces
    this.serve(node)
  }

  /** What the uplink was seen to do, in bytes per second. */
  rateOf (node: number): number {
    return this.#rate[node]!
  }

  /** Whether the window has room for more than was asked for. */
  hasRoom (node: number): boolean {
    return this.#inFlight[node]! < this.#window[node]!
  }

  /** Send what the window has room for. */
  serve (node: number): void {
    while (this.#waiting[node]! > 0 && this.#inFlight[node]! < this.#window[node]!) {
      const h = this.#nextLane(node)
      if (h === NONE) return
      this.#sendNext(node, h)
    }
  }

  /** See which receivers are behind the others. The core goes by what they told of, which is a quarter of a second older. */
  #compareReceivers (node: number, nowUs: number): void {
    const { graph: { first, peer }, outState, heldCount, startUs } = this.#fleet
    let held = 0
    let receivers = 0
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (outState[h] !== ACCEPTED) continue
      held += heldCount[peer[h]!]!
      receivers++
    }
    for (let h = first[node]!; h < first[node + 1]!; h++) if (outState[h] === ACCEPTED) this.#catchUp[h] = catchUp(heldCount[peer[h]!]!, held / receivers, (nowUs - startUs) / 1000)
  }

  /** Measure, as the core's uplink does. */
  tick (node: number, nowUs: number): void {
    this.#compareReceivers(node, nowUs)
    if (this.#sinceUs[node] === 0) this.#sinceUs[node] = nowUs
    const elapsedUs = nowUs - this.#sinceUs[node]!
    if (elapsedUs < RATE_INTERVAL_US) return
    if (this.#acknowledged[node]! === 0 && this.#inFlight[node]! > 0) return
    const rate = this.#acknowledged[node]! * PIECE_BYTES * 1e6 / elapsedUs
    const old = this.#rate[node]!
    if (this.#busy[node] === 1) {
      this.#rate[node] = old === 0 ? rate : (old + rate) / 2
      // What the core measures: the way there and back, and what an acknowledgement waits for company.
      this.#window[node] = windowPieces(this.#rate[node]!, 2 * this.#fleet.delayUs / 1000 + ACKNOWLEDGE_COMPANY_MS, this.#fleet.cut.chunkPieces >= LARGE_CHUNK_PIECES ? LARGE_WINDOW_MS - WINDOW_MS : 0)
    } else {
      this.#rate[node] = Math.max(old, rate)
    }
    this.#acknowledged[node] = 0
    this.#busy[node] = this.#inFlight[node]! >= this.#window[node]! ? 1 : 0
    this.#sinceUs[node] = nowUs
  }

  /** The lane with the fewest pieces in flight for its receiver's weight, of those whose next parcel is here. */
  #nextLane (node: number): number {
    const { graph: { first, peer }, weight } = this.#fleet
    let best = NONE
    let least = Number.POSITIVE_INFINITY
    let longest = 0
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (this.#head[h] === NONE) continue
      const load = (this.#laneInFlight[h]! + 1) / (weight[peer[h]!]! * this.#catchUp[h]!)
      if (load > least || (load === least && this.#servedAt[h]! >= longest)) continue
      if (this.#rarestHeld(node, h) === NONE) continue
      best = h
      least = load
      longest = this.#servedAt[h]!
    }
    return best
  }

  /** Of what is here the chunk that the fewest have announced, as policies/lane-order.ts has it; what is still on its way here itself waits. */
  #rarestHeld (node: number, h: number): number {
    const { parcels, rarity, cut } = this.#fleet
    let best = NONE
    let fewest = Number.POSITIVE_INFINITY
    for (let item = this.#head[h]!; item !== NONE; item = this.#next[item]!) {
      const at = node * cut.chunks + this.#chunk[item]!
      if ((parcels[at]! & (1 << this.#parcel[item]!)) === 0 || rarity[at]! >= fewest) continue
      best = item
      fewest = rarity[at]!
    }
    return best
  }

  #sendNext (node: number, h: number): void {
    const { cut } = this.#fleet
    const item = this.#rarestHeld(node, h)
    const chunk = this.#chunk[item]!
    const parcel = this.#parcel[item]!++
    if (this.#parcel[item]! >= cut.parcelsOf(chunk)) this.#removeItem(h, item)
    const pieces = cut.parcel(chunk, parcel)
    this.#laneInFlight[h]! += pieces
    this.#inFlight[node]! += pieces
    if (this.#inFlight[node]! >= this.#window[node]!) this.#busy[node] = 1
    this.#servedAt[h] = ++this.#turns
    const page = this.#wantedPage[h]!
    this.#wantedPage[h] = NONE
    this.#wires.send(h, chunk, parcel, pieces, page, page === NONE ? 0 : pageExtra(this.#fleet, page))
  }

  #enqueue (h: number, chunk: number, parcel: number): void {
    if (this.#free === NONE) this.#grow()
    const item = this.#free
    this.#free = this.#next[item]!
    this.#chunk[item] = chunk
    this.#parcel[item] = parcel
    this.#next[item] = NONE
    let last = this.#head[h]!
    if (last === NONE) this.#head[h] = item
    else {
      while (this.#next[last] !== NONE) last = this.#next[last]!
      this.#next[last] = item
    }
    if (this.#servedAt[h] === 0) this.#servedAt[h] = ++this.#turns
    this.#queued[h]!++
    this.#waiting[this.#fleet.graph.owner[h]!]!++
  }

  #removeItem (h: number, item: number): void {
    let before = NONE
    for (let at = this.#head[h]!; at !== item; at = this.#next[at]!) before = at
    this.#remove(h, item, before)
  }

  #remove (h: number, item: number, before: number): void {
    if (before === NONE) this.#head[h] = this.#next[item]!
    else this.#next[before] = this.#next[item]!
    this.#next[item] = this.#free
    this.#free = item
    this.#queued[h]!--
    this.#waiting[this.#fleet.graph.owner[h]!]!--
  }

  #grow (): void {
    const old = this.#chunk.length
    const size = Math.max(1_024, old * 2)
    this.#chunk = grown(this.#chunk, new Int32Array(size))
    this.#parcel = grown(this.#parcel, new Int32Array(size))
    this.#next = grown(this.#next, new Int32Array(size))
    for (let item = old; item < size; item++) {
      this.#next[item] = this.#free
      this.#free = item
    }
  }
}

/** Bytes of a page ahead of a piece. */
export function pageExtra ({ cut }: Fleet, page: number): number {
  return framedBytes(pageBytes(Math.min(PAGE_PIECES, cut.pieces - page * PAGE_PIECES)))
}
