import { chooseLane, MAX_INBOUND_LANES, type OpenLane } from '@sluice/core'
import { BIND_BYTES, bodyBytes } from '../framing.ts'
import { ACCEPTED, CLOSED, type Fleet, OFFERED, REFUSED } from './fleet.ts'
import { ANSWER, CONNECTED, KNOWN, OFFER } from './happenings.ts'
import type { News } from './news.ts'
import type { Requesters } from './requesters.ts'
import type { Senders } from './senders.ts'
import type { TimeWheel } from './time-wheel.ts'
import type { Wires } from './wires.ts'

/** As in ../network.ts: TCP, noise, yamux and hello. */
const DIAL_ROUND_TRIPS = 4

/** Connections and lanes: who offers one to whom, and what the other says, as in the core's job-swarm.ts and peer.ts. */
export class Lanes {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #wheel: TimeWheel
  readonly #senders: Senders
  readonly #requesters: Requesters
  readonly #news: News
  readonly #dialled: Uint8Array
  /** Of the offer that is under way, by half-edge of who made it. */
  readonly #offered: Float64Array
  readonly #answerBytes = bodyBytes({ type: 'laneAnswer', job: '', decision: 'decline-enough' })
  /** The base is offered a lane, or its own offer was answered. */
  onBaseOffered: (h: number, rate: number, knows: boolean) => void = () => {}
  onBaseAnswered: (h: number, state: number) => void = () => {}
  /** Who offered does not know the command. */
  onIgnorant: (h: number) => void = () => {}
  /** A connection is there, seen from both ends. */
  onLinked: (h: number) => void = () => {}

  constructor (fleet: Fleet, wires: Wires, wheel: TimeWheel, { senders, requesters, news }: { senders: Senders, requesters: Requesters, news: News }) {
    this.#fleet = fleet
    this.#wires = wires
    this.#wheel = wheel
    this.#senders = senders
    this.#requesters = requesters
    this.#news = news
    this.#dialled = new Uint8Array(fleet.graph.peer.length)
    this.#offered = new Float64Array(fleet.graph.peer.length)
  }

  /** A node has the job: it meets those in its view. Who has drawn it and was connected before is not offered a lane, as in the core. */
  meet (node: number): void {
    const { graph: { first, inView, dials }, linked } = this.#fleet
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (linked[h] === 1 && inView[h] === 1) this.offer(h)
      else if (dials[h] === 1) this.dial(h)
    }
  }

  dial (h: number): void {
    const { graph: { twin }, delayUs } = this.#fleet
    if (this.#dialled[h] === 1) return
    this.#dialled[h] = 1
    this.#dialled[twin[h]!] = 1
    this.#wheel.at(this.#wheel.nowUs + DIAL_ROUND_TRIPS * 2 * delayUs, CONNECTED, h)
  }

  connected (h: number): void {
    const { graph: { twin, owner }, linked, hasJob } = this.#fleet
    for (const end of [twin[h]!, h]) {
      linked[end] = 1
      if (hasJob[owner[end]!] === 0) continue
      this.onLinked(end)
      this.offer(end)
    }
  }

  /** → offered. Nobody is offered a lane twice, unless he did not know the job. */
  offer (h: number): void {
    const { outState, graph: { owner, peer }, hasCommand } = this.#fleet
    if (outState[h] !== CLOSED) return
    outState[h] = OFFERED
    const node = owner[h]!
    const rate = this.#senders.offerRate(node)
    if (peer[h] === 0) return this.onBaseOffered(h, rate, hasCommand[node] === 1)
    this.#offered[h] = rate
    // A job is named by its hash once, by a handle after that.
    this.#wires.controlUs(node, BIND_BYTES)
    this.#wires.control(node, bodyBytes({ type: 'laneOffer', job: '', rate, head: 2 }), OFFER, h, hasCommand[node])
  }

  /** An offer is at its receiver. @param rate - if it is the base's */
  offered (h: number, knows: boolean, rate = this.#offered[h]!): void {
    const { graph: { peer, twin }, hasJob, hasCommand } = this.#fleet
    const node = peer[h]!
    if (hasJob[node] === 0) return this.#answer(h, CLOSED)
    const mine = twin[h]!
    const choice = chooseLane(this.#others(node, mine), rate, MAX_INBOUND_LANES)
    if (choice.decision === 'decline') {
      this.#answer(h, REFUSED)
    } else {
      if (choice.decision === 'switch') this.#drop(this.#laneFrom(node, choice.from))
      this.#answer(h, ACCEPTED)
      this.#open(mine, rate)
      this.#fleet.stuck[node] = 0
      this.#requesters.plan(node)
    }
    this.offer(mine)
    if (hasCommand[node] === 1 && !knows) this.onIgnorant(mine)
  }

  answered (h: number, state: number): void {
    const { graph: { owner, twin }, outState } = this.#fleet
    outState[h] = state
    if (owner[h] === 0) return this.onBaseAnswered(h, state)
    // He is told what is here.
    if (state === ACCEPTED) this.#tell(owner[h]!, twin[h]!)
  }

  known (h: number): void {
    this.#news.meet(h)
  }

  #answer (h: number, state: number): void {
    this.#wires.control(this.#fleet.graph.peer[h]!, this.#answerBytes, ANSWER, h, state)
  }

  #open (mine: number, rate: number): void {
    const fleet = this.#fleet
    const node = fleet.graph.owner[mine]!
    const source = fleet.graph.peer[mine]!
    if (fleet.inOpen[mine] === 0) {
      fleet.inOpen[mine] = 1
      fleet.inboundCount[node]!++
      fleet.rate[mine] = rate
      fleet.progressUs[mine] = this.#wheel.nowUs
      fleet.gapMs[mine] = fleet.paceMs[mine] = fleet.arrived[mine] = fleet.quarantinedUs[mine] = 0
    }
    // He is a partner now, and must know what is held here.
    if (source === 0) this.#news.tellBase(node)
    else this.#tell(node, fleet.graph.twin[mine]!)
  }

  /** Everything announced so far, to the owner of a half-edge. */
  #tell (node: number, h: number): void {
    const { cut, delayUs } = this.#fleet
    if (this.#fleet.heldCount[node] === 0) this.#wheel.at(this.#wheel.nowUs + delayUs, KNOWN, h)
    else this.#wires.control(node, bodyBytes({ type: 'bitfield', job: '', seq: 1, bits: new Uint8Array(Math.ceil(cut.chunks / 8)) }), KNOWN, h)
  }

  #drop (mine: number): void {
    const fleet = this.#fleet
    fleet.inOpen[mine] = 0
    fleet.inboundCount[fleet.graph.owner[mine]!]!--
    this.#answer(fleet.graph.twin[mine]!, REFUSED)
  }

  #laneFrom (node: number, name: string): number {
    const { graph, names } = this.#fleet
    let h = graph.first[node]!
    while (names[graph.peer[h]!] !== name) h++
    return h
  }

  #others (node: number, but: number): OpenLane[] {
    const { graph: { first, peer }, inOpen, rate, names } = this.#fleet
    const lanes: OpenLane[] = []
    for (let h = first[node]!; h < first[node + 1]!; h++) if (inOpen[h] === 1 && h !== but) lanes.push({ peer: names[peer[h]!]!, rate: rate[h]! })
    return lanes
  }
}
