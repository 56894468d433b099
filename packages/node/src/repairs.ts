import type { PrivateKey } from '@libp2p/interface'
import { REPAIR_LEVELS, type RepairAction as RepairName, type RepairLevel } from '@sluice/core'
import type { Journal } from '@sluice/store'
import { open, RepairAction, type RepairOrder, RepairResult, sign, type Signed, toHex } from '@sluice/wire'
import type { Logger } from './log.ts'
import { RepairRefused } from './repair-actions.ts'

/** Everything that leaves the process running. */
export const DEFAULT_REPAIR_LEVEL: RepairLevel = 'restart-executor'

export interface RepairsInit {
  readonly key: PrivateKey
  readonly self: string
  readonly base: string
  readonly journal: Journal
  readonly log: Logger
  readonly max: RepairLevel
  readonly perform: (action: RepairAction, job: Uint8Array, baseMs: number, signal: AbortSignal) => Promise<string>
}

/** How long one repair may take, in milliseconds: below what the base waits for its outcome. */
const ACTION_LIMIT_MS = 45_000
/** An order is good for a minute; its nonce is remembered for a day, far beyond what clocks differ by. In milliseconds. */
const LONGEST_ORDER_MS = 60_000
const CLOCK_SKEW_MS = 30_000
const NONCE_MEMORY_MS = 24 * 60 * 60_000
const NONCE_BYTES = 16
/** Restarts of the process that are ordered in an hour at most: more would not help, and would keep it from its work. */
const MAX_RESTARTS = 3
const HOUR_MS = 60 * 60_000

/** Which level a repair belongs to; whoever allows any repair allows to be put back into service. */
const LEVELS: Record<RepairAction, { name: RepairName, level: RepairLevel }> = {
  [RepairAction.RECONNECT]: { name: 'reconnect', level: 'reconnect' },
  [RepairAction.FLUSH_OUTBOX]: { name: 'flush-outbox', level: 'reconnect' },
  [RepairAction.REVERIFY]: { name: 'reverify', level: 'reverify' },
  [RepairAction.REFETCH]: { name: 'refetch', level: 'refetch' },
  [RepairAction.RESTART_EXECUTOR]: { name: 'restart-executor', level: 'restart-executor' },
  [RepairAction.RESTART_PROCESS]: { name: 'restart-process', level: 'restart-process' },
  [RepairAction.ACTIVATE]: { name: 'activate', level: 'reconnect' }
}

/** A number for sorting; protons' enums are their own names. */
const NUMBERS = Object.keys(LEVELS)

/**
 * Takes repair orders of the base: each is checked, written down before
 * anything is done, done within its time, and answered with a signed outcome.
 * An order that is forged, stale, for another node, used before, or above what
 * this node's own configuration allows touches nothing.
 */
export class Repairs {
  readonly #init: RepairsInit
  #last: Promise<unknown> = Promise.resolve()

  constructor (init: RepairsInit) {
    this.#init = init
  }

  /**
   * Carry out one order, after those before it.
   *
   * @returns the signed RepairOutcome
   * @throws {EnvelopeError} where it is no order of this base: it gets no signature of ours
   */
  async carryOut (bytes: Uint8Array): Promise<Uint8Array> {
    const order = await open('repairOrder', bytes, this.#init.base)
    const outcome = this.#last.then(() => this.#inTurn(order))
    this.#last = outcome.catch(() => {})
    return await outcome
  }

  async #inTurn (order: Signed<'repairOrder'> & { readonly value: RepairOrder }): Promise<Uint8Array> {
    const { journal, self, log } = this.#init
    const { value } = order
    const { name } = LEVELS[value.action] ?? { name: 'unknown' }
    let written = false
    let result = RepairResult.REPAIR_DONE
    let detail: string
    try {
      const now = Date.now()
      this.#check(value, now)
      this.#allow(value, now)
      journal.transaction(() => {
        journal.forgetRepairs(now - NONCE_MEMORY_MS)
        journal.meta.raise('repairEpoch', value.epoch)
        journal.intendRepair({ nonce: value.nonce, peer: self, job: toHex(value.job), action: NUMBERS.indexOf(value.action), bytes: order.bytes, at: now })
      })
      written = true
      const signal = AbortSignal.timeout(ACTION_LIMIT_MS)
      detail = await within(signal, this.#init.perform(value.action, value.job, value.issued, signal))
      log.info('repaired', { action: name, detail })
    } catch (error) {
      result = !written || error instanceof RepairRefused ? RepairResult.REPAIR_REFUSED : RepairResult.REPAIR_FAILED
      detail = (error as Error).message
      log.warn(result === RepairResult.REPAIR_REFUSED ? 'repair refused' : 'repair failed', { action: name, reason: detail })
    }
    const outcome = await sign('repairOutcome', { node: self, order: order.hash, result, detail, finished: Date.now() }, this.#init.key)
    if (written) journal.settleRepair(value.nonce, outcome.bytes)
    return outcome.bytes
  }

  /** @throws {RepairRefused} where the order is not meant for here and now */
  #check ({ base, node, issued, expires, nonce, epoch }: RepairOrder, now: number): void {
    const { self, journal } = this.#init
    if (node !== self || base !== this.#init.base) throw new RepairRefused(`the order is for ${node} of the base ${base}`)
    if (expires - issued > LONGEST_ORDER_MS) throw new RepairRefused('the order is good for too long')
    if (now > expires + CLOCK_SKEW_MS || now < issued - CLOCK_SKEW_MS) throw new RepairRefused(`the order was good from ${new Date(issued).toISOString()} to ${new Date(expires).toISOString()}, here it is ${new Date(now).toISOString()}: if it came at once, set the clocks right`)
    if (nonce.length !== NONCE_BYTES) throw new RepairRefused(`the order's nonce has ${nonce.length} bytes instead of ${NONCE_BYTES}`)
    const known = Number(journal.meta.get('repairEpoch') ?? 0)
    if (epoch < known) throw new RepairRefused(`the order is of the base's epoch ${epoch}, and ${known} was heard of`)
  }

  /** @throws {RepairRefused} where this node's own configuration, or its patience, does not allow it */
  #allow ({ action }: RepairOrder, now: number): void {
    const { max, journal } = this.#init
    const rule = LEVELS[action]
    if (rule == null) throw new RepairRefused('this version of the software does not know this repair: update it')
    if (REPAIR_LEVELS.indexOf(rule.level) > REPAIR_LEVELS.indexOf(max)) throw new RepairRefused(`this node allows repairs up to ${max} (repair.max in its configuration), and ${rule.name} is above`)
    if (action === RepairAction.RESTART_PROCESS && journal.repairsSince(NUMBERS.indexOf(action), now - HOUR_MS) >= MAX_RESTARTS) throw new RepairRefused(`it was restarted ${MAX_RESTARTS} times within the last hour`)
  }
}

async function within<T> (signal: AbortSignal, work: Promise<T>): Promise<T> {
  return await Promise.race([work, new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`not done within ${ACTION_LIMIT_MS / 1000} s`)), { once: true })
  })])
}
