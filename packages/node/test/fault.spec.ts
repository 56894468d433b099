import { expect } from 'chai'
import { hangFirst, plantedFault } from '../src/fault.ts'

describe('a planted fault', () => {
  it('is none, unless a test asks for one that there is', () => {
    expect(plantedFault({})).to.equal(undefined)
    expect(plantedFault({ SLUICE_FAULT: '', NODE_ENV: 'production' })).to.equal(undefined)
    expect(plantedFault({ SLUICE_FAULT: 'hang-executor', NODE_ENV: 'test' })).to.equal('hang-executor')
    expect(() => plantedFault({ SLUICE_FAULT: 'hang-executor' })).to.throw(/refused here/)
    expect(() => plantedFault({ SLUICE_FAULT: 'hang-executor', NODE_ENV: 'production' })).to.throw(/refused here/)
    expect(() => plantedFault({ SLUICE_FAULT: 'explode', NODE_ENV: 'test' })).to.throw(/none of hang-executor/)
  })

  it('hangs the first effect, and no other', async () => {
    const done: number[] = []
    const work = hangFirst(async (seq: number) => { done.push(seq) })
    void work(1)
    await work(2)
    await work(3)
    expect(done).to.deep.equal([2, 3])
  })
})
