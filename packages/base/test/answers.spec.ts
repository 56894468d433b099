import { USUAL_ABSENCE_MS } from '@sluice/core'
import type { BookedJob, Status } from '@sluice/node'
import { Outcome, ReceiptKind, Role, ServerState, session, sign, status } from '@sluice/wire'
import { expect } from 'chai'
import { Answers } from '../src/answers.ts'
import { Desk, EPOCH } from './desk.ts'
import { identity } from './identity.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { QueryKind } = session

describe('Answers', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let answers: Answers
  let job: BookedJob
  let asked: string[]
  let phase: string

  beforeEach(async () => {
    desk = await Desk.open(folder())
    asked = []
    phase = 'ending'
    answers = new Answers({
      self: desk.base.peer,
      journal: desk.journal,
      jobs: desk.jobs,
      registry: desk.registry,
      absences: desk.absences,
      status: () => ({
        query: async (peer: string) => {
          asked.push(peer)
          if (peer === desk.nodes[1]?.peer) throw new Error('no answer')
          return { known: true, head: 2, refused: '', commands: [{ seq: 1, state: status.CommandState.IN_PROGRESS, bytes: 7, reason: '' }, { seq: 2, state: status.CommandState.STATE_FAILED, bytes: 0, reason: 'no room' }] }
        }
      }) as unknown as Status,
      phase: () => phase
    })
    job = await desk.job({ options: { name: 'the film' } })
  })
  afterEach(() => desk.close())

  async function ask (kind: session.QueryKind, id = '', provider = desk.provider.peer): Promise<unknown> {
    return JSON.parse(await answers.answer(provider, { kind, job: id }))
  }

  async function close (): Promise<void> {
    const servers = desk.nodes.map(({ peer }, rank) => rank === 2 ? { peer, state: ServerState.UNREACHABLE, reason: 'no answer' } : { peer, state: ServerState.SERVER_COMPLETE, reason: '' })
    const report = await sign('report', { job: job.signed.hash, epoch: EPOCH, outcome: Outcome.PARTIAL, closed: 9_999, servers, head: 2, receipts: new Uint8Array() }, desk.base.key)
    desk.journal.setReport(job.signed.value.id, report.bytes)
    desk.jobs.close(job.key)
  }

  it('list a provider\'s own jobs, the newest first', async () => {
    await desk.bookWhole(job)
    for (const receipt of await desk.finalWords(job, 0)) desk.record(job, receipt, 1)
    const newer = await desk.job({ created: job.signed.value.created + 1 })
    await desk.job({ provider: await identity('another provider') })
    const { id, created } = job.signed.value
    const jobs = await ask(QueryKind.JOBS) as Array<{ id: string }>
    expect(jobs.map(summary => summary.id)).to.deep.equal([newer.signed.value.id, id])
    expect(jobs[1]).to.deep.equal({ id, name: 'the film', state: 'ending', servers: 3, completed: 1, bytes: 131_072, commands: 2, created })
  })

  it('tell of an open job what its receipts and its servers say', async () => {
    await desk.bookWhole(job)
    for (const receipt of await desk.finalWords(job, 0)) desk.record(job, receipt, 1)
    desk.record(job, await desk.receipt(job, 1, ReceiptKind.JOB_RECEIVED, 0), 1)
    for (const rank of [0, 1]) desk.registry.online(desk.nodes[rank]?.peer as string, true)
    const { lines } = await ask(QueryKind.JOB, job.signed.value.id) as { lines: object[] }
    // What a server signed counts more than what it says.
    const commands = [{ seq: 1, state: 'completed', bytes: 131_072 }, { seq: 2, state: 'failed', bytes: 0, reason: 'no room' }]
    // Who is away is said to be so, and how long that will probably take: by now, a moment less than is usual.
    const { reason, expectedWaitMs, ...away } = lines[2] as { reason: string, expectedWaitMs: number }
    expect(reason).to.equal('not connected; expected back in about 10 min (it was never away before, so the usual time is assumed)')
    expect(expectedWaitMs).to.be.within(1, USUAL_ABSENCE_MS)
    expect([lines[0], lines[1], away]).to.deep.equal([
      { peer: desk.nodes[0]?.peer, state: 'working', receipts: 3, bytes: 131_072, sources: { [desk.base.peer]: 131_072 }, switches: 0, commands },
      { peer: desk.nodes[1]?.peer, state: 'working', receipts: 1, bytes: 0, sources: {}, switches: 0, commands: [] },
      { peer: desk.nodes[2]?.peer, state: 'waiting', receipts: 0, bytes: 0, sources: {}, switches: 0, commands: [] }
    ])
    expect(asked, 'who is not connected is not asked').to.deep.equal([0, 1].map(rank => desk.nodes[rank]?.peer))
  })

  it('tell of a closed job what its report says, and ask nobody', async () => {
    await close()
    desk.registry.online(desk.nodes[0]?.peer as string, true)
    const detail = await ask(QueryKind.JOB, job.signed.value.id) as { lines: Array<{ state: string, reason?: string }> }
    expect(detail).to.deep.include({ state: 'partial', completed: 2, closed: 9_999 })
    expect(detail.lines.map(({ state }) => state)).to.deep.equal(['complete', 'complete', 'unreachable'])
    expect(detail.lines[2]?.reason).to.equal('no answer')
    expect(asked).to.deep.equal([])
  })

  it('say nothing of another provider\'s job', async () => {
    const { id } = job.signed.value
    const other = (await identity('another provider')).peer
    for (const kind of [QueryKind.JOB, QueryKind.RECEIPTS]) {
      expect((await rejection(ask(kind, id, other))).message).to.equal(`there is no job ${id} of yours`)
      expect((await rejection(ask(kind, 'jnone'))).message).to.equal('there is no job jnone of yours')
    }
    expect(await ask(QueryKind.JOBS, '', other)).to.deep.equal([])
  })

  it('list the fleet\'s nodes, and no providers', async () => {
    desk.journal.upsertMember({ peer: 'a provider', role: Role.PROVIDER, labels: [], enrolledAt: 1, lastSeen: 0, uploadRate: 0 })
    desk.journal.upsertMember({ peer: 'a node', role: Role.NODE, labels: [{ name: 'region', value: 'eu' }], enrolledAt: 5, lastSeen: 6, uploadRate: 7 })
    desk.journal.revoke('a node')
    desk.registry.online(desk.nodes[0]?.peer as string, true)
    const nodes = await ask(QueryKind.NODES) as Array<{ peer: string, connected: boolean }>
    expect(nodes.map(({ peer }) => peer)).to.have.members([...desk.nodes.map(({ peer }) => peer), 'a node'])
    expect(nodes.filter(({ connected }) => connected).map(({ peer }) => peer)).to.deep.equal([desk.nodes[0]?.peer])
    expect(nodes.find(({ peer }) => peer === 'a node')).to.deep.equal({ peer: 'a node', labels: { region: 'eu' }, connected: false, enrolledAt: 5, lastSeen: 6, uploadRate: 7, revoked: true })
  })

  it('give a job\'s evidence in base64, open or closed', async () => {
    await desk.bookWhole(job)
    const receipt = await desk.receipt(job, 0, ReceiptKind.JOB_RECEIVED, 0)
    desk.record(job, receipt, 1)
    const evidence = async (): Promise<Record<string, unknown>> => await ask(QueryKind.RECEIPTS, job.signed.value.id) as Record<string, unknown>
    const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64')
    const open = await evidence()
    expect(open).to.deep.include({ job: text(job.signed.bytes), receipts: [text(receipt.bytes)], report: null })
    expect(open.commands).to.deep.equal(job.commands.map(({ signed, acceptance }) => ({ command: text(signed.bytes), acceptance: text(acceptance) })))
    expect(open.seals).to.have.length(1)
    expect(open.finalPages).to.have.length(1)
    await close()
    expect((await evidence()).report).to.equal(text(desk.journal.report(job.signed.value.id)))
  })

  it('say that they do not know a question', async () => {
    expect((await rejection(ask(QueryKind.INVITE))).message).to.include('update it')
  })
})
