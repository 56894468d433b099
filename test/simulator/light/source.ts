import { type Effect, type Input, type Message, Peer, PIECE_BYTES, Prng } from '@sluice/core'
import { bodyBytes } from '../framing.ts'
import type { JobPlan } from '../plan.ts'
import { Script } from '../script.ts'
import { ACCEPTED, CLOSED, type Fleet, NONE, PAGE_PIECES } from './fleet.ts'
import { halfEdge } from './graph.ts'
import { ANSWER, BASE_TICK, KNOWN, OFFER, TO_BASE } from './happenings.ts'
import { COMMANDS, type Handovers } from './handovers.ts'
import { pageExtra } from './senders.ts'
import type { TimeWheel } from './time-wheel.ts'
import type { Wires } from './wires.ts'

/** As in ../world.ts and ../simulation.ts. */
const EPOCH_MS = 1_700_000_000_000
const TICK_US = 20_000
/** Beside a parcel's number: it is not whole with this piece. */
export const PARTIAL = 16

/** The base: the production core itself, since there is only one. It speaks to the fleet of arrays through this. */
export class Source {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #wheel: TimeWheel
  readonly #handovers: Handovers
  readonly #job: JobPlan
  readonly #script: Script
  readonly #peer: Peer
  readonly #edges = new Map<string, number>()
  /** Messages on their way to the base. */
  readonly #messages: Array<{ readonly from: string, readonly message: Message }> = []
  readonly #freeMessages: number[] = []
  readonly #offered = new Map<number, number>()
  #commands = 0

  constructor (fleet: Fleet, wires: Wires, wheel: TimeWheel, handovers: Handovers, job: JobPlan) {
    const { graph: { first, peer }, names, plan } = fleet
    this.#fleet = fleet
    this.#wires = wires
    this.#wheel = wheel
    this.#handovers = handovers
    this.#job = job
    this.#script = new Script(plan)
    this.#peer = new Peer({ self: names[0]!, prng: Prng.fromText(`${plan.seed}/0/0`), ...plan.peer })
    for (let h = first[0]!; h < first[1]!; h++) this.#edges.set(names[peer[h]!]!, h)
  }

  /** Rate of the offer that is under way on a half-edge of the base. */
  offeredRate (h: number): number {
    return this.#offered.get(h) ?? 0
  }

  /** Its members are connected to it; the job is opened, with all it brings. */
  start (): void {
    const { id } = this.#job
    const { graph: { first, twin }, linked, hasJob, hasCommand, cut } = this.#fleet
    for (const [peer, h] of this.#edges) {
      linked[h] = linked[twin[h]!] = 1
      this.#input({ type: 'connected', peer })
    }
    hasJob[0] = hasCommand[0] = 1
    this.#input({ type: 'jobAdded', job: this.#script.info(id), ranges: [{ first: 0, end: this.#job.servers.length }], restored: false })
    for (let seq = 1; seq <= COMMANDS; seq++) {
      this.#commands = seq
      this.#input({ type: 'commandAdded', job: id, command: this.#script.command(id, seq) })
    }
    for (let piece = 0; piece < cut.pieces; piece++) {
      // The last page closes it.
      if (piece === (cut.pages - 1) * PAGE_PIECES) this.#input({ type: 'mediaClosed', job: id, seq: 1, pieces: cut.pieces })
      this.#input({ type: 'pieceStored', job: id, seq: 1, piece, bytes: PIECE_BYTES, from: undefined })
    }
    this.#wheel.at(this.#wheel.nowUs + TICK_US, BASE_TICK, first[0]!)
  }

  tick (): void {
    this.#input({ type: 'tick' })
    this.#wheel.at(this.#wheel.nowUs + TICK_US, BASE_TICK, 0)
  }

  /** The base's offer was answered. */
  answered (h: number, state: number): void {
    this.#message(this.#fleet.graph.peer[h]!, { type: 'laneAnswer', job: this.#job.id, decision: state === ACCEPTED ? 'accept' : state === CLOSED ? 'decline-unknown-job' : 'decline-enough' })
  }

  /** A message from a node sets out. */
  send (from: number, message: Message, lateUs = 0): void {
    const slot = this.#freeMessages.pop() ?? this.#messages.length
    this.#messages[slot] = { from: this.#fleet.names[from]!, message }
    this.#wires.control(from, bodyBytes(message), TO_BASE, slot, 0, lateUs)
  }

  /** … and is here. */
  received (slot: number): void {
    const { from, message } = this.#messages[slot]!
    this.#freeMessages.push(slot)
    this.#input({ type: 'message', from, message })
  }

  #message (from: number, message: Message): void {
    this.#input({ type: 'message', from: this.#fleet.names[from]!, message })
  }

  #input (input: Input): void {
    for (const effect of this.#peer.handle(input, EPOCH_MS + this.#wheel.nowUs / 1000)) this.#perform(effect)
  }

  #perform (effect: Effect): void {
    if (effect.type === 'send') return this.#send(this.#edge(effect.to), effect.message)
    if (effect.type === 'sendPiece') return this.#sendPiece(this.#edge(effect.to), effect.piece)
    // Whoever it hands the job to is connected to it: others are not its business here.
    if (effect.type === 'handOver') return this.#handovers.fromBase(this.#edge(effect.to), effect.errand, effect.withJob, this.#commands - effect.afterSeq, effect.ranges.length)
    if (effect.type === 'ban') throw new Error(`the base bans ${effect.peer}: ${effect.reason}`)
  }

  #edge (peer: string): number {
    const h = this.#edges.get(peer) ?? halfEdge(this.#fleet.graph, 0, this.#fleet.names.indexOf(peer))
    if (h === NONE) throw new Error(`the base speaks to ${peer}, which is no partner of it here`)
    return h
  }

  #send (h: number, message: Message): void {
    const { graph: { twin }, announced, whole, words, cut } = this.#fleet
    const body = bodyBytes(message)
    if (message.type === 'laneOffer') {
      this.#offered.set(h, message.rate)
      this.#wires.control(0, body, OFFER, h, message.head > 0 ? 1 : 0)
    } else if (message.type === 'laneAnswer') {
      // It takes nothing from nodes.
      this.#wires.control(0, body, ANSWER, twin[h]!, CLOSED)
    } else if (message.type === 'bitfield') {
      // All chunks went out once: it is a relay now, and holds everything.
      for (let chunk = 0; chunk < cut.chunks; chunk++) announced[chunk >> 5]! |= 1 << (chunk & 31)
      whole.set(announced.subarray(0, words))
      this.#wires.control(0, body, KNOWN, twin[h]!)
    }
  }

  #sendPiece (h: number, piece: number): void {
    const { cut } = this.#fleet
    const chunk = Math.floor(piece / cut.chunkPieces)
    const within = piece - chunk * cut.chunkPieces
    const parcel = Math.floor(within / cut.parcelPieces)
    const isLast = within + 1 === parcel * cut.parcelPieces + cut.parcel(chunk, parcel)
    const page = Math.floor(piece / PAGE_PIECES)
    const isNew = this.#fleet.takesPage(this.#fleet.graph.peer[h]!, page)
    this.#wires.send(h, chunk, parcel | (isLast ? 0 : PARTIAL), 1, isNew ? page : NONE, isNew ? pageExtra(this.#fleet, page) : 0)
  }
}
