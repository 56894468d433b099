import type { Prng } from '@sluice/core'

/**
 * One direction of a host's access: bytes leave it one after the other at its
 * rate. What waits in it is what the kernel and the shaper would hold.
 */
export class Link {
  /** Bytes per second. */
  rate: number
  readonly #prng: Prng
  readonly #jitter: number
  #freeUs = 0
  /** Time it was busy. */
  busyUs = 0
  bytes = 0

  /** @param jitter - service times vary by this share, up and down */
  constructor (rate: number, prng: Prng, jitter: number) {
    this.rate = rate
    this.#prng = prng
    this.#jitter = jitter
  }

  /** How long what waits here now will take, in microseconds. */
  backlogUs (nowUs: number): number {
    return Math.max(0, this.#freeUs - nowUs)
  }

  /** @returns when the last of `bytes` has passed */
  pass (bytes: number, nowUs: number): number {
    const noise = 1 + this.#jitter * (this.#prng.below(2001) / 1000 - 1)
    const us = bytes / this.rate * 1e6 * noise
    this.#freeUs = Math.max(nowUs, this.#freeUs) + us
    this.busyUs += us
    this.bytes += bytes
    return this.#freeUs
  }
}
