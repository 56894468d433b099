import { mkdirSync } from 'node:fs'
import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { RepairAction, sha256 } from '@sluice/wire'
import { expect } from 'chai'
import { Attempts } from '../src/attempts.ts'
import { unfitness } from '../src/fitness.ts'
import type { BadPieces, JobCare } from '../src/job-care.ts'
import type { Outbox } from '../src/outbox.ts'
import type { ReceiptWriter } from '../src/receipt-writer.ts'
import { RepairActions, RepairRefused } from '../src/repair-actions.ts'
import { LoneNode } from './lone-node.ts'
import { rejection } from './rejection.ts'

describe('RepairActions', () => {
  let node: LoneNode
  let attempts: Attempts
  let did: string[]
  let bad: BadPieces
  let restartProcess: (() => void) | undefined
  let folder: string

  beforeEach(async () => {
    node = await LoneNode.open()
    await node.book()
    attempts = new Attempts()
    did = []
    bad = new Map()
    restartProcess = undefined
    folder = join(node.mediaRoot, '.sluice')
    mkdirSync(folder, { recursive: true })
  })
  afterEach(() => {
    attempts.stop()
    node.stop()
    node.remove()
  })

  async function perform (...names: RepairAction[]): Promise<string> {
    const care = {
      reconnect: async () => 3,
      reverify: async () => ({ held: 9, checked: 8, bad }),
      renew: async (_job: unknown, pieces: BadPieces) => { did.push(`renew ${JSON.stringify([...pieces].map(([seq, set]) => [seq, [...set]]))}`) }
    } as unknown as JobCare
    const actions = new RepairActions({
      jobs: node.jobs,
      care,
      outbox: { reopen: () => 2 } as unknown as Outbox,
      receipts: { restate: () => did.push('restate'), settled: async () => {} } as unknown as ReceiptWriter,
      attempts,
      unfitness: async baseMs => await unfitness({ folder, journal: node.journal }, baseMs),
      restartProcess
    })
    let said = ''
    for (const name of names) said = await actions.perform(name, node.signed.job.hash, Date.now(), new AbortController().signal)
    return said
  }

  it('each say what they did', async () => {
    expect(await perform(RepairAction.RECONNECT)).to.equal('3 connections dialled anew')
    expect(await perform(RepairAction.FLUSH_OUTBOX)).to.equal('2 receipts are on their way')
    expect(did).to.deep.equal(['restate'])
    expect(await perform(RepairAction.REVERIFY)).to.equal('8 of 9 pieces compared, 0 do not match')
    expect(await perform(RepairAction.REFETCH)).to.equal('no piece is known to be bad')
  })

  it('fetch again what did not match, once', async () => {
    bad = new Map([[1, new Set([4, 7])], [3, new Set([0])]])
    expect(await perform(RepairAction.REVERIFY, RepairAction.REFETCH)).to.equal('3 pieces let go, to be fetched again')
    expect(did).to.deep.equal(['renew [[1,[4,7]],[3,[0]]]'])
    expect(await perform(RepairAction.REFETCH)).to.equal('no piece is known to be bad')
  })

  it('close no files under an effect that is under way', async () => {
    bad = new Map([[1, new Set([4])]])
    void attempts.run(node.signed.key, async () => await new Promise<never>(() => {}))
    expect(await rejection(perform(RepairAction.REVERIFY, RepairAction.REFETCH))).to.be.instanceOf(RepairRefused)
    expect(did).to.deep.equal([])
  })

  it('take a hanging executor out of service, and put it back where the node is fit', async () => {
    let tries = 0
    const effect = attempts.run(node.signed.key, async () => { if (++tries === 1) await new Promise<never>(() => {}) })
    expect(await perform(RepairAction.RESTART_EXECUTOR)).to.equal('1 effects abandoned; out of service until it is activated')
    expect(attempts.isHalted(node.signed.key)).to.equal(true)
    expect(await perform(RepairAction.ACTIVATE)).to.equal('fit: store, disk, clock and test piece; 1 effects begun again')
    await effect
    expect(tries).to.equal(2)
    expect((await readdir(folder)).filter(name => name.startsWith('fitness')), 'the test piece leaves no trace').to.deep.equal([])
  })

  it('leave a node out of service that is not fit, and say what is wrong with it', async () => {
    void attempts.run(node.signed.key, async () => await new Promise<never>(() => {}))
    await perform(RepairAction.RESTART_EXECUTOR)
    await rm(folder, { recursive: true })
    expect((await rejection(perform(RepairAction.ACTIVATE))).message).to.match(/disk: .*; test piece: /)
    expect(attempts.isHalted(node.signed.key)).to.equal(true)
    mkdirSync(folder)
    await chmod(folder, 0o700)
    await perform(RepairAction.ACTIVATE)
    expect(attempts.isHalted(node.signed.key)).to.equal(false)
  })

  it('end the process only where somebody starts it again', async () => {
    expect(await rejection(perform(RepairAction.RESTART_PROCESS))).to.be.instanceOf(RepairRefused)
    restartProcess = () => did.push('restart')
    expect(await perform(RepairAction.RESTART_PROCESS)).to.match(/ends now with status 75/)
    expect(did).to.deep.equal(['restart'])
  })

  it('are for jobs that the node has, and for words that it knows', async () => {
    const actions = new RepairActions({ jobs: node.jobs } as never)
    const { signal } = new AbortController()
    expect(await rejection(actions.perform(RepairAction.REVERIFY, sha256(), 0, signal))).to.be.instanceOf(RepairRefused)
    expect((await rejection(actions.perform('constructor' as RepairAction, node.signed.job.hash, 0, signal))).message).to.match(/does not know this repair/)
  })

  it('see a clock that is wrong', async () => {
    expect(await unfitness({ folder, journal: node.journal }, Date.now())).to.deep.equal([])
    expect(await unfitness({ folder, journal: node.journal }, Date.now() - 3_600_000)).to.deep.equal(['clock: 3600 s ahead of the base\'s: set it right'])
  })
})
