import { Prng } from '@sluice/core'
import { Connection } from './connection.ts'
import { frameBytes, prefixedBytes } from './framing.ts'
import type { Host } from './host.ts'
import type { World } from './world.ts'

/** TCP, noise, yamux and hello: what a dial takes. */
const DIAL_ROUND_TRIPS = 4
/** As in packages/node/src/host.ts: who does not answer is given up. */
const DIAL_TIMEOUT_US = 8_000_000
/** A connection whose other end fell silent is noticed by libp2p's pings. */
const SILENCE_US = 10_000_000
/** A control message waits behind what the kernel holds of the bulk, and no more: streams are paced. */
const CONTROL_BACKLOG_US = 20_000
/** The way back to the base, as in packages/node/src/base-link.ts: doubled from the first to the second. */
const REDIAL_US = 500_000
const MAX_REDIAL_US = 30_000_000

/** Who can reach whom, connections, and messages on them. */
export class Network {
  readonly #world: World
  /** Hosts on one side of a cut through the network. */
  readonly partitions = new Set<ReadonlySet<number>>()
  /** Machines that do not even refuse. */
  readonly silent = new Set<number>()
  /** Somebody has a connection now. */
  onConnected: (host: Host, other: Host) => void = () => {}

  constructor (world: World) {
    this.#world = world
  }

  reachable (a: Host, b: Host): boolean {
    for (const side of this.partitions) if (side.has(a.index) !== side.has(b.index)) return false
    return true
  }

  dial (from: Host, to: Host): void {
    if (from === to || from.connections.has(to.index)) return
    const { events } = this.#world
    const roundTripUs = 2 * this.#delayUs(from, to)
    const fail = (afterUs: number): void => this.#world.inLife(from, afterUs, () => this.#unreachable(from, to))
    if (!this.reachable(from, to) || this.silent.has(to.index)) return fail(DIAL_TIMEOUT_US)
    if (!to.alive || from.banned.has(to.index) || to.banned.has(from.index)) return fail(roundTripUs)
    const { life } = from
    events.at(events.nowUs + DIAL_ROUND_TRIPS * roundTripUs, () => {
      if (!from.alive || from.life !== life || from.connections.get(to.index)?.alive === true) return
      if (to.alive && this.reachable(from, to) && !from.banned.has(to.index) && !to.banned.has(from.index)) this.#connect(from, to)
      else this.#unreachable(from, to)
    })
  }

  #unreachable (from: Host, to: Host): void {
    if (from.connections.get(to.index)?.alive === true) return
    this.#world.input(from, { type: 'unreachable', peer: to.name })
    if (to === this.#world.base) this.#redialBase(from)
  }

  #connect (from: Host, to: Host): void {
    // Who had not noticed the end of an old connection notices it by the new one.
    for (const [host, other] of [[from, to], [to, from]] as const) {
      const old = host.connections.get(other.index)
      if (old != null) this.#notice(host, other, old)
    }
    const connection = new Connection(from, to, this.#delayUs(from, to))
    from.connections.set(to.index, connection)
    to.connections.set(from.index, connection)
    if (to === this.#world.base) from.redials = 0
    for (const observer of this.#world.observers) observer.connected?.(from, to)
    this.#world.input(to, { type: 'connected', peer: from.name })
    if (!connection.alive) return
    this.#world.input(from, { type: 'connected', peer: to.name })
    this.onConnected(from, to)
    this.onConnected(to, from)
  }

  /** Whether `host` will be told at once, or finds out by silence. */
  break (connection: Connection, host: Host, silently: boolean): void {
    if (!connection.alive) return
    connection.alive = false
    const other = connection.other(host)
    const { events, observers } = this.#world
    this.#world.losses++
    for (const observer of observers) observer.broken?.(host, other)
    const noticeUs = silently ? SILENCE_US : connection.delayUs
    if (host.alive) events.at(events.nowUs + (silently ? SILENCE_US : 0), () => this.#notice(host, other, connection))
    events.at(events.nowUs + noticeUs, () => this.#notice(other, host, connection))
  }

  #notice (host: Host, other: Host, connection: Connection): void {
    if (host.connections.get(other.index) !== connection) return
    host.connections.delete(other.index)
    host.inFlight -= host.inFlightTo.get(other.index) ?? 0
    host.inFlightTo.delete(other.index)
    if (!host.alive) return
    this.#world.input(host, { type: 'disconnected', peer: other.name })
    if (other === this.#world.base) this.#redialBase(host)
  }

  /** A member looks for the way back to its base for ever. */
  #redialBase (host: Host): void {
    this.#world.inLife(host, Math.min(MAX_REDIAL_US, REDIAL_US * 2 ** host.redials), () => this.dial(host, this.#world.base))
    host.redials++
  }

  /**
   * A control message: it takes its time of the uplink, but waits only behind what the kernel holds.
   *
   * @param body - bytes before framing
   * @param run - what happens at the other end
   * @param lateUs - how much later the other end acts on it, and on all that comes behind it
   * @param staleUs - how much later it alone is taken in
   * @param withPiece - it is written together with a piece, ahead of that
   */
  control (connection: Connection, from: Host, body: number, run: (to: Host) => void, lateUs = 0, staleUs = 0, withPiece = false): void {
    const { events } = this.#world
    const direction = connection.from(from)
    // What is said to one peer in one turn is written at once, and so in one frame, as in packages/node/src/protocols/outbox-stream.ts.
    const before = direction.frameUs === events.nowUs ? direction.frameBytes : 0
    if (before === 0) direction.frameLeaving = withPiece ? 'ahead' : direction.bulkOutUs > events.nowUs ? 'behind' : 'alone'
    direction.frameUs = events.nowUs
    direction.frameBytes = before + prefixedBytes(body)
    const bytes = frameBytes(direction.frameBytes, direction.frameLeaving) - frameBytes(before, direction.frameLeaving)
    from.traffic.controlMessages++
    from.traffic.controlBytes += bytes
    const { tcp } = this.#world.plan.links
    const aheadUs = tcp === true ? Math.max(from.up.backlogOfUs(direction, events.nowUs), direction.slowStart.keptUs(events.nowUs)) : 0
    const waitUs = Math.max(aheadUs, Math.min(CONTROL_BACKLOG_US, from.up.backlogUs(events.nowUs))) + from.up.squeeze(bytes)
    direction.arrivesUs = Math.max(direction.arrivesUs, events.nowUs + waitUs + connection.delayUs + lateUs)
    const arrived = (): void => { if (connection.alive) run(direction.to) }
    events.at(direction.arrivesUs + staleUs, tcp !== true ? arrived : () => events.at(direction.to.down.pass(bytes, events.nowUs, events.nowUs), arrived))
  }

  /** Each pair has its own distance. */
  #delayUs (a: Host, b: Host): number {
    const { links: { rttMs, rttSpread }, seed } = this.#world.plan
    const half = rttMs * 500
    if (rttSpread === 0) return half
    const chance = Prng.fromText(`${seed}/${Math.min(a.index, b.index)}/${Math.max(a.index, b.index)}`).below(2_001) / 1_000 - 1
    return half * (1 + rttSpread * chance)
  }
}
