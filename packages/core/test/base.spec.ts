import { expect } from 'chai'
import { Base, InvariantError, type BaseEffect, type BaseInput, type BaseJob } from '../src/index.ts'

const JOB: BaseJob = { id: 'job', servers: ['a', 'b', 'c'], waitPeriodMs: 1_000, waitPeriods: 2, quorum: 0, expiresMs: 1_000_000 }
const end: BaseInput = { type: 'commandAccepted', job: 'job', seq: 2, end: true }
const tick: BaseInput = { type: 'tick' }
const receipt = (peer: string, kind: 'job-received' | 'command-failed' | 'command-completed' | 'job-completed', seq = 1): BaseInput => ({ type: 'receiptRecorded', job: 'job', peer, kind, seq, reason: 'disk' })
const answered = (peer: string, summary: string): BaseInput => ({ type: 'statusAnswered', job: 'job', peer, summary })
const silent = (peer: string): BaseInput => ({ type: 'statusFailed', job: 'job', peer, reason: 'timeout' })

/** Feed `[atMs, input]` to a base with the job, which was opened at 0. */
function play (steps: ReadonlyArray<readonly [number, BaseInput]>, job: Partial<BaseJob> = {}): { base: Base, effects: BaseEffect[] } {
  const base = new Base()
  const effects = base.handle({ type: 'jobOpened', job: { ...JOB, ...job } }, 0)
  for (const [atMs, input] of steps) effects.push(...base.handle(input, atMs))
  return { base, effects }
}

function closing (effects: readonly BaseEffect[]): string | undefined {
  const close = effects.find(effect => effect.type === 'closeJob')
  return close == null ? undefined : `${close.outcome}: ${close.servers.map(({ state }) => state).join()}`
}

const queried = (effects: readonly BaseEffect[]): string[] => effects.flatMap(effect => effect.type === 'queryStatus' ? [effect.peer] : [])
const reissued = (effects: readonly BaseEffect[]): Array<readonly number[]> => effects.flatMap(effect => effect.type === 'reissue' ? [effect.ranks] : [])
const allReceived = ['a', 'b', 'c'].map(peer => [10, receipt(peer, 'job-received', 0)] as const)
const completions = (peers: string): ReadonlyArray<readonly [number, BaseInput]> => [...peers].map(peer => [20, receipt(peer, 'job-completed', 2)] as const)

