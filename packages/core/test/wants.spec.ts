import { expect } from 'chai'
import { MAX_WANTS, MAX_WANTS_OF_ONE, WANT_MS } from '../src/index.ts'
import { Wants } from '../src/wants.ts'

const never = (): boolean => false

describe('wants', () => {
  it('name the first chunk of each, then the second of each, and none twice', () => {
    const wants = new Wants()
    wants.add(10, 13, undefined, 0)
    wants.add(50, 52, 'a', 0)
    wants.add(11, 14, 'b', 0)
    expect([...wants.chunks()]).to.deep.equal([10, 50, 11, 51, 12, 13])
    expect([wants.has(13), wants.has(14), wants.has(9)]).to.deep.equal([true, false, false])
    expect(wants.of(11).map(({ from }) => from)).to.deep.equal([undefined, 'b'])
  })

  it('are forgotten, unless they are said again', () => {
    const wants = new Wants()
    wants.add(1, 2, undefined, 0)
    wants.add(5, 6, undefined, 0)
    wants.add(1, 2, undefined, WANT_MS - 1)
    wants.prune(WANT_MS, never)
    expect([...wants.chunks()]).to.deep.equal([1])
    wants.prune(2 * WANT_MS, never)
    expect(wants.size).to.equal(0)
  })

  it('are dropped when nothing is left to do for them', () => {
    const wants = new Wants()
    wants.add(1, 2, undefined, 0)
    wants.add(5, 6, undefined, 0)
    wants.prune(1, ({ first }) => first === 1)
    expect([...wants.chunks()]).to.deep.equal([5])
  })

  it('are a few of each peer, and of all together, the newest', () => {
    const wants = new Wants()
    for (let chunk = 0; chunk < 2 * MAX_WANTS_OF_ONE; chunk++) wants.add(chunk, chunk + 1, 'greedy', 0)
    wants.add(1_000, 1_001, 'modest', 0)
    expect(wants.size).to.equal(MAX_WANTS_OF_ONE + 1)
    expect([wants.has(0), wants.has(2 * MAX_WANTS_OF_ONE - 1), wants.has(1_000)]).to.deep.equal([false, true, true])
    for (let peer = 0; peer < MAX_WANTS; peer++) wants.add(2_000 + peer, 2_001 + peer, `peer ${peer}`, 0)
    expect(wants.size).to.equal(MAX_WANTS)
  })
})
