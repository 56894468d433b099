import { expect } from 'chai'
import { PIECE_BYTES, Uplink } from '../src/index.ts'
import { RecentTurns } from '../src/recent-turns.ts'

describe('recent turns', () => {
  it('are counted for each receiver, and the oldest forgotten', () => {
    const turns = new RecentTurns()
    for (const peer of ['a', 'b', 'b', 'a']) turns.took(peer, 3)
    expect([turns.of('a'), turns.of('b'), turns.of('c')]).to.deep.equal([1, 2, 0])
  })

  it('give a light receiver its share of a cap, under which each piece is acknowledged before the next leaves', () => {
    const uplink = new Uplink(undefined, 20 * PIECE_BYTES)
    for (const peer of ['heavy', 'light']) uplink.enqueue(peer, { job: 'job', seq: 1, chunk: 0, next: 0, end: 1_000 })
    const sent = { heavy: 0, light: 0 }
    for (let nowMs = 1_000; nowMs < 11_000; nowMs += 10) {
      uplink.refill(nowMs)
      const next = uplink.next(undefined, peer => peer === 'heavy' ? 3 : 1)
      if (next == null) continue
      sent[next.peer as keyof typeof sent]++
      uplink.acknowledged(next.peer, 1)
    }
    expect(sent.heavy / sent.light).to.be.within(2.5, 3.5)
  })
})
