import { expect } from 'chai'
import { Attempts } from '../src/attempts.ts'
import { rejection } from './rejection.ts'

const PATIENCE_MS = 60_000

describe('Attempts', () => {
  let attempts: Attempts
  /** Every try that began, with what ends it. */
  let tries: Array<PromiseWithResolvers<void> & { signal: AbortSignal }>
  const work = async (signal: AbortSignal): Promise<void> => {
    const ended = Promise.withResolvers<void>()
    tries.push({ ...ended, signal })
    await ended.promise
  }
  const patient = (): void => { throw new Error('nobody loses patience in a minute') }

  beforeEach(() => {
    attempts = new Attempts()
    tries = []
  })
  afterEach(() => attempts.stop())

  it('lets an effect end by itself, well or not', async () => {
    const well = attempts.run('job', work)
    const ill = attempts.run('job', work)
    expect(attempts.underWay('job')).to.equal(2)
    tries[0]?.resolve()
    tries[1]?.reject(new Error('no disk'))
    await well
    expect((await rejection(ill)).message).to.equal('no disk')
    expect(attempts.underWay('job')).to.equal(0)
  })

  it('abandons one that hangs, and begins it again when its job goes on', async () => {
    const hanging = attempts.run('job', work)
    const elsewhere = attempts.run('other', work)
    expect(attempts.halt('job', PATIENCE_MS, patient)).to.equal(1)
    expect([attempts.isHalted('job'), attempts.isHalted('other')]).to.deep.equal([true, false])
    expect([tries[0]?.signal.aborted, tries[1]?.signal.aborted]).to.deep.equal([true, false])
    expect(tries, 'nothing begins while it is out of service').to.have.length(2)
    expect(attempts.resume('job')).to.equal(1)
    tries[2]?.resolve()
    await hanging
    tries[1]?.resolve()
    await elsewhere
  })

  it('takes no notice of what an abandoned one says later', async () => {
    const hanging = attempts.run('job', work)
    let settled = false
    hanging.then(() => { settled = true }, () => { settled = true })
    attempts.halt('job', PATIENCE_MS, patient)
    attempts.resume('job')
    tries[0]?.reject(new Error('abandoned'))
    await new Promise(resolve => setImmediate(resolve))
    expect(settled).to.equal(false)
    tries[1]?.resolve()
    await hanging
  })

  it('holds back what is begun while its job is out of service', async () => {
    attempts.halt('job', PATIENCE_MS, patient)
    const later = attempts.run('job', work)
    expect(tries).to.have.length(0)
    expect(attempts.resume('job')).to.equal(1)
    tries[0]?.resolve()
    await later
    expect(attempts.resume('job'), 'it is in service').to.equal(0)
  })

  it('tells when nobody came back to a job', async () => {
    await new Promise<void>(resolve => { attempts.halt('job', 1, resolve) })
  })

  it('forgets a job that is closed: nothing of it begins again', () => {
    void attempts.run('job', work)
    attempts.halt('job', PATIENCE_MS, patient)
    attempts.forget('job')
    expect([attempts.resume('job'), attempts.underWay('job'), tries.length]).to.deep.equal([0, 0, 1])
  })
})
