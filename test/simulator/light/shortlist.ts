/** What a policy is to choose from, without an array or an object for each question: the same things are filled in again and again. */
export class Shortlist<T> implements Iterable<T>, Iterator<T> {
  readonly #items: T[] = []
  readonly #make: () => T
  readonly #step: { done: boolean, value: T }
  #at = 0
  #count = 0

  constructor (make: () => T) {
    this.#make = make
    this.#step = { done: false, value: make() }
  }

  /** Begin anew. */
  empty (): void {
    this.#count = 0
  }

  /** @returns the next item, to be filled in */
  add (): T {
    if (this.#count === this.#items.length) this.#items.push(this.#make())
    return this.#items[this.#count++]!
  }

  [Symbol.iterator] (): Iterator<T> {
    this.#at = 0
    this.#step.done = false
    return this
  }

  next (): IteratorResult<T> {
    if (this.#at === this.#count) this.#step.done = true
    else this.#step.value = this.#items[this.#at++]!
    return this.#step as IteratorResult<T>
  }
}

/** The same for chunks. */
export class ChunkList implements Iterable<number>, Iterator<number> {
  readonly #chunks: Int32Array
  readonly #step = { done: false, value: 0 }
  #at = 0
  #count = 0

  constructor (chunks: number) {
    this.#chunks = new Int32Array(chunks)
  }

  empty (): void {
    this.#count = 0
  }

  /** The chunks of one word of a set. */
  addBits (word: number, bits: number): void {
    for (let rest = bits; rest !== 0; rest &= rest - 1) this.#chunks[this.#count++] = word * 32 + 31 - Math.clz32(rest & -rest)
  }

  [Symbol.iterator] (): Iterator<number> {
    this.#at = 0
    this.#step.done = false
    return this
  }

  next (): IteratorResult<number> {
    if (this.#at === this.#count) this.#step.done = true
    else this.#step.value = this.#chunks[this.#at++]!
    return this.#step as IteratorResult<number>
  }
}
