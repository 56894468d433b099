import { errandsAtOnce } from '@sluice/core'
import { bodyBytes, handoverBytes } from '../framing.ts'
import type { Fleet } from './fleet.ts'
import { HANDED, HANDED_ACK } from './happenings.ts'
import type { Lanes } from './lanes.ts'
import type { Requesters } from './requesters.ts'
import type { Wires } from './wires.ts'

/** As in ../interpreter.ts: verifying a job's signatures and committing it. */
const HANDOVER_US = 3_000
/** The put, and the end of the job. */
export const COMMANDS = 2

/** What a hand-over brings. */
export const JOB = 1
export const COMMAND = 2
/** Nobody waits for an answer. */
export const UNASKED = 4
/** Beside these flags stands the number of the base's errand. */
export const ERRAND_SHIFT = 3

const DIALLING = 1
const SENT = 2
const SETTLED = 3

/** The way of the job and its commands down the tree of ranges, while nobody fails: the core's handover.ts. */
export class Handovers {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #lanes: Lanes
  readonly #requesters: Requesters
  /** Next of a node's children, and how many are being approached. */
  readonly #next: Int32Array
  readonly #underWay: Uint8Array
  /** By half-edge to a child. */
  readonly #state: Uint8Array
  readonly #knows: Uint8Array
  readonly #ackBytes = bodyBytes({ type: 'handoverAck', job: '', errand: 1, head: COMMANDS })
  onJoined: (node: number) => void = () => {}
  /** The base's errand is done. */
  onBaseAcknowledged: (h: number, errand: number, head: number) => void = () => {}

  constructor (fleet: Fleet, wires: Wires, lanes: Lanes, requesters: Requesters) {
    this.#fleet = fleet
    this.#wires = wires
    this.#lanes = lanes
    this.#requesters = requesters
    this.#next = fleet.graph.firstChild.slice()
    this.#underWay = new Uint8Array(fleet.members)
    this.#state = new Uint8Array(fleet.graph.peer.length)
    this.#knows = new Uint8Array(fleet.graph.peer.length)
  }

  /** From the base to one of its children. */
  fromBase (h: number, errand: number, withJob: boolean, commands: number, ranges: number): void {
    const flags = (withJob ? JOB : 0) | (commands > 0 ? COMMAND : 0) | (errand === 0 ? UNASKED : 0)
    this.#wires.control(0, handoverBytes(withJob ? this.#fleet.members - 1 : undefined, commands, ranges), HANDED, h, flags | errand << ERRAND_SHIFT, HANDOVER_US)
  }

  /** Somebody evidently has the job and not the command. */
  inform (h: number): void {
    const node = this.#fleet.graph.owner[h]!
    if (node !== 0) this.#wires.control(node, handoverBytes(undefined, COMMANDS, 0), HANDED, h, COMMAND | UNASKED, HANDOVER_US)
  }

  /** At its receiver. */
  handed (h: number, what: number): void {
    const { graph: { owner, peer }, hasJob, hasCommand } = this.#fleet
    const node = peer[h]!
    if (hasJob[node] === 0 && (what & JOB) === 0) return
    if (hasJob[node] === 0) {
      hasJob[node] = 1
      this.onJoined(node)
      this.#lanes.meet(node)
    }
    if ((what & COMMAND) !== 0 && hasCommand[node] === 0) this.#learn(node)
    if ((what & UNASKED) !== 0) return
    if (owner[h] === 0) this.onBaseAcknowledged(h, what >> ERRAND_SHIFT, hasCommand[node] === 1 ? COMMANDS : 0)
    else this.#wires.control(node, this.#ackBytes, HANDED_ACK, h)
    this.#proceed(node)
  }

  acknowledged (h: number): void {
    const { graph: { owner, inView }, hasCommand } = this.#fleet
    const node = owner[h]!
    if (this.#state[h] === SENT) {
      this.#state[h] = SETTLED
      this.#underWay[node]!--
      if (inView[h] === 1) this.#lanes.offer(h)
      if (hasCommand[node] === 1 && this.#knows[h] === 0) this.#sendCommand(h)
    }
    this.#proceed(node)
  }

  linked (h: number): void {
    if (this.#state[h] === DIALLING) this.#sendJob(h)
  }

  /** The command is here, and goes on to those that have the job from here. */
  #learn (node: number): void {
    const { graph: { firstChild, child }, hasCommand } = this.#fleet
    hasCommand[node] = 1
    for (let at = firstChild[node]!; at < firstChild[node + 1]!; at++) {
      const h = child[at]!
      if (this.#state[h] === SETTLED && this.#knows[h] === 0) this.#sendCommand(h)
    }
    this.#requesters.plan(node)
  }

  /** Approach as many as may be approached at once. */
  #proceed (node: number): void {
    const { graph: { firstChild, child }, linked, members } = this.#fleet
    while (this.#underWay[node]! < errandsAtOnce(members - 1) && this.#next[node]! < firstChild[node + 1]!) {
      const h = child[this.#next[node]!++]!
      this.#underWay[node]!++
      this.#state[h] = DIALLING
      if (linked[h] === 1) this.#sendJob(h)
      else this.#lanes.dial(h)
    }
  }

  #sendJob (h: number): void {
    const { graph: { owner }, hasCommand, members } = this.#fleet
    const node = owner[h]!
    const knows = this.#knows[h] = hasCommand[node]!
    this.#state[h] = SENT
    this.#wires.control(node, handoverBytes(members - 1, knows * COMMANDS, 1), HANDED, h, JOB | knows * COMMAND, HANDOVER_US)
  }

  #sendCommand (h: number): void {
    this.#knows[h] = 1
    this.#wires.control(this.#fleet.graph.owner[h]!, handoverBytes(undefined, COMMANDS, 0), HANDED, h, COMMAND, HANDOVER_US)
  }
}
