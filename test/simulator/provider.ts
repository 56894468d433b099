import { Bitfield } from '@sluice/core'
import type { Intake } from './intake.ts'
import type { Office } from './office.ts'
import type { MediaRecord } from './record.ts'
import type { Script } from './script.ts'
import type { World } from './world.ts'

/** Where a job's script has been played to. */
interface Progress {
  opened: boolean
  /** Commands given so far. */
  given: number
  /** When each was given, in microseconds. */
  readonly givenUs: number[]
}

/**
 * Plays the plan's jobs to the base: opens them, gives their commands and brings
 * their bytes. A base that is away is waited for; what it forgot comes again.
 */
export class Provider {
  readonly #world: World
  readonly #script: Script
  readonly #intake: Intake
  readonly #office: Office
  readonly #progress = new Map<string, Progress>()
  /** Pieces that it need not keep, by `job/seq`. */
  readonly #forgotten = new Map<string, Bitfield>()
  /** When each piece got to the base, in microseconds, by `job/seq`. */
  readonly storedUs = new Map<string, number[]>()

  constructor (world: World, script: Script, intake: Intake, office: Office) {
    this.#world = world
    this.#script = script
    this.#intake = intake
    this.#office = office
  }

  start (): void {
    for (const { id, atMs, commands } of this.#script.jobs) {
      this.#progress.set(id, { opened: false, given: 0, givenUs: [] })
      for (const dueMs of new Set([atMs, ...commands.map(command => command.atMs)])) this.#world.events.at(dueMs * 1000, () => this.work(id))
    }
  }

  /** The base is back. */
  resume (): void {
    for (const { id } of this.#script.jobs) this.work(id)
  }

  /** The base has these durably: the provider does not keep them any longer. */
  accepted (job: string, seq: number, pieces: Uint8Array): void {
    this.#forgotten.set(`${job}/${seq}`, new Bitfield(pieces))
    for (const observer of this.#world.observers) observer.accepted?.(job, seq, pieces)
  }

  /** Do what is due, and come back for the next piece. */
  work (id: string): void {
    const { base, nowUs } = this.#world
    const plan = this.#script.job(id)
    const progress = this.#progress.get(id) as Progress
    if (!base.alive || nowUs < plan.atMs * 1000) return
    if (!progress.opened) {
      progress.opened = true
      const info = this.#script.info(id)
      this.#office.opened(info)
      this.#intake.open(base, info)
    }
    for (let command = plan.commands[progress.given]; command != null && command.atMs * 1000 <= nowUs; command = plan.commands[progress.given]) {
      const seq = ++progress.given
      progress.givenUs.push(nowUs)
      const record = base.jobs.get(id)
      if (record == null) return
      this.#intake.command(base, record, this.#script.command(id, seq))
      this.#office.accepted(id, seq, command.kind === 'end')
    }
    for (const [seq, media] of base.jobs.get(id)?.media ?? []) this.#bring(id, seq, media, (progress.givenUs[seq - 1] ?? 0))
  }

  #bring (id: string, seq: number, media: MediaRecord, sinceUs: number): void {
    const { base, events } = this.#world
    const record = base.jobs.get(id)
    const length = this.#script.length(id, seq)
    const key = `${id}/${seq}`
    let stored = this.storedUs.get(key)
    if (stored == null) this.storedUs.set(key, stored = [])
    for (let piece = media.pieces.firstClear(0); piece < length && record?.closed === false && media.problem == null; piece = media.pieces.firstClear(piece)) {
      const dueUs = Math.round(sinceUs + this.#script.pieceUs(id, seq, piece))
      if (dueUs > events.nowUs) {
        this.#world.inLife(base, dueUs - events.nowUs, () => this.#bring(id, seq, media, sinceUs))
        return
      }
      if (this.#forgotten.get(key)?.has(piece) === true) throw this.#world.error(`the base asks for piece ${piece} of command ${seq} of ${id} again, which it had accepted`)
      stored[piece] ??= events.nowUs
      this.#intake.provided(base, record, seq, piece)
    }
  }
}
