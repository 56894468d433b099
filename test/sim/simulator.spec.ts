import type { Message } from '@sluice/core'
import { offer } from '@sluice/wire'
import { expect } from 'chai'
import { discreteBoundS, fluidBoundS, fluidRate } from '../simulator/bounds.ts'
import { EventQueue } from '../simulator/event-queue.ts'
import { bodyBytes, frameBytes, framedBytes, pageWantedBytes } from '../simulator/framing.ts'
import { OptionError, parseOptions, replayOf } from '../simulator/options.ts'
import { plotOf, ticksOf } from '../simulator/plot.ts'
import { randomPlan } from '../simulator/random-plan.ts'
import { tableOf } from '../simulator/table.ts'
import { runChecked } from '../simulator/checked.ts'
import { standardPlan } from '../simulator/standard-plan.ts'

const MBIT = 1e6 / 8
const OPTIONS = { seed: 1, nodes: 3, mib: 1, mbit: 20, source: 20, chunks: 8, rtt: 10, rttSpread: 0, jitter: 0.05, drift: 0, stale: 0, heterogeneous: false, slow: false, die: false, live: false, replay: '' }

describe('simulator', () => {
  it('lets things happen by time, then by the order they were asked for', () => {
    const queue = new EventQueue()
    const happened: string[] = []
    for (const [atUs, name] of [[5, 'c'], [1, 'a'], [5, 'd'], [3, 'b']] as const) queue.at(atUs, () => happened.push(name))
    while (queue.size > 0) queue.step()
    expect(happened.join('')).to.equal('abcd')
  })

  it('gives the same run for the same seed, and another for another', () => {
    const hash = (seed: number): number => runChecked(standardPlan({ ...OPTIONS, seed }), 1).report.traceHash
    expect(hash(7)).to.equal(hash(7))
    expect(hash(7)).not.to.equal(hash(8))
  })

  it('makes the same plan from the same seed, and only from it', () => {
    expect(randomPlan(5)).to.deep.equal(randomPlan(5))
    expect(randomPlan(5)).not.to.deep.equal(randomPlan(6))
    const kinds = new Set(Array.from({ length: 200 }, (_, seed) => randomPlan(seed)).flatMap(({ faults }) => faults.map(({ kind }) => kind)))
    expect([...kinds].sort()).to.deep.equal(['corrupt', 'crash', 'cut', 'die', 'partition', 'slow'])
  })

  it('knows the fluid and the discrete bound', () => {
    const host = { up: 100 * MBIT, down: 100 * MBIT }
    const hosts = Array.from({ length: 9 }, () => host)
    expect(fluidBoundS({ hosts, pieces: 1024 })).to.be.closeTo(1024 * 65536 / (100 * MBIT), 1e-9)
    expect(discreteBoundS({ hosts, pieces: 1024 }, 4)).to.be.closeTo((256 - 1 + 4) * 4 * 65536 / (100 * MBIT), 1e-9)
    const slow = hosts.map((other, index) => index === 0 ? other : { ...other, up: MBIT })
    expect(fluidRate(slow)).to.be.closeTo(108 * MBIT / 8, 1e-6)
    expect(discreteBoundS({ hosts: slow, pieces: 1024 }, 4)).to.equal(undefined)
  })

  it('brings a put, loses nobody, and accounts for the whole of the uplinks\' time', () => {
    const { report } = runChecked(standardPlan(OPTIONS), 1)
    expect(report.busyShare + Object.values(report.idleShare).reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-9)
    expect(report.ratio).to.be.within(1, 3)
  })

  it('measures the delay of every piece of a live put at every node', () => {
    const { report, meter } = runChecked(standardPlan({ ...OPTIONS, live: true }), 1)
    expect(meter.delaysUs).to.have.length(3 * 16)
    expect(Math.min(...meter.delaysUs)).to.be.greaterThan(5_000)
    expect(report.delayMaxMs).to.be.at.least(report.delayP50Ms as number)
  })
})

