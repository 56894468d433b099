import { expect } from 'chai'
import { Echoes } from '../src/echoes.ts'

describe('echoes', () => {
  it('know nothing before a piece came back', () => {
    const echoes = new Echoes()
    echoes.acknowledged('a', 1, 5)
    echoes.sent('a', 1, 10)
    expect(echoes.meanMs).to.equal(Number.POSITIVE_INFINITY)
  })

  it('keep the least of each receiver, and average over them', () => {
    const echoes = new Echoes()
    for (const [peer, tookMs] of [['a', 80], ['a', 30], ['a', 90], ['b', 50]] as const) {
      echoes.sent(peer, 1, 1_000)
      echoes.acknowledged(peer, 1, 1_000 + tookMs)
    }
    expect(echoes.meanMs).to.equal(40)
    echoes.lost('b')
    expect(echoes.meanMs).to.equal(30)
  })

  it('wait for the piece itself, not for those ahead of it or behind', () => {
    const echoes = new Echoes()
    echoes.sent('a', 3, 0)
    echoes.sent('a', 4, 10)
    echoes.acknowledged('a', 2, 20)
    expect(echoes.meanMs).to.equal(Number.POSITIVE_INFINITY)
    echoes.acknowledged('a', 2, 25)
    expect(echoes.meanMs).to.equal(25)
    echoes.acknowledged('a', 1, 26)
    expect(echoes.meanMs).to.equal(25)
  })
})
