import { expect } from 'chai'
import { createJobId, JOB_ID_PATTERN } from '../src/job-id.ts'

const NOW_MS = 1_767_225_600_000

describe('job id', () => {
  it('has its pattern at any time', () => {
    for (const nowMs of [0, 1, 31, 32, NOW_MS, 32 ** 9 - 1]) expect(createJobId(nowMs)).to.match(JOB_ID_PATTERN)
  })

  it('sorts by time', () => {
    const times = [0, 1, 31, 32, 1023, 1024, NOW_MS, NOW_MS + 1, NOW_MS + 86_400_000, 32 ** 9 - 1]
    const ids = times.map(createJobId)
    expect(ids.toSorted()).to.deep.equal(ids)
  })

  it('does not come twice in a millisecond', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => createJobId(NOW_MS)))
    // 35 bits of randomness: among ten thousand, two are alike once in 700 runs, and three pairs never.
    expect(ids.size).to.be.at.least(9_998)
  })

  it('takes no other text for an id', () => {
    const id = createJobId(NOW_MS)
    for (const bad of ['', 'j', id.slice(1), `${id}0`, `${id}\n`, ` ${id}`, id.toUpperCase(), `k${id.slice(1)}`, `${id.slice(0, -1)}i`, `${id.slice(0, -1)}l`, `${id.slice(0, -1)}o`, `${id.slice(0, -1)}u`, `${id.slice(0, -1)}/`]) {
      expect(bad, JSON.stringify(bad)).to.not.match(JOB_ID_PATTERN)
    }
  })
})
