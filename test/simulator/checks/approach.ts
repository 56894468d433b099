import type { Effect } from '@sluice/core'
import type { Host } from '../host.ts'
import type { Observer, World } from '../world.ts'

/** Each server is approached once per job, as long as nothing was lost and nobody was out of reach. */
export class ApproachCheck implements Observer {
  readonly #world: World
  /** `job name` → who approached it */
  readonly #approached = new Map<string, string>()
  #unreached = false

  constructor (world: World) {
    this.#world = world
  }

  input (_host: Host, input: { readonly type: string }): void {
    if (input.type === 'unreachable' || input.type === 'reissue') this.#unreached = true
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'handOver' || !effect.withJob) return
    const key = `${effect.job} ${effect.to}`
    const before = this.#approached.get(key)
    if (before != null && this.#world.losses === 0 && !this.#unreached) throw this.#world.error(`${host.name} hands ${effect.job} to ${effect.to}, whom ${before} has approached already`)
    this.#approached.set(key, host.name)
  }
}
