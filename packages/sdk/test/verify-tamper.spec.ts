import { expect } from 'chai'
import { buildBundle } from '../src/bundle.ts'
import { MAX_PROBLEMS } from '../src/findings.ts'
import { verifyBundle } from '../src/verify.ts'
import { finishedJob } from './synthetic-job.ts'
import { resummed } from './verify-parts.ts'

/** Every how manieth byte is tried where each try costs signatures; a full run tries them all. */
const STRIDE = process.env.SLUICE_TEST_FULL == null ? 13 : 1

/** What a byte is changed into: the nearest other one, a space, and one that breaks UTF-8. */
const CHANGES: Array<(byte: number) => number> = [(byte) => byte ^ 1, () => 0x20, (byte) => byte ^ 0x80]

describe('verify, tampered with', () => {
  let bytes: Buffer
  let base: string

  before(async () => {
    const job = await finishedJob({ nodes: 1 })
    await job.close()
    base = job.base.peer
    bytes = Buffer.from(await buildBundle(job.parts()))
    expect(await verifyBundle(bytes.toString(), { base })).to.have.property('ok', true)
  })

  it('finds every single byte that is changed', async () => {
    for (const [position, changed] of eachChange(bytes, 1)) {
      const result = await verifyBundle(changed.toString(), { base })
      if (result.ok) expect.fail(`byte ${position} was changed and nobody noticed`)
    }
  })

  it('finds every single byte that is changed with the checksum after it', async () => {
    const body = bytes.lastIndexOf('  "sha256"')
    for (const [position, changed] of eachChange(bytes.subarray(0, body), STRIDE)) {
      const result = await verifyBundle(resummed(changed.toString()), { base })
      if (result.ok) expect.fail(`byte ${position} was changed and nobody noticed`)
      expect(result.problems.length).to.be.within(1, MAX_PROBLEMS)
    }
  })

  it('finds every cut, doubled and missing line', async () => {
    const lines = bytes.toString().split('\n')
    for (const index of lines.keys()) {
      for (const bent of [lines.slice(0, index), lines.toSpliced(index, 1), lines.toSpliced(index, 0, lines[index] as string)]) {
        const text = bent.join('\n')
        expect(await verifyBundle(text, { base }), `line ${index}`).to.have.property('ok', false)
        if (resummed(text) !== bytes.toString()) expect(await verifyBundle(resummed(text), { base }), `line ${index}`).to.have.property('ok', false)
      }
    }
  })

  it('answers garbage with problems, never with an exception', async () => {
    const text = bytes.toString()
    const hostile = ['', '\u0000', '[', '{}', '['.repeat(1_000_000), 'null', '"\ud800"', text.toUpperCase(), text.replaceAll('\n', ''), text.replaceAll(' ', '\t'), `\ufeff${text}`, undefined, 7, {}]
    for (const bad of hostile) expect(await verifyBundle(bad as string, { base })).to.have.property('ok', false)
  })
})

function * eachChange (bytes: Buffer, stride: number): Generator<[number, Buffer]> {
  const changed = Buffer.from(bytes)
  for (let position = 0; position < bytes.length; position += stride) {
    const byte = bytes[position] as number
    for (const change of CHANGES) {
      const other = change(byte)
      if (other === byte) continue
      changed[position] = other
      yield [position, changed]
    }
    changed[position] = byte
  }
}
