import type { Effect, Input } from '@sluice/core'
import { expect } from 'chai'
import { runChecked } from '../simulator/checked.ts'
import type { Plan } from '../simulator/plan.ts'
import { standardPlan } from '../simulator/standard-plan.ts'
import { SimulationError, type World } from '../simulator/world.ts'

const PLAN: Plan = standardPlan({ seed: 1, nodes: 4, mib: 4, mbit: 20, source: 20, chunks: 32, rtt: 20, rttSpread: 0, jitter: 0.05, drift: 0, stale: 0, heterogeneous: false, slow: false, die: false, live: false, replay: 'npm run sim -- --planted' })

const LIVE: Plan = standardPlan({ seed: 1, nodes: 4, mib: 4, mbit: 20, source: 20, chunks: 32, rtt: 20, rttSpread: 0, jitter: 0.05, drift: 0, stale: 0, heterogeneous: false, slow: false, die: false, live: true, replay: 'npm run sim -- --planted' })

/** Changes what a host's core decides. */
type Sabotage = (effects: Effect[], input: Input, world: World) => Effect[]

function sabotaged (host: number, sabotage: Sabotage, plan = PLAN): () => unknown {
  return () => runChecked(plan, 1, world => {
    const peer = world.hosts[host]?.peer
    if (peer == null) throw new Error(`no host ${host}`)
    const handle = peer.handle.bind(peer)
    peer.handle = (input, nowMs) => sabotage(handle(input, nowMs), input, world)
    return {}
  })
}

/** The same, but done once, to the first effect of a type. */
function once (type: Effect['type'], change: (effect: Effect) => Effect[]): Sabotage {
  let done = false
  return effects => effects.flatMap(effect => {
    if (done || effect.type !== type) return [effect]
    done = true
    return change(effect)
  })
}

describe('checkers', () => {
  it('have nothing to say where nothing is wrong', () => {
    runChecked(PLAN, 1)
  })

  const cases: ReadonlyArray<readonly [name: string, host: number, sabotage: Sabotage, says: RegExp, plan?: Plan]> = [
    ['a piece that is sent before it is held', 2, once('sendPiece', effect => effect.type === 'sendPiece' ? [{ ...effect, piece: 63 }] : []), /sends piece 63 .* does not hold it/],
    ['a chunk that is announced before it is whole', 2, effects => effects.map(effect => effect.type === 'send' && effect.message.type === 'have' ? { ...effect, message: { ...effect.message, chunks: [...effect.message.chunks, 31] } } : effect), /announces chunk 31/],
    ['a window without bound', 0, effects => effects.flatMap((effect): Effect[] => effect.type === 'sendPiece' ? Array.from({ length: 5 }, () => effect) : [effect]), /pieces in flight, and its window is/],
    ['a source that repeats itself while fresh chunks wait', 0, twiceTo('n3'), /base sends chunk \d+ .* after n/],
    ['a server that is approached twice', 0, once('handOver', effect => [effect, effect]), /hands job to n\d, whom base has approached already/],
    ['a receipt that is given twice', 2, once('receipt', effect => [effect, effect]), /a second time/],
    ['a job that is completed before its commands', 2, once('execute', effect => [{ type: 'receipt', job: 'job', kind: 'job-completed', seq: 2, details: { sources: [], switches: 0, startedMs: 0, finishedMs: 0 } }, effect]), /before an outcome of command 1/],
    ['a commit of a put that is not whole', 2, once('sendPiece', effect => [effect, { type: 'execute', job: 'job', seq: 1 }]), /commits command 1 of job, of which it holds/],
    ['a ban of somebody honest', 2, once('sendPiece', effect => [effect, { type: 'ban', peer: 'n0', reason: 'a whim' }]), /bans n0, which did nothing wrong/],
    ['a source that keeps what it has to itself', 0, effects => effects.filter(({ type }) => type !== 'sendPiece'), /base has been idle for 2\d.* s while n\d lacks chunk/],
    ['a piece that nobody asked for', 2, once('sendPiece', effect => effect.type === 'sendPiece' ? [effect, { ...effect, to: 'base' }] : []), /n1 sends piece \d+ .* to base, who did not ask for it/],
    ['a live piece that goes on twice', 2, pushed(effect => [effect, effect]), /n1 passes piece .* unasked, a second time/, LIVE],
    ['a live piece that goes on to another one\'s child', 2, pushed(effect => [{ ...effect, to: 'base' }]), /n1 passes piece .* to base unasked, which is not its child/, LIVE],
    ['a live piece on a tree that it did not come along', 2, pushed(effect => [{ ...effect, first: ((effect.first ?? 0) + 1) % 4 }]), /n1 passes piece .* did not come along the tree of n/, LIVE],
    ['a tree that does not begin at the first holder', 0, pushed(effect => [{ ...effect, first: ((effect.first ?? 0) + 1) % 4 }]), /base passes piece .* on the tree of n/, LIVE],
    ['a put of known length that is passed on unasked', 2, once('sendPiece', effect => effect.type === 'sendPiece' ? [{ ...effect, first: 1 }] : []), /of no live put/],
    ['a server that is never told', 0, effects => effects.filter(effect => effect.type !== 'handOver'), /not completed after .* n\d/]
  ]
  for (const [name, host, sabotage, says, plan] of cases) {
    it(`notice ${name}`, () => {
      expect(sabotaged(host, sabotage, plan)).to.throw(SimulationError, says)
    })
  }

  it('say which seed it was, and how to run it again', () => {
    expect(sabotaged(2, once('receipt', effect => [effect, effect]))).to.throw(/of seed 1; run it again with: npm run sim -- --planted/)
  })
})

/** The same to the first piece that goes on unasked. */
function pushed (change: (effect: Extract<Effect, { type: 'sendPiece' }>) => Effect[]): Sabotage {
  let done = false
  return effects => effects.flatMap(effect => {
    if (done || effect.type !== 'sendPiece' || effect.first == null) return [effect]
    done = true
    return change(effect)
  })
}

/** Every piece goes to one more receiver. */
function twiceTo (other: string): Sabotage {
  return (effects, _input, world) => effects.flatMap(effect => effect.type === 'sendPiece' && effect.to !== other && world.base.inFlight < 8 ? [effect, { ...effect, to: other }] : [effect])
}
