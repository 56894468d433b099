import { expect } from 'chai'
import fc from 'fast-check'
import { CommandQueue, InvariantError, type CommandInfo } from '../src/index.ts'
import { cancel, effect, end, put } from './fleet.ts'

const COMPLETED = { state: 'completed' } as const
const FAILED = { state: 'failed', reason: 'r' } as const

function queueOf (...commands: CommandInfo[]): CommandQueue {
  const queue = new CommandQueue()
  for (const command of commands) queue.add(command)
  return queue
}

describe('command queue', () => {
  for (const { name, commands, runs } of [
    { name: 'nothing', commands: [], runs: [] },
    { name: 'an effect at once', commands: [effect(1)], runs: [1] },
    { name: 'one at a time on a track', commands: [effect(1), effect(2)], runs: [1] },
    { name: 'tracks side by side', commands: [effect(1), effect(2, 1), effect(3, 1), effect(4, 2)], runs: [1, 2, 4] },
    { name: 'nothing behind a put whose media is not here', commands: [put(1, 5), effect(2)], runs: [] },
    { name: 'another track past an endless put', commands: [put(1, undefined, 1, { track: 7 }), effect(2)], runs: [2] },
    { name: 'no cancel and no end: they have no effect of their own', commands: [cancel(1, 9), end(2)], runs: [] }
  ]) {
    it(`runs ${name}`, () => {
      const queue = queueOf(...commands)
      expect(queue.takeRunnable()).to.deep.equal(runs)
      expect(queue.takeRunnable(), 'each once').to.deep.equal([])
      for (const seq of runs) expect(queue.state(seq)).to.deep.equal({ state: 'in-progress' })
    })
  }

  it('commits overlapping puts in order', () => {
    const queue = queueOf(put(1, 5), put(2, 5))
    queue.ready(2)
    expect(queue.takeRunnable()).to.deep.equal([])
    queue.ready(1)
    expect(queue.takeRunnable()).to.deep.equal([1])
    queue.finish(1, COMPLETED)
    expect(queue.takeRunnable()).to.deep.equal([2])
  })

  it('goes on past an outcome it was restored with', () => {
    const queue = new CommandQueue()
    queue.add(put(1, 5), COMPLETED)
    queue.add(effect(2))
    expect(queue.takeRunnable()).to.deep.equal([2])
  })

  it('blocks what follows a failure on its track, unless that may continue', () => {
    const queue = queueOf(effect(1), effect(2), effect(3, 1), end(4))
    queue.finish(1, FAILED)
    expect(queue.takeBlocked()).to.deep.equal([{ seq: 2, reason: 'not done, since command 1 failed before it' }])
    const lenient = queueOf({ ...effect(1), continueAfterFailure: true }, effect(2))
    lenient.finish(1, FAILED)
    expect(lenient.takeBlocked()).to.deep.equal([])
  })

  const barrier = (seq: number, tracks: number[], track = 0): CommandInfo => ({ seq, track, continueAfterFailure: false, body: { kind: 'barrier', tracks } })

  for (const { name, commands, runs } of [
    { name: 'its own track only, where a barrier names no other', commands: [effect(1), effect(2, 1), barrier(3, [0]), effect(4), effect(5, 1)], runs: [[1, 2], [3, 5], [4]] },
    { name: 'the tracks that it names', commands: [effect(1), effect(2, 1), barrier(3, [1]), effect(4, 1), effect(5, 2)], runs: [[1, 2, 5], [3], [4]] },
    { name: 'all tracks, those to come included', commands: [effect(1), barrier(2, []), effect(3, 9)], runs: [[1], [2], [3]] },
    { name: 'a publish for puts of another track', commands: [{ ...effect(1, 1) }, { ...effect(2), body: { kind: 'effect' as const, needs: [1] } }], runs: [[1], [2]] }
  ]) {
    it(`joins ${name}`, () => {
      const queue = queueOf(...commands)
      for (const expected of runs) {
        const runnable = queue.takeRunnable()
        expect(runnable).to.deep.equal(expected)
        for (const seq of runnable) queue.finish(seq, COMPLETED)
      }
      expect(queue.takeRunnable()).to.deep.equal([])
    })
  }

  it('carries a failure over a barrier, which keeps its tracks apart until then', () => {
    const queue = queueOf(effect(1), effect(2, 1), barrier(3, [1]), effect(4, 1), effect(5, 2))
    expect(queue.takeRunnable()).to.deep.equal([1, 2, 5])
    queue.finish(1, FAILED)
    expect(queue.takeBlocked(), 'command 2 is still at work').to.deep.equal([])
    expect(queue.takeRunnable()).to.deep.equal([])
    queue.finish(2, COMPLETED)
    const reason = 'not done, since command 1 failed before it'
    expect(queue.takeBlocked()).to.deep.equal([{ seq: 3, reason }, { seq: 4, reason }])
  })

  it('blocks a publish whose put is not here', () => {
    const queue = queueOf(effect(1, 1), { ...effect(2), body: { kind: 'effect', needs: [1] } }, effect(3))
    queue.finish(1, FAILED)
    expect(queue.takeBlocked().map(({ seq }) => seq)).to.deep.equal([2, 3])
  })

  it('takes a put back whose media the disk has lost, and runs it when that is here again', () => {
    const queue = new CommandQueue()
    queue.add({ seq: 1, track: 0, continueAfterFailure: false, body: { kind: 'put', pieces: 1, chunkPieces: 1 } })
    queue.ready(1)
    expect(queue.takeRunnable()).to.deep.equal([1])
    queue.unready(1)
    expect([queue.state(1), queue.takeRunnable()]).to.deep.equal([{ state: 'new' }, []])
    queue.ready(1)
    expect(queue.takeRunnable()).to.deep.equal([1])
    queue.finish(1, { state: 'completed' })
    queue.unready(1)
    expect(queue.state(1)).to.deep.equal({ state: 'completed' })
  })

  it('leaves out only what was never begun', () => {
    const queue = new CommandQueue()
    queue.add(put(1, 5))
    queue.add(put(2, 5), undefined, true)
    queue.add(put(3, 5), COMPLETED)
    expect([1, 2, 3].map(seq => queue.untouched(seq))).to.deep.equal([true, false, false])
  })

  it('has ended when everything before its end command has an outcome', () => {
    const queue = queueOf(effect(1), effect(2, 1))
    expect(queue.ended).to.equal(undefined)
    queue.add(end(3))
    queue.finish(2, { state: 'superseded' })
    expect(queue.ended).to.equal(undefined)
    queue.finish(1, FAILED)
    expect(queue.ended).to.equal(3)
  })

  for (const { name, run } of [
    { name: 'a gap', run: () => queueOf(effect(2)) },
    { name: 'a repetition', run: () => queueOf(effect(1), effect(1)) },
    { name: 'a second outcome', run: () => { const queue = queueOf(effect(1)); queue.finish(1, COMPLETED); queue.finish(1, FAILED) } },
    { name: 'media for an unknown command', run: () => queueOf().ready(1) }
  ]) {
    it(`stops at ${name}`, () => {
      expect(run).to.throw(InvariantError)
    })
  }

  it('runs everything exactly once, in order within each track, however outcomes come', () => {
    fc.assert(fc.property(fc.array(fc.nat(3), { maxLength: 20 }), fc.infiniteStream(fc.nat(1000)), (tracks, picks) => {
      const queue = queueOf(...tracks.map((track, i) => effect(i + 1, track)))
      const running: number[] = queue.takeRunnable()
      const done: number[] = []
      while (running.length > 0) {
        const [seq] = running.splice((picks.next().value as number) % running.length, 1) as [number]
        done.push(seq)
        queue.finish(seq, COMPLETED)
        running.push(...queue.takeRunnable())
      }
      expect(done.toSorted((a, b) => a - b)).to.deep.equal(tracks.map((_, i) => i + 1))
      for (const track of new Set(tracks)) {
        const own = done.filter(seq => tracks[seq - 1] === track)
        expect(own).to.deep.equal(own.toSorted((a, b) => a - b))
      }
    }))
  })
})
