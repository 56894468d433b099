import { expect } from 'chai'
import { runChecked } from '../simulator/checked.ts'
import type { RunReport } from '../simulator/report.ts'
import { standardPlan, type StandardOptions } from '../simulator/standard-plan.ts'

function run (options: Partial<StandardOptions>): RunReport {
  return runChecked(standardPlan({
    seed: 1, nodes: 8, mib: 64, mbit: 100, source: 100, chunks: 1024, rtt: 20, rttSpread: 0, jitter: 0.05, drift: 0, stale: 0, heterogeneous: false, slow: false, die: false, live: false, replay: 'npm test', ...options
  }), 6).report
}

describe('swarm over links', () => {
  // The bounds are what this scheduler reaches with some room; they are in virtual time and the same on every machine.
  for (const [nodes, bound] of [[1, 1.05], [8, 1.1], [16, 1.15]] as const) {
    it(`brings 64 MiB to ${nodes} nodes within ${bound} × the fluid bound, each byte leaving the base once`, () => {
      const report = run({ nodes })
      expect(report.ratio).to.be.at.most(bound)
      expect(report.sourceShare).to.be.at.most(1.05)
      expect(report.duplicateShare).to.be.at.most(0.01)
    })
  }

  it('carries on when some nodes slow down or die', () => {
    for (const fault of [{ slow: true }, { die: true }]) expect(run({ ...fault, mib: 16, chunks: 256 }).lastS).to.be.lessThan(60)
  })
})
