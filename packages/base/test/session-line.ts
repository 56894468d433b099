import type { SessionLine } from '@sluice/node'
import type { session } from '@sluice/wire'

/** The base's end of a session stream without a stream: what was told, and when its provider leaves. */
export class StubLine {
  readonly peer: string
  readonly told: session.SessionEvent[] = []
  /** Set to let every word from now on be lost. */
  broken = false
  readonly #request: session.SessionRequest
  readonly #left = Promise.withResolvers<void>()
  readonly #waiting: Array<{ count: number, resolve: () => void }> = []

  constructor (peer: string, request: session.SessionRequest) {
    this.peer = peer
    this.#request = request
  }

  get asLine (): SessionLine {
    return this as unknown as SessionLine
  }

  async nextRequest (): Promise<session.SessionRequest> {
    return this.#request
  }

  async tell (event: session.SessionEvent): Promise<void> {
    if (this.broken) throw new Error('the stream was reset')
    this.told.push(event)
    for (const { count, resolve } of this.#waiting) if (this.told.length >= count) resolve()
  }

  async ended (): Promise<void> {
    await this.#left.promise
  }

  leave (): void {
    this.#left.resolve()
  }

  /** Resolves when so many events were told. */
  async heard (count: number): Promise<session.SessionEvent[]> {
    if (this.told.length < count) await new Promise<void>(resolve => this.#waiting.push({ count, resolve }))
    return this.told
  }
}
