import { invariant } from './invariant.ts'

/**
 * What a base may have a server do about itself, from the mildest on. There is nothing else: no shell, no
 * configuration, no keys, no upgrade.
 */
export const REPAIR_ACTIONS = ['reconnect', 'flush-outbox', 'reverify', 'refetch', 'restart-executor', 'restart-process', 'activate'] as const
export type RepairAction = (typeof REPAIR_ACTIONS)[number]

/** The strongest repair that a node's own configuration lets its base order. `none`: only to be asked. */
export const REPAIR_LEVELS = ['none', 'reconnect', 'reverify', 'refetch', 'restart-executor', 'restart-process'] as const
export type RepairLevel = (typeof REPAIR_LEVELS)[number]

/** How an order ended. `silent`: nobody answered it. */
export type RepairResult = 'done' | 'refused' | 'failed' | 'silent'

/** The first repair is given this share of a wait period to show, and each further one twice as long: 7.5 s to 4 min at 30 s. */
export const FIRST_REST_SHARE = 0.25

/**
 * Which repair comes next for one server in one job. Each is ordered once, so that a server which nothing
 * helps is given up, and not worn down.
 */
export class RepairLadder {
  readonly #used = new Set<RepairAction>()
  #rests = 0

  /** What was ordered so far, in that order. */
  get tried (): readonly RepairAction[] {
    return [...this.#used]
  }

  has (action: RepairAction): boolean {
    return this.#used.has(action)
  }

  use (action: RepairAction): void {
    invariant(!this.#used.has(action), `${action} is ordered once`)
    this.#used.add(action)
  }

  /**
   * What to order next; undefined at the top.
   *
   * @param done - what was done last, if anything was
   */
  next (done?: RepairAction): RepairAction | undefined {
    // A restart leaves the server out of service: whether it is fit for it again comes before anything stronger.
    if (done != null && this.#outOfService(done)) return 'activate'
    return REPAIR_ACTIONS.find(action => !this.#used.has(action))
  }

  /** Whether `action`, if it was done, is followed by the next one at once: it cannot show by itself. */
  leadsOn (action: RepairAction): boolean {
    return action === 'reconnect' || this.#outOfService(action)
  }

  /** How long to wait before the server is asked whether it helped. */
  restMs (waitPeriodMs: number): number {
    return waitPeriodMs * FIRST_REST_SHARE * 2 ** this.#rests++
  }

  #outOfService (action: RepairAction): boolean {
    return (action === 'restart-executor' || action === 'restart-process') && !this.#used.has('activate')
  }
}
