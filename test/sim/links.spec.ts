import { Prng } from '@sluice/core'
import { expect } from 'chai'
import { EventQueue } from '../simulator/event-queue.ts'
import { DownLink, Parcel, UpLink } from '../simulator/link.ts'
import { type Flow, maxMinRates } from '../simulator/max-min.ts'
import { SlowStart } from '../simulator/slow-start.ts'

const MBIT = 1e6 / 8
const PIECE = 64 * 1024
const DELAY_US = 10_000
/** Pieces that each flow has under way: enough to keep its bottleneck busy. */
const WINDOW = 24
/** Shares are counted over this long, after the queues have settled. */
const SETTLE_US = 20_000_000
const COUNT_US = 60_000_000

/** A piece that goes round: from its source to its receiver, whose acknowledgement sends it off again. */
class Round extends Parcel {
  readonly #events: EventQueue
  readonly #up: UpLink
  readonly #down: DownLink
  #back = false
  arrived = 0

  constructor (events: EventQueue, up: UpLink, down: DownLink) {
    super(PIECE)
    this.#events = events
    this.#up = up
    this.#down = down
  }

  override get isVain (): boolean {
    return false
  }

  override get flow (): object {
    return this.#down
  }

  override leaves (startUs: number, endUs: number): void {
    this.#events.schedule(this.#down.pass(PIECE, startUs + DELAY_US, endUs + DELAY_US), this)
  }

  override run (): void {
    this.#back = !this.#back
    if (!this.#back) return this.#up.send(this)
    if (this.#events.nowUs > SETTLE_US) this.arrived++
    this.#events.schedule(this.#events.nowUs + DELAY_US, this)
  }
}

/** What the link model gives to each flow, in bytes per second. */
function simulated (flows: readonly Flow[], up: readonly number[], down: readonly number[], fair: boolean): number[] {
  const events = new EventQueue()
  const prng = new Prng(1)
  const ups = up.map(rate => new UpLink(rate, events, prng, 0.05, 0, fair))
  const downs = down.map(rate => new DownLink(rate))
  const rounds = flows.map(({ from, to }) => Array.from({ length: WINDOW }, () => new Round(events, ups[from] as UpLink, downs[to] as DownLink)))
  // In turns, as lanes of one window are served.
  for (let i = 0; i < WINDOW; i++) for (const [index, { from }] of flows.entries()) ups[from]?.send(rounds[index]?.[i] as Round)
  while (events.nowUs < SETTLE_US + COUNT_US) events.step()
  return rounds.map(mine => mine.reduce((sum, { arrived }) => sum + arrived, 0) * PIECE / (COUNT_US / 1e6))
}

/** Sent at once, on connections named by letters: when each is out, in times that one alone takes. The first has two slices before the others are there. */
function outTimes (connections: string, fair: boolean): number[] {
  const events = new EventQueue()
  const up = new UpLink(PIECE, events, new Prng(1), 0, 0, fair)
  const flows = new Map([...connections].map(name => [name, {}]))
  const out: number[] = []
  class Sent extends Parcel {
    readonly isVain = false
    readonly flow: object
    readonly #index: number

    constructor (index: number) {
      super(PIECE)
      this.#index = index
      this.flow = flows.get(connections[index] as string) as object
    }

    override leaves (_startUs: number, endUs: number): void {
      out[this.#index] = Math.round(endUs / 1e4) / 100
    }

    override run (): void {}
  }
  for (let index = 0; index < connections.length; index++) up.send(new Sent(index))
  while (out.filter(time => time > 0).length < connections.length) events.step()
  return out
}

describe('link model', () => {
  for (const { name, connections, fair, expected } of [
    { name: 'one after the other', connections: 'abcd', fair: false, expected: [1, 2, 3, 4] },
    { name: 'towards the end, where connections share the line', connections: 'abcd', fair: true, expected: [2.5, 3.5, 3.75, 4] },
    { name: 'those of one connection in order there, too', connections: 'aab', fair: true, expected: [1.5, 3, 2.25] }
  ]) {
    it(`lets pieces out ${name}`, () => {
      expect(outTimes(connections, fair)).to.deep.equal(expected)
    })
  }

  it('keeps a piece for the round trips in which TCP\'s window grows, anew after a rest', () => {
    const window = new SlowStart()
    const roundTripUs = 80_000
    const late = (startUs: number): number => window.lateUs(PIECE, startUs, startUs + 10_000, roundTripUs)
    // 14 KiB at once, 28 and 42 with the next round trips.
    expect(late(0)).to.equal(2 * roundTripUs - 10_000)
    expect(window.keptUs(100_000)).to.equal(60_000)
    expect(late(1_000_000), 'the window was halved once for each 280 ms').to.be.above(0)
    expect(late(1_200_000)).to.equal(0)
  })

  const cases: ReadonlyArray<{ readonly name: string, readonly flows: readonly Flow[], readonly up: readonly number[], readonly down: readonly number[] }> = [
    { name: 'a fan-out', flows: [1, 2, 3, 4].map(to => ({ from: 0, to })), up: [40, 40, 40, 40, 40], down: [40, 40, 40, 40, 40] },
    { name: 'a fan-in', flows: [1, 2, 3].map(from => ({ from, to: 0 })), up: [40, 40, 40, 40], down: [40, 40, 40, 40] },
    { name: 'a ring', flows: [0, 1, 2, 3].map(from => ({ from, to: (from + 1) % 4 })), up: [40, 20, 10, 40], down: [40, 40, 40, 5] },
    { name: 'a full mesh', flows: [0, 1, 2, 3].flatMap(from => [0, 1, 2, 3].filter(to => to !== from).map(to => ({ from, to }))), up: [40, 40, 40, 40], down: [100, 100, 100, 100] },
    { name: 'a slow receiver beside fast ones', flows: [1, 2, 3].map(to => ({ from: 0, to })), up: [40, 40, 40, 40], down: [40, 5, 40, 40] },
    { name: 'two sources, one of them slow', flows: [{ from: 0, to: 2 }, { from: 1, to: 2 }], up: [40, 5, 40], down: [40, 40, 20] }
  ]
  for (const { name, flows, up, down } of cases) for (const fair of [false, true]) {
    it(`gives max-min shares to ${name}, within 5 %${fair ? ', where connections share the lines' : ''}`, () => {
      const ups = up.map(rate => rate * MBIT)
      const downs = down.map(rate => rate * MBIT)
      const exact = maxMinRates(flows, ups, downs)
      for (const [index, rate] of simulated(flows, ups, downs, fair).entries()) expect(rate / (exact[index] as number), `flow ${index}`).to.be.closeTo(1, 0.05)
    })
  }

  it('has an oracle that fills every bottleneck and gives nobody what another could have', () => {
    // Worked out by hand: host 1 takes 4 in all, half from each; what host 0 has left is for host 2.
    expect(maxMinRates([{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 2, to: 1 }], [10, 10, 10], [20, 4, 20])).to.deep.equal([2, 8, 2])
  })
})
