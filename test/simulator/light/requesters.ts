import { chooseSource, FIRST_PIECE_MS, LANE_AHEAD_MS, LATE_FACTOR, LEAST_EXPECTED_MS, MAX_FIRST_REQUESTS, MAX_QUEUED_REQUESTS, MIN_LANE_REQUESTS, MIN_REQUEST_BYTES, MIN_REQUESTS, PACE_PIECES, type Prng, rarestFirst, REQUEST_AHEAD_MS, type Standing, SWITCH_SAVING_MS } from '@sluice/core'
import { bodyBytes } from '../framing.ts'
import { NONE, type Fleet } from './fleet.ts'
import { CANCELLED, REQUESTED } from './happenings.ts'
import { NEVER_US, type Requests } from './requests.ts'
import { ChunkList, Shortlist } from './shortlist.ts'
import type { TimeWheel } from './time-wheel.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Wires } from './wires.ts'

/** As in the core's downlink.ts. */
const RATE_INTERVAL_US = 500_000
/** Room for a parcel's number beside a chunk's, and for whether its page is asked for. */
export const PARCEL_ROOM = 8
export const PAGE_FLAG = 4

/** A source, as the policy is asked about it. */
export interface Source extends Standing {
  lane: number
  requests: number
  rate: number
  quarantined: boolean
  origin: boolean
}

/** What nodes ask for, of whom: the core's requester.ts, by the core's policies. */
export class Requesters {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #wheel: TimeWheel
  readonly #requests: Requests
  readonly #acknowledgements: Acknowledgements
  readonly #prng: Prng
  readonly #sources = new Shortlist<Source>(() => ({ lane: NONE, requests: 0, rate: 0, quarantined: false, origin: false }))
  readonly #missing: ChunkList
  /** Arrival rates, in bytes per second, and what they are measured by. */
  readonly #rate: Float64Array
  readonly #best: Float64Array
  readonly #bytes: Float64Array
  readonly #sinceUs: Float64Array
  readonly #firstRequests: number
  readonly #requestBytes: number
  readonly #cancelBytes: number
  /** Whose rarities are looked up. */
  #row = 0
  readonly #rarity = (chunk: number): number => this.#fleet.rarity[this.#row + chunk]!
  /** The base is asked for a chunk, or told that it need not send it. */
  onBase: (h: number, chunk: number, parcel: number) => void = () => {}
  onBaseCancelled: (h: number, chunk: number) => void = () => {}

  constructor (fleet: Fleet, wires: Wires, wheel: TimeWheel, requests: Requests, acknowledgements: Acknowledgements, prng: Prng) {
    const { members, cut } = fleet
    this.#fleet = fleet
    this.#wires = wires
    this.#wheel = wheel
    this.#requests = requests
    this.#acknowledgements = acknowledgements
    this.#prng = prng
    this.#missing = new ChunkList(cut.chunks)
    this.#rate = new Float64Array(members)
    this.#best = new Float64Array(members)
    this.#bytes = new Float64Array(members)
    this.#sinceUs = new Float64Array(members)
    this.#firstRequests = Math.min(MAX_FIRST_REQUESTS, Math.max(MIN_REQUESTS, Math.floor(MIN_REQUEST_BYTES / cut.chunkBytes)))
    this.#requestBytes = bodyBytes({ type: 'request', job: '', seq: 1, chunk: cut.chunks >> 1, offset: 0, held: cut.chunks >> 1 })
    this.#cancelBytes = bodyBytes({ type: 'cancel', job: '', seq: 1, chunk: cut.chunks >> 1 })
  }

  arrived (node: number, bytes: number): void {
    this.#bytes[node]! += bytes
  }

  measure (node: number, nowUs: number): void {
    const elapsedUs = nowUs - this.#sinceUs[node]!
    if (elapsedUs < RATE_INTERVAL_US) return
    this.#rate[node] = (this.#rate[node]! + this.#bytes[node]! * 1e6 / elapsedUs) / 2
    this.#best[node] = Math.max(this.#best[node]!, this.#rate[node]!)
    this.#bytes[node] = 0
    this.#sinceUs[node] = nowUs
  }

