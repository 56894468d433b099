import { expect } from 'chai'
import { FleetPace } from '../src/fleet-pace.ts'

describe('FleetPace', () => {
  let nowMs: number
  let pace: FleetPace
  beforeEach(() => {
    nowMs = 0
    pace = new FleetPace(100, () => nowMs)
  })

  async function waits (bytes: number): Promise<boolean> {
    let isDone = false
    const waiting = pace.wait(bytes).then(() => { isDone = true })
    await new Promise(resolve => setImmediate(resolve))
    const waited = !isDone
    if (waited) pace.end()
    await waiting
    return waited
  }

  it('lets pass while no server has said anything', async () => expect(await waits(1_000)).to.equal(false))

  it('lets pass up to the lead, and no further', async () => {
    pace.heard('a', 50)
    expect(await waits(150)).to.equal(false)
    expect(await waits(151)).to.equal(true)
  })

  it('goes by the server in the middle', async () => {
    for (const [peer, bytes] of [['a', 10], ['b', 200], ['c', 300]] as const) pace.heard(peer, bytes)
    expect(pace.middle).to.equal(200)
    pace.heard('a', 250)
    expect(pace.middle).to.equal(250)
  })

  it('ends the wait when the servers have come further', async () => {
    pace.heard('a', 50)
    const waiting = pace.wait(200)
    pace.heard('a', 100)
    await waiting
  })

  it('forgets a server that gets no further', async () => {
    pace.heard('a', 50)
    nowMs = 5_000
    pace.heard('b', 500)
    pace.heard('a', 50)
    nowMs = 10_000
    expect(pace.middle).to.equal(500)
    nowMs = 15_000
    expect(await waits(10_000)).to.equal(false)
  })
})