describe('base', () => {
  for (const { name, steps, job, expected } of [
    { name: 'stays open without an end', steps: completions('abc'), expected: undefined },
    { name: 'closes with the last receipt', steps: [[15, end], ...completions('abc')], expected: 'complete: complete,complete,complete' },
    { name: 'closes with the end, if all reported before', steps: [...completions('abc'), [30, end]], expected: 'complete: complete,complete,complete' },
    { name: 'waits for the last', steps: [[15, end], ...completions('ab')], expected: undefined },
    { name: 'counts a failed command', steps: [[15, end], [16, receipt('a', 'command-failed')], ...completions('abc')], expected: 'partial: failed,complete,complete' },
    { name: 'fails where everybody failed', steps: [[15, end], ...[...'abc'].map(peer => [16, receipt(peer, 'command-failed')] as const), ...completions('abc')], expected: 'failed: failed,failed,failed' },
    { name: 'is complete with a quorum', steps: [[15, end], [16, receipt('a', 'command-failed')], ...completions('abc')], job: { quorum: 2 }, expected: 'complete: failed,complete,complete' },
    { name: 'closes when the job expires, whatever is missing', steps: [...completions('a'), [500, tick]], job: { expiresMs: 500 }, expected: 'partial: complete,unknown,unknown' },
    { name: 'fails when nobody reported until then', steps: [[500, tick]], job: { expiresMs: 500 }, expected: 'failed: unknown,unknown,unknown' },
    { name: 'has nothing to wait for without servers', steps: [[15, end]], job: { servers: [] }, expected: 'complete: ' }
  ] as ReadonlyArray<{ name: string, steps: ReadonlyArray<readonly [number, BaseInput]>, job?: Partial<BaseJob>, expected: string | undefined }>) {
    it(name, () => {
      const { base, effects } = play(steps, job)
      expect(closing(effects)).to.equal(expected)
      expect(base.busy).to.equal(expected == null)
    })
  }

  it('asks the silent once a wait period, and only after the end', () => {
    const before = play([...allReceived, [4_000, tick]])
    expect(queried(before.effects)).to.deep.equal([])
    const { base, effects } = play([...allReceived, ...completions('a'), [100, end], [1_099, tick]])
    expect(queried(effects)).to.deep.equal([])
    expect(queried(base.handle(tick, 1_100))).to.deep.equal(['b', 'c'])
    expect(queried(base.handle(tick, 1_200))).to.deep.equal([])
    base.handle(answered('b', 'half'), 1_300)
    expect(queried(base.handle(tick, 2_100)), 'c was asked and has not answered').to.deep.equal(['b'])
  })

  it('gives up on one that cannot be reached for as many periods as the job allows', () => {
    const { base, effects } = play([...allReceived, [15, end], ...completions('ab'), [1_015, tick], [1_100, silent('c')], [2_015, tick]])
    expect(closing(effects)).to.equal(undefined)
    expect(closing(base.handle(silent('c'), 2_100))).to.equal('partial: complete,complete,unreachable')
  })

  it('gives up on one that answers the same again and again when no repair helps, and waits for one that moves', () => {
    const { base } = play([...allReceived, [15, end], ...completions('ab')])
    const heard: Array<string | undefined> = []
    const refuse = (effects: readonly BaseEffect[]): BaseEffect[] => effects.flatMap(effect => effect.type === 'repair'
      ? refuse(base.handle({ type: 'repaired', job: 'job', peer: effect.peer, action: effect.action, result: 'refused', detail: 'no' }, 0))
      : [effect])
    const summaries = ['0', '1', '2', '3', '3', '3']
    summaries.forEach((summary, i) => {
      base.handle(tick, (i + 1) * 1_015)
      heard.push(closing(refuse(base.handle(answered('c', summary), (i + 1) * 1_015 + 10))))
    })
    expect(heard).to.deep.equal([undefined, undefined, undefined, undefined, undefined, 'partial: complete,complete,unknown'])
  })

  it('is open, ending, waiting and closed, in this order', () => {
    const { base } = play([...allReceived])
    const phases = [base.phase('job')]
    for (const [atMs, input] of [[100, end], [1_100, tick], [2_100, tick]] as const) {
      base.handle(input, atMs)
      phases.push(base.phase('job'))
    }
    for (const [, input] of completions('abc')) base.handle(input, 2_200)
    expect([...phases, base.phase('job')]).to.deep.equal(['open', 'ending', 'waiting', 'waiting', undefined])
  })

  it('starts counting anew when a receipt comes', () => {
    const { base } = play([...allReceived, [15, end], ...completions('ab'), [1_015, tick], [1_100, silent('c')]])
    base.handle(receipt('c', 'command-completed'), 1_500)
    base.handle(tick, 2_015)
    expect(closing(base.handle(silent('c'), 2_100))).to.equal(undefined)
  })

  it('believes no answer to a question that was not asked', () => {
    const { effects } = play([...allReceived, [15, end], ...[1, 2, 3, 4].map(atMs => [100 * atMs, silent('c')] as const)])
    expect(closing(effects)).to.equal(undefined)
  })

  it('approaches ranks without a job receipt again, at doubling intervals, six times', () => {
    const { base } = play([[10, receipt('a', 'job-received', 0)]])
    const times: number[] = []
    for (let atMs = 0; atMs < 900_000; atMs += 1_000) if (reissued(base.handle(tick, atMs)).length > 0) times.push(atMs)
    expect(times).to.deep.equal([5_000, 15_000, 35_000, 75_000, 155_000, 315_000])
    const [ranks] = reissued(play([[10, receipt('a', 'job-received', 0)], [5_000, tick]]).effects)
    expect(ranks).to.deep.equal([1, 2])
  })

  it('waits three times what the others took before it approaches a rank again', () => {
    const { effects } = play([[4_000, receipt('a', 'job-received', 0)], [4_000, receipt('b', 'job-received', 0)], [11_999, tick]])
    expect(reissued(effects)).to.deep.equal([])
    expect(reissued(play([[4_000, receipt('a', 'job-received', 0)], [4_000, receipt('b', 'job-received', 0)], [12_000, tick]]).effects)).to.deep.equal([[2]])
  })

  it('opens a job once, and has heard nothing of others', () => {
    const { base } = play([])
    expect(() => base.handle({ type: 'jobOpened', job: JOB }, 1)).to.throw(InvariantError)
    expect(base.handle({ ...end, job: 'other' } as BaseInput, 1)).to.deep.equal([])
    expect([base.phase('job'), base.phase('other')]).to.deep.equal(['open', undefined])
  })
})
