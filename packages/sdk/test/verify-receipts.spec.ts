import { ReceiptKind, sha256 } from '@sluice/wire'
import { expect } from 'chai'
import { buildBundle } from '../src/bundle.ts'
import { verifyBundle } from '../src/verify.ts'
import { finishedJob, identity, NO_BYTES, queuedJob, type SyntheticJob } from './synthetic-job.ts'
import { places, resummed } from './verify-parts.ts'

const { JOB_RECEIVED, JOB_COMPLETED, JOB_REFUSED, COMMAND_COMPLETED, COMMAND_FAILED, COMMAND_SUPERSEDED, COMMAND_STARTED } = ReceiptKind

describe('verify receipts', () => {
  it('finds one missing, wherever it was', async () => {
    const job = await finishedJob()
    await job.close()
    const parts = job.parts()
    for (const index of parts.receipts.keys()) {
      expect(await places({ ...parts, receipts: parts.receipts.toSpliced(index, 1) })).to.include('report')
    }
  })

  it('finds one of another job', async () => {
    const job = await finishedJob()
    const other = await finishedJob({ name: 'another' })
    await job.close()
    const parts = job.parts()
    expect(await places({ ...parts, receipts: parts.receipts.with(4, other.parts().receipts[4] as Uint8Array) })).to.include('receipts[4]')
  })

  it('finds one that another key forged', async () => {
    for (const forger of [await identity('a stranger'), await identity('base'), await identity('node 0')]) {
      const job = await queuedJob()
      await job.receipt(1, JOB_RECEIVED, 0, {}, forger)
      expect(await places(job.parts())).to.deep.equal(['receipts[0]'])
    }
  })

  it('finds two with the same number', async () => {
    const job = await finishedJob()
    await job.receipt(1, COMMAND_STARTED, 1, { number: 2, previous: job.chains[1]?.[0]?.hash ?? NO_BYTES })
    await job.close()
    expect(await places(job.parts())).to.include('receipts[6]')
  })

  it('finds one of a server that is not listed', async () => {
    const job = await finishedJob()
    const more = await finishedJob({ nodes: 4 })
    const text = await buildBundle(job.parts())
    const stranger = Buffer.from(more.parts().receipts.at(-1) as Uint8Array).toString('base64')
    const bent = resummed(text.replace(/^ {2}"receipts": \[\n/m, (line) => `${line}    "${stranger}",\n`))
    expect(await verifyBundle(bent, { base: job.base.peer, allowOpen: true })).to.have.property('ok', false)
  })

  const broken: Record<string, (job: SyntheticJob) => Promise<unknown>> = {
    'a chain that does not begin with the job': (job) => job.receipt(0, JOB_RECEIVED, 0, { previous: sha256() }),
    'a command of a job that was not received': (job) => job.receipt(0, COMMAND_COMPLETED, 1),
    'a job received twice': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, JOB_RECEIVED, 0) },
    'a job refused after it was received': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, JOB_REFUSED, 0) },
    'a job completed before its commands': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, JOB_COMPLETED, 3) },
    'a job completed before its end': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, JOB_COMPLETED, 2) },
    'a job completed that was not received': (job) => job.receipt(0, JOB_COMPLETED, 3),
    'a command that nobody issued': (job) => job.receipt(0, JOB_RECEIVED, 9),
    'another command than the accepted': (job) => job.receipt(0, JOB_RECEIVED, 1, { command: sha256() }),
    'a command receipt without a command': (job) => job.receipt(0, COMMAND_FAILED, 0),
    'a command done twice': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, COMMAND_COMPLETED, 1); await job.receipt(0, COMMAND_COMPLETED, 1) },
    'a last put called superseded': async (job) => { await job.receipt(0, JOB_RECEIVED, 0); await job.receipt(0, COMMAND_SUPERSEDED, 2) },
    'a word after the last': async (job) => { await job.complete(0); await job.receipt(0, COMMAND_STARTED, 1) }
  }
  for (const [what, bend] of Object.entries(broken)) {
    it(`finds ${what}`, async () => {
      const job = await queuedJob()
      await bend(job)
      expect(await places(job.parts())).to.deep.equal([`receipts[${job.chains.flat().length - 1}]`])
    })
  }

  it('finds a put completed that was never sealed', async () => {
    const job = await finishedJob()
    await job.close()
    const parts = job.parts()
    expect(await places({ ...parts, seals: parts.seals.slice(1), finalPages: parts.finalPages?.slice(1) })).to.include('receipts[1]')
  })
})
