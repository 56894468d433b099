import { isAbsolute, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AttributeValues, Job, JobClosed, JobEvent, Provider } from '@sluice/sdk'
import { ConfigDocument } from './config-document.ts'
import { UsageError } from './failure.ts'
import { parseDuration } from './quantity.ts'
import { kindOf, SCRIPT, type ScriptCommand, type ScriptContent } from './script-schema.ts'

/** Timers take no longer than this, in milliseconds; longer waits are made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1

export interface ScriptRun {
  /** Local paths are relative to this. */
  readonly folder: string
  /** If set, nothing outside of it may be published. */
  readonly within?: string | undefined
  readonly signal: AbortSignal
  readonly waits?: { readonly periodMs?: number | undefined, readonly periods?: number | undefined } | undefined
  readonly onOpened?: (job: Job) => void
  readonly onEvent?: (event: JobEvent) => void
}

/** A condition of a script that will never be met. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError'
}

/** @throws {ConfigError} with line, key, what is wrong and what to write instead */
export function parseScript (file: string, text: string): ScriptContent {
  return new ConfigDocument(file, text, SCRIPT).content()
}

/**
 * Run a script to its end: wait for its times and conditions, open its job or
 * jobs, give their commands, and wait for the final notice of each.
 *
 * @returns the final notices, in order
 */
export async function runScript (provider: Provider, script: ScriptContent, run: ScriptRun): Promise<JobClosed[]> {
  const closed: JobClosed[] = []
  const everyMs = script.every == null ? undefined : parseDuration(script.every)
  const rounds = everyMs == null ? 1 : script.times ?? Number.POSITIVE_INFINITY
  let dueMs = script.at == null ? Date.now() : Date.parse(script.at)
  for (let round = 0; round < rounds; round++, dueMs += everyMs ?? 0) {
    // Rounds that were slept through are left out: whoever missed a week of nights wants one.
    if (everyMs != null && rounds === Number.POSITIVE_INFINITY && dueMs < Date.now() - everyMs) dueMs += Math.floor((Date.now() - dueMs) / everyMs) * everyMs
    await until(dueMs, run.signal)
    closed.push(await runJob(provider, script, run))
  }
  return closed
}

async function runJob (provider: Provider, script: ScriptContent, run: ScriptRun): Promise<JobClosed> {
  const { to, name, quorum, priority, notices } = script
  const job = await provider.openJob({ to, name, quorum, priority, notices, waitPeriodMs: run.waits?.periodMs, waitPeriods: run.waits?.periods, signal: run.signal })
  run.onOpened?.(job)
  const watching = (async () => { for await (const event of job.events()) run.onEvent?.(event) })()
  watching.catch(() => {})
  const given = new Commands(job, script, run)
  try {
    for (const command of script.commands) await given.give(command)
    await given.uploaded()
  } finally {
    // A job that nothing more is added to must not stay open: its servers would wait for the rest.
    if (!run.signal.aborted) await job.end().catch(() => {})
  }
  const notice = await job.closed()
  await watching
  return notice
}

/** The commands of one job, as they are given one after the other. */
class Commands {
  readonly #job: Job
  readonly #script: ScriptContent
  readonly #run: ScriptRun
  readonly #seqs = new Map<string, number>()
  readonly #uploads: Array<Promise<unknown>> = []

  constructor (job: Job, script: ScriptContent, run: ScriptRun) {
    this.#job = job
    this.#script = script
    this.#run = run
  }

  async give (command: ScriptCommand): Promise<void> {
    const { signal } = this.#run
    if (command.after != null) await until(Date.now() + (parseDuration(command.after) ?? 0), signal)
    if (command.at != null) await until(Date.parse(command.at), signal)
    if (command.when != null) await this.#condition(command.when)
    for (let time = 0; time < (command.times ?? 1); time++) {
      if (time > 0) await until(Date.now() + (parseDuration(command.every ?? '') ?? 0), signal)
      const seq = await this.#give(command)
      if (command.id != null) this.#seqs.set(command.id, seq)
    }
  }

  /** Everything that was put is at the base. */
  async uploaded (): Promise<void> {
    await Promise.all(this.#uploads)
  }

  async #condition ({ completed, on = 'all' }: NonNullable<ScriptCommand['when']>): Promise<void> {
    const servers = on === 'all' ? this.#job.servers.length : on === 'quorum' ? this.#script.quorum ?? this.#job.servers.length : on
    const outcomes = await Promise.race([this.#job.settled(this.#seq(completed), servers), rejected(this.#run.signal)])
    const done = [...outcomes.values()].filter(state => state !== 'failed').length
    if (done < servers) throw new ScriptError(`command ${JSON.stringify(completed)} cannot be done on ${servers} servers any more: ${outcomes.size - done} have failed it`)
  }

  async #give (command: ScriptCommand): Promise<number> {
    const job = this.#job
    const { track, continueAfterFailure } = command
    const options = { track, continueAfterFailure, signal: this.#run.signal }
    const path = (key: 'mkdir' | 'setattr' | 'move' | 'to' | 'remove' | 'verify' | 'as'): string => command[key] as string
    switch (kindOf(command)) {
      case 'put': return await this.#put(command, options)
      case 'mkdir': return await job.mkdir(path('mkdir'), { ...options, attributes: attributesOf(command) })
      case 'setattr': return await job.setAttributes(path('setattr'), attributesOf(command), options)
      case 'move': return await job.move(path('move'), path('to'), options)
      case 'remove': return await job.remove(path('remove'), { ...options, recursive: command.recursive })
      case 'publish': return await job.publish((command.publish ?? []).map(id => this.#seq(id)), options)
      case 'verify': return await job.verify(path('verify'), options)
      case 'barrier': return await job.barrier(command.barrier === 'all' ? [] : command.barrier, options)
      case 'cancel': return await job.cancel(this.#seq(command.cancel as string), command.reason ?? 'called off by its provider', options)
    }
  }

  /** Transfers overlap: the next command is given when this one has its place. */
  async #put (command: ScriptCommand, options: { track: number | undefined, continueAfterFailure: boolean | undefined, signal: AbortSignal }): Promise<number> {
    const accepted = Promise.withResolvers<number>()
    const upload = this.#job.put(this.#local(command.put as string), command.as as string, { ...options, staged: command.staged, arriving: command.arriving, onAccepted: accepted.resolve })
    upload.catch(() => {})
    this.#uploads.push(upload)
    return await Promise.race([accepted.promise, upload.then(({ seq }) => seq)])
  }

  #local (path: string): string {
    const { folder, within } = this.#run
    const local = resolve(folder, path)
    const inside = within == null ? '' : relative(within, local)
    if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) throw new UsageError(`${path} is outside of the directory that scripts may publish from (control.sources)`)
    return local
  }

  #seq (id: string): number {
    return this.#seqs.get(id) as number
  }
}

function attributesOf ({ mode, mtime, owner, group }: ScriptCommand): AttributeValues {
  return { mode: mode == null ? undefined : Number.parseInt(mode, 8), mtime: mtime == null ? undefined : new Date(mtime), owner, group }
}

async function until (dueMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = dueMs - Date.now(); leftMs > 0; leftMs = dueMs - Date.now()) await delay(Math.min(leftMs, MAX_TIMER_MS), undefined, { signal })
}

async function rejected (signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
