/** One effect that is being made, or waits to be made again. */
interface Attempt {
  readonly work: (attempt: AbortSignal) => Promise<void>
  readonly done: PromiseWithResolvers<void>
  /** Of the try that counts; undefined while the job is halted. */
  current: AbortController | undefined
}

/**
 * Effects under way, by job. One that hangs cannot be stopped from outside: it is abandoned, and begun again
 * from the start, which every effect allows for the sake of crashes. What the abandoned one does or says later
 * counts for nothing; it finds its signal aborted where it looks at it next.
 */
export class Attempts {
  readonly #jobs = new Map<string, Set<Attempt>>()
  readonly #halted = new Map<string, NodeJS.Timeout>()

  /** Make an effect; resolves when the try that counts has. */
  async run (job: string, work: (attempt: AbortSignal) => Promise<void>): Promise<void> {
    const attempt: Attempt = { work, done: Promise.withResolvers(), current: undefined }
    const attempts = this.#jobs.get(job) ?? new Set()
    this.#jobs.set(job, attempts.add(attempt))
    if (!this.#halted.has(job)) begin(attempt)
    try {
      await attempt.done.promise
    } finally {
      attempts.delete(attempt)
      if (attempts.size === 0) this.#jobs.delete(job)
    }
  }

  /** Effects of a job that are under way. */
  underWay (job: string): number {
    return this.#jobs.get(job)?.size ?? 0
  }

  isHalted (job: string): boolean {
    return this.#halted.has(job)
  }

  /**
   * Abandon the job's effects; no new ones begin until `resume`.
   *
   * @param patienceMs - after this `onPatienceLost` is called, once: who halted it may be gone
   * @returns how many were abandoned
   */
  halt (job: string, patienceMs: number, onPatienceLost: () => void): number {
    clearTimeout(this.#halted.get(job))
    this.#halted.set(job, setTimeout(onPatienceLost, patienceMs).unref())
    const attempts = [...this.#jobs.get(job) ?? []]
    for (const attempt of attempts) {
      attempt.current?.abort(new Error('abandoned: its executor was restarted'))
      attempt.current = undefined
    }
    return attempts.length
  }

  /** @returns how many effects began again */
  resume (job: string): number {
    clearTimeout(this.#halted.get(job))
    if (!this.#halted.delete(job)) return 0
    const attempts = [...this.#jobs.get(job) ?? []]
    for (const attempt of attempts) begin(attempt)
    return attempts.length
  }

  /** Nobody waits for this job's effects any more. */
  forget (job: string): void {
    clearTimeout(this.#halted.get(job))
    this.#halted.delete(job)
    for (const attempt of this.#jobs.get(job) ?? []) {
      attempt.current?.abort(new Error('the job is closed'))
      attempt.current = undefined
    }
    this.#jobs.delete(job)
  }

  stop (): void {
    for (const timer of this.#halted.values()) clearTimeout(timer)
  }
}

function begin (attempt: Attempt): void {
  const controller = new AbortController()
  attempt.current = controller
  const counts = (settle: () => void) => (): void => { if (attempt.current === controller) settle() }
  attempt.work(controller.signal).then(counts(() => attempt.done.resolve()), (error: Error) => counts(() => attempt.done.reject(error))())
}
