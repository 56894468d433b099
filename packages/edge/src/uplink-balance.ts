/** Bytes per second. The two are the whole uplink, at any time. */
export interface UplinkSplit {
  readonly viewers: number
  readonly peers: number
}

/** Who takes so much of what it may take wants more. */
const HUNGRY = 0.9
/** Who does not keeps so much more than it took: a demand that grows is seen by its filling that. */
const HEADROOM = 1.25
/** … and never less than this share of the uplink. */
const LEAST = 0.1

/**
 * Divides one uplink between viewers and peers. Each has its share for certain;
 * what one does not want the other gets. Together they never have more than
 * there is. No clock: whoever asks says what was taken since.
 */
export class UplinkBalance {
  readonly #total: number
  readonly #share: number
  #split: UplinkSplit

  /**
   * @param total - of the uplink, in bytes per second
   * @param share - of viewers, when both want all they can get; between 0 and 1
   */
  constructor (total: number, share: number) {
    this.#total = total
    this.#share = share
    this.#split = this.#of(total * share)
  }

  get split (): UplinkSplit {
    return this.#split
  }

  /** @param taken - bytes per second that each of them took under the present split */
  next (taken: UplinkSplit): UplinkSplit {
    const hungry = (who: keyof UplinkSplit): boolean => taken[who] >= this.#split[who] * HUNGRY
    const viewers = this.#total * this.#share
    const peers = this.#total - viewers
    // What the calm one keeps is never more than its share: the other is sure of its own.
    const kept = (who: keyof UplinkSplit, share: number): number => Math.min(share, Math.max(taken[who] * HEADROOM, this.#total * LEAST))
    if (hungry('viewers') === hungry('peers')) this.#split = this.#of(viewers)
    else if (hungry('viewers')) this.#split = this.#of(this.#total - kept('peers', peers))
    else this.#split = this.#of(kept('viewers', viewers))
    return this.#split
  }

  #of (viewers: number): UplinkSplit {
    return { viewers, peers: this.#total - viewers }
  }
}
