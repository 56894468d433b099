/** Events that wait for whoever iterates; progress that nobody read in time is replaced by newer. */
export class EventQueue<T> {
  readonly #waiting: Array<{ key: string | undefined, event: T }> = []
  readonly #latest = new Map<string, { key: string | undefined, event: T }>()
  #ended = false
  #wake = Promise.withResolvers<void>()

  /** @param key - an unread event with the same key is replaced: only the newest of its kind matters */
  push (event: T, key?: string): void {
    if (this.#ended) return
    const known = key == null ? undefined : this.#latest.get(key)
    if (known != null) {
      known.event = event
      return
    }
    const entry = { key, event }
    if (key != null) this.#latest.set(key, entry)
    this.#waiting.push(entry)
    this.#signal()
  }

  end (): void {
    this.#ended = true
    this.#signal()
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<T> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next != null) {
        if (next.key != null) this.#latest.delete(next.key)
        yield next.event
      } else if (this.#ended) {
        return
      } else {
        await this.#wake.promise
      }
    }
  }

  #signal (): void {
    const wake = this.#wake
    this.#wake = Promise.withResolvers()
    wake.resolve()
  }
}
