import { randomBytes } from 'node:crypto'
import type { PrivateKey } from '@libp2p/interface'
import type { RepairAction as RepairName, RepairResult as ResultName } from '@sluice/core'
import type { BookedJob, Logger, Status } from '@sluice/node'
import type { Journal, RepairRow } from '@sluice/store'
import { open, RepairAction, RepairResult, sameBytes, sign } from '@sluice/wire'

export interface RepairOrdersInit {
  readonly key: PrivateKey
  readonly self: string
  readonly epoch: number
  readonly journal: Journal
  readonly status: () => Status
  readonly log: Logger
}

export interface Repaired {
  readonly peer: string
  readonly action: RepairName
  readonly result: ResultName
  readonly detail: string
}

/** What an order is good for, in milliseconds: it goes out at once, and its node does it at once. */
const ORDER_MS = 60_000
const NONCE_BYTES = 16

const ACTIONS: Record<RepairName, RepairAction> = {
  reconnect: RepairAction.RECONNECT,
  'flush-outbox': RepairAction.FLUSH_OUTBOX,
  reverify: RepairAction.REVERIFY,
  refetch: RepairAction.REFETCH,
  'restart-executor': RepairAction.RESTART_EXECUTOR,
  'restart-process': RepairAction.RESTART_PROCESS,
  activate: RepairAction.ACTIVATE
}
const NAMES = Object.keys(ACTIONS) as RepairName[]
const RESULTS: Record<RepairResult, ResultName> = { [RepairResult.REPAIR_DONE]: 'done', [RepairResult.REPAIR_REFUSED]: 'refused', [RepairResult.REPAIR_FAILED]: 'failed' }

/** Orders repairs, and keeps each order and its signed outcome: what was ordered once is not ordered again after a restart. */
export class RepairOrders {
  readonly #init: RepairOrdersInit

  constructor (init: RepairOrdersInit) {
    this.#init = init
  }

  /** Never throws: an order that nobody answers has the result `silent`. */
  async order (job: BookedJob, peer: string, action: RepairName): Promise<Repaired> {
    const { key, self, epoch, journal, status, log } = this.#init
    const { id } = job.signed.value
    try {
      const issued = Date.now()
      const nonce = randomBytes(NONCE_BYTES)
      const order = await sign('repairOrder', { base: self, node: peer, epoch, nonce, issued, expires: issued + ORDER_MS, action: ACTIONS[action], job: job.signed.hash }, key)
      journal.intendRepair({ nonce, peer, job: id, action: NAMES.indexOf(action), bytes: order.bytes, at: issued })
      log.info('repair ordered', { job: id, peer, action })
      const { outcome, refused } = await status().query(peer, { repair: order.bytes })
      if (outcome == null || outcome.length === 0) throw new Error(refused === '' ? 'the node gave no signed outcome' : refused)
      const { value } = await open('repairOutcome', outcome, peer)
      if (value.node !== peer || !sameBytes(value.order, order.hash)) throw new Error('the node gave the outcome of another order')
      journal.settleRepair(nonce, outcome)
      log.info('repair answered', { job: id, peer, action, result: RESULTS[value.result], detail: value.detail })
      return { peer, action, result: RESULTS[value.result], detail: value.detail }
    } catch (error) {
      log.info('repair not answered', { job: id, peer, action, error: (error as Error).message })
      return { peer, action, result: 'silent', detail: (error as Error).message }
    }
  }

  /** What was ordered for a job so far, oldest first. */
  async past (job: BookedJob): Promise<Repaired[]> {
    return await Promise.all(this.#init.journal.repairs(job.signed.value.id).map(async row => await repairedOf(row)))
  }
}

async function repairedOf ({ peer, action, outcome }: RepairRow): Promise<Repaired> {
  const value = outcome == null ? undefined : (await open('repairOutcome', outcome, peer)).value
  return { peer, action: NAMES[action] as RepairName, result: value == null ? 'silent' : RESULTS[value.result], detail: value?.detail ?? 'nobody answered it before the base was restarted' }
}
