import { expect } from 'chai'
import { ALL_OPTIMIZATIONS, APPROACH_RETRY_MS, ERRAND_TIMEOUT_MS, Handover, errandsAtOnce, MAX_APPROACHES, RESEND_MS, TAKE_BACK_MS, type Effect } from '../src/index.ts'

const SERVERS = Array.from({ length: 16 }, (_, i) => `n${i}`)
const everybody = (): boolean => true
const nobody = (): boolean => false

/** `to: ranks` of job hand-overs, `to+afterSeq` of later commands, `?peer` of dials. */
function said (effects: readonly Effect[]): string[] {
  return effects.map(effect => {
    if (effect.type === 'connect') return `?${effect.peer}`
    if (effect.type !== 'handOver') return effect.type
    return effect.withJob ? `${effect.to}: ${effect.ranges.map(({ first, end }) => `${first}-${end}`).join()}` : `${effect.to}+${effect.afterSeq}`
  })
}

function errandOf (effects: readonly Effect[], peer: string): number {
  const effect = effects.find(effect => effect.type === 'handOver' && effect.to === peer)
  if (effect?.type !== 'handOver') throw new Error(`nothing handed over to ${peer}`)
  return effect.errand
}

/** It has few errands at once, as in a large job. */
function holding (first: number, end: number, self = 'base', multipleNodes = true, errands: number | undefined = 2): Handover {
  const handover = new Handover('job', SERVERS, self, { ...ALL_OPTIMIZATIONS, multipleNodes, errands })
  handover.add([{ first, end }])
  return handover
}

