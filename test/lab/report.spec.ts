import { expect } from 'chai'
import type { Figures } from './figures.ts'
import { labCase } from './lab-case.ts'
import { median, quantile } from './median.ts'
import { type CaseReport, renderCase, renderSummary, verdictOf } from './report.ts'

function figures (lastRatio: number, throttled = false): Figures {
  return {
    throttled,
    lastS: lastRatio * 10,
    meanS: lastRatio * 9,
    p50S: lastRatio * 9,
    p99S: lastRatio * 10,
    lastRatio,
    meanRatio: lastRatio * 0.9,
    sourceBytes: 1.003,
    sourceWire: 1.06,
    duplicates: 0.0012,
    switches: 3,
    reRequests: 5,
    cpuSPerGiB: 90,
    machineBusy: 0.61,
    fleetBusy: 0.55,
    retransmits: 420,
    peakMiB: { base: 220, node: 190, provider: 150 },
    uploadRatio: 20,
    connected: '36/36',
    idle: true,
    finishedS: [lastRatio * 8, lastRatio * 10]
  }
}

function report (changes: Partial<CaseReport> = {}): CaseReport {
  return {
    labCase: labCase({ limit: 1.1 }),
    goodput: { up: { 20: 19.13 }, down: { 20: 19.12 } },
    boundS: 10,
    runs: [figures(1.3), figures(1.05), figures(1.08)],
    receivers: [],
    simulated: 1.06,
    simulatedThrottled: undefined,
    delay: undefined,
    failures: [],
    ...changes
  }
}

describe('a verdict of the lab', () => {
  it('is on the median of the runs', () => {
    expect(verdictOf(report())).to.deep.include({ real: 1.08, limit: 1.1, holds: true })
    expect(verdictOf(report()).difference).to.be.closeTo(1.08 / 1.06 - 1, 1e-9)
    expect(verdictOf(report({ runs: [figures(1.3), figures(1.2), figures(1.05)] })).holds).to.equal(false)
  })

  it('compares throttled runs with the unthrottled ones, in the lab as in the simulator', () => {
    const verdict = verdictOf(report({
      labCase: labCase({ limit: 1.2, throttle: { factor: 0.05, at: 0.5 } }),
      runs: [figures(1.1), figures(1.21, true)],
      simulatedThrottled: 1.166
    }))
    expect(verdict.real).to.be.closeTo(1.1, 1e-9)
    expect(verdict.simulated).to.be.closeTo(1.1, 1e-9)
    expect(verdict.holds).to.equal(true)
  })

  it('holds for no case of which a run failed, or none was left', () => {
    expect(verdictOf(report({ failures: ['n3 has another file than was published'] })).holds).to.equal(false)
    expect(verdictOf(report({ runs: [], failures: ['the job ended partial'] })).holds).to.equal(false)
    expect(verdictOf(report({ runs: [] })).holds).to.equal(false)
  })
})

describe('the lab\'s tables', () => {
  it('have a line per run, and what went wrong', () => {
    const text = renderCase(report({ failures: ['the job ended partial'], delay: '{"dropped":0}' }))
    expect(text.match(/36\/36/g)).to.have.lengthOf(3)
    expect(text).to.contain('FAILED: the job ended partial')
    expect(text).to.contain('delay: {"dropped":0}')
    expect(text).to.contain('0.12 %')
  })

  it('say where a throttled relay\'s receivers went on', () => {
    const receivers = [[{ node: 'n2', switches: 2, fromRelay: 0.1, leftRelay: 3, offsets: { 0: 1, 1: 2 }, refetchedBytes: 65536, worstChunkBytes: 65536 }]]
    expect(renderCase(report({ receivers }))).to.match(/n2 +2 +0\.100 +3 +0: 1, 1: 2 +65536 +65536/)
  })

  it('sum up a case in a line', () => {
    const line = renderSummary([report()]).split('\n')[1]
    expect(line).to.match(/^8 × 20 Mbit\/s, 64 MiB +3 +10\.00 +1\.080 +1\.050–1\.300 +1\.10 +yes +1\.060 +\+1\.9 % +1\.003 +0\.12 % +61 %$/)
  })
})

describe('quantiles', () => {
  it('lie between two values where they fall between them', () => {
    expect(median([3, 1, 2])).to.equal(2)
    expect(median([4, 1, 2, 3])).to.equal(2.5)
    expect(quantile([0, 10], 0.99)).to.be.closeTo(9.9, 1e-9)
    expect(median([7])).to.equal(7)
    expect(median([])).to.be.NaN
  })
})
