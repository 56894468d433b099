import { EARLY_SWITCHES_SHARE, GAP_DECAY, FIRST_PIECE_MS, PACE_PIECES, PACE_WEIGHT, PIECE_BYTES, QUARANTINE_MS, REQUEST_LOST_GAPS, REQUEST_LOST_MS, STALL_GAPS, STALL_MS, worthSwitching } from '@sluice/core'
import { NONE, type Fleet } from './fleet.ts'
import type { News } from './news.ts'
import type { Requesters } from './requesters.ts'
import { NEVER_US, type Requests } from './requests.ts'
import type { TimeWheel } from './time-wheel.ts'

/** What arrives at nodes, and what does not arrive in time. */
export class Receivers {
  readonly #fleet: Fleet
  readonly #wheel: TimeWheel
  readonly #requests: Requests
  readonly #requesters: Requesters
  readonly #news: News
  /** Bytes that come before the last one waited for, by half-edge; only while a node is looked at. */
  readonly #ahead: Float64Array
  /** Requests that went to another source before they were late, by node. */
  readonly #earlySwitches: Int32Array

  constructor (fleet: Fleet, wheel: TimeWheel, requests: Requests, requesters: Requesters, news: News) {
    this.#fleet = fleet
    this.#wheel = wheel
    this.#requests = requests
    this.#requesters = requesters
    this.#news = news
    this.#ahead = new Float64Array(fleet.graph.peer.length)
    this.#earlySwitches = new Int32Array(fleet.members)
  }

  /** A parcel of so many pieces, on a lane from its peer. @param last - whether a part of a parcel makes it whole */
  landed (h: number, chunk: number, parcel: number, pieces: number, page: number, last: boolean): void {
    const fleet = this.#fleet
    const { cut, graph: { owner, peer } } = fleet
    const { nowUs } = this.#wheel
    const node = owner[h]!
    if (page !== NONE) fleet.pageTaken[node * cut.pages + page] = 1
    if (fleet.inOpen[h] === 1) this.#paced(h, pieces)
    this.#requesters.arrived(node, pieces * PIECE_BYTES)
    const row = node * cut.chunks + chunk
    const bit = 1 << parcel
    if ((fleet.parcels[row]! & bit) !== 0) {
      fleet.duplicatePieces += pieces
      return
    }
    const request = this.#requests.of(node, chunk)
    if (request !== NONE) this.#requests.progressUs[request] = nowUs
    else if (peer[h] === 0) this.#requests.ask(h, chunk, nowUs, NEVER_US, true)
    if (!last) return
    fleet.parcels[row]! |= bit
    if (parcel === 0) {
      fleet.set(fleet.begun, node, chunk)
      this.#news.begun(node, chunk)
    }
    if (fleet.parcels[row] === (1 << cut.parcelsOf(chunk)) - 1) this.#whole(node, chunk, h)
  }

  #whole (node: number, chunk: number, h: number): void {
    const fleet = this.#fleet
    const request = this.#requests.of(node, chunk)
    fleet.set(fleet.held, node, chunk)
    if (request !== NONE) {
      // It came from one source and was asked of another: that one can stop.
      if (this.#requests.pushed[request] === 0 && this.#requests.lane[request] !== h) this.#requesters.cancel(this.#requests.lane[request]!, chunk)
      this.#requests.settle(request)
    }
    fleet.set(fleet.taken, node, chunk)
    this.#news.held(node, chunk)
    if (++fleet.heldCount[node]! < fleet.cut.chunks) return
    fleet.finishedUs[node] = this.#wheel.nowUs
    fleet.finished++
  }

  /** A pause in which a piece was waited for. */
  #paced (h: number, pieces: number): void {
    const { gapMs, paceMs, arrived, rate, progressUs } = this.#fleet
    const pauseMs = (this.#wheel.nowUs - progressUs[h]!) / 1000 / pieces
    gapMs[h] = Math.max(1, pauseMs, gapMs[h]! * GAP_DECAY)
    paceMs[h] = paceMs[h] === 0 ? Math.max(1, pauseMs) : paceMs[h]! + (pauseMs - paceMs[h]!) * PACE_WEIGHT
    arrived[h] = Math.min(PACE_PIECES, arrived[h]! + pieces)
    if (arrived[h] === PACE_PIECES) rate[h] = PIECE_BYTES * 1000 / Math.max(0.1, paceMs[h]!)
    progressUs[h] = this.#wheel.nowUs
  }

