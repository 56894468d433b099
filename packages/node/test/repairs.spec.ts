import type { RepairLevel } from '@sluice/core'
import { open, RepairAction, type RepairOrder, type RepairOutcome, RepairResult, sign, type Signed } from '@sluice/wire'
import { expect } from 'chai'
import { silent } from '../src/log.ts'
import { RepairRefused } from '../src/repair-actions.ts'
import { Repairs } from '../src/repairs.ts'
import { LoneNode } from './lone-node.ts'
import { rejection } from './rejection.ts'
import { type Identity, identity } from './signed-job.ts'

const { REPAIR_DONE, REPAIR_REFUSED, REPAIR_FAILED } = RepairResult
const HOUR_MS = 60 * 60_000

describe('Repairs', () => {
  let node: LoneNode
  let repairs: Repairs
  let performed: RepairAction[]
  let perform: (action: RepairAction) => Promise<string>
  let nonces = 0

  beforeEach(async () => {
    node = await LoneNode.open()
    performed = []
    perform = async () => 'done so'
    repairs = allowing('restart-process')
  })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  function allowing (max: RepairLevel): Repairs {
    const { key, peer } = node.signed.node
    return new Repairs({
      key,
      self: peer,
      base: node.signed.base.peer,
      journal: node.journal,
      log: silent,
      max,
      perform: async action => {
        expect(node.journal.repairs().at(-1)?.outcome, 'it is written down before anything is done').to.equal(undefined)
        expect(node.journal.repairs()).to.not.be.empty
        performed.push(action)
        return await perform(action)
      }
    })
  }

  async function order (bent: Partial<RepairOrder> = {}, signer: Identity = node.signed.base): Promise<Signed<'repairOrder'>> {
    const issued = Date.now()
    const nonce = new Uint8Array(16).fill(++nonces)
    return await sign('repairOrder', { base: node.signed.base.peer, node: node.signed.node.peer, epoch: 3, nonce, issued, expires: issued + 60_000, action: RepairAction.REVERIFY, job: node.signed.job.hash, ...bent }, signer.key)
  }

  async function outcomeOf (bytes: Uint8Array, of = repairs): Promise<RepairOutcome> {
    return (await open('repairOutcome', await of.carryOut(bytes), node.signed.node.peer)).value as RepairOutcome
  }

  it('does what the base orders, and signs what came of it', async () => {
    const given = await order()
    const outcome = await outcomeOf(given.bytes)
    expect(outcome).to.deep.include({ node: node.signed.node.peer, result: REPAIR_DONE, detail: 'done so' })
    expect(Buffer.from(outcome.order).equals(given.hash)).to.equal(true)
    expect(performed).to.deep.equal([RepairAction.REVERIFY])
    expect(node.journal.repairs()[0]?.outcome).to.not.equal(undefined)
  })

  it('tells apart what it would not do and what it could not', async () => {
    perform = async () => { throw new RepairRefused('not now') }
    expect(await outcomeOf((await order()).bytes)).to.deep.include({ result: REPAIR_REFUSED, detail: 'not now' })
    perform = async () => { throw new Error('no disk') }
    expect(await outcomeOf((await order()).bytes)).to.deep.include({ result: REPAIR_FAILED, detail: 'no disk' })
  })

  for (const { name, bent, reason } of [
    { name: 'that is for another node', bent: () => ({ node: 'somebody' }), reason: /is for somebody/ },
    { name: 'that is of another base', bent: () => ({ base: 'another' }), reason: /of the base another/ },
    { name: 'that has expired', bent: () => ({ issued: Date.now() - HOUR_MS, expires: Date.now() - HOUR_MS + 60_000 }), reason: /was good from .* set the clocks right/ },
    { name: 'that is of tomorrow', bent: () => ({ issued: Date.now() + HOUR_MS, expires: Date.now() + HOUR_MS + 60_000 }), reason: /was good from/ },
    { name: 'that is good for too long', bent: () => ({ expires: Date.now() + HOUR_MS }), reason: /for too long/ },
    { name: 'with a short nonce', bent: () => ({ nonce: Uint8Array.of(1) }), reason: /nonce has 1 bytes/ }
  ] as ReadonlyArray<{ name: string, bent: () => Partial<RepairOrder>, reason: RegExp }>) {
    it(`refuses an order ${name}, signed and with the reason`, async () => {
      // Its times are those of now, and not of when this file was read.
      const outcome = await outcomeOf((await order(bent())).bytes)
      expect(outcome.result).to.equal(REPAIR_REFUSED)
      expect(outcome.detail).to.match(reason)
      expect(performed).to.deep.equal([])
      expect(node.journal.repairs()).to.deep.equal([])
    })
  }

  it('takes an order once, even after a restart', async () => {
    const { bytes } = await order()
    await repairs.carryOut(bytes)
    expect(await outcomeOf(bytes)).to.deep.include({ result: REPAIR_REFUSED })
    node.stop()
    await node.start()
    repairs = allowing('restart-process')
    expect((await outcomeOf(bytes)).detail).to.match(/used before/)
    expect(performed).to.have.length(1)
  })

  it('takes none of an epoch that the base has left behind', async () => {
    await repairs.carryOut((await order({ epoch: 5 })).bytes)
    expect((await outcomeOf((await order({ epoch: 4 })).bytes)).detail).to.match(/epoch 4, and 5 was heard of/)
    expect(performed).to.have.length(1)
  })

  it('gives no signature for what the base did not sign', async () => {
    const { bytes } = await order({}, await identity('stranger'))
    expect((await rejection(repairs.carryOut(bytes))).name).to.equal('EnvelopeError')
    expect((await rejection(repairs.carryOut(Buffer.from('garbage')))).name).to.equal('EnvelopeError')
    expect(performed).to.deep.equal([])
  })

  it('goes no further than its own configuration allows', async () => {
    for (const [max, allowed] of [
      ['none', ''],
      ['reconnect', 'RECONNECT FLUSH_OUTBOX ACTIVATE'],
      ['refetch', 'RECONNECT FLUSH_OUTBOX REVERIFY REFETCH ACTIVATE'],
      ['restart-executor', 'RECONNECT FLUSH_OUTBOX REVERIFY REFETCH RESTART_EXECUTOR ACTIVATE'],
      ['restart-process', 'RECONNECT FLUSH_OUTBOX REVERIFY REFETCH RESTART_EXECUTOR RESTART_PROCESS ACTIVATE']
    ] as const) {
      performed = []
      const capped = allowing(max)
      for (const action of Object.values(RepairAction)) {
        if (typeof action !== 'string') continue
        const { result, detail } = await outcomeOf((await order({ action })).bytes, capped)
        if (result === REPAIR_REFUSED) expect(detail).to.include(`up to ${max} (repair.max in its configuration)`)
      }
      expect(performed.join(' '), max).to.equal(allowed)
    }
  })

  it('lets its process be restarted three times an hour', async () => {
    const results: RepairResult[] = []
    for (let i = 0; i < 5; i++) results.push((await outcomeOf((await order({ action: RepairAction.RESTART_PROCESS })).bytes)).result)
    expect(results).to.deep.equal([REPAIR_DONE, REPAIR_DONE, REPAIR_DONE, REPAIR_REFUSED, REPAIR_REFUSED])
  })

  it('does one after the other', async () => {
    const first = Promise.withResolvers<string>()
    perform = async () => await first.promise
    const one = repairs.carryOut((await order()).bytes)
    const two = repairs.carryOut((await order()).bytes)
    await new Promise(resolve => setImmediate(resolve))
    expect(performed).to.have.length(1)
    first.resolve('done')
    await Promise.all([one, two])
    expect(performed).to.have.length(2)
  })
})
