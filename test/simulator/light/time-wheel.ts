/** Events of less than this apart keep the order they were asked for in: 1 ÷ 300 of what a piece takes at 100 Mbit/s. */
const SLOT_BITS = 4
/** Slots of the wheel, a second in all: what is later waits aside until it is nearer. */
const SLOTS = 1 << 16
const NONE = -1

/**
 * What is to happen, without an object for anything: a wheel of time slots over
 * typed arrays. Millions of events wait at once, and putting one in or taking
 * one out is the same few steps whatever their number. Times are whole
 * microseconds; those of one slot happen in the order they were asked for.
 */
export class TimeWheel {
  nowUs = 0
  /** The event that is happening. */
  kind = 0
  a = 0
  b = 0
  /** How many happened. */
  count = 0
  #slot = 0
  #waiting = 0
  readonly #first = new Int32Array(SLOTS).fill(NONE)
  readonly #last = new Int32Array(SLOTS).fill(NONE)
  readonly #far: number[] = []
  #at = new Int32Array(0)
  #kind = new Uint8Array(0)
  #a = new Int32Array(0)
  #b = new Int32Array(0)
  #next = new Int32Array(0)
  #free = NONE

  at (atUs: number, kind: number, a: number, b = 0): void {
    if (this.#free === NONE) this.#grow()
    const event = this.#free
    this.#free = this.#next[event]!
    this.#at[event] = Math.max(this.nowUs, Math.round(atUs))
    this.#kind[event] = kind
    this.#a[event] = a
    this.#b[event] = b
    this.#waiting++
    if ((this.#at[event]! >> SLOT_BITS) - this.#slot < SLOTS) this.#insert(event)
    else this.#far.push(event)
  }

  /** Take out the next event. @returns false if there is none */
  step (): boolean {
    if (this.#waiting === 0) return false
    let event = this.#first[this.#slot % SLOTS]!
    while (event === NONE) {
      this.#slot++
      // Twice a round: nothing that waits aside can be due before the next look.
      if (this.#slot % (SLOTS / 2) === 0) this.#fetch()
      event = this.#first[this.#slot % SLOTS]!
    }
    const place = this.#slot % SLOTS
    this.#first[place] = this.#next[event]!
    if (this.#first[place] === NONE) this.#last[place] = NONE
    this.nowUs = Math.max(this.nowUs, this.#at[event]!)
    this.kind = this.#kind[event]!
    this.a = this.#a[event]!
    this.b = this.#b[event]!
    this.#next[event] = this.#free
    this.#free = event
    this.#waiting--
    this.count++
    return true
  }

  #insert (event: number): void {
    const place = Math.max(this.#slot, this.#at[event]! >> SLOT_BITS) % SLOTS
    this.#next[event] = NONE
    if (this.#last[place] === NONE) this.#first[place] = event
    else this.#next[this.#last[place]!] = event
    this.#last[place] = event
  }

  #fetch (): void {
    const far = this.#far.splice(0)
    for (const event of far) {
      if ((this.#at[event]! >> SLOT_BITS) - this.#slot < SLOTS) this.#insert(event)
      else this.#far.push(event)
    }
  }

  #grow (): void {
    const old = this.#at.length
    const size = Math.max(1_024, old * 2)
    this.#at = grown(this.#at, new Int32Array(size))
    this.#kind = grown(this.#kind, new Uint8Array(size))
    this.#a = grown(this.#a, new Int32Array(size))
    this.#b = grown(this.#b, new Int32Array(size))
    this.#next = grown(this.#next, new Int32Array(size))
    for (let event = size - 1; event >= old; event--) {
      this.#next[event] = this.#free
      this.#free = event
    }
  }
}

/** The larger array, with what was in the smaller one. */
export function grown<T extends Int32Array | Uint8Array | Uint32Array | Float64Array> (from: T, to: T): T {
  to.set(from)
  return to
}