  /** Timers: take requests away from sources that bring nothing, and chunks from those that others beat. */
  tick (node: number): void {
    this.#reclaim(node)
    if (this.#fleet.hasCommand[node] === 1) this.#switch(node)
  }

  #reclaim (node: number): void {
    const { quarantinedUs } = this.#fleet
    for (let request = this.#requests.first(node), next = NONE; request !== NONE; request = next) {
      next = this.#requests.next(request)
      if (!this.#isSilent(request)) continue
      const h = this.#requests.lane[request]!
      quarantinedUs[h] = this.#wheel.nowUs + QUARANTINE_MS * 1000
      if (this.#requests.pushed[request] === 0) this.#requesters.cancel(h, this.#requests.chunk[request]!)
      this.#release(node, request)
    }
  }

  #isSilent (request: number): boolean {
    const { gapMs, progressUs, cut } = this.#fleet
    const { nowUs } = this.#wheel
    const h = this.#requests.lane[request]!
    const mine = this.#requests.progressUs[request]!
    const patienceMs = gapMs[h] === 0 ? FIRST_PIECE_MS : Math.max(STALL_MS, STALL_GAPS * gapMs[h]!)
    if (nowUs - Math.max(mine, progressUs[h]!) >= patienceMs * 1000) return true
    return this.#requests.pushed[request] === 0 && nowUs - mine >= Math.max(REQUEST_LOST_MS, REQUEST_LOST_GAPS * gapMs[h]! * cut.chunkPieces) * 1000
  }

  /** Whatever a lane will bring late is taken over by one that brings it clearly sooner; in the end what is not late, too, as the core's requester.ts has it. */
  #switch (node: number): void {
    const { nowUs } = this.#wheel
    const { graph: { first }, cut, inOpen, arrived } = this.#fleet
    this.#ahead.fill(0, first[node]!, first[node + 1]!)
    for (let request = this.#requests.first(node), next = NONE; request !== NONE; request = next) {
      next = this.#requests.next(request)
      const h = this.#requests.lane[request]!
      const chunk = this.#requests.chunk[request]!
      const left = this.#leftBytes(node, chunk)
      const bytes = this.#ahead[h]! + left
      this.#ahead[h] = bytes
      // What was asked for just now is at the end of the list, and not late.
      const early = nowUs < this.#requests.dueUs[request]!
      if (this.#requests.pushed[request] === 1 || inOpen[h] === 0 || (early && !(this.#mayRebalance(node) && arrived[h] === PACE_PIECES))) continue
      const best = this.#requesters.chooseFor(node, chunk, h, early)
      if (best == null) continue
      const other = { bytes: best.requests * cut.chunkBytes + left, rate: best.requests === 0 ? best.rate : this.#rateNow(best.lane) }
      const { lane } = best
      if (!worthSwitching({ bytes, rate: this.#rateNow(h) }, other)) continue
      if (early) this.#earlySwitches[node]!++
      this.#requesters.cancel(h, chunk)
      this.#release(node, request)
      this.#requesters.ask(lane, chunk)
      this.#ahead[h] = bytes - left
    }
  }

  /** As the core's swarm-media.ts has it. */
  #mayRebalance (node: number): boolean {
    const { cut: { chunks }, heldCount, out } = this.#fleet
    return heldCount[node]! + out[node]! >= chunks && this.#earlySwitches[node]! < Math.floor(chunks * EARLY_SWITCHES_SHARE)
  }

  #leftBytes (node: number, chunk: number): number {
    const { cut } = this.#fleet
    return (cut.piecesOf(chunk) - this.#fleet.resumePoint(node, chunk) * cut.parcelPieces) * PIECE_BYTES
  }

  /** What a lane brings now: its measured rate, unless it pauses for longer than it ever did lately. */
  #rateNow (h: number): number {
    const { rate, gapMs, progressUs } = this.#fleet
    const silentMs = (this.#wheel.nowUs - progressUs[h]!) / 1000
    return gapMs[h]! > 0 && silentMs > gapMs[h]! ? Math.min(rate[h]!, PIECE_BYTES * 1000 / silentMs) : rate[h]!
  }

  #release (node: number, request: number): void {
    const chunk = this.#requests.chunk[request]!
    this.#requests.forget(request)
    if (this.#fleet.resumePoint(node, chunk) > 0) this.#fleet.switches[node]!++
  }
}
