import { Bitfield, type Effect, type Input } from '@sluice/core'
import { Happening } from '../event-queue.ts'
import type { Host } from '../host.ts'
import type { LaneBook } from '../lane-book.ts'
import type { Observer, World } from '../world.ts'

/** One put, as the base must see it. */
interface Put {
  readonly job: string
  readonly seq: number
  /** chunk → peers that it was sent to, or that announced it */
  readonly carriers: Map<number, Set<string>>
  /** Chunks whose last carrier was lost, and when. */
  readonly orphans: Map<number, number>
}

/** The base acts on a loss at once, if its uplink and a lane are free; this much is for what was on its way. */
const PATIENCE_US = 500_000
const EVERY_US = 100_000
/** A receiver that has not got what was sent to it in this time is slow, or gone: what else is bound to it waits for it. */
const CLOGGED_US = 100_000

/** As long as the base gives out a put, what only a lost peer had goes out again: before it is idle, and before what came later. */
export class OrphansCheck extends Happening implements Observer {
  readonly #world: World
  readonly #lanes: LaneBook
  readonly #puts = new Map<string, Put>()
  /** Puts of which it has announced something: it is a relay like others now, and waits until it is asked. */
  readonly #relayed = new Set<string>()
  /** When a piece of the base's last got to a host. */
  readonly #progressUs = new Map<Host, number>()

  constructor (world: World, lanes: LaneBook) {
    super()
    this.#world = world
    this.#lanes = lanes
    world.events.schedule(EVERY_US, this)
  }

  restarted (host: Host): void {
    if (host === this.#world.base) this.#puts.clear()
  }

  input (host: Host, input: Input): void {
    if (host !== this.#world.base) return
    if (input.type === 'disconnected') for (const put of this.#puts.values()) this.#lost(put, input.peer)
    if (input.type !== 'message' || (input.message.type !== 'have' && input.message.type !== 'bitfield')) return
    const { from, message } = input
    for (const chunk of message.type === 'have' ? message.chunks : new Bitfield(message.bits).indexes()) this.#carries(this.#put(message.job, message.seq), chunk, from)
  }

  effect (host: Host, effect: Effect): void {
    if (host !== this.#world.base) return
    if (effect.type === 'sendPiece') this.#sent(effect)
    else if (effect.type === 'send' && (effect.message.type === 'have' || effect.message.type === 'bitfield')) this.#relayed.add(`${effect.message.job}/${effect.message.seq}`)
  }

  arrived (from: Host, to: Host): void {
    if (from === this.#world.base) this.#progressUs.set(to, this.#world.nowUs)
  }

  override run (): void {
    const { base, nowUs } = this.#world
    if (base.alive && base.up.idle && nowUs - base.up.lastUsedUs > PATIENCE_US) {
      for (const put of this.#puts.values()) {
        for (const [chunk, sinceUs] of put.orphans) if (nowUs - sinceUs > PATIENCE_US && this.#wanted(put)) throw this.#fail(put, chunk, 'is idle')
      }
    }
    this.#world.events.schedule(nowUs + EVERY_US, this)
  }

  /** Somebody could have it. */
  #wanted ({ job, seq }: Put): boolean {
    const { base, nowUs } = this.#world
    if (base.jobs.get(job)?.closed !== false || base.inFlight > 0 || this.#relayed.has(`${job}/${seq}`)) return false
    for (const { receiver, job: of, sinceUs } of this.#lanes.from(base)) {
      if (of === job && receiver.alive && nowUs - sinceUs > PATIENCE_US && receiver.jobs.get(job)?.outcomes.has(seq) === false) return true
    }
    return false
  }

  #sent ({ to, job, seq, piece }: Extract<Effect, { type: 'sendPiece' }>): void {
    const put = this.#put(job, seq)
    const media = this.#world.base.jobs.get(job)?.media.get(seq)
    if (media == null) return
    const chunk = media.chunkOf(piece)
    if (!put.carriers.has(chunk) && !this.#clogged && !this.#relayed.has(`${job}/${seq}`)) {
      for (const [orphan, sinceUs] of put.orphans) if ((media.touchedUs[chunk] ?? 0) > sinceUs + PATIENCE_US) throw this.#fail(put, orphan, `sends chunk ${chunk}, which came later`)
    }
    this.#carries(put, chunk, to)
  }

  /** Whether an orphan may be waiting in the lane of somebody slow, to whom it was bound meanwhile. */
  get #clogged (): boolean {
    const { base, hosts, nowUs } = this.#world
    return hosts.some(host => (base.inFlightTo.get(host.index) ?? 0) > 0 && nowUs - (this.#progressUs.get(host) ?? 0) > CLOGGED_US)
  }

  #fail ({ job, seq, orphans }: Put, chunk: number, what: string): Error {
    return this.#world.error(`the base ${what}, although those who had chunk ${chunk} of command ${seq} of ${job} were lost ${((this.#world.nowUs - (orphans.get(chunk) ?? 0)) / 1e6).toFixed(1)} s ago`)
  }

  #put (job: string, seq: number): Put {
    const key = `${job}/${seq}`
    let put = this.#puts.get(key)
    if (put == null) this.#puts.set(key, put = { job, seq, carriers: new Map(), orphans: new Map() })
    return put
  }

  #carries ({ carriers, orphans }: Put, chunk: number, peer: string): void {
    let peers = carriers.get(chunk)
    if (peers == null) carriers.set(chunk, peers = new Set())
    peers.add(peer)
    orphans.delete(chunk)
  }

  #lost ({ carriers, orphans }: Put, peer: string): void {
    for (const [chunk, peers] of carriers) if (peers.delete(peer) && peers.size === 0) orphans.set(chunk, this.#world.nowUs)
  }
}
