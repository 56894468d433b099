import type { Parcel } from './link.ts'

/** As much of one connection leaves at a time as a kernel gives the device at once: some ten segments. */
export const SLICE_BYTES = 16 * 1024

/** What waits for a line, first in, first out. */
export class InTurn {
  #queue: Parcel[] = []
  #head = 0
  /** Bytes that wait. */
  bytes = 0

  get flows (): number {
    return this.#head < this.#queue.length ? 1 : 0
  }

  /** All goes in one line, whatever connection it is on. */
  bytesOf (_flow: object): number {
    return this.bytes
  }

  add (parcel: Parcel): void {
    this.#queue.push(parcel)
    this.bytes += parcel.left
  }

  /** The next to leave, whole. */
  next (): Parcel | undefined {
    let parcel: Parcel | undefined
    do {
      parcel = this.#queue[this.#head++]
      this.bytes -= parcel?.left ?? 0
    } while (parcel?.isVain === true)
    if (this.#head > 1_024 || this.#head >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return parcel
  }
}

/**
 * What waits for a line that connections share: each has a slice in turn, and
 * what is on one of them stays in order. So of 16 pieces that are sent to 16
 * peers at once none is there before all of them are.
 */
export class FairTurns {
  readonly #waiting = new Map<object, Parcel[]>()
  bytes = 0

  get flows (): number {
    return this.#waiting.size
  }

  bytesOf (flow: object): number {
    return this.#waiting.get(flow)?.reduce((sum, { left }) => sum + left, 0) ?? 0
  }

  add (parcel: Parcel): void {
    this.bytes += parcel.left
    const flow = this.#waiting.get(parcel.flow)
    if (flow == null) this.#waiting.set(parcel.flow, [parcel])
    else flow.push(parcel)
  }

  /** The next of which a slice leaves. */
  next (): Parcel | undefined {
    for (const [flow, parcels] of this.#waiting) {
      const parcel = parcels[0] as Parcel
      const slice = parcel.isVain ? parcel.left : Math.min(SLICE_BYTES, parcel.left)
      this.bytes -= slice
      if (slice === parcel.left) parcels.shift()
      // To the end of the turn, if anything is left.
      this.#waiting.delete(flow)
      if (parcels.length > 0) this.#waiting.set(flow, parcels)
      if (!parcel.isVain) return parcel
    }
    return undefined
  }
}
