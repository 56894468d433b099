import { mock } from 'node:test'
import { type BookedJob, JobBook, type ReceiptConflict, silent, type Status } from '@sluice/node'
import { open, Outcome, ReceiptKind, RepairAction, type RepairOrder, RepairResult, type Report, sameBytes, ServerState, sha256, type session, sign, type Signed, status } from '@sluice/wire'
import { expect } from 'chai'
import { Lifecycle } from '../src/lifecycle.ts'
import { Desk, EPOCH } from './desk.ts'
import { type Identity, identity } from './identity.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { JOB_RECEIVED, COMMAND_COMPLETED, COMMAND_FAILED, JOB_COMPLETED, COMMAND_STARTED } = ReceiptKind
const { SERVER_COMPLETE, SERVER_FAILED, UNREACHABLE, UNKNOWN } = ServerState
const PERIOD_MS = 1_000
const PERIODS = 2

describe('Lifecycle', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let lifecycle: Lifecycle
  let job: BookedJob
  let recorded: Array<Signed<'receipt'>>
  let asked: Array<{ peer: string, request: status.StatusRequest }>
  let answer: (peer: string) => status.StatusReply
  let result: RepairResult
  let ordered: RepairAction[]
  let reconnected: string[]
  let situations: session.Situation[]
  let closing: PromiseWithResolvers<Signed<'report'>>

  beforeEach(async () => {
    // The base looks at its timers four times a second: here when the test says so.
    mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_700_000_000_000 })
    desk = await Desk.open(folder())
    recorded = []
    asked = []
    reconnected = []
    ordered = []
    result = RepairResult.REPAIR_REFUSED
    situations = []
    answer = () => { throw new Error('nobody there') }
    closing = Promise.withResolvers()
    lifecycle = begin()
    job = await desk.job()
  })
  afterEach(async () => {
    lifecycle.stop()
    mock.timers.reset()
    await desk.close()
  })

  function begin (): Lifecycle {
    return new Lifecycle({
      key: desk.base.key,
      self: desk.base.peer,
      epoch: EPOCH,
      absences: desk.absences,
      reconnect: peer => reconnected.push(peer),
      onSituation: (_job, situation) => situations.push(situation),
      journal: desk.journal,
      jobs: desk.jobs,
      driver: () => desk.asDriver,
      status: () => ({
        query: async (peer: string, request: status.StatusRequest) => {
          asked.push({ peer, request })
          return request.repair == null ? answer(peer) : await repaired(peer, request.repair)
        }
      }) as unknown as Status,
      waitPeriodMs: PERIOD_MS,
      waitPeriods: PERIODS,
      log: silent,
      onReceipt: (_job, receipt) => recorded.push(receipt),
      onClosed: (_job, report) => closing.resolve(report)
    })
  }

  /** What a node answers to an order. */
  async function repaired (peer: string, bytes: Uint8Array): Promise<status.StatusReply> {
    const order = await open('repairOrder', bytes, desk.base.peer)
    expect(desk.journal.repairs().some(({ nonce, outcome }) => sameBytes(nonce, (order.value as RepairOrder).nonce) && outcome == null), 'it is written down before it goes out').to.equal(true)
    ordered.push((order.value as RepairOrder).action)
    const { key } = desk.nodes.find(node => node.peer === peer) as Identity
    const outcome = await sign('repairOutcome', { node: peer, order: order.hash, result, detail: 'so it was', finished: Date.now() }, key)
    return { known: true, head: 0, commands: [], refused: '', outcome: outcome.bytes }
  }

  /** The job's put and end are accepted. */
  async function ended (): Promise<void> {
    await desk.bookWhole(job)
    lifecycle.opened(job)
    for (const { signed } of job.commands) lifecycle.accepted(job, signed.value.seq)
  }

  async function complete (rank: number): Promise<void> {
    for (const receipt of await desk.finalWords(job, rank)) await lifecycle.receive(receipt.value.node, receipt.bytes)
  }

  const peer = (rank: number): string => desk.nodes[rank]?.peer as string
  const states = (report: Signed<'report'>): ServerState[] => (report.value as Report).servers.map(({ state }) => state)

  describe('receipts', () => {
    beforeEach(() => lifecycle.opened(job))

    it('are durable before they are told, and taken once', async () => {
      const receipt = await desk.receipt(job, 0, JOB_RECEIVED, 0)
      await lifecycle.receive(peer(0), receipt.bytes)
      expect(sameBytes(desk.journal.lastReceipt(job.signed.value.id, peer(0))?.bytes as Uint8Array, receipt.bytes)).to.equal(true)
      await lifecycle.receive(peer(0), receipt.bytes)
      expect(recorded, 'a known one is acknowledged, and told nobody again').to.have.length(1)
      expect(desk.journal.receipts(job.signed.value.id)).to.have.length(1)
    })

    it('are not taken out of their chain', async () => {
      const loose = await desk.receipt(job, 0, JOB_RECEIVED, 0, { previous: sha256() })
      expect((await rejection(lifecycle.receive(peer(0), loose.bytes))).message).to.include('receipt 1 is not chained')
      const ahead = await desk.receipt(job, 1, JOB_RECEIVED, 0, { number: 2 })
      expect((await rejection(lifecycle.receive(peer(1), ahead.bytes))).message).to.equal('receipt 2 does not follow 0')
      expect(recorded).to.deep.equal([])
    })

    it('have one version for a number', async () => {
      const first = await desk.receipt(job, 0, JOB_RECEIVED, 0)
      await lifecycle.receive(peer(0), first.bytes)
      const other = await desk.receipt(job, 0, COMMAND_STARTED, 0, { number: 1, previous: job.signed.hash })
      const conflict = await rejection(lifecycle.receive(peer(0), other.bytes)) as ReceiptConflict
      expect(conflict.name).to.equal('ReceiptConflict')
      expect(conflict.known.map(bytes => [...bytes]), 'what it said before').to.deep.equal([[...first.bytes]])
      expect(recorded).to.have.length(1)
    })

    it('are the node\'s own: nobody brings another\'s, or speaks for him', async () => {
      const honest = await desk.receipt(job, 0, JOB_RECEIVED, 0)
      expect((await rejection(lifecycle.receive(peer(1), honest.bytes))).message).to.include(`not by ${peer(1)}`)
      const impostor = await desk.receipt(job, 0, JOB_RECEIVED, 0, {}, desk.nodes[1])
      expect((await rejection(lifecycle.receive(peer(1), impostor.bytes))).message).to.equal(`the receipt speaks for ${peer(0)}`)
      expect(recorded).to.deep.equal([])
    })

    it('are of a job of this base, and of its servers', async () => {
      const elsewhere = await desk.receipt(job, 0, JOB_RECEIVED, 0, { job: sha256() })
      expect((await rejection(lifecycle.receive(peer(0), elsewhere.bytes))).message).to.include('no job').and.include('here')
      const stranger = await identity('stranger')
      const uninvited = await desk.receipt(job, 2, JOB_RECEIVED, 0, { node: stranger.peer }, stranger)
      expect((await rejection(lifecycle.receive(stranger.peer, uninvited.bytes))).message).to.include('is not a server of job')
      expect((await rejection(lifecycle.receive(peer(0), Buffer.from('garbage')))).name).to.equal('EnvelopeError')
      expect(recorded).to.deep.equal([])
    })

    it('that come after the end are kept, and told nobody', async () => {
      desk.jobs.close(job.key)
      const late = await desk.receipt(job, 0, JOB_RECEIVED, 0)
      await lifecycle.receive(peer(0), late.bytes)
      expect(desk.journal.receipts(job.signed.value.id)).to.have.length(1)
      expect(recorded).to.deep.equal([])
    })
  })

  describe('the end', () => {
    it('is complete when every server has said so, and rests on their receipts in bundle order', async () => {
      await ended()
      expect(lifecycle.phase(job.key)).to.equal('ending')
      // The order of arrival is another one than that of ranks.
      for (const rank of [2, 0, 1]) await complete(rank)
      const report = await closing.promise
      expect(report.value).to.deep.include({ outcome: Outcome.COMPLETE, head: 2, epoch: EPOCH })
      expect((report.value as Report).servers).to.deep.equal(desk.nodes.map(node => ({ peer: node.peer, state: SERVER_COMPLETE, reason: '' })))
      const inOrder = desk.nodes.flatMap(node => recorded.filter(({ value }) => value.node === node.peer).map(({ hash }) => hash))
      expect(inOrder).to.have.length(9)
      expect(sameBytes((report.value as Report).receipts, sha256(...inOrder))).to.equal(true)
      expect(lifecycle.phase(job.key)).to.equal('closed')
    })

    it('is durable when it is told, and lets the servers go', async () => {
      await ended()
      answer = () => ({ known: true, head: 0, commands: [], refused: '' })
      for (const rank of [0, 1, 2]) await complete(rank)
      const report = await closing.promise
      const { id } = job.signed.value
      expect(sameBytes(desk.journal.report(id) as Uint8Array, report.bytes)).to.equal(true)
      expect(desk.journal.job(id)?.state).to.equal('closed')
      expect((await open('report', report.bytes)).signer).to.equal(desk.base.peer)
      expect(asked.map(question => question.peer)).to.deep.equal([0, 1, 2].map(peer))
      expect(asked.every(({ request }) => sameBytes(request.closed as Uint8Array, report.bytes))).to.equal(true)
      // One that was away then says at its next greeting that it has the job still.
      await lifecycle.returned(peer(1), [sha256(), job.signed.hash].map(hash => ({ job: hash, seq: 0, head: hash })))
      await lifecycle.returned('a stranger', [{ job: job.signed.hash, seq: 0, head: job.signed.hash }])
      expect(asked.slice(3).map(question => question.peer)).to.deep.equal([peer(1)])
    })

    it('counts other bytes than the sealed ones as a failure, whatever the server calls it', async () => {
      await ended()
      await complete(0)
      await complete(1)
      await lifecycle.receive(peer(2), (await desk.receipt(job, 2, JOB_RECEIVED, 0)).bytes)
      await lifecycle.receive(peer(2), (await desk.receipt(job, 2, COMMAND_COMPLETED, 1, { digest: sha256() })).bytes)
      await lifecycle.receive(peer(2), (await desk.receipt(job, 2, JOB_COMPLETED, 2)).bytes)
      const report = await closing.promise
      expect((report.value as Report).outcome).to.equal(Outcome.PARTIAL)
      expect((report.value as Report).servers[2]).to.deep.equal({ peer: peer(2), state: SERVER_FAILED, reason: 'command 1: diverged: its digest is not the sealed one' })
    })

    it('is failed where no server completes, with the reason of each', async () => {
      await ended()
      for (const rank of [0, 1, 2]) {
        await lifecycle.receive(peer(rank), (await desk.receipt(job, rank, JOB_RECEIVED, 0)).bytes)
        await lifecycle.receive(peer(rank), (await desk.receipt(job, rank, COMMAND_FAILED, 1, { reason: 'the disk is full' })).bytes)
        await lifecycle.receive(peer(rank), (await desk.receipt(job, rank, JOB_COMPLETED, 2)).bytes)
      }
      const { outcome, servers } = (await closing.promise).value as Report
      expect(outcome).to.equal(Outcome.FAILED)
      expect(servers.map(({ reason }) => reason)).to.deep.equal(Array(3).fill('command 1: the disk is full'))
    })

    for (const [quorum, outcome] of [[0, Outcome.PARTIAL], [2, Outcome.COMPLETE], [3, Outcome.PARTIAL]] as const) {
      it(`with two of three servers and a quorum of ${quorum} is ${outcome.toLowerCase()}`, async () => {
        job = await desk.job({ options: { quorum } })
        await ended()
        await complete(0)
        await complete(1)
        await silence(2)
        const report = await closing.promise
        expect((report.value as Report).outcome).to.equal(outcome)
        expect(states(report)).to.deep.equal([SERVER_COMPLETE, SERVER_COMPLETE, UNREACHABLE])
      })
    }

    it('waits for a server that moves, and gives up on one that answers the same again and again', async () => {
      await ended()
      await complete(0)
      await complete(1)
      let bytes = 0
      answer = () => ({ known: true, head: 2, commands: [{ seq: 1, state: status.CommandState.IN_PROGRESS, bytes: bytes++, reason: '' }], refused: '' })
      await silence(5)
      expect(desk.journal.report(job.signed.value.id)).to.equal(undefined)
      answer = () => ({ known: true, head: 2, commands: [], refused: '' })
      await silence(PERIODS + 1)
      const { servers } = (await closing.promise).value as Report
      expect(servers[2]?.state).to.equal(UNKNOWN)
      expect(servers[2]?.reason).to.match(/^answers, but makes no progress; tried reconnect, .*activate refused: so it was$/)
      expect(ordered).to.deep.equal([RepairAction.RECONNECT, RepairAction.FLUSH_OUTBOX, RepairAction.REVERIFY, RepairAction.REFETCH, RepairAction.RESTART_EXECUTOR, RepairAction.RESTART_PROCESS, RepairAction.ACTIVATE])
    })

    it('names the expected wait of a server that is down, at once and in its line', async () => {
      await ended()
      const now = Date.now()
      for (const tookMs of [60_000, 120_000, 180_000]) {
        desk.absences.left(peer(2), now - 1_000_000)
        desk.absences.returned(peer(2), now - 1_000_000 + tookMs)
      }
      desk.absences.left(peer(2), now)
      await complete(0)
      await complete(1)
      await silence(1)
      expect(situations).to.have.length(1)
      expect(situations[0]).to.include({ peer: peer(2), reason: 'nobody there', because: 'by its last 3 absences' })
      expect(situations[0]?.expectedWaitMs).to.be.closeTo(120_000, 2_000)
      expect(reconnected).to.deep.equal([peer(2)])
      await silence(PERIODS)
      const { servers } = (await closing.promise).value as Report
      expect(servers[2]).to.deep.include({ state: UNREACHABLE, reason: 'no answer to status queries: nobody there; expected back in about 2 min (by its last 3 absences)' })
      expect(situations, 'it is told once').to.have.length(1)
    })

    it('is in the outbox of webhooks as soon as it is durable', async () => {
      job = await desk.job({ options: { webhook: 'https://provider.example/sluice' } })
      await ended()
      for (const rank of [0, 1, 2]) await complete(rank)
      await closing.promise
      expect(desk.journal.noticesToPost().map(({ job: id, url, tries }) => [id, url, tries])).to.deep.equal([[job.signed.value.id, 'https://provider.example/sluice', 0]])
    })

    it('comes at the job\'s deadline, whatever is missing', async () => {
      job = await desk.job({ options: { deadline: Date.now() + 10_000 } })
      await desk.bookWhole(job)
      lifecycle.opened(job)
      await complete(1)
      mock.timers.tick(9_500)
      expect(lifecycle.phase(job.key)).to.equal('open')
      mock.timers.tick(500)
      const report = await closing.promise
      expect(states(report)).to.deep.equal([UNKNOWN, SERVER_COMPLETE, UNKNOWN])
    })

    it('approaches a server again whose job receipt is late', async () => {
      await ended()
      await complete(0)
      mock.timers.tick(6_000)
      expect(desk.driver.inputs.filter(({ type }) => type === 'reissue')).to.deep.equal([{ type: 'reissue', job: job.key, ranks: [1, 2] }])
    })
  })

  describe('after a restart', () => {
    it('stands where the journal says', async () => {
      await ended()
      await complete(0)
      await complete(1)
      lifecycle.stop()
      desk.jobs = new JobBook(desk.journal, desk.base.peer, 'base')
      job = (await desk.jobs.restore(Date.now()))[0] as BookedJob
      lifecycle = begin()
      await lifecycle.restore(job)
      expect(lifecycle.phase(job.key)).to.equal('ending')
      await complete(2)
      const report = await closing.promise
      expect(states(report)).to.deep.equal([SERVER_COMPLETE, SERVER_COMPLETE, SERVER_COMPLETE])
      const hashes = desk.nodes.flatMap(node => desk.journal.receipts(job.signed.value.id).filter(receipt => receipt.node === node.peer).map(({ hash }) => hash))
      expect(sameBytes((report.value as Report).receipts, sha256(...hashes))).to.equal(true)
    })

    it('orders nothing again that it ordered before', async () => {
      await ended()
      await complete(0)
      await complete(1)
      answer = () => ({ known: true, head: 2, commands: [], refused: '' })
      result = RepairResult.REPAIR_DONE
      await silence(3)
      expect(ordered).to.deep.equal([RepairAction.RECONNECT, RepairAction.FLUSH_OUTBOX, RepairAction.REVERIFY, RepairAction.REFETCH])
      lifecycle.stop()
      desk.jobs = new JobBook(desk.journal, desk.base.peer, 'base')
      job = (await desk.jobs.restore(Date.now()))[0] as BookedJob
      lifecycle = begin()
      await lifecycle.restore(job)
      await silence(3)
      expect(ordered.slice(4)).to.deep.equal([RepairAction.RESTART_EXECUTOR, RepairAction.ACTIVATE, RepairAction.RESTART_PROCESS])
    })

    it('closes a job whose last receipt was recorded right before', async () => {
      await ended()
      for (const rank of [0, 1, 2]) for (const receipt of await desk.finalWords(job, rank)) desk.record(job, receipt, Date.now())
      lifecycle.stop()
      desk.jobs = new JobBook(desk.journal, desk.base.peer, 'base')
      lifecycle = begin()
      for (const restored of await desk.jobs.restore(Date.now())) await lifecycle.restore(restored)
      expect((await closing.promise).value).to.deep.include({ outcome: Outcome.COMPLETE })
    })
  })

  /** Let so many wait periods pass, each with time for its answers. */
  async function silence (periods: number): Promise<void> {
    for (let period = 0; period < periods; period++) {
      // An order is signed, sent, answered and checked: each takes turns of the loop, and the next comes after it.
      for (let part = 0; part < 4; part++) {
        mock.timers.tick(PERIOD_MS / 4)
        for (let turn = 0; turn < 40; turn++) await new Promise(resolve => setImmediate(resolve))
      }
    }
  }
})
