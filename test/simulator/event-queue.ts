interface Event {
  readonly atUs: number
  readonly order: number
  readonly run: () => void
}

/**
 * What is to happen, by (time, order of asking): a binary heap over whole
 * microseconds, so that the same seed always gives the same run.
 */
export class EventQueue {
  readonly #heap: Event[] = []
  #order = 0
  #nowUs = 0

  get nowUs (): number {
    return this.#nowUs
  }

  get size (): number {
    return this.#heap.length
  }

  at (atUs: number, run: () => void): void {
    const event = { atUs: Math.max(this.#nowUs, Math.round(atUs)), order: this.#order++, run }
    const heap = this.#heap
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(event, heap[parent] as Event)) break
      heap[index] = heap[parent] as Event
      index = parent
    }
    heap[index] = event
  }

  /** Let the next thing happen. @returns false if there is none */
  step (): boolean {
    const heap = this.#heap
    const first = heap[0]
    if (first == null) return false
    const last = heap.pop() as Event
    if (heap.length > 0) this.#sink(last)
    this.#nowUs = first.atUs
    first.run()
    return true
  }

  #sink (event: Event): void {
    const heap = this.#heap
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++
      if (!before(heap[child] as Event, event)) break
      heap[index] = heap[child] as Event
      index = child
    }
    heap[index] = event
  }
}

function before (a: Event, b: Event): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
}
