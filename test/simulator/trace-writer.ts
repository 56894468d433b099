import { closeSync, openSync, writeSync } from 'node:fs'
import type { Effect, Input } from '@sluice/core'
import type { Host } from './host.ts'
import type { Observer, World } from './world.ts'

/** Written to the file so many lines at a time. */
const BATCH_LINES = 1_000

/** Every input and effect of a run, a line each: seconds, host, `<` or `>`, and what. Ticks without effects are left out. */
export class TraceWriter implements Observer {
  readonly #file: number
  readonly #world: World
  #lines: string[] = []

  constructor (path: string, world: World) {
    this.#file = openSync(path, 'w')
    this.#world = world
  }

  input (host: Host, input: Input): void {
    if (input.type !== 'tick') this.#write(host, '<', input)
  }

  effect (host: Host, effect: Effect): void {
    this.#write(host, '>', effect)
  }

  close (): void {
    writeSync(this.#file, this.#lines.join(''))
    closeSync(this.#file)
  }

  #write (host: Host, sign: string, what: object): void {
    const text = JSON.stringify(what, (_key, value: unknown) => value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)
    this.#lines.push(`${(this.#world.nowUs / 1e6).toFixed(6)} ${host.name} ${sign} ${text}\n`)
    if (this.#lines.length < BATCH_LINES) return
    writeSync(this.#file, this.#lines.join(''))
    this.#lines = []
  }
}
