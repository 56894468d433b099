import { expect } from 'chai'
import fc from 'fast-check'
import { Base, type BaseEffect, type BaseInput, FIRST_REST_SHARE, InvariantError, REPAIR_ACTIONS, type RepairAction, RepairLadder, type RepairResult } from '../src/index.ts'

const PERIOD_MS = 1_000
const PERIODS = 2

/** What one server makes of a question or an order. */
type Answer = 'moves' | 'stands still' | 'is unwell' | 'is silent'

interface Script {
  readonly answers: readonly Answer[]
  readonly results: readonly RepairResult[]
}

/** A base with one server that answers by the script, and by its last entry when it has ended; until the job is closed or the clock is at `untilMs`. */
function play ({ answers, results }: Script, untilMs = 10_000_000): { repairs: Array<[atMs: number, action: RepairAction]>, closed: Extract<BaseEffect, { type: 'closeJob' }> | undefined, atMs: number } {
  const base = new Base()
  const repairs: Array<[number, RepairAction]> = []
  let closed: Extract<BaseEffect, { type: 'closeJob' }> | undefined
  let question = 0
  let order = 0
  let atMs = 0
  const give = (input: BaseInput): void => {
    for (const effect of base.handle(input, atMs)) {
      if (effect.type === 'closeJob') closed = effect
      if (effect.type === 'queryStatus') {
        const answer = answers[Math.min(question++, answers.length - 1)] as Answer
        if (answer === 'is silent') give({ type: 'statusFailed', job: 'job', peer: 'a', reason: 'timeout' })
        else give({ type: 'statusAnswered', job: 'job', peer: 'a', summary: answer === 'moves' ? `step ${question}` : 'the same', trouble: answer === 'is unwell' ? 'ill' : '' })
      }
      if (effect.type === 'repair') {
        repairs.push([atMs, effect.action])
        give({ type: 'repaired', job: 'job', peer: 'a', action: effect.action, result: results[Math.min(order++, results.length - 1)] as RepairResult, detail: 'so it was' })
      }
      if (effect.type === 'reconnect') repairs.push([atMs, 'reconnect'])
    }
  }
  give({ type: 'jobOpened', job: { id: 'job', servers: ['a'], waitPeriodMs: PERIOD_MS, waitPeriods: PERIODS, quorum: 0, expiresMs: 1e12 } })
  give({ type: 'receiptRecorded', job: 'job', peer: 'a', kind: 'job-received', seq: 0, reason: '' })
  give({ type: 'commandAccepted', job: 'job', seq: 1, end: true })
  for (; closed == null && atMs < untilMs; atMs += PERIOD_MS / 4) give({ type: 'tick' })
  return { repairs, closed, atMs }
}

const actionsOf = ({ repairs }: { repairs: Array<[number, RepairAction]> }): RepairAction[] => repairs.map(([, action]) => action)

describe('repair ladder', () => {
  it('begins with the mildest, and orders nothing twice', () => {
    const ladder = new RepairLadder()
    for (const expected of REPAIR_ACTIONS) {
      expect(ladder.next()).to.equal(expected)
      ladder.use(expected)
    }
    expect(ladder.next()).to.equal(undefined)
    expect(ladder.tried).to.deep.equal(REPAIR_ACTIONS)
    expect(() => ladder.use('reverify')).to.throw(InvariantError)
  })

  it('puts a server that was restarted back into service before it tries anything stronger', () => {
    const ladder = new RepairLadder()
    for (const action of ['reconnect', 'flush-outbox', 'reverify', 'refetch', 'restart-executor'] as const) ladder.use(action)
    expect(ladder.next('restart-executor')).to.equal('activate')
    expect(ladder.next(), 'nothing was restarted').to.equal('restart-process')
    ladder.use('activate')
    expect(ladder.next('activate')).to.equal('restart-process')
  })

  it('doubles the time that a repair gets to show', () => {
    const ladder = new RepairLadder()
    expect([0, 1, 2, 3].map(() => ladder.restMs(PERIOD_MS))).to.deep.equal([1, 2, 4, 8].map(times => times * PERIOD_MS * FIRST_REST_SHARE))
  })
})

