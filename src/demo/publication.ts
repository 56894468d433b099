import type { JobClosed, JobEvent } from '@sluice/sdk'
import { JobProgress } from '../progress.ts'
import type { Child } from './child.ts'
import type { Fleet } from './fleet.ts'
import type { Source } from './source.ts'

/** A job of the demo: `sluice publish --json`, run as a process of its own. */
export class Publication {
  readonly source: Source
  readonly progress = new JobProgress()
  readonly #child: Child
  readonly #fleet: Fleet
  /** When it last came any further: nodes tell of their progress even while they make none. */
  newsMs = performance.now()
  #bytes = 0

  constructor (fleet: Fleet, source: Source, onEvent: (event: JobEvent) => void) {
    this.source = source
    this.#fleet = fleet
    const args = ['publish', source.local, '--as', source.destination, '-c', this.config, '--json']
    this.#child = fleet.run(source.provider, args, line => {
      const event = line as unknown as JobEvent
      const nowMs = performance.now()
      this.progress.handle(event, nowMs)
      const bytes = this.progress.upload.bytes + [...this.progress.nodes.values()].reduce((sum, node) => sum + node.bytes, 0)
      if (event.type !== 'progress' || bytes > this.#bytes) this.newsMs = nowMs
      this.#bytes = bytes
      onEvent(event)
    })
  }

  get config (): string {
    return this.#fleet.providers.find(place => place.name === this.source.provider)?.config ?? ''
  }

  /** Resolves with the last event. */
  async closed (): Promise<JobClosed> {
    const status = await this.#child.exited
    const { closed } = this.progress
    if (closed == null) throw new Error(`${this.source.provider} ended with status ${status} and without an outcome\n${this.#child.errors}`)
    return closed
  }
}
