import { Outcome, ReceiptKind, ServerState, sha256, sign } from '@sluice/wire'
import { expect } from 'chai'
import { buildBundle } from '../src/bundle.ts'
import { verifyBundle } from '../src/verify.ts'
import { finishedJob, identity, queuedJob, SyntheticJob } from './synthetic-job.ts'
import { places, verified } from './verify-parts.ts'

const { JOB_RECEIVED, JOB_COMPLETED, JOB_REFUSED, COMMAND_COMPLETED, COMMAND_FAILED, COMMAND_SUPERSEDED, COMMAND_STARTED } = ReceiptKind

describe('verify', () => {
  it('believes a complete job', async () => {
    const job = await finishedJob()
    await job.close()
    const result = await verifyBundle(await buildBundle(job.parts()), { base: job.base.peer, provider: job.provider.peer })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    expect(result).to.include({ job: job.job.value.id, provider: job.provider.peer, outcome: 'complete', contentSigned: true })
    expect(result.checks).to.be.greaterThan(50)
    expect(result.servers).to.deep.equal(job.nodes.map(({ peer }, rank) => (
      { peer, rank, state: 'complete', reason: '', receipts: 4, bytes: 21, completedAt: job.job.value.created + 203 }
    )))
  })

  it('believes it without the final pages, and says so', async () => {
    const job = await finishedJob()
    await job.close()
    expect(await verified({ ...job.parts(), finalPages: undefined })).to.include({ ok: true, contentSigned: false })
  })

  it('calls an open job open, and accepts it only where asked to', async () => {
    const job = await queuedJob()
    await job.complete(1)
    expect(await verified(job.parts())).to.include({ ok: false, outcome: 'open' })
    const result = await verified(job.parts(), { allowOpen: true })
    expect(result).to.include({ ok: true, outcome: 'open' })
    expect(result.ok && result.servers.map(({ state }) => state)).to.deep.equal(['unknown', 'complete', 'unknown'])
  })

  it('accepts a job without a command or a receipt as open', async () => {
    expect(await verified((await SyntheticJob.open()).parts(), { allowOpen: true })).to.include({ ok: true, outcome: 'open' })
  })

  describe('outcomes', () => {
    const failed = { state: ServerState.SERVER_FAILED, reason: 'no space' }

    it('is partial with a refusal, a failure and a silence told truthfully', async () => {
      const job = await queuedJob({ nodes: 4 })
      await job.complete(0)
      await job.receipt(1, JOB_REFUSED, 0, { reason: 'no space' })
      await job.receipt(2, JOB_RECEIVED, 0)
      await job.receipt(2, COMMAND_FAILED, 1, { reason: 'disk error' })
      await job.receipt(2, JOB_COMPLETED, 3)
      await job.close(Outcome.PARTIAL, { 1: failed, 2: failed, 3: { state: ServerState.UNREACHABLE } })
      expect(await verified(job.parts())).to.include({ ok: true, outcome: 'partial' })
    })

    it('is complete with as many servers as the quorum asks for', async () => {
      const job = await queuedJob({ options: { quorum: 2 } })
      await job.complete(0)
      await job.complete(2)
      await job.close(Outcome.PARTIAL, { 1: { state: ServerState.UNKNOWN } })
      expect(await places(job.parts())).to.deep.equal(['report'])
      await job.close(Outcome.COMPLETE, { 1: { state: ServerState.UNKNOWN } })
      expect(await verified(job.parts())).to.include({ ok: true, outcome: 'complete' })
    })

    it('counts a server that was repaired, and one that passed a put over', async () => {
      const job = await queuedJob({ nodes: 2 })
      await job.receipt(0, JOB_REFUSED, 0, { reason: 'no space' })
      await job.receipt(0, JOB_RECEIVED, 0)
      await job.receipt(0, COMMAND_STARTED, 1)
      await job.receipt(0, COMMAND_FAILED, 1, { reason: 'disk error' })
      await job.receipt(0, COMMAND_COMPLETED, 2)
      await job.receipt(0, JOB_COMPLETED, 3)
      await job.receipt(0, COMMAND_COMPLETED, 1)
      await job.receipt(0, JOB_COMPLETED, 3)
      await job.receipt(1, JOB_RECEIVED, 2)
      await job.receipt(1, COMMAND_SUPERSEDED, 1)
      await job.receipt(1, COMMAND_COMPLETED, 2)
      await job.receipt(1, JOB_COMPLETED, 3)
      await job.close()
      expect(await verified(job.parts())).to.include({ ok: true, outcome: 'complete' })
    })

    it('takes a receipt with another content for a failure', async () => {
      const job = await queuedJob({ nodes: 2 })
      await job.complete(0)
      await job.receipt(1, JOB_RECEIVED, 0)
      await job.receipt(1, COMMAND_COMPLETED, 1, { digest: sha256(Buffer.from('other')) })
      await job.receipt(1, COMMAND_COMPLETED, 2)
      await job.receipt(1, JOB_COMPLETED, 3)
      await job.close()
      expect(await places(job.parts())).to.deep.equal(['report.servers[1]'])
      await job.close(Outcome.PARTIAL, { 1: { state: ServerState.SERVER_FAILED, reason: 'diverged' } })
      expect(await verified(job.parts())).to.include({ ok: true, outcome: 'partial' })
    })
  })

  describe('lies in the report', () => {
    it('finds a line that says complete without receipts', async () => {
      const job = await queuedJob()
      await job.complete(0)
      await job.complete(1)
      await job.receipt(2, JOB_RECEIVED, 0)
      await job.receipt(2, COMMAND_COMPLETED, 1)
      await job.close()
      expect(await places(job.parts())).to.deep.equal(['report.servers[2]'])
    })

    for (const state of [ServerState.SERVER_FAILED, ServerState.UNREACHABLE, ServerState.UNKNOWN]) {
      it(`finds a complete server that is called ${state}`, async () => {
        const job = await finishedJob()
        await job.close(Outcome.PARTIAL, { 1: { state, reason: 'so they say' } })
        expect(await places(job.parts())).to.deep.equal(['report.servers[1]'])
      })
    }

    it('finds a wrong outcome, head, order, epoch, length or job', async () => {
      const job = await finishedJob()
      await job.close(Outcome.PARTIAL)
      expect(await places(job.parts())).to.deep.equal(['report'])
      await job.close(Outcome.COMPLETE, {}, { head: 2 })
      expect(await places(job.parts())).to.deep.equal(['report'])
      await job.close(Outcome.COMPLETE, {}, { epoch: 0 })
      expect(await places(job.parts())).to.deep.equal(['report'])
      await job.close(Outcome.COMPLETE, {}, { job: sha256() })
      expect(await places(job.parts())).to.deep.equal(['report'])
      await job.close(Outcome.COMPLETE, {}, { servers: [] })
      expect(await places(job.parts())).to.include('report')
      const [first, second] = job.nodes
      await job.close(Outcome.COMPLETE, { 0: { peer: second?.peer ?? '' }, 1: { peer: first?.peer ?? '' } })
      expect(await places(job.parts())).to.deep.equal(['report.servers[0]', 'report.servers[1]'])
    })

    it('finds a failure without a reason, and an unknown that failed', async () => {
      const job = await queuedJob({ nodes: 2 })
      for (const rank of [0, 1]) {
        await job.receipt(rank, JOB_RECEIVED, 0)
        await job.receipt(rank, COMMAND_FAILED, 1, { reason: 'disk error' })
      }
      await job.close(Outcome.FAILED, { 0: { state: ServerState.SERVER_FAILED }, 1: { state: ServerState.UNKNOWN } })
      expect(await places(job.parts())).to.deep.equal(['report.servers[0]', 'report.servers[1]'])
    })
  })

  describe('job, commands and seals', () => {
    it('finds another base or provider', async () => {
      const job = await finishedJob()
      await job.close()
      const stranger = (await identity('a stranger')).peer
      expect(await places(job.parts(), { base: stranger })).to.deep.equal(['job'])
      expect(await places(job.parts(), { base: job.provider.peer })).to.deep.equal(['job'])
      expect(await places(job.parts(), { provider: stranger })).to.deep.equal(['job.request'])
    })

    it('finds a request that was meant for another base', async () => {
      const job = await SyntheticJob.open()
      const { key, peer } = await identity('another base')
      const elsewhere = await sign('job', { ...job.job.value, base: peer }, key)
      expect(await places({ ...job.parts(), job: elsewhere.bytes }, { base: peer })).to.deep.equal(['job.request'])
    })

    it('finds a command missing, exchanged, or after the end', async () => {
      const job = await finishedJob()
      await job.close()
      const parts = job.parts()
      for (const index of parts.commands.keys()) {
        expect(await places({ ...parts, commands: parts.commands.toSpliced(index, 1) }), `without ${index}`).to.not.deep.equal([])
      }
      expect(await places({ ...parts, commands: parts.commands.toReversed() })).to.include('commands[0]')
      await job.add({ barrier: { tracks: [] } })
      expect(await places({ ...job.parts(), report: null })).to.include('commands[3]')
    })

    it('finds a command that its base signed, but for the end of a job and of a put', async () => {
      const called = await SyntheticJob.open()
      await called.addPut(['a'], 'content')
      await called.add({ cancel: { seq: 1, reason: 'called off' } }, called.base)
      await called.add({ end: {} }, called.base)
      expect(await verified(called.parts(), { allowOpen: true })).to.include({ ok: true })
      const forged = await SyntheticJob.open()
      await forged.add({ mkdir: { path: ['a'] } }, forged.base)
      expect(await places(forged.parts())).to.include('commands[0]')
      const another = await SyntheticJob.open()
      await another.add({ end: {} }, another.nodes[0])
      expect(await places(another.parts())).to.include('commands[0]')
    })

    it('finds an acceptance of another command, epoch or key', async () => {
      const job = await queuedJob()
      const [first, second] = job.commands
      if (first == null || second == null) throw new Error('no commands')
      const bent = async (acceptance: Uint8Array): Promise<string[]> => places({ ...job.parts(), commands: job.parts().commands.with(1, { command: second.command.bytes, acceptance }) })
      expect(await bent(first.acceptance.bytes)).to.deep.equal(['commands[1].acceptance'])
      expect(await bent((await sign('acceptance', { ...second.acceptance.value, epoch: 0 }, job.base.key)).bytes)).to.deep.equal(['commands[1].acceptance'])
      expect(await bent((await sign('acceptance', second.acceptance.value, job.provider.key)).bytes)).to.deep.equal(['commands[1].acceptance'])
    })

    it('finds a command that speaks of no put before it', async () => {
      for (const body of [{ cancel: { seq: 9, reason: '' } }, { cancel: { seq: 4, reason: '' } }, { publish: { puts: [1, 3] } }, {}]) {
        const job = await SyntheticJob.open()
        await job.addPut(['a'], 'a')
        await job.addPut(['b'], 'b')
        await job.add({ barrier: { tracks: [] } })
        await job.add(body)
        expect(await places(job.parts()), JSON.stringify(body)).to.deep.equal(['commands[3]'])
      }
    })

    it('finds a seal of another put, key or root, and a final page that is not the sealed one', async () => {
      const job = await finishedJob()
      await job.close()
      const parts = job.parts()
      const [seal] = job.seals
      if (seal == null) throw new Error('no seal')
      expect(await places({ ...parts, finalPages: parts.finalPages?.slice(1) })).to.include('finalPages')
      expect(await places({ ...parts, finalPages: parts.finalPages?.with(0, parts.finalPages[1] as Uint8Array) })).to.include('finalPages[0]')
      for (const bent of [
        await sign('seal', { ...seal.value, root: sha256() }, job.base.key),
        await sign('seal', { ...seal.value, page: sha256() }, job.base.key),
        await sign('seal', { ...seal.value, seq: 3 }, job.base.key),
        await sign('seal', { ...seal.value, epoch: 0 }, job.base.key),
        await sign('seal', seal.value, job.provider.key)
      ]) expect(await places({ ...parts, seals: parts.seals.with(0, bent.bytes) })).to.not.deep.equal([])
    })
  })

  it('keeps to twenty problems', async () => {
    const job = await finishedJob({ nodes: 12 })
    const other = await finishedJob({ nodes: 12, name: 'another' })
    await job.close()
    const result = await verified({ ...job.parts(), receipts: other.parts().receipts })
    expect(!result.ok && result.problems).to.have.length(20)
  })
})
