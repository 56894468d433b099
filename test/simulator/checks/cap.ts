import type { Effect } from '@sluice/core'
import type { Host } from '../host.ts'
import { PIECE_BYTES } from '../plan.ts'
import type { Observer, World } from '../world.ts'

/** What may leave at once under a cap: so much of its time, or a few pieces where that is less than one. */
const BURST_US = 100_000
const BURST_PIECES = 3

/** Nobody sends more than its configured cap, but for a moment. */
export class CapCheck implements Observer {
  readonly #world: World
  readonly #perUs: number
  /** Pieces that may leave, as of when. */
  readonly #buckets = new Map<Host, { pieces: number, atUs: number }>()

  constructor (world: World) {
    this.#world = world
    this.#perUs = (world.plan.peer?.uploadRate ?? 0) / PIECE_BYTES / 1e6
  }

  restarted (host: Host): void {
    this.#buckets.delete(host)
  }

  effect (host: Host, effect: Effect): void {
    if (this.#perUs === 0 || effect.type !== 'sendPiece') return
    const burst = Math.max(BURST_PIECES, this.#perUs * BURST_US)
    const { nowUs } = this.#world
    const { pieces, atUs } = this.#buckets.get(host) ?? { pieces: burst, atUs: nowUs }
    const left = Math.min(burst, pieces + (nowUs - atUs) * this.#perUs) - 1
    if (left < 0) throw this.#world.error(`${host.name} sends a piece that its cap of ${this.#perUs * PIECE_BYTES * 8} Mbit/s does not allow yet`)
    this.#buckets.set(host, { pieces: left, atUs: nowUs })
  }
}