  /** Ask for what is missing, as far as requests may be out. */
  plan (node: number): void {
    const { hasCommand, heldCount, cut, out, stuck } = this.#fleet
    if (hasCommand[node] === 0 || stuck[node] === 1 || heldCount[node] === cut.chunks) return
    const limit = this.#limit(node)
    while (out[node]! < limit) {
      const source = this.#choose(node, limit)
      if (source === NONE) {
        stuck[node] = 1
        return
      }
      this.ask(source, this.#rarest(node, source))
    }
  }

  ask (h: number, chunk: number): void {
    const { asked, rate, progressUs, cut, graph: { owner, peer, twin } } = this.#fleet
    const { nowUs } = this.#wheel
    const node = owner[h]!
    // A lane of which nothing was asked was not silent, it had nothing to say.
    if (asked[h] === 0) progressUs[h] = nowUs
    const expectedMs = rate[h]! > 0 ? Math.min(Math.max(LEAST_EXPECTED_MS, this.#usualMs(node)), (asked[h]! + 1) * cut.chunkBytes * 1000 / rate[h]!) : FIRST_PIECE_MS
    this.#requests.ask(h, chunk, nowUs, Math.min(NEVER_US, nowUs + (SWITCH_SAVING_MS + LATE_FACTOR * expectedMs) * 1000), false)
    const parcel = this.#fleet.resumePoint(node, chunk)
    if (peer[h] === 0) {
      this.onBase(h, chunk, parcel)
      return this.#acknowledgements.leave(h)
    }
    const page = this.#fleet.asksPage(node, chunk) ? PAGE_FLAG : 0
    this.#wires.say(h, this.#requestBytes, REQUESTED, twin[h]!, chunk * PARCEL_ROOM + parcel + page)
    this.#acknowledgements.leave(h)
  }

  cancel (h: number, chunk: number): void {
    const { graph: { peer, twin } } = this.#fleet
    if (peer[h] === 0) return this.onBaseCancelled(h, chunk)
    this.#wires.say(h, this.#cancelBytes, CANCELLED, twin[h]!, chunk)
  }

  /** The best source in good standing, and not the base, of those that may be asked for this very chunk. @param measured - only of those that have brought enough to be measured */
  chooseFor (node: number, chunk: number, than: number, measured: boolean): Source | undefined {
    const { graph: { first }, inOpen, arrived, quarantinedUs } = this.#fleet
    const limit = this.#limit(node)
    this.#sources.empty()
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (inOpen[h] === 1 && h !== than && (!measured || arrived[h] === PACE_PIECES) && this.#mayAsk(h, chunk) && quarantinedUs[h]! <= this.#wheel.nowUs) this.#consider(h, limit, false)
    }
    return chooseSource(this.#sources)
  }

  /** What arrives at a node, in bytes per second. */
  rateOf (node: number): number {
    return this.#rate[node]!
  }

  /** How long a request takes when as many are out as may be, at the best rate there was. */
  #usualMs (node: number): number {
    return this.#limit(node) * this.#fleet.cut.chunkBytes * 1000 / this.#best[node]!
  }

  /** Chunks that may be asked for and not arrived. */
  #limit (node: number): number {
    return Math.max(this.#firstRequests, Math.ceil(this.#rate[node]! * REQUEST_AHEAD_MS / 1000 / this.#fleet.cut.chunkBytes))
  }

  #choose (node: number, limit: number): number {
    const { graph: { first }, inOpen, exhausted } = this.#fleet
    this.#sources.empty()
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (inOpen[h] === 0 || exhausted[h] === 1) continue
      // The core chooses first and looks then; here most have nothing, and looking is the cheaper of the two.
      if (this.#hasMissing(node, h)) this.#consider(h, limit, true)
      else exhausted[h] = 1
    }
    return chooseSource(this.#sources)?.lane ?? NONE
  }

  /** It may be asked for one chunk more: add it to those that are chosen from. */
  #consider (h: number, limit: number, originToo: boolean): void {
    const { asked, rate, quarantinedUs, inboundCount, cut, graph: { owner, peer } } = this.#fleet
    const origin = peer[h] === 0
    if (origin && !originToo) return
    const most = Math.max(MIN_LANE_REQUESTS, Math.ceil(limit / inboundCount[owner[h]!]!), Math.ceil(rate[h]! * LANE_AHEAD_MS / 1000 / cut.chunkBytes))
    if (asked[h]! >= Math.min(most, MAX_QUEUED_REQUESTS)) return
    const source = this.#sources.add()
    source.lane = h
    source.requests = asked[h]!
    source.rate = rate[h]!
    source.quarantined = quarantinedUs[h]! > this.#wheel.nowUs
    source.origin = origin
  }

  /** Of what it announced, and is neither here nor asked for; what was begun here is asked only of those that hold it whole. */
  #rarest (node: number, h: number): number {
    const { words, announced, whole, taken, begun, cut, graph: { peer } } = this.#fleet
    const mine = node * words
    const theirs = peer[h]! * words
    this.#missing.empty()
    for (let w = 0; w < words; w++) {
      const bits = announced[theirs + w]! & ~taken[mine + w]! & (whole[theirs + w]! | ~begun[mine + w]!)
      if (bits !== 0) this.#missing.addBits(w, bits)
    }
    this.#row = node * cut.chunks
    return rarestFirst(this.#missing, this.#rarity, this.#prng) as number
  }

  #hasMissing (node: number, h: number): boolean {
    const { words, known, announced, whole, taken, begun, graph: { peer } } = this.#fleet
    if (known[h] === 0) return false
    const mine = node * words
    const theirs = peer[h]! * words
    for (let w = 0; w < words; w++) if ((announced[theirs + w]! & ~taken[mine + w]! & (whole[theirs + w]! | ~begun[mine + w]!)) !== 0) return true
    return false
  }

  #mayAsk (h: number, chunk: number): boolean {
    const fleet = this.#fleet
    const { graph: { owner, peer }, known } = fleet
    if (known[h] === 0) return false
    return fleet.has(fleet.whole, peer[h]!, chunk) || (fleet.has(fleet.announced, peer[h]!, chunk) && !fleet.has(fleet.begun, owner[h]!, chunk))
  }
}
