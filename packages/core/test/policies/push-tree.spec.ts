import { expect } from 'chai'
import { pushedTo, pushOffsets, pushTree } from '../../src/index.ts'

const FLEETS = [1, 2, 3, 7, 16, 24, 64, 100]

/** Rounds of the ring that are played, and those after which nothing changes any more. */
const ROUNDS = 6
const SETTLED = 3
/** A piece takes so much of the time between two pieces, and is on its way for so many times as long. */
const LOAD = 0.8
const WAY = 1.5
/** The goal for live media allows two round trips, and 50 ms of late announcements at 100 Mbit/s, beside log2 N + 6 pieces' times. */
const ALLOWED = 4 * WAY + 7.6

/** Delays, in pieces' intervals, from the first holder's on: uplinks and downlinks take one piece at a time, in the order in which they come. */
function delays (servers: number): number[] {
  const events: Array<{ at: number, run: () => void }> = []
  const later = (at: number, run: () => void): void => { events.push({ at, run }) }
  const upFree = Array.from({ length: servers }, () => 0)
  const downFree = Array.from({ length: servers }, () => 0)
  const found: number[] = []
  const got = (piece: number, rank: number, at: number): void => {
    if (piece >= SETTLED * servers) found.push(at - piece)
    for (const child of pushedTo(servers, piece % servers, rank)) {
      const leaves = Math.max(at, upFree[rank] as number) + LOAD
      upFree[rank] = leaves
      later(leaves - LOAD + WAY, () => {
        const arrives = Math.max(leaves + WAY, (downFree[child] as number) + LOAD)
        downFree[child] = arrives
        later(arrives, () => got(piece, child, arrives))
      })
    }
  }
  for (let piece = 0; piece < ROUNDS * servers; piece++) later(piece, () => got(piece, piece % servers, piece))
  while (events.length > 0) {
    let next = 0
    for (let i = 1; i < events.length; i++) if ((events[i] as { at: number }).at < (events[next] as { at: number }).at) next = i
    const [event] = events.splice(next, 1)
    event?.run()
  }
  return found.sort((a, b) => a - b)
}

describe('push tree', () => {
  for (const servers of FLEETS) {
    it(`reaches each of ${servers} servers once, from whichever it begins`, () => {
      for (const first of [0, servers - 1, servers >> 1]) {
        const reached = new Set([first])
        for (const rank of reached) {
          for (const child of pushedTo(servers, first, rank)) {
            expect(reached.has(child), `${child} twice`).to.equal(false)
            reached.add(child)
          }
        }
        expect(reached.size).to.equal(servers)
      }
    })

    it(`goes over the distances that partners of ${servers} servers have, both ways`, () => {
      const offsets = new Set(pushOffsets(servers))
      for (const offset of offsets) expect(offsets.has(servers - offset), `${offset} back`).to.equal(true)
      for (const [place, children] of pushTree(servers).children.entries()) {
        for (const child of children) expect(offsets.has((child - place + servers) % servers), `${place} to ${child}`).to.equal(true)
      }
    })
  }

  it('gives every server as much to send as any other, over all first holders', () => {
    for (const servers of FLEETS) {
      for (const rank of [0, servers - 1]) {
        const sends = Array.from({ length: servers }, (_, first) => pushedTo(servers, first, rank).length).reduce((sum, count) => sum + count, 0)
        expect(sends).to.equal(servers - 1)
      }
    }
  })

  for (const servers of [16, 64]) {
    it(`of ${servers} servers brings 99 of 100 pieces as soon as the goal for live media says, at 80 % load`, () => {
      const found = delays(servers)
      expect(found).to.have.length((ROUNDS - SETTLED) * servers * servers)
      const p99 = found[Math.ceil(found.length * 0.99) - 1] as number
      expect(p99).to.be.at.most((Math.log2(servers) + 6) * LOAD + ALLOWED)
    })
  }
})
