import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobClosed } from '@sluice/sdk'
import type { Fleet } from './fleet.ts'
import { type Line, MAIN, type Running } from './member.ts'
import type { Plan } from './plan.ts'
import { localOf, type Step } from './script.ts'

const PROGRAM = fileURLToPath(new URL('./provider-process.js', import.meta.url))
/** Whoever sits at the provider tries again after this, in milliseconds, … */
const RETRY_MS = 500
/** … and not for ever. */
const MAX_FAILURES = 60

type Put = Extract<Step, { kind: 'put' }>

/**
 * The person at the provider: gives the job, gives it again with its id when it
 * was cut off, and looks for the id where the program died before it could tell.
 */
export class Provision {
  /** All that its processes have told. */
  readonly lines: Line[] = []
  /** Ends that nobody brought about, by their last words. */
  readonly failures: string[] = []
  running: Running | undefined
  job: string | undefined
  closed: JobClosed | undefined
  readonly #fleet: Fleet
  readonly #plan: Plan
  readonly #folder: string
  readonly #opened = Promise.withResolvers<void>()
  #heldUntilMs = 0
  #isStopped = false

  /** @param folder - where what is put lies */
  constructor (fleet: Fleet, plan: Plan, folder: string) {
    this.#fleet = fleet
    this.#plan = plan
    this.#folder = folder
  }

  hold (forMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, performance.now() + forMs)
  }

  /** Resolves when a job is known to be open. */
  async opened (): Promise<void> {
    await this.#opened.promise
  }

  stop (): void {
    this.#isStopped = true
  }

  /** Resolves with the job's end. */
  async run (): Promise<JobClosed> {
    await writeFile(this.#list, JSON.stringify(this.#plan.steps))
    for (let first = true; ; first = false) {
      while (performance.now() < this.#heldUntilMs) await delay(this.#heldUntilMs - performance.now())
      if (this.#isStopped) throw new Error('the run was given up')
      if (!first && this.job == null && !await this.#find()) continue
      this.running = this.#fleet.launch(this.#args(), line => this.#take(line))
      const { status, signal, errors } = await this.running.ended
      if (this.closed != null) return this.closed
      if (signal === 'SIGKILL') continue
      this.failures.push(`status ${status}: ${errors.trim()}`)
      if (this.failures.length > MAX_FAILURES) throw new Error(`the provider fails again and again: ${this.failures.at(-1)}`)
      await delay(RETRY_MS)
    }
  }

  /** @returns whether it is known what there is; a job that was opened has an id now */
  async #find (): Promise<boolean> {
    let found: string | undefined
    const { status } = await this.#fleet.launch([MAIN, 'jobs', '--json', '-c', this.#fleet.provider.config], line => { if (typeof line.id === 'string') found ??= line.id }).ended
    if (status !== 0) await delay(RETRY_MS)
    this.job = found
    return status === 0
  }

  get #list (): string {
    return join(this.#fleet.provider.dir, 'steps.json')
  }

  #args (): string[] {
    const { dir, config, dataDir } = this.#fleet.provider
    if (this.#plan.manner === 'program') return [PROGRAM, dataDir, this.#fleet.address, join(dir, 'steps.json'), this.#folder, ...this.job == null ? [] : [this.job]]
    const puts = this.#plan.steps.filter((step): step is Put => step.kind === 'put')
    const as = puts.length === 1 ? (puts[0] as Put).path : '/out/'
    return [MAIN, 'publish', ...puts.map((put, index) => localOf(this.#folder, put, index + 1)), '--as', as, '-c', config, '--json', ...this.job == null ? ['--name', 'chaos'] : ['--resume', this.job]]
  }

  #take (line: Line): void {
    this.lines.push(line)
    if (line.type === 'job.opened') {
      this.job = String(line.job)
      this.#opened.resolve()
    }
    if (line.type === 'job.closed') this.closed = line as unknown as JobClosed
  }
}
