import { expect } from 'chai'
import { runChecked } from '../simulator/checked.ts'
import type { Goodput } from './goodput.ts'
import { type CaseOptions, labCase } from './lab-case.ts'
import { boundOf, planOf, simulatedRatio } from './simulation.ts'
import { TCP_SHARE } from './shaping.ts'

/** As if TCP got exactly what frames leave it. */
function ideal (...mbits: number[]): Goodput {
  const rates = new Map(mbits.map(mbit => [mbit * 1e6, mbit * 1e6 / 8 * TCP_SHARE]))
  return { up: rates, down: rates, doubts: [] }
}

describe('the bound of a lab case', () => {
  // The anchors' own figures, to the hundredth of a second.
  const anchors: Array<[string, CaseOptions, Goodput, number]> = [
    ['8 nodes', { nodes: 8, mbit: 40 }, ideal(40), 14.03],
    ['16 nodes', { nodes: 16, mbit: 40 }, ideal(40), 14.03],
    ['a heterogeneous fleet', { nodes: 8, mbit: 40, heterogeneous: true }, ideal(10, 40, 80), 14.03]
  ]
  for (const [name, options, goodput, seconds] of anchors) {
    it(`is what the anchors have for ${name}`, () => {
      expect(boundOf(labCase(options), goodput)).to.be.closeTo(seconds, 0.01)
    })
  }

  it('is set by the nodes where all of them are slow senders', () => {
    const slow = { ...labCase({ nodes: 4, mbit: 20, mib: 64 }), nodes: Array.from({ length: 4 }, () => ({ up: 1e6, down: 20e6 })) }
    // 4 F over 20 + 4 × 1 Mbit/s.
    expect(boundOf(slow, ideal(1, 20))).to.be.closeTo(4 * 64 * 1024 * 1024 * 8 / (24e6 * TCP_SHARE), 0.01)
  })

  it('does not guess a rate that was not measured', () => {
    expect(() => boundOf(labCase({ mbit: 20 }), ideal(40))).to.throw('no goodput was measured for 20000000 bit/s')
  })
})

describe('a lab case in the simulator', () => {
  it('has the delay of both ways in its round trip', () => {
    const near = planOf(labCase({ delayMs: 0 }), ideal(20)).links.rttMs
    expect(planOf(labCase({ delayMs: 40 }), ideal(20)).links.rttMs - near).to.equal(80)
  })

  it('has what TCP adds: acknowledgements come in beside the media', () => {
    const plan = planOf(labCase({ nodes: 4, mbit: 20, mib: 16 }), ideal(20))
    const bound = boundOf(labCase({ nodes: 4, mbit: 20, mib: 16 }), ideal(20))
    const ratioOf = (tcp: boolean): number => runChecked({ ...plan, links: { ...plan.links, tcp } }, bound).report.ratio ?? 0
    expect(plan.links.tcp).to.equal(true)
    expect(ratioOf(true)).to.be.above(ratioOf(false))
  })

  it('is no faster than the bound, and slower with a throttled relay', () => {
    const throttled = labCase({ nodes: 4, mib: 16, throttle: { factor: 0.05, at: 0.2 } })
    const plain = simulatedRatio(throttled, ideal(20), 1, false)
    expect(plain).to.be.at.least(1)
    expect(simulatedRatio(throttled, ideal(20), 1, true)).to.be.above(plain)
  })
})
