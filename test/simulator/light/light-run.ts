import { Prng, SWITCH_INTERVAL_MS } from '@sluice/core'
import type { Plan } from '../plan.ts'
import { SimulationError } from '../world.ts'
import { Fleet } from './fleet.ts'
import { Handovers } from './handovers.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { ACKNOWLEDGE, ACKNOWLEDGED, ANNOUNCE, ANSWER, ARRIVE, BASE_TICK, CANCELLED, CONNECTED, HANDED, HANDED_ACK, KNOWN, NEWS, OFFER, REQUESTED, SERVED, TICK, TO_BASE } from './happenings.ts'
import { Lanes } from './lanes.ts'
import { News } from './news.ts'
import { Receivers } from './receivers.ts'
import { PAGE_FLAG, PARCEL_ROOM, Requesters } from './requesters.ts'
import { Requests } from './requests.ts'
import { Senders } from './senders.ts'
import { PARTIAL, Source } from './source.ts'
import { TimeWheel } from './time-wheel.ts'
import { Wires } from './wires.ts'

/** Nodes look at their timers so often: as often as the core looks for sources that are late. */
const TICK_US = SWITCH_INTERVAL_MS * 1000
/** Multiplier of the golden ratio, as in ../trace.ts. */
const GOLDEN = 0x9e3779b1

/**
 * One put to a large fleet: the base is the production core, nodes are arrays
 * that decide by the core's policies and limits. Nothing breaks or slows down.
 */
export class LightRun {
  readonly fleet: Fleet
  readonly wires: Wires
  readonly wheel = new TimeWheel()
  readonly #news: News
  readonly #senders: Senders
  readonly #requesters: Requesters
  readonly #receivers: Receivers
  readonly #lanes: Lanes
  readonly #handovers: Handovers
  readonly #source: Source
  readonly #prng: Prng
  readonly #acknowledgements: Acknowledgements
  #hash = 0x811c9dc5

  /** @param plan - one put that the base holds from the start, and no faults */
  constructor (plan: Plan) {
    const [job] = plan.jobs
    const [put] = job?.commands ?? []
    if (job == null || put?.kind !== 'put' || plan.faults.length > 0) throw new SimulationError('the light driver runs one put, and nothing that breaks')
    const prng = this.#prng = new Prng(plan.seed)
    const fleet = this.fleet = new Fleet(plan, put, job.id)
    const { wheel } = this
    const wires = this.wires = new Wires(fleet, wheel, prng)
    const { staleMs } = plan.links
    const requests = new Requests(fleet)
    const acknowledgements = this.#acknowledgements = new Acknowledgements(fleet, wires, wheel)
    const news = this.#news = new News(fleet, wires, wheel, acknowledgements, () => staleMs === 0 ? 0 : prng.below(staleMs * 1000))
    const senders = this.#senders = new Senders(fleet, wires)
    const requesters = this.#requesters = new Requesters(fleet, wires, wheel, requests, acknowledgements, prng)
    this.#receivers = new Receivers(fleet, wheel, requests, requesters, news)
    const lanes = this.#lanes = new Lanes(fleet, wires, wheel, { senders, requesters, news })
    const handovers = this.#handovers = new Handovers(fleet, wires, lanes, requesters)
    const source = this.#source = new Source(fleet, wires, wheel, handovers, job)
    const named = { job: job.id, seq: 1 }
    news.hasRoom = node => senders.hasRoom(node)
    news.upRateOf = node => senders.rateOf(node)
    news.downRateOf = node => requesters.rateOf(node)
    news.onNews = node => requesters.plan(node)
    news.onBase = (from, chunks) => source.send(from, { type: 'have', ...named, chunks })
    acknowledgements.onBase = (node, pieces) => source.send(node, { type: 'acknowledge', pieces })
    requesters.onBase = (h, chunk, parcel) => source.send(fleet.graph.owner[h]!, { type: 'request', ...named, chunk, offset: parcel * fleet.cut.parcelPieces })
    requesters.onBaseCancelled = (h, chunk) => source.send(fleet.graph.owner[h]!, { type: 'cancel', ...named, chunk })
    lanes.onBaseOffered = (h, rate, knows) => source.send(fleet.graph.owner[h]!, { type: 'laneOffer', job: job.id, rate, head: knows ? 2 : 0 })
    lanes.onBaseAnswered = (h, state) => source.answered(h, state)
    lanes.onIgnorant = h => handovers.inform(h)
    lanes.onLinked = h => handovers.linked(h)
    handovers.onJoined = node => wheel.at(wheel.nowUs + prng.below(TICK_US), TICK, node)
    handovers.onBaseAcknowledged = (h, errand, head) => source.send(fleet.graph.peer[h]!, { type: 'handoverAck', job: job.id, errand, head })
  }

