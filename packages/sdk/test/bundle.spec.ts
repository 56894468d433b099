import { ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import { BundleError, buildBundle, parseBundle } from '../src/bundle.ts'
import { finishedJob, SyntheticJob } from './synthetic-job.ts'

describe('bundle', () => {
  it('is JSON in one fixed form', async () => {
    const job = await finishedJob()
    await job.close()
    const text = await buildBundle(job.parts())
    const json = JSON.parse(text)
    expect(Object.keys(json)).to.deep.equal(['format', 'job', 'commands', 'seals', 'finalPages', 'receipts', 'report', 'summary', 'sha256'])
    expect(`${JSON.stringify(json, null, 2)}\n`).to.equal(text)
    expect(json.summary.outcome).to.equal('complete')
    expect(json.summary.commands).to.deep.equal(['1 put /vod/film.mp4', '2 put /vod/film.srt', '3 end'])
    expect(json.summary.servers[0]).to.equal(`${job.nodes[0]?.peer} complete, 4 receipts`)
  })

  it('gives back what it was made of, byte for byte', async () => {
    const job = await finishedJob()
    await job.close()
    const { summary, ...parts } = parseBundle(await buildBundle(job.parts()))
    expect(JSON.parse(summary).job).to.equal(job.job.value.id)
    expect(plain(parts)).to.deep.equal(plain(job.parts()))
  })

  it('stands with empty lists and without report or final pages', async () => {
    const job = await SyntheticJob.open()
    const text = await buildBundle({ ...job.parts(), finalPages: undefined })
    expect(JSON.parse(text).report).to.equal(null)
    expect(parseBundle(text)).to.include({ finalPages: undefined, report: null })
    expect(parseBundle(await buildBundle(job.parts())).finalPages).to.deep.equal([])
  })

  it('puts receipts, seals and final pages in order', async () => {
    const job = await finishedJob()
    await job.close()
    const parts = job.parts()
    const shuffled = { ...parts, receipts: parts.receipts.toReversed(), seals: parts.seals.toReversed(), finalPages: parts.finalPages?.toReversed() }
    expect(await buildBundle(shuffled)).to.equal(await buildBundle(parts))
  })

  it('is ASCII, whatever the job is called', async () => {
    const job = await finishedJob({ name: 'Пере\u2028дача 映画 \ud800 \u007f 🎬' })
    const text = await buildBundle(job.parts())
    expect(text).to.match(/^[\n\x20-\x7e]*$/)
    // The wire has no lone surrogates: protobuf strings are UTF-8, or nearly.
    expect(JSON.parse(text).summary.name).to.contain('映画').and.contain('🎬')
  })

  it('is not built of broken or foreign envelopes', async () => {
    const job = await finishedJob()
    const broken = job.parts().receipts.map((bytes) => bytes.map((byte, index) => index === 80 ? byte ^ 1 : byte))
    expect(await failure(buildBundle({ ...job.parts(), receipts: broken }))).to.have.property('name', 'EnvelopeError')

    const other = await SyntheticJob.open({ nodes: 4 })
    await other.receipt(3, ReceiptKind.JOB_RECEIVED, 0)
    expect(await failure(buildBundle({ ...job.parts(), receipts: other.parts().receipts }))).to.be.instanceOf(BundleError)
  })

  it('is refused in any other form', async () => {
    const job = await finishedJob()
    const text = await buildBundle(job.parts())
    const compact = JSON.stringify(JSON.parse(text))
    for (const bad of ['', '{}', '\n', 'null', compact, text.slice(1), text.slice(0, -1), `${text}\n`, ` ${text}`, text.replaceAll('\n', '\r\n'), text.repeat(2), '['.repeat(100_000)]) {
      expect(() => parseBundle(bad)).to.throw(BundleError)
    }
  })
})

async function failure (promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (cause) => cause)
}

function plain (parts: object): unknown {
  return JSON.parse(JSON.stringify(parts, (_, value) => value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value))
}