describe('handover', () => {
  for (const { first, end, expected } of [
    { first: 0, end: 0, expected: [] },
    { first: 0, end: 1, expected: ['n0: '] },
    { first: 0, end: 3, expected: ['n0: ', 'n1: '] },
    { first: 0, end: 4, expected: ['n0: 3-4', 'n1: '] },
    { first: 0, end: 16, expected: ['n0: 9-16', 'n1: 6-9'] },
    { first: 14, end: 40, expected: ['n14: ', 'n15: '] },
    { first: -5, end: 2, expected: ['n0: ', 'n1: '] }
  ]) {
    it(`hands parts of ${first}–${end} on with two approaches`, () => {
      expect(said(holding(first, end).proceed(0, everybody, 0))).to.deep.equal(expected)
    })
  }

  it('approaches as many at once as the job allows, fewer if told so, and one where several are not allowed', () => {
    expect(errandsAtOnce(SERVERS.length)).to.be.greaterThan(SERVERS.length)
    const all = new Handover('job', SERVERS, 'base')
    all.add([{ first: 0, end: 16 }])
    expect(said(all.proceed(0, nobody, 0))).to.deep.equal(SERVERS.map(server => `?${server}`))
    expect(holding(0, 16).proceed(0, nobody, 0)).to.have.length(2)
    expect(holding(0, 16, 'base', false).proceed(0, everybody, 0)).to.have.length(1)
  })

  it('leaves its own rank out', () => {
    expect(said(holding(3, 5, 'n3').proceed(0, everybody, 0))).to.deep.equal(['n4: '])
  })

  it('dials who is not connected, and hands over when he is', () => {
    const handover = holding(0, 2)
    expect(said(handover.proceed(1, nobody, 0))).to.deep.equal(['?n0', '?n1'])
    expect(said(handover.connected('n0', 1, 5))).to.deep.equal(['n0: '])
    expect(said(handover.connected('n0', 1, 6)), 'once').to.deep.equal([])
    expect(said(handover.connected('n7', 1, 6)), 'not to a stranger').to.deep.equal([])
  })

  it('is settled when everybody acknowledged everything', () => {
    const handover = holding(0, 1)
    expect(handover.settled(0)).to.equal(false)
    const first = handover.proceed(1, everybody, 0)
    expect(handover.settled(1)).to.equal(false)
    handover.acknowledged('n0', errandOf(first, 'n0') + 1, 1, false, 1)
    expect(handover.settled(1), 'another errand').to.equal(false)
    handover.acknowledged('n0', errandOf(first, 'n0'), 1, false, 1)
    expect(handover.settled(1)).to.equal(true)
    expect(handover.settled(2), 'a newer command').to.equal(false)
    const second = handover.proceed(3, everybody, 2)
    expect(said(second)).to.deep.equal(['n0+1'])
    handover.acknowledged('n0', errandOf(second, 'n0'), 3, false, 3)
    expect(handover.settled(3)).to.equal(true)
  })

  it('sends no command to one who said that he has it', () => {
    const handover = holding(0, 1)
    handover.acknowledged('n0', errandOf(handover.proceed(0, everybody, 0), 'n0'), 0, false, 0)
    handover.knows('n0', 4)
    expect(handover.proceed(4, everybody, 0)).to.deep.equal([])
    expect(said(handover.proceed(5, everybody, 0))).to.deep.equal(['n0+4'])
  })

  it('takes ranges back from one who was lost before he acknowledged, and tries him again later', () => {
    const handover = holding(0, 5)
    const effects = handover.proceed(0, everybody, 0)
    expect(said(effects)).to.deep.equal(['n0: 4-5', 'n1: 3-4'])
    handover.acknowledged('n1', errandOf(effects, 'n1'), 0, false, 100)
    handover.lost('n0', 100)
    const after = handover.proceed(0, everybody, 100)
    expect(said(after)).to.deep.equal(['n2: ', 'n4: '])
    handover.acknowledged('n2', errandOf(after, 'n2'), 0, false, 100)
    expect(said(handover.proceed(0, everybody, 99 + APPROACH_RETRY_MS))).to.deep.equal([])
    expect(said(handover.proceed(0, everybody, 100 + APPROACH_RETRY_MS))).to.deep.equal(['n0: '])
  })

  it(`leaves a rank to the base after ${MAX_APPROACHES} approaches, at doubling intervals`, () => {
    const handover = holding(0, 1)
    const dials: number[] = []
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
      for (const _ of handover.proceed(0, nobody, nowMs)) {
        dials.push(nowMs)
        handover.lost('n0', nowMs)
      }
    }
    expect(dials).to.deep.equal([0, APPROACH_RETRY_MS, 3 * APPROACH_RETRY_MS])
    expect(handover.settled(0)).to.equal(true)
  })

  it('gives a settled server time to come back, and then takes its ranges', () => {
    const handover = holding(0, 3, 'base', true, 1)
    for (const peer of ['n0', 'n1']) handover.acknowledged(peer, errandOf(handover.proceed(0, everybody, 0), peer), 0, false, 0)
    handover.lost('n0', 1_000)
    handover.tick(1_000 + TAKE_BACK_MS - 1)
    expect(handover.settled(0)).to.equal(true)
    handover.connected('n0', 0, 1_000 + TAKE_BACK_MS - 1)
    handover.tick(1_000 + TAKE_BACK_MS)
    expect(handover.settled(0), 'it returned in time').to.equal(true)
    handover.lost('n0', 10_000)
    handover.tick(10_000 + TAKE_BACK_MS)
    expect(said(handover.proceed(0, nobody, 10_000 + TAKE_BACK_MS))).to.deep.equal(['?n2'])
  })

  it('takes ranges back at once from one who was lost, and had left newer commands unanswered before', () => {
    const handover = holding(0, 3, 'base', true, 1)
    for (const peer of ['n0', 'n1']) handover.acknowledged(peer, errandOf(handover.proceed(0, everybody, 0), peer), 0, false, 0)
    // n1 answers; n0 hears, or says, nothing more.
    let nowMs = 0
    for (let sends = 1; sends <= MAX_APPROACHES; sends++, nowMs += RESEND_MS) {
      const effects = handover.proceed(1, everybody, nowMs)
      expect(said(effects)).to.include('n0+0')
      if (sends === 1) handover.acknowledged('n1', errandOf(effects, 'n1'), 1, false, nowMs)
      handover.tick(nowMs + RESEND_MS)
    }
    expect(said(handover.proceed(1, everybody, nowMs))).to.deep.equal([])
    expect(handover.settled(1), 'it is left to the base').to.equal(true)
    handover.lost('n0', nowMs)
    expect(handover.settled(1), 'n2 was its to approach').to.equal(false)
    expect(said(handover.proceed(1, everybody, nowMs))).to.deep.equal(['n2: '])
  })

  it('takes back an errand that nobody acknowledges', () => {
    const handover = holding(0, 5, 'base', true, 1)
    expect(said(handover.proceed(0, everybody, 0))).to.deep.equal(['n0: 3-5'])
    handover.tick(ERRAND_TIMEOUT_MS)
    expect(said(handover.proceed(0, everybody, ERRAND_TIMEOUT_MS))).to.deep.equal(['n1: 4-5'])
  })

  it('takes ranges back from one who refuses, and does not ask him again', () => {
    const handover = holding(0, 5, 'base', true, 1)
    const effects = handover.proceed(0, everybody, 0)
    expect(said(effects)).to.deep.equal(['n0: 3-5'])
    handover.acknowledged('n0', errandOf(effects, 'n0'), 0, true, 0)
    const after: string[] = []
    for (let nowMs = 0; nowMs < 60_000; nowMs += 1_000) {
      const errands = handover.proceed(0, everybody, nowMs)
      after.push(...said(errands))
      for (const { to } of errands.filter(effect => effect.type === 'handOver')) handover.acknowledged(to, errandOf(errands, to), 0, false, nowMs)
    }
    expect(after).to.deep.equal(['n1: 4-5', 'n2: ', 'n3: '])
  })

  it('approaches again what the base says is missing, but nobody it is just approaching', () => {
    const handover = holding(0, 2)
    const effects = handover.proceed(2, everybody, 0)
    handover.acknowledged('n0', errandOf(effects, 'n0'), 2, false, 0)
    handover.reissue([0, 1, 99])
    expect(said(handover.proceed(2, everybody, 0))).to.deep.equal(['n0: '])
  })

  it('sends commands once more where they were not acknowledged', () => {
    const handover = holding(0, 1)
    handover.acknowledged('n0', errandOf(handover.proceed(0, everybody, 0), 'n0'), 0, false, 0)
    expect(said(handover.proceed(1, everybody, 0))).to.deep.equal(['n0+0'])
    handover.tick(ERRAND_TIMEOUT_MS)
    expect(said(handover.proceed(1, everybody, ERRAND_TIMEOUT_MS))).to.deep.equal(['n0+0'])
  })
})