  get traceHash (): number {
    return this.#hash >>> 0
  }

  /** @throws {SimulationError} if not everybody has everything in time */
  run (): void {
    const { fleet, wheel } = this
    const { plan, members } = fleet
    wheel.nowUs = fleet.startUs
    this.#source.start()
    const limitUs = plan.limitMs * 1000
    while (fleet.finished < members - 1 && wheel.nowUs < limitUs && wheel.step()) {
      this.#mix(wheel.nowUs)
      this.#mix(wheel.kind << 24 ^ wheel.a)
      this.#happen(wheel.a, wheel.b)
    }
    if (fleet.finished < members - 1) throw new SimulationError(`${members - 1 - fleet.finished} of ${members - 1} nodes have not completed after ${wheel.nowUs / 1e6} s; run it again with: ${plan.replay}`)
  }

  #happen (a: number, b: number): void {
    switch (this.wheel.kind) {
      case SERVED: return this.wires.served(a)
      case ARRIVE: return this.#arrive(a)
      case ACKNOWLEDGED: return this.#senders.acknowledged(a, b)
      case REQUESTED: return this.#senders.requested(a, Math.floor(b / PARCEL_ROOM), b & (PAGE_FLAG - 1), (b & PAGE_FLAG) !== 0)
      case CANCELLED: return this.#senders.cancelled(a, b)
      case ANNOUNCE: return this.#news.announce(a)
      case NEWS: return this.#news.arrived(a)
      case TICK: return this.#tick(a)
      case CONNECTED: return this.#lanes.connected(a)
      case OFFER: return this.#lanes.offered(a, b === 1, this.fleet.graph.owner[a] === 0 ? this.#source.offeredRate(a) : undefined)
      case ANSWER: return this.#lanes.answered(a, b)
      case KNOWN: return this.#lanes.known(a)
      case HANDED: return this.#handovers.handed(a, b)
      case HANDED_ACK: return this.#handovers.acknowledged(a)
      case TO_BASE: return this.#source.received(a)
      case BASE_TICK: return this.#source.tick()
      case ACKNOWLEDGE: return this.#acknowledgements.due(a)
    }
  }

  #arrive (flight: number): void {
    const { edge, chunk, parcel, pieces, page } = this.wires
    const { graph: { peer, twin }, hasCommand } = this.fleet
    const h = edge[flight]!
    const to = peer[h]!
    const count = pieces[flight]!
    this.#acknowledgements.add(twin[h]!, count)
    // For a command that has not come: nobody can use it.
    if (hasCommand[to] === 1) this.#receivers.landed(twin[h]!, chunk[flight]!, parcel[flight]! & (PARTIAL - 1), count, page[flight]!, (parcel[flight]! & PARTIAL) === 0)
    this.wires.landed(flight)
    this.#news.announce(to)
    this.#requesters.plan(to)
    this.#senders.serve(to)
  }

  #tick (node: number): void {
    const { nowUs } = this.wheel
    this.#senders.tick(node, nowUs)
    this.#requesters.measure(node, nowUs)
    this.#receivers.tick(node)
    // Rates changed, and so what may be asked of whom.
    this.fleet.stuck[node] = 0
    this.#requesters.plan(node)
    this.#senders.serve(node)
    this.wheel.at(nowUs + TICK_US, TICK, node)
  }

  #mix (value: number): void {
    const mixed = Math.imul(this.#hash ^ value, GOLDEN)
    this.#hash = mixed ^ (mixed >>> 15)
  }
}
