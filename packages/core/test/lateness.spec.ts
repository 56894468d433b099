import { expect } from 'chai'
import fc from 'fast-check'
import { Lateness } from '../src/lateness.ts'

describe('lateness', () => {
  it('begins a deadline after a piece was known, and never before the manifest', () => {
    const lateness = new Lateness({ deadlineMs: 1_000, firstPiece: 2 })
    expect(lateness.lateEnd(5_000)).to.equal(2)
    lateness.known(1, 5_000)
    lateness.known(10, 5_000)
    lateness.known(20, 5_500)
    expect(lateness.lateEnd(5_999)).to.equal(2)
    expect(lateness.lateEnd(6_000)).to.equal(10)
    expect(lateness.lateEnd(6_500)).to.equal(20)
    expect(lateness.lateEnd(60_000)).to.equal(20)
  })

  it('calls no piece late too early, and each a little after its time', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(300), grown: fc.nat(5) }), { maxLength: 200 })
    fc.assert(fc.property(fc.integer({ min: 200, max: 2_000 }), steps, (deadlineMs, steps) => {
      const lateness = new Lateness({ deadlineMs, firstPiece: 0 })
      const knownMs: number[] = []
      let nowMs = 0
      for (const { afterMs, grown } of steps) {
        nowMs += afterMs
        const end = knownMs.length + grown
        while (knownMs.length < end) knownMs.push(nowMs)
        lateness.known(end, nowMs)
        const late = lateness.lateEnd(nowMs)
        for (const [piece, atMs] of knownMs.entries()) {
          if (piece < late) expect(nowMs - atMs).to.be.at.least(deadlineMs)
          else expect(nowMs - atMs).to.be.below(deadlineMs * (1 + 1 / 32) + 1)
        }
      }
    }))
  })
})
