import { Happening } from '../event-queue.ts'
import type { Host } from '../host.ts'
import type { LaneBook } from '../lane-book.ts'
import type { MediaRecord } from '../record.ts'
import type { World } from '../world.ts'

/**
 * How long a source may be idle while a receiver with an open lane lacks what it
 * holds and nobody brings it: the longest of the core's own timers, a request
 * lost for good (10 s), and as much again, for one that was given to another
 * who lost it too.
 */
const IDLE_PAIR_BOUND_US = 20_000_000
const EVERY_US = 500_000

/** No pair that could be useful is idle for long. Dear, so done every half second. */
export class IdlePairsCheck extends Happening {
  readonly #world: World
  readonly #lanes: LaneBook

  constructor (world: World, lanes: LaneBook) {
    super()
    this.#world = world
    this.#lanes = lanes
    world.events.schedule(EVERY_US, this)
  }

  override run (): void {
    const { hosts, nowUs } = this.#world
    for (const source of hosts) if (source.alive && source.up.idle && nowUs - source.up.lastUsedUs > IDLE_PAIR_BOUND_US) this.#look(source)
    this.#world.events.schedule(nowUs + EVERY_US, this)
  }

  #look (source: Host): void {
    const { nowUs } = this.#world
    for (const { receiver, job, sinceUs } of this.#lanes.from(source)) {
      if (nowUs - sinceUs < IDLE_PAIR_BOUND_US || !receiver.alive) continue
      const wanting = receiver.jobs.get(job)
      for (const [seq, media] of source.jobs.get(job)?.media ?? []) {
        const theirs = wanting?.media.get(seq)
        if (theirs == null || theirs.complete || wanting?.outcomes.has(seq) === true) continue
        const chunk = this.#neglected(media, theirs)
        if (chunk != null) throw this.#world.error(`${source.name} has been idle for ${((nowUs - source.up.lastUsedUs) / 1e6).toFixed(1)} s while ${receiver.name} lacks chunk ${chunk} of command ${seq} of ${job}, which it holds and nobody brings`)
      }
    }
  }

  /** A chunk that has long been here, and of which nothing has been on its way there for as long. */
  #neglected (mine: MediaRecord, theirs: MediaRecord): number | undefined {
    const beforeUs = this.#world.nowUs - IDLE_PAIR_BOUND_US
    for (const chunk of mine.chunks.indexes()) {
      if (!theirs.chunks.has(chunk) && (mine.touchedUs[chunk] ?? 0) < beforeUs && (theirs.touchedUs[chunk] ?? 0) < beforeUs) return chunk
    }
    return undefined
  }
}
