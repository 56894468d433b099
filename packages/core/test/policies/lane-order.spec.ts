import { expect } from 'chai'
import fc from 'fast-check'
import { rarestWaiting } from '../../src/policies/lane-order.ts'

interface Chunk { readonly job: string, readonly seq: number, readonly urgent?: boolean, readonly here: boolean, readonly announcers: number }

const place = (queue: readonly Chunk[]): number => rarestWaiting(queue, ({ here }) => here, ({ announcers }) => announcers)
const chunk = (announcers: number, rest: Partial<Chunk> = {}): Chunk => ({ job: 'job', seq: 1, here: true, announcers, ...rest })

describe('the order of a lane', () => {
  it('sends the oldest of the rarest of what is here', () => {
    fc.assert(fc.property(fc.array(fc.record({ here: fc.boolean(), announcers: fc.nat(3) })), drawn => {
      const queue = drawn.map(({ here, announcers }) => chunk(announcers, { here }))
      const fewest = Math.min(...queue.filter(({ here }) => here).map(({ announcers }) => announcers))
      expect(place(queue)).to.equal(queue.findIndex(({ here, announcers }) => here && announcers === fewest))
    }))
  })

  it('does not let the chunks of a later put pass those of an earlier one, nor another job\'s', () => {
    expect(place([chunk(5), chunk(0, { seq: 2 }), chunk(0, { job: 'other' }), chunk(4)])).to.equal(3)
  })

  it('takes the put whose turn it is from what can leave', () => {
    expect(place([chunk(0, { here: false }), chunk(2, { seq: 2 }), chunk(1), chunk(1, { seq: 2 })])).to.equal(3)
  })

  it('sends what a viewer waits for first, however common it is', () => {
    expect(place([chunk(0, { urgent: true, here: false }), chunk(9, { urgent: true }), chunk(8, { urgent: true }), chunk(0)])).to.equal(1)
  })
})
