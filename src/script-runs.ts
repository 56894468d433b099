import type { Logger } from '@sluice/node'
import type { JobClosed, Provider } from '@sluice/sdk'
import { type ScriptRun, runScript } from './script-runner.ts'
import type { ScriptContent } from './script-schema.ts'

export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'stopped'

/** A script that was started, as its user sees it. */
export interface RunSummary {
  readonly run: number
  readonly script: string
  readonly state: RunState
  /** Jobs that it has opened, the newest last. */
  readonly jobs: readonly string[]
  readonly outcomes: ReadonlyArray<JobClosed['outcome']>
  readonly error?: string
}

interface Run {
  summary: RunSummary
  readonly stopping: AbortController
  readonly ended: Promise<void>
}

/** Runs that are remembered once they are over; the jobs themselves the base remembers. */
const MAX_ENDED = 1_000

/** The scripts that a provider's daemon runs, side by side. */
export class ScriptRuns {
  readonly #provider: Provider
  readonly #waits: ScriptRun['waits']
  readonly #log: Logger
  readonly #runs = new Map<number, Run>()
  #last = 0

  constructor (provider: Provider, waits: ScriptRun['waits'], log: Logger) {
    this.#provider = provider
    this.#waits = waits
    this.#log = log
  }

  /** @param within - if set, nothing outside of it may be published */
  start (script: string, content: ScriptContent, folder: string, within?: string): RunSummary {
    const number = ++this.#last
    const stopping = new AbortController()
    const summary: RunSummary = { run: number, script, state: 'waiting', jobs: [], outcomes: [] }
    const change = (change: Partial<RunSummary>): void => {
      const run = this.#runs.get(number)
      if (run != null) run.summary = { ...run.summary, ...change }
    }
    const now = (): RunSummary => this.#runs.get(number)?.summary ?? summary
    const work = async (): Promise<void> => {
      try {
        await runScript(this.#provider, content, {
          folder,
          within,
          signal: stopping.signal,
          waits: this.#waits,
          onOpened: job => {
            this.#log.info('script has opened a job', { run: number, script, job: job.id })
            change({ state: 'running', jobs: [...now().jobs, job.id] })
          },
          onEvent: event => {
            if (event.type !== 'job.closed') return
            const { state, outcomes } = now()
            // A run may have failed before the job that it ended by that is closed.
            change({ state: state === 'running' ? 'waiting' : state, outcomes: [...outcomes, event.outcome] })
          }
        })
        change({ state: 'done' })
      } catch (error) {
        this.#log.warn('script failed', { run: number, script, error: (error as Error).message })
        change(stopping.signal.aborted ? { state: 'stopped' } : { state: 'failed', error: (error as Error).message })
      }
      this.#log.info('script is over', { run: number, script, state: now().state })
      this.#forgetOldest()
    }
    // The entry is there before the work begins to change it.
    const ended = Promise.resolve().then(work)
    this.#runs.set(number, { summary, stopping, ended })
    return summary
  }

  list (): RunSummary[] {
    return [...this.#runs.values()].map(({ summary }) => summary)
  }

  get (run: number): RunSummary | undefined {
    return this.#runs.get(run)?.summary
  }

  /** Nothing more of it is given; what was given goes on. */
  async end (run: number): Promise<RunSummary | undefined> {
    const found = this.#runs.get(run)
    found?.stopping.abort(new Error('the run was stopped by its user'))
    await found?.ended
    return found?.summary
  }

  async stop (): Promise<void> {
    await Promise.all([...this.#runs.keys()].map(run => this.end(run)))
  }

  #forgetOldest (): void {
    const ended = [...this.#runs].filter(([, { summary }]) => summary.state !== 'waiting' && summary.state !== 'running')
    for (const [run] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.#runs.delete(run)
  }
}