describe('a base and its ladder', () => {
  it('climbs rung by rung at growing distances, while nothing helps', () => {
    const { repairs, closed } = play({ answers: ['stands still'], results: ['done'] })
    expect(repairs.map(([, action]) => action)).to.deep.equal(['reconnect', 'flush-outbox', 'reverify', 'refetch', 'restart-executor', 'activate', 'restart-process'])
    const times = repairs.map(([atMs]) => atMs)
    // The first query's answer is new to the base; the second is the same.
    expect(times).to.deep.equal([2_000, 2_000, 2_250, 2_750, 3_750, 3_750, 5_750])
    expect(closed?.servers[0]).to.deep.equal({ peer: 'a', state: 'unknown', reason: 'answers, but makes no progress; tried reconnect, flush-outbox, reverify, refetch, restart-executor, activate, restart-process' })
  })

  it('stops where a repair helps, and goes on from there when it did not last', () => {
    const healed = play({ answers: ['stands still', 'stands still', 'moves', 'moves', 'moves'], results: ['done'] }, 60_000)
    expect(actionsOf(healed)).to.deep.equal(['reconnect', 'flush-outbox'])
    expect(healed.closed, 'a server that moves is waited for').to.equal(undefined)
    const relapsed = play({ answers: ['stands still', 'stands still', 'moves', 'stands still', 'stands still', 'moves'], results: ['done'] }, 60_000)
    expect(actionsOf(relapsed)).to.deep.equal(['reconnect', 'flush-outbox', 'reverify'])
  })

  it('takes a server at its word that it is not well', () => {
    expect(actionsOf(play({ answers: ['is unwell', 'moves'], results: ['done'] }, 10_000))).to.deep.equal(['reconnect', 'flush-outbox'])
  })

  it('passes over what a server refuses without a pause, and says in the end what it refused', () => {
    const { repairs, closed } = play({ answers: ['stands still'], results: ['refused'] })
    expect(new Set(repairs.map(([atMs]) => atMs)).size).to.equal(1)
    expect(actionsOf({ repairs })).to.deep.equal(REPAIR_ACTIONS)
    expect(closed?.servers[0]?.reason).to.include('activate refused: so it was')
  })

  it('calls a server failed that says itself that it is not fit', () => {
    const results: RepairResult[] = ['done', 'done', 'done', 'done', 'failed', 'failed', 'failed']
    expect(play({ answers: ['stands still'], results }).closed?.servers[0]).to.deep.equal({ peer: 'a', state: 'failed', reason: 'not fit for service: so it was' })
  })

  it('can only dial anew where nobody answers, and gives up after the periods of the job', () => {
    const { repairs, closed, atMs } = play({ answers: ['is silent'], results: ['done'] })
    expect(actionsOf({ repairs })).to.deep.equal(['reconnect'])
    expect(closed?.servers[0]).to.deep.equal({ peer: 'a', state: 'unreachable', reason: 'no answer to status queries: timeout' })
    expect(atMs).to.be.at.most((PERIODS + 1) * PERIOD_MS)
  })

  it('remembers over a restart what was ordered before it', () => {
    const base = new Base()
    base.handle({ type: 'jobOpened', job: { id: 'job', servers: ['a'], waitPeriodMs: PERIOD_MS, waitPeriods: PERIODS, quorum: 0, expiresMs: 1e12 } }, 0)
    for (const action of ['reconnect', 'flush-outbox', 'reverify', 'refetch', 'restart-executor'] as const) base.handle({ type: 'repairRestored', job: 'job', peer: 'a', action, result: 'done', detail: '' }, 0)
    base.handle({ type: 'commandAccepted', job: 'job', seq: 1, end: true }, 0)
    base.handle({ type: 'tick' }, PERIOD_MS)
    expect(base.handle({ type: 'statusAnswered', job: 'job', peer: 'a', summary: '1', trouble: 'out of service' }, PERIOD_MS)).to.deep.equal([{ type: 'repair', job: 'job', peer: 'a', action: 'activate' }])
  })

  const script = fc.record({
    answers: fc.array(fc.constantFrom<Answer>('moves', 'stands still', 'is unwell', 'is silent'), { minLength: 1, maxLength: 40 }),
    results: fc.array(fc.constantFrom<RepairResult>('done', 'refused', 'failed', 'silent'), { minLength: 1, maxLength: 10 })
  })

  it('orders each rung at most once, whatever the server says', () => {
    fc.assert(fc.property(script, said => {
      const actions = actionsOf(play(said, 100_000))
      expect(new Set(actions).size).to.equal(actions.length)
    }), { numRuns: 2_000 })
  })

  it('comes to an end with every server that does not move for ever', () => {
    fc.assert(fc.property(script, said => {
      const ending = [...said.answers.slice(0, -1), said.answers.at(-1) === 'moves' ? 'stands still' as const : said.answers.at(-1) as Answer]
      const { closed } = play({ ...said, answers: ending }, 1_000_000)
      expect(closed?.servers).to.have.lengthOf(1)
      expect(closed?.servers[0]?.state).to.be.oneOf(['unknown', 'unreachable', 'failed'])
      expect(closed?.servers[0]?.reason).to.not.equal('')
    }), { numRuns: 2_000 })
  })
})
