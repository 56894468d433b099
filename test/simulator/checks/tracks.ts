import type { CommandInfo, Effect } from '@sluice/core'
import type { Host } from '../host.ts'
import type { Observer, World } from '../world.ts'

/** Effects of a track are begun in order, and not behind one that failed. */
export class TracksCheck implements Observer {
  readonly #world: World
  /** What a process stated in its present life: `name job seq` → completed, failed, superseded */
  readonly #stated = new Map<string, string>()

  constructor (world: World) {
    this.#world = world
  }

  restarted (host: Host): void {
    for (const key of [...this.#stated.keys()]) if (key.startsWith(`${host.name} `)) this.#stated.delete(key)
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type === 'receipt') this.#stated.set(`${host.name} ${effect.job} ${effect.seq}`, effect.kind.replace('command-', ''))
    if (effect.type !== 'execute') return
    const { job, seq } = effect
    const commands = host.jobs.get(job)?.commands ?? []
    const { track } = commands[seq - 1] as CommandInfo
    for (const earlier of commands.slice(0, seq - 1)) {
      if (earlier.track !== track || earlier.body.kind === 'cancel') continue
      const state = this.#stated.get(`${host.name} ${job} ${earlier.seq}`) ?? host.jobs.get(job)?.outcomes.get(earlier.seq)?.state
      if (state == null) throw this.#world.error(`${host.name} begins command ${seq} of ${job} before command ${earlier.seq} of its track has an outcome`)
      if (state === 'failed' && !earlier.continueAfterFailure) throw this.#world.error(`${host.name} begins command ${seq} of ${job}, although command ${earlier.seq} of its track failed`)
    }
  }
}
