import { expect } from 'chai'
import { capabilityProblem, isBelow } from '../src/capability.ts'

const CAPABILITY = { base: 'base', peer: 'guest', node: 'node', path: ['vod'], verbs: ['list', 'get'], epoch: 0, issued: 0, expires: 1_000_000 }
const INTENT = { peer: 'guest', node: 'node', path: ['vod', 'film'], verb: 'get' }

describe('capability', () => {
  it('allows what it names, and what is below', () => {
    for (const path of [['vod'], ['vod', 'film'], ['vod', 'a', 'b']]) expect(capabilityProblem(CAPABILITY, 'base', { ...INTENT, path }, 0)).to.equal(undefined)
  })

  it('allows nothing else', () => {
    for (const [intent, problem] of [[{ peer: 'other' }, /guest's/], [{ node: 'other' }, /not for this server/], [{ verb: 'put' }, /does not allow to put/], [{ path: [] }, /ends at/], [{ path: ['VOD'] }, /ends at/], [{ path: ['vod.'] }, /ends at/], [{ path: ['vodx'] }, /ends at/]] as Array<[object, RegExp]>) {
      expect(capabilityProblem(CAPABILITY, 'base', { ...INTENT, ...intent }, 0), JSON.stringify(intent)).to.match(problem)
    }
    expect(capabilityProblem(CAPABILITY, 'another', INTENT, 0)).to.match(/of the fleet/)
    expect(capabilityProblem(CAPABILITY, 'base', INTENT, 2_000_000)).to.match(/expired/)
  })

  it('with no path is for all', () => {
    expect(isBelow([], ['anything'])).to.equal(true)
    expect(isBelow(['a'], [])).to.equal(false)
  })
})
