import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { HURRIED_MS, PATIENT_MS, Ticker } from '../src/ticker.ts'

const MBIT = 1_000_000 / 8

/** What a ticker makes of seconds in each of which so much moved. */
function paces (seconds: ReadonlyArray<{ readonly sent?: number, readonly received?: number, readonly live?: number }>): number[] {
  const count = { sentInAll: 0, receivedInAll: 0, liveInAll: 0 }
  const ticker = new Ticker(count, () => {})
  let nowMs = performance.now() + 1
  return seconds.map(({ sent = 0, received = 0, live = 0 }) => {
    count.sentInAll += sent
    count.receivedInAll += received
    count.liveInAll += live
    ticker.measure(nowMs += 1_000)
    return Math.round(ticker.paceMs)
  })
}

describe('Ticker', () => {
  it('goes by what a piece takes, in the direction that moves more, between its bounds', () => {
    expect(paces([{}])).to.deep.equal([HURRIED_MS])
    expect(paces([{ sent: 10 * MBIT, received: 5 * MBIT }])).to.deep.equal([PATIENT_MS])
    expect(paces([{ sent: 5 * MBIT, received: 20 * MBIT }])).to.deep.equal([26])
    expect(paces([{ sent: 100 * MBIT }])).to.deep.equal([HURRIED_MS])
  })

  it('takes a pause for no slow line, and too little for no measure', () => {
    expect(paces([{ sent: 100 * MBIT }, {}, {}, {}])).to.deep.equal([20, 20, 21, 42])
    expect(paces([{ sent: 3 * PIECE_BYTES }, { sent: 5 * PIECE_BYTES }])).to.deep.equal([HURRIED_MS, PATIENT_MS])
  })

  it('hurries where live media comes or goes', () => {
    expect(paces([{ sent: 10 * MBIT, live: 1 }, { sent: 10 * MBIT }])).to.deep.equal([HURRIED_MS, PATIENT_MS])
  })

  it('ticks until it is stopped', async () => {
    let ticks = 0
    await new Promise<void>(resolve => {
      const ticker = new Ticker({ sentInAll: 0, receivedInAll: 0, liveInAll: 0 }, () => {
        if (++ticks < 3) return
        ticker.stop()
        resolve()
      })
      ticker.start()
    })
    expect(ticks).to.equal(3)
  })
})
