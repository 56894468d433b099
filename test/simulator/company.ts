import { bodyBytes } from './framing.ts'
import type { Connection } from './connection.ts'
import type { Host } from './host.ts'
import type { Network } from './network.ts'
import type { World } from './world.ts'

/**
 * Messages that wait for others to the same peer, as in
 * packages/node/src/protocols/offer.ts: they leave in the order they were
 * said, with the first one that may not wait, with the next piece to that peer,
 * or when the first one of them may not wait any longer.
 */
export class Company {
  readonly #world: World
  readonly #network: Network
  readonly #acknowledged: (receiver: Host, from: Host, pieces: number) => void

  constructor (world: World, network: Network, acknowledged: (receiver: Host, from: Host, pieces: number) => void) {
    this.#world = world
    this.#network = network
    this.#acknowledged = acknowledged
  }

  /** Something more is to be said, `withinUs` from now at the latest. */
  await (connection: Connection, host: Host, withinUs: number): void {
    if (withinUs === 0) return this.leave(connection, host)
    const direction = connection.from(host)
    const dueUs = this.#world.nowUs + withinUs
    if (direction.dueUs <= dueUs) return
    direction.dueUs = dueUs
    this.#world.inLife(host, withinUs, () => { if (direction.dueUs === dueUs && connection.alive) this.leave(connection, host) })
  }

  /** All that waits goes now. @param withPiece - in one write with a piece, ahead of that */
  leave (connection: Connection, host: Host, withPiece = false): void {
    const direction = connection.from(host)
    direction.dueUs = Number.POSITIVE_INFINITY
    for (const { body, run, staleUs } of direction.waiting.splice(0)) this.#network.control(connection, host, body, run, 0, staleUs, withPiece)
    const { acknowledge: pieces } = direction
    if (pieces === 0) return
    direction.acknowledge = 0
    this.#network.control(connection, host, bodyBytes({ type: 'acknowledge', pieces }), receiver => this.#acknowledged(receiver, host, pieces), 0, 0, withPiece)
  }
}