describe('framing', () => {
  const handle = 1
  const cases: ReadonlyArray<readonly [Message, offer.OfferMessage]> = [
    [{ type: 'laneOffer', job: 'j', rate: 12_500_000, head: 2 }, { offer: { handle, rate: 12_500_000, head: 2 } }],
    [{ type: 'laneAnswer', job: 'j', decision: 'accept' }, { answer: { handle, decision: offer.LaneDecision.ACCEPT } }],
    [{ type: 'laneAnswer', job: 'j', decision: 'switched' }, { answer: { handle, decision: offer.LaneDecision.SWITCHED } }],
    [{ type: 'have', job: 'j', seq: 1, chunks: [0, 5, 200, 100_000] }, { have: { handle, seq: 1, chunks: [0, 5, 200, 100_000] } }],
    [{ type: 'bitfield', job: 'j', seq: 300, bits: new Uint8Array(140) }, { bitfield: { handle, seq: 300, bits: new Uint8Array(140) } }],
    [{ type: 'request', job: 'j', seq: 1, chunk: 128, offset: 0, held: 0 }, { request: { handle, seq: 1, chunk: 128, offset: 0, urgent: false, held: 0 } }],
    [{ type: 'request', job: 'j', seq: 1, chunk: 128, offset: 0, urgent: true, held: 200 }, { request: { handle, seq: 1, chunk: 128, offset: 0, urgent: true, held: 200 } }],
    [{ type: 'want', job: 'j', seq: 1, first: 300, end: 308 }, { want: { handle, seq: 1, first: 300, end: 308 } }],
    [{ type: 'cancel', job: 'j', seq: 1, chunk: 0 }, { cancel: { handle, seq: 1, chunk: 0 } }],
    [{ type: 'acknowledge', pieces: 130 }, { acknowledge: { pieces: 130 } }],
    [{ type: 'handoverAck', job: 'j', errand: 3, head: 2, refused: 'no' }, { handoverAck: { handle, errand: 3, head: 2, refused: 'no' } }]
  ]
  for (const [message, encoded] of cases) {
    it(`counts the very bytes of ${JSON.stringify(message).slice(0, 60)}`, () => {
      expect(bodyBytes(message)).to.equal(offer.OfferMessage.encode(encoded).length)
    })
  }

  it('counts the very bytes of a page that is asked for', () => {
    for (const piece of [0, 300]) expect(pageWantedBytes(1, piece)).to.equal(offer.OfferMessage.encode({ pagesWanted: { handle, seq: 1, from: 0, piece } }).length)
  })

  it('adds length, frame and packets', () => {
    expect(framedBytes(10)).to.equal(10 + 1 + 30 + 66)
    expect(framedBytes(2_000)).to.equal(2_000 + 2 + 30 + 2 * 66)
    expect(frameBytes(20, 'behind'), 'in packets that go anyway').to.be.closeTo(50 * (1 + 66 / 1448), 1e-9)
    expect(frameBytes(20, 'ahead'), 'in a noise frame that goes anyway').to.be.closeTo(32 * (1 + 66 / 1448), 1e-9)
    for (const leaving of ['alone', 'behind', 'ahead'] as const) expect(frameBytes(0, leaving)).to.equal(0)
  })
})

describe('simulator command line', () => {
  it('takes what is sensible', () => {
    expect(parseOptions(['--seed', '123', '--nodes', '64', '--slow'])).to.deep.include({ firstSeed: 123, seeds: 1, faults: false })
    expect(parseOptions(['--heterogeneous'])?.standard.source).to.equal(200)
    expect(parseOptions(['--help'])).to.equal(undefined)
  })

  for (const [args, says] of [
    [['--nodes', 'many'], /--nodes many: give a whole number from 1 to 20000/],
    [['--nodes', '1.5'], /whole number/],
    [['--jitter', '2'], /--jitter 2: give a number from 0 to 0.99/],
    [['--node', '8'], /--node.*--help/],
    [['8'], /--help/],
    [['--faults', '--live'], /leave out --live/]
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => parseOptions(args)).to.throw(OptionError, says)
    })
  }

  it('names the command that runs one seed again', () => {
    expect(replayOf(['--nodes', '64', '--seeds', '5', '--seed=3', '--svg', 'a.svg', '--slow'], 4)).to.equal('npm run sim -- --nodes 64 --slow --seed 4')
  })

  it('makes a table with the means below, and a plot with axes', () => {
    const runs = [1, 2].map(seed => runChecked(standardPlan({ ...OPTIONS, seed }), 1))
    const lines = tableOf(runs.map(({ report }) => report)).split('\n')
    expect(lines).to.have.length(4)
    expect(lines[0]).to.match(/seed +nodes +T\/T\*/)
    expect(lines[3]).to.match(/^mean/)
    const svg = plotOf({ title: 'a < b', samples: runs[0]?.meter.samples ?? [], startUs: 1_000_000 })
    expect(svg.match(/<path/g)?.length).to.be.greaterThan(4)
    expect(svg).to.contain('a &lt; b').and.to.contain('MiB').and.to.contain(', s</text>')
    expect(ticksOf(23)).to.deep.equal([0, 5, 10, 15, 20])
  })
})
