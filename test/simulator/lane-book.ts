import type { Effect } from '@sluice/core'
import type { Host } from './host.ts'
import type { Observer, World } from './world.ts'

/** Which lanes are open: accepted by their receivers, on connections that hold. */
export class LaneBook implements Observer {
  readonly #world: World
  /** source → `receiver/job` → since when, in microseconds */
  readonly #lanes = new Map<number, Map<string, { readonly receiver: Host, readonly job: string, readonly sinceUs: number }>>()

  constructor (world: World) {
    this.#world = world
  }

  /** Lanes from a source. */
  from (source: Host): Iterable<{ readonly receiver: Host, readonly job: string, readonly sinceUs: number }> {
    return this.#lanes.get(source.index)?.values() ?? []
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'send' || effect.message.type !== 'laneAnswer') return
    const source = this.#world.host(effect.to)
    if (host.connections.get(source.index)?.alive === true) this.#answered(source, host, effect.message.job, effect.message.decision === 'accept')
  }

  broken (a: Host, b: Host): void {
    for (const [source, receiver] of [[a, b], [b, a]] as const) {
      for (const [key, lane] of this.#lanes.get(source.index) ?? []) if (lane.receiver === receiver) this.#lanes.get(source.index)?.delete(key)
    }
  }

  #answered (source: Host, receiver: Host, job: string, accepted: boolean): void {
    let lanes = this.#lanes.get(source.index)
    if (lanes == null) this.#lanes.set(source.index, lanes = new Map())
    const key = `${receiver.index}/${job}`
    if (!accepted) lanes.delete(key)
    else if (!lanes.has(key)) lanes.set(key, { receiver, job, sinceUs: this.#world.nowUs })
  }
}
