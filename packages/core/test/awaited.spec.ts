import { expect } from 'chai'
import { GRACE_MAX_MS, GRACE_MIN_MS, GRACE_START_MS, GRACE_TREES } from '../src/index.ts'
import { Awaited } from '../src/awaited.ts'

describe('awaited chunks', () => {
  it('are overdue a while after they were first heard of, each once', () => {
    const awaited = new Awaited()
    awaited.heard(3, 100)
    awaited.heard(3, 300)
    awaited.heard(4, 200)
    expect(awaited.has(3)).to.equal(true)
    expect(awaited.takeOverdue(100 + GRACE_START_MS - 1)).to.deep.equal([])
    expect(awaited.takeOverdue(100 + GRACE_START_MS)).to.deep.equal([3])
    expect(awaited.has(3)).to.equal(false)
    expect(awaited.takeOverdue(200 + GRACE_START_MS)).to.deep.equal([4])
  })

  it('are waited for longer where a tree takes longer, within reason', () => {
    expect(new Awaited(2 * GRACE_START_MS).graceMs).to.equal(2 * GRACE_START_MS)
    expect(new Awaited(2 * GRACE_MAX_MS).graceMs).to.equal(GRACE_MAX_MS)
  })

  it('that come before anybody speaks of them make the wait short, late ones make it long', () => {
    const awaited = new Awaited()
    for (let chunk = 0; chunk < 50; chunk++) awaited.pushed(chunk, chunk)
    expect(awaited.graceMs).to.equal(GRACE_MIN_MS)
    for (let chunk = 50; chunk < 60; chunk++) {
      awaited.heard(chunk, 0)
      awaited.takeOverdue(GRACE_MAX_MS)
      // It was asked for, and came by itself all the same.
      awaited.pushed(chunk, 1_500)
      awaited.forget(chunk)
    }
    expect(awaited.graceMs).to.be.within(1_500, GRACE_MAX_MS)
  })

  it('are waited for longer where pieces are far apart, and a pause of the provider is no reason', () => {
    const [everyMs, slots] = [100, 10]
    const awaited = new Awaited(0, slots)
    let nowMs = 0
    for (let chunk = 0; chunk < 100; chunk++) {
      awaited.heard(chunk, nowMs += everyMs)
      awaited.pushed(chunk, nowMs + 5)
      awaited.forget(chunk)
    }
    expect(awaited.graceMs).to.be.within(GRACE_TREES * slots * everyMs * 0.9, GRACE_TREES * slots * everyMs)
    awaited.heard(100, nowMs + 60_000)
    expect(awaited.graceMs).to.be.at.most(GRACE_TREES * slots * everyMs * 1.5)
  })

  it('that are here are waited for no more', () => {
    const awaited = new Awaited()
    awaited.heard(1, 0)
    awaited.forget(1)
    expect(awaited.takeOverdue(GRACE_MAX_MS)).to.deep.equal([])
  })
})
