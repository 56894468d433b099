import { expect } from 'chai'
import type { Host } from '../simulator/host.ts'
import type { Plan } from '../simulator/plan.ts'
import { MediaRecord } from '../simulator/record.ts'
import { World } from '../simulator/world.ts'

const PIECES = 300
const PLAN: Plan = { seed: 1, hosts: [{ up: 1, down: 1 }], links: { rttMs: 1, rttSpread: 0, jitter: 0, drift: 0, staleMs: 0 }, jobs: [], faults: [], limitMs: 1, replay: 'none' }

function host (): { world: World, host: Host, media: MediaRecord } {
  const world = new World(PLAN)
  const { base } = world
  base.alive = true
  return { world, host: base, media: new MediaRecord(1, 256) }
}

function settle (world: World): void {
  let more = true
  while (more) more = world.events.step()
}

describe('disk', () => {
  it('keeps what was synced; of the rest it keeps, drops and tears any part, in no order', () => {
    const { world, host: { disk }, media } = host()
    for (let piece = 0; piece < PIECES; piece++) expect(disk.write(media, piece)).to.equal(undefined)
    disk.sync(media, problem => expect(problem).to.equal(undefined))
    for (let piece = PIECES; piece < 2 * PIECES; piece++) disk.write(media, piece)
    settle(world)
    media.crash(2 * PIECES, () => disk.fate())
    for (let piece = 0; piece < PIECES; piece++) expect(media.written.has(piece)).to.equal(true)
    const kept = media.written.count - PIECES
    expect(kept).to.be.within(PIECES / 4, PIECES / 2)
    expect(media.torn.count).to.be.within(PIECES / 4, PIECES / 2)
    expect(media.written.firstClear(0), 'a later piece survives an earlier one').to.be.lessThan(PIECES + kept)
    expect(media.pieces.count, 'no bitmap was committed').to.equal(0)
  })

  it('comes back with the pieces of its bitmap', () => {
    const { world, host: { disk }, media } = host()
    for (const piece of [0, 1, 2]) {
      disk.write(media, piece)
      media.store(piece, 4)
    }
    const pieces = media.pieces.toBytes()
    disk.sync(media, () => { media.durable = pieces })
    settle(world)
    disk.write(media, 3)
    media.store(3, 4)
    media.crash(4, () => disk.fate())
    expect([...media.pieces.indexes()]).to.deep.equal([0, 1, 2])
  })

  it('takes nothing when it is full', () => {
    const { host: { disk }, media } = host()
    disk.suffer('full')
    expect(disk.write(media, 0)).to.match(/^ENOSPC/)
    expect(media.written.has(0)).to.equal(false)
  })

  it('has lost what it could not sync', () => {
    const { world, host: { disk }, media } = host()
    disk.write(media, 0)
    disk.suffer('broken')
    const problems: Array<string | undefined> = []
    disk.sync(media, problem => problems.push(problem))
    settle(world)
    expect(problems).to.have.length(1)
    expect(problems[0]).to.match(/^EIO/)
    expect(media.written.has(0)).to.equal(false)
  })

  it('tells nobody of a sync that a crash came before', () => {
    const { world, host: base, media } = host()
    base.disk.write(media, 0)
    base.disk.sync(media, () => { throw new Error('it is told') })
    base.disk.arm('syncing', 1, () => {
      base.alive = false
      base.life++
    })
    base.disk.sync(media, () => { throw new Error('it is told') })
    settle(world)
    expect(media.synced.count).to.equal(0)
  })
})
