import { type Effect, type Input, pushedTo } from '@sluice/core'
import type { Host } from '../host.ts'
import type { Observer, World } from '../world.ts'

type SendPiece = Extract<Effect, { type: 'sendPiece' }>

/**
 * A server sends what it was asked for, and beside that only pieces of live
 * puts that came to it along a tree: once, to its own children in that tree.
 * The source begins a tree at the server to which it sends.
 */
export class PushesCheck implements Observer {
  readonly #world: World
  /** By server: chunks that it was asked for, as `who job/seq/chunk`. */
  readonly #asked = new Map<Host, Set<string>>()
  /** … pieces that came to it along a tree, as `first job/seq/piece`, and to whom each went on from here. */
  readonly #came = new Map<Host, Map<string, Set<string>>>()

  constructor (world: World) {
    this.#world = world
  }

  restarted (host: Host): void {
    this.#asked.delete(host)
    this.#came.delete(host)
  }

  input (host: Host, input: Input): void {
    if (input.type === 'pieceStored' && input.first != null) {
      const came = of(this.#came, host, () => new Map<string, Set<string>>())
      const key = `${input.first} ${input.job}/${input.seq}/${input.piece}`
      if (!came.has(key)) came.set(key, new Set())
    } else if (input.type === 'message' && input.message.type === 'request') {
      const { job, seq, chunk } = input.message
      of(this.#asked, host, () => new Set<string>()).add(`${input.from} ${job}/${seq}/${chunk}`)
    }
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'sendPiece') return
    if (effect.first != null) this.#push(host, effect, effect.first)
    else if (host !== this.#world.base) this.#answer(host, effect)
  }

  #push (host: Host, { to, job, seq, piece }: SendPiece, first: number): void {
    const fail = (what: string): Error => this.#world.error(`${host.name} passes piece ${piece} of command ${seq} of ${job} on to ${to} unasked, ${what}`)
    const record = host.jobs.get(job)
    const body = record?.commands[seq - 1]?.body
    if (record == null || body?.kind !== 'put' || body.pieces != null || body.chunkPieces !== 1) throw fail('although it is of no live put in single pieces')
    const { servers } = record.info
    if (host === this.#world.base) {
      if (servers[first] !== to) throw fail(`on the tree of ${servers[first]}`)
      return
    }
    const went = this.#came.get(host)?.get(`${first} ${job}/${seq}/${piece}`)
    if (went == null) throw fail(`and it did not come along the tree of ${servers[first]}`)
    if (!pushedTo(servers.length, first, servers.indexOf(host.name)).includes(servers.indexOf(to))) throw fail(`which is not its child in the tree of ${servers[first]}`)
    if (went.has(to)) throw fail('a second time')
    went.add(to)
  }

  #answer (host: Host, { to, job, seq, piece }: SendPiece): void {
    const chunk = host.jobs.get(job)?.media.get(seq)?.chunkOf(piece)
    if (this.#asked.get(host)?.has(`${to} ${job}/${seq}/${chunk}`) !== true) throw this.#world.error(`${host.name} sends piece ${piece} of command ${seq} of ${job} to ${to}, who did not ask for it`)
  }
}

function of <V> (map: Map<Host, V>, host: Host, make: () => V): V {
  let value = map.get(host)
  if (value == null) map.set(host, value = make())
  return value
}
