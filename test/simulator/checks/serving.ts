import type { Effect, Input, Message } from '@sluice/core'
import type { Host } from '../host.ts'
import { PIECE_BYTES } from '../plan.ts'
import type { Observer, World } from '../world.ts'

/** Whatever a core measures, a window is no more than so much of the fastest its uplink ever was: 130 ms, and half as much again for noise. */
const WINDOW_BOUND_MS = 195
/** … or what it starts with, before anything was measured; and never more than 8 MiB. */
const WINDOW_START_PIECES = 16
const WINDOW_MAX_PIECES = 128
/** A first holder that shows no sign of a chunk for so long may be passed over. */
const FIRST_HOLDER_US = 4_900_000

/** What a piece is rejected for here. */
const MISMATCH = 'does not match its hash'

/** Nobody sends, or says that he has, what he does not hold, nor forgives others who send what is wrong; nor more than his window, nor to whom he cannot reach; and the source gives out everything once first. */
export class ServingCheck implements Observer {
  readonly #world: World
  /** What left the base: by put, chunk → to whom, and when last. */
  readonly #given = new Map<string, Map<number, { readonly to: Set<string>, atUs: number }>>()
  #baseLost = false
  /** Who has just been found to send wrong pieces, and by whom. */
  #caught: { readonly by: string, readonly peer: string } | undefined

  constructor (world: World) {
    this.#world = world
  }

  input (host: Host, input: Input): void {
    if (this.#caught != null) throw this.#world.error(`${this.#caught.by} got a wrong piece of ${this.#caught.peer}, and does not ban it`)
    if (input.type === 'pieceRejected') this.#caught = { by: host.name, peer: input.from }
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type === 'ban' && effect.peer === this.#caught?.peer) this.#caught = undefined
    if (effect.type === 'sendPiece') this.#sendPiece(host, effect)
    else if (effect.type === 'send') this.#say(host, effect.message)
    else if (effect.type === 'ban' && !(this.#world.host(effect.peer).corrupt && effect.reason.includes(MISMATCH))) throw this.#world.error(`${host.name} bans ${effect.peer}, which did nothing wrong: ${effect.reason}`)
  }

  broken (a: Host, b: Host): void {
    this.#baseLost ||= a.index === 0 || b.index === 0
  }

  restarted (host: Host): void {
    // A base that comes back does not know how far it had come.
    if (host.index === 0) this.#given.clear()
  }

  #sendPiece (host: Host, { to, job, seq, piece }: Extract<Effect, { type: 'sendPiece' }>): void {
    const world = this.#world
    const media = host.jobs.get(job)?.media.get(seq)
    if (media?.pieces.has(piece) !== true) throw world.error(`${host.name} sends piece ${piece} of command ${seq} of ${job} to ${to}, and does not hold it`)
    if (!host.connections.has(world.host(to).index)) throw world.error(`${host.name} sends piece ${piece} to ${to}, to whom it has no connection`)
    const bound = Math.min(WINDOW_MAX_PIECES, Math.max(WINDOW_START_PIECES, Math.ceil((world.plan.hosts[host.index]?.up ?? 0) * (1 + world.plan.links.drift) * WINDOW_BOUND_MS / 1000 / PIECE_BYTES)))
    if (host.inFlight >= bound) throw world.error(`${host.name} has ${host.inFlight + 1} pieces in flight, and its window is ${bound} at most`)
    if (host.index === 0) this.#give(job, seq, media.chunkOf(piece), to, media.chunks.count)
  }

  #give (job: string, seq: number, chunk: number, to: string, held: number): void {
    const key = `${job}/${seq}`
    let given = this.#given.get(key)
    if (given == null) this.#given.set(key, given = new Map())
    const before = given.get(chunk)
    const { nowUs } = this.#world
    if (before == null) {
      given.set(chunk, { to: new Set([to]), atUs: nowUs })
      return
    }
    // A connection that was lost may have taken chunks with it.
    const mayRepeat = this.#baseLost || given.size >= held || nowUs - before.atUs >= FIRST_HOLDER_US
    if (!before.to.has(to) && !mayRepeat) throw this.#world.error(`the base sends chunk ${chunk} of command ${seq} of ${job} to ${to} after ${[...before.to].join(', ')}, while ${held - given.size} others have not been sent at all`)
    before.to.add(to)
    before.atUs = nowUs
  }

  #say (host: Host, message: Message): void {
    if (message.type !== 'have' && message.type !== 'coming') return
    const media = host.jobs.get(message.job)?.media.get(message.seq)
    const missing = message.chunks.find(chunk => message.type === 'have' ? media?.chunks.has(chunk) !== true : media?.pieces.has(chunk * media.chunkPieces) !== true)
    if (missing != null) throw this.#world.error(`${host.name} announces chunk ${missing} of command ${message.seq} of ${message.job}, and does not hold it`)
  }
}
