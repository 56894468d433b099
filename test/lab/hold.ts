import process from 'node:process'
import { type Effect, Peer } from '@sluice/core'

/** Preloaded into the lab's base, which takes these. */
export type HoldAsk = { readonly ask: 'hold' | 'release' }

/**
 * `node --import` of the lab's base: what the base has for others waits from
 * `hold` to `release`. Meanwhile it takes in the whole put, so that it is a
 * base that holds its media already when the clock starts; the very same
 * effects are performed then. To the core that is a slow network.
 */
const OUTWARD: ReadonlySet<Effect['type']> = new Set(['connect', 'send', 'handOver', 'sendPiece'])

const held: Effect[] = []
let holding = false

const { handle } = Peer.prototype
Peer.prototype.handle = function (input, nowMs) {
  const effects = handle.call(this, input, nowMs)
  if (!holding) return held.length === 0 ? effects : [...held.splice(0), ...effects]
  held.push(...effects.filter(({ type }) => OUTWARD.has(type)))
  return effects.filter(({ type }) => !OUTWARD.has(type))
}

process.on('message', message => {
  holding = (message as HoldAsk).ask === 'hold'
  // By the clock that nodes sign with. What was held goes with the next tick of the driver.
  process.stdout.write(`${JSON.stringify({ msg: holding ? 'holding' : 'released', atMs: performance.timeOrigin + performance.now() })}\n`)
})
