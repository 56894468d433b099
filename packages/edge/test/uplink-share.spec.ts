import { expect } from 'chai'
import { UplinkShare } from '../src/uplink-share.ts'

describe('uplink share', () => {
  it('lets bytes leave at its rate, and saves no more than a burst', () => {
    let nowMs = 1_000_000
    const share = new UplinkShare(100_000, () => nowMs)
    let sent = 0
    const send = (): void => {
      nowMs += share.reserve(10_000)
      sent += 10_000
    }
    const fromMs = nowMs
    while (sent < 1_000_000) send()
    expect((nowMs - fromMs) / 1000).to.be.within(9.75, 10)
    nowMs += 3_600_000
    const laterMs = nowMs
    sent = 0
    while (sent < 1_000_000) send()
    expect((nowMs - laterMs) / 1000, 'an hour of silence is not made up for').to.be.within(9.75, 10)
  })

  it('keeps to a rate that changes', () => {
    let nowMs = 0
    const share = new UplinkShare(100_000, () => nowMs)
    for (let i = 0; i < 10; i++) nowMs += share.reserve(10_000)
    share.rate = 1_000_000
    const fromMs = nowMs
    for (let i = 0; i < 100; i++) nowMs += share.reserve(10_000)
    expect((nowMs - fromMs) / 1000).to.be.within(0.9, 1.1)
  })

  it('has no limit without a rate, and counts all the same', async () => {
    const share = new UplinkShare(0)
    await share.take(1e9, new AbortController().signal)
    expect(share.taken).to.equal(1e9)
  })

  it('lets who waits go when he has left, and the next one have its turn', async () => {
    const share = new UplinkShare(1)
    const leaving = new AbortController()
    const { signal } = new AbortController()
    await share.take(1, signal)
    const waiting = share.take(1_000_000, leaving.signal).catch((error: Error) => error.message)
    const behind = share.take(1, leaving.signal).catch((error: Error) => error.message)
    leaving.abort(new Error('left'))
    expect(await Promise.all([waiting, behind])).to.deep.equal(['left', 'left'])
  })
})
