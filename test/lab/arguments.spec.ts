import { expect } from 'chai'
import { ArgumentError, parseArguments } from './arguments.ts'
import type { LabCase } from './lab-case.ts'

function casesOf (...argv: string[]): readonly LabCase[] {
  const parsed = parseArguments(argv)
  if (parsed === 'help') throw new Error('help was not asked for')
  return parsed.cases
}

const MBIT = 1e6

describe('the lab\'s arguments', () => {
  it('mean 8 equal nodes that are sent 64 MiB when nothing is said', () => {
    const [only] = casesOf()
    expect(only).to.deep.include({ mib: 64, runs: 3, declared: false, start: 'held', delayMs: 0, throttle: undefined, limit: undefined })
    expect(only?.base).to.deep.equal({ up: 20 * MBIT, down: 20 * MBIT })
    expect(only?.nodes).to.deep.equal(Array.from({ length: 8 }, () => ({ up: 20 * MBIT, down: 20 * MBIT })))
  })

  it('make the heterogeneous fleet of the anchors at half of its rates', () => {
    const [only] = casesOf('--heterogeneous')
    expect(only?.nodes.map(({ up }) => up / MBIT)).to.deep.equal([5, 5, 5, 5, 40, 40, 40, 40])
    expect(only?.nodes.every(({ down }) => down === 40 * MBIT)).to.equal(true)
    expect(only?.base.up).to.equal(20 * MBIT)
    expect(only?.declared).to.equal(true)
    expect(casesOf('--heterogeneous', '--no-declared')[0]?.declared).to.equal(false)
  })

  it('throttle in the middle unless told when', () => {
    expect(casesOf('--throttle', '0.05')[0]?.throttle).to.deep.equal({ factor: 0.05, at: 0.5 })
    expect(casesOf('--throttle', '0.05', '--at', '0.2')[0]?.throttle).to.deep.equal({ factor: 0.05, at: 0.2 })
  })

  it('name every promised case once, each with its limit, and shorten all of them', () => {
    const cases = casesOf('--suite', '--mib', '16', '--runs', '1')
    expect(new Set(cases.map(({ name }) => name)).size).to.equal(cases.length)
    expect(cases.every(({ limit, mib, runs }) => limit != null && mib === 16 && runs === 1)).to.equal(true)
    expect(cases.filter(({ throttle }) => throttle != null)).to.have.lengthOf(1)
    expect(cases.filter(({ delayMs }) => delayMs > 0)).to.have.lengthOf(1)
  })

  it('promise a throttled case whose chunks have a middle to resume in', () => {
    const throttled = casesOf('--suite').find(({ throttle }) => throttle != null)
    expect(throttled?.mib).to.be.at.least(128)
  })

  for (const argv of [['--nodes', '0'], ['--nodes', '2.5'], ['--mib', 'much'], ['--mbit', ''], ['--at', '0.5'], ['--throttle', '0.05', '--at', '2'], ['--fleet', '8'], ['8'], ['--throttle', '0.05', '--nodes', '2']]) {
    it(`refuse ${argv.join(' ')}`, () => {
      expect(() => parseArguments(argv)).to.throw(ArgumentError)
    })
  }
})
