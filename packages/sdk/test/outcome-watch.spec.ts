import { expect } from 'chai'
import { OutcomeWatch } from '../src/outcome-watch.ts'
import { rejection } from './rejection.ts'

describe('OutcomeWatch', () => {
  it('resolves when a command is done on enough servers, whichever way', async () => {
    const watch = new OutcomeWatch(3)
    const two = watch.settled(1, 2)
    watch.record('a', 'command-completed', 1)
    watch.record('b', 'command-completed', 2)
    watch.record('b', 'command-started', 1)
    watch.record('c', 'command-superseded', 1)
    expect([...await two]).to.deep.equal([['a', 'completed'], ['c', 'superseded']])
    expect(watch.of(3).size).to.equal(0)
  })

  it('resolves as soon as it can no longer be', async () => {
    const watch = new OutcomeWatch(3)
    watch.record('a', 'command-failed', 1)
    expect([...(await watch.settled(1)).values()]).to.deep.equal(['failed'])
    const two = watch.settled(1, 2)
    watch.record('b', 'command-failed', 1)
    expect((await two).size).to.equal(2)
  })

  it('does not wait for a job that is over', async () => {
    const watch = new OutcomeWatch(1)
    const waiting = rejection(watch.settled(1))
    watch.end(new Error('the job is closed'))
    expect((await waiting).message).to.equal('the job is closed')
    expect((await rejection(watch.settled(2))).message).to.equal('the job is closed')
  })
})
