import { expect } from 'chai'
import { companyMs, LARGE_WINDOW_MS, WINDOW_MS } from '../../src/index.ts'

const have = { type: 'have', job: 'job', seq: 1, chunks: [1] } as const

describe('company', () => {
  it('is waited for by what nobody waits for', () => {
    expect(companyMs({ ...have, patient: true })).to.be.above(0)
    expect(companyMs({ type: 'acknowledge', pieces: 1 })).to.be.above(0)
  })

  it('is not waited for so long that a window stands still', () => {
    expect(companyMs({ type: 'acknowledge', pieces: 1 })).to.be.below(WINDOW_MS / 4)
    expect(companyMs({ type: 'acknowledge', pieces: 1, large: true })).to.be.below(LARGE_WINDOW_MS / 4)
  })

  it('is waited for longer of large chunks, by acknowledgements no longer than their window is', () => {
    const longerMs = companyMs({ type: 'acknowledge', pieces: 1, large: true }) - companyMs({ type: 'acknowledge', pieces: 1 })
    expect(longerMs).to.be.within(1, LARGE_WINDOW_MS - WINDOW_MS)
    expect(companyMs({ ...have, patient: true, large: true })).to.be.above(companyMs({ ...have, patient: true }))
    expect(companyMs({ ...have, large: true })).to.equal(0)
  })

  it('is not waited for by what somebody waits for', () => {
    expect(companyMs(have)).to.equal(0)
    expect(companyMs({ ...have, type: 'coming' })).to.equal(0)
    expect(companyMs({ type: 'request', job: 'job', seq: 1, chunk: 1, offset: 0 })).to.equal(0)
    expect(companyMs({ type: 'cancel', job: 'job', seq: 1, chunk: 1 })).to.equal(0)
  })
})
