/** Something that will happen. Those that happen again and again, a piece on its way for one, are the same object each time. */
export abstract class Happening {
  atUs = 0
  order = 0

  abstract run (): void
}

class Call extends Happening {
  readonly #call: () => void

  constructor (call: () => void) {
    super()
    this.#call = call
  }

  override run (): void {
    this.#call()
  }
}

/**
 * What is to happen, by (time, order of asking): a binary heap over whole
 * microseconds, so that the same seed always gives the same run.
 */
export class EventQueue {
  readonly #heap: Happening[] = []
  #order = 0
  #nowUs = 0

  get nowUs (): number {
    return this.#nowUs
  }

  get size (): number {
    return this.#heap.length
  }

  /** How many things have happened or wait to. */
  get count (): number {
    return this.#order
  }

  at (atUs: number, call: () => void): void {
    this.schedule(atUs, new Call(call))
  }

  /** @param happening - one that does not wait already */
  schedule (atUs: number, happening: Happening): void {
    happening.atUs = Math.max(this.#nowUs, Math.round(atUs))
    happening.order = this.#order++
    const heap = this.#heap
    let index = heap.push(happening) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(happening, heap[parent] as Happening)) break
      heap[index] = heap[parent] as Happening
      index = parent
    }
    heap[index] = happening
  }

  /** Let the next thing happen. @returns false if there is none */
  step (): boolean {
    const heap = this.#heap
    const first = heap[0]
    if (first == null) return false
    const last = heap.pop() as Happening
    if (heap.length > 0) this.#sink(last)
    this.#nowUs = first.atUs
    first.run()
    return true
  }

  #sink (happening: Happening): void {
    const heap = this.#heap
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Happening, heap[child] as Happening)) child++
      if (!before(heap[child] as Happening, happening)) break
      heap[index] = heap[child] as Happening
      index = child
    }
    heap[index] = happening
  }
}

function before (a: Happening, b: Happening): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
}
