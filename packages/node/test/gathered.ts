/** What came, in order; a spec waits for so many of it, and never for a time. */
export class Gathered<T> {
  readonly items: T[] = []
  readonly #waiting: Array<{ count: number, resolve: (items: T[]) => void }> = []

  push (item: T): void {
    this.items.push(item)
    for (const waiting of this.#waiting.splice(0)) {
      if (this.items.length >= waiting.count) waiting.resolve(this.items)
      else this.#waiting.push(waiting)
    }
  }

  /** Everything, as soon as there are `count` of it. */
  first (count: number): Promise<T[]> {
    if (this.items.length >= count) return Promise.resolve(this.items)
    return new Promise(resolve => { this.#waiting.push({ count, resolve }) })
  }
}
