import { expect } from 'chai'
import { sameBytes, sha256 } from '@sluice/wire'
import { commandInfo, JobBook, jobInfo } from '../src/job-book.ts'
import { LoneNode } from './lone-node.ts'
import { rejection } from './rejection.ts'
import { SignedJob } from './signed-job.ts'

const HOUR_MS = 3_600_000

describe('job book', () => {
  let node: LoneNode

  beforeEach(async () => { node = await LoneNode.open() })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  const refusal = async (signed: SignedJob): Promise<string> => (await rejection(node.jobs.addJob(signed.job.bytes, Date.now()))).message

  it('takes a job once, and makes it durable', async () => {
    const { signed } = node
    const job = await node.book()
    expect(await node.jobs.addJob(signed.job.bytes, Date.now())).to.equal(job)
    expect(node.journal.job(job.signed.value.id)?.state).to.equal('open')
    expect(jobInfo(job)).to.deep.include({ id: signed.key, base: signed.base.peer, servers: [signed.node.peer], rates: [1], priority: 0 })
    expect(node.jobs.byId(job.signed.value.id)).to.equal(job)
  })

  describe('takes no job', () => {
    it('that its base did not sign', async () => {
      const { signed } = node
      node.jobs = new JobBook(node.journal, signed.node.peer, 'node')
      expect(await refusal(signed)).to.include(`signed by ${signed.base.peer}`)
    })

    it('that expired', async () => {
      expect(await refusal(await SignedJob.open({ job: { expires: Date.now() - HOUR_MS } }))).to.match(/expired at/)
    })

    it('that lists a server twice', async () => {
      const server = { peer: node.signed.node.peer, uploadRate: 0 }
      expect(await refusal(await SignedJob.open({ job: { servers: [server, server] } }))).to.include('twice')
    })

    it('whose id is none', async () => {
      expect(await refusal(await SignedJob.open({ job: { id: '../etc' } }))).to.include('is no job id')
    })

    it('whose request was made to another base', async () => {
      expect(await refusal(await SignedJob.open({ request: { base: 'elsewhere' } }))).to.include('a request to the base elsewhere')
    })

    it('that a check refuses, and remembers nothing of it', async () => {
      const error = await rejection(node.jobs.addJob(node.signed.job.bytes, Date.now(), () => { throw new Error('not for us') }))
      expect(error.message).to.equal('not for us')
      expect(node.journal.openJobs()).to.deep.equal([])
    })
  })

  describe('takes no command', () => {
    it('that is not the provider\'s, but an end of the base', async () => {
      const job = await node.book()
      const { signed } = node
      const strange = await signed.command({ end: {} }, { signer: signed.node })
      expect((await rejection(node.jobs.checkCommand(job, strange.bytes))).message).to.include('who is not its provider')
      signed.seq = 0
      signed.head = signed.job.hash
      const end = await signed.command({ end: {} }, { signer: signed.base })
      expect(await node.jobs.addCommand(job, end.bytes, await signed.acceptance(end))).not.to.equal(undefined)
    })

    it('of another job, with a wrong predecessor, or with a path that leads out', async () => {
      const job = await node.book()
      const { signed } = node
      for (const [bent, why] of [[{ job: sha256() }, /another job/], [{ previous: sha256() }, /does not follow/]] as const) {
        const command = await signed.command({ end: {} }, { bent })
        expect((await rejection(node.jobs.checkCommand(job, command.bytes))).message).to.match(why)
        signed.seq = 0
        signed.head = signed.job.hash
      }
      const out = await signed.put(1, { destination: ['..', 'etc'] })
      expect((await rejection(node.jobs.checkCommand(job, out.bytes))).message).to.include('leave its folder')
    })

    it('twice in two versions, nor one ahead of a gap', async () => {
      const { signed } = node
      const job = await node.book(await node.media(10))
      const third = { bent: { seq: 3 } }
      const ahead = await signed.command({ end: {} }, third)
      expect(await node.jobs.addCommand(job, ahead.bytes, await signed.acceptance(ahead))).to.equal(undefined)
      signed.seq = 0
      signed.head = signed.job.hash
      const other = await signed.put(2)
      expect((await rejection(node.jobs.addCommand(job, other.bytes, await signed.acceptance(other)))).message).to.include('two versions')
    })

    it('that the base accepted otherwise, or did not accept', async () => {
      const job = await node.book()
      const { signed } = node
      const put = await signed.put(1)
      const wrong = await signed.acceptance(put, { bent: { command: sha256() } })
      expect((await rejection(node.jobs.addCommand(job, put.bytes, wrong))).message).to.include('accepted another command')
      const forged = await signed.acceptance(put, { signer: signed.node })
      expect((await rejection(node.jobs.addCommand(job, put.bytes, forged))).message).to.include(`not by ${signed.base.peer}`)
      expect(job.commands).to.deep.equal([])
    })
  })

  it('takes no page of another put, and no seal of another', async () => {
    const { signed } = node
    const [one, two] = [await node.media(10), await node.media(20)]
    const job = await node.book(one, two)
    const [page] = one.pages
    expect((await rejection(node.jobs.addPage(job, 2, page?.page.bytes as Uint8Array, page?.seal?.bytes as Uint8Array))).message).to.include('another put')
    expect((await rejection(node.jobs.addPage(job, 3, page?.page.bytes as Uint8Array, new Uint8Array()))).message).to.include('is no put')
    const seal = await signed.seal(page?.page as never, { bent: { seq: 2 } })
    expect((await rejection(node.jobs.addPage(job, 1, page?.page.bytes as Uint8Array, seal.bytes))).message).to.include('another put')
  })

  it('tells of so many open jobs at a time, and of each in its turn', async () => {
    expect(node.jobs.heads(2)).to.deep.equal([])
    const job = await node.book(await node.media(10))
    expect(node.jobs.heads(2)).to.deep.equal([{ job: job.signed.hash, seq: 1, head: job.commands[0]?.signed.hash }])
    for (const name of ['second', 'third']) {
      const { value, bytes } = (await SignedJob.open({ name })).job
      expect((await node.jobs.addJob(bytes, value.created)).signed.value.id).to.equal(value.id)
    }
    const all = [...node.jobs].map(({ signed }) => signed.hash)
    const told = [1, 2, 3].flatMap(() => node.jobs.heads(2).map(head => all.findIndex(hash => sameBytes(hash, head.job))))
    expect(told).to.deep.equal([0, 1, 2, 0, 1, 2])
    node.jobs.close(job.key)
    expect(node.jobs.heads(9)).to.have.length(2)
  })

  describe('after a restart', () => {
    it('has what it had', async () => {
      const media = await node.media(100)
      const job = await node.book(media)
      for (const { page, seal } of media.pages) await node.jobs.addPage(job, 1, page.bytes, seal?.bytes ?? new Uint8Array())
      node.stop()
      await node.start()
      const [restored] = await node.jobs.restore(Date.now())
      expect(restored?.key).to.equal(job.key)
      expect(restored?.commands.map(command => commandInfo(restored, command))).to.deep.equal(job.commands.map(command => commandInfo(job, command)))
      expect(restored?.pages.get(1)?.closed).to.deep.equal(job.pages.get(1)?.closed)
    })

    it('lets go of what expired meanwhile; its base does not', async () => {
      const { id } = (await node.book()).signed.value
      expect(await new JobBook(node.journal, node.signed.base.peer, 'base').restore(Date.now() + 2 * HOUR_MS)).to.have.length(1)
      expect(await new JobBook(node.journal, node.signed.base.peer, 'node').restore(Date.now() + 2 * HOUR_MS)).to.deep.equal([])
      expect(node.journal.job(id)?.state).to.equal('closed')
    })
  })
})
