import { expect } from 'chai'
import { companyMs, WINDOW_MS } from '../../src/index.ts'

const have = { type: 'have', job: 'job', seq: 1, chunks: [1] } as const

describe('company', () => {
  it('is waited for by what nobody waits for', () => {
    expect(companyMs({ ...have, patient: true })).to.be.above(0)
    expect(companyMs({ type: 'acknowledge', pieces: 1 })).to.be.above(0)
  })

  it('is not waited for so long that a window stands still', () => {
    expect(companyMs({ type: 'acknowledge', pieces: 1 })).to.be.below(WINDOW_MS / 4)
  })

  it('is not waited for by what somebody waits for', () => {
    expect(companyMs(have)).to.equal(0)
    expect(companyMs({ ...have, type: 'coming' })).to.equal(0)
    expect(companyMs({ type: 'request', job: 'job', seq: 1, chunk: 1, offset: 0 })).to.equal(0)
    expect(companyMs({ type: 'cancel', job: 'job', seq: 1, chunk: 1 })).to.equal(0)
  })
})
