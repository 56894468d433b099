import { expect } from 'chai'
import { Base, type BaseEffect, LAG_FACTOR, laggards, Ledger, QUIET_MS } from '../src/index.ts'

const PEERS = ['a', 'b', 'c', 'd', 'e']

/** All took the job at 0, and command 1 came at 0. */
function begun (peers = PEERS): Ledger {
  const ledger = new Ledger(peers, 0)
  for (const peer of peers) ledger.record(peer, 'job-received', 0, '', 0)
  ledger.expect(1, 0)
  return ledger
}

const behind = (ledger: Ledger, nowMs: number): string => laggards(ledger, nowMs).map(({ peer }) => peer).join()

describe('laggards', () => {
  it('are those that have not a quarter of what the middle one has, and are quiet', () => {
    const ledger = begun()
    for (const [peer, bytes] of [['a', 800], ['b', 900], ['c', 700], ['d', 100]] as const) ledger.progressed(peer, 1, bytes, QUIET_MS)
    expect(behind(ledger, QUIET_MS - 1)).to.equal('')
    expect(behind(ledger, QUIET_MS), 'd has little, and moved just now').to.equal('e')
    for (const [peer, bytes] of [['a', 800], ['d', 100]] as const) ledger.progressed(peer, 1, bytes, 2 * QUIET_MS)
    expect(behind(ledger, 2 * QUIET_MS), 'the same again is no sign of work').to.equal('d,e')
  })

  it('are nobody where all stand still: a live put may pause', () => {
    const ledger = begun()
    for (const peer of PEERS) ledger.progressed(peer, 1, 500, 100)
    expect(behind(ledger, 100 * QUIET_MS)).to.equal('')
    expect(behind(begun(), 100 * QUIET_MS), 'nobody has anything').to.equal('')
  })

  it('are those that take three times as long as half of the others did', () => {
    const ledger = begun()
    for (const peer of ['a', 'b', 'c']) ledger.record(peer, 'command-completed', 1, '', 20_000)
    expect(behind(ledger, LAG_FACTOR * 20_000 - 1)).to.equal('')
    expect(behind(ledger, LAG_FACTOR * 20_000)).to.equal('d,e')
    ledger.record('d', 'command-failed', 1, 'disk', LAG_FACTOR * 20_000)
    expect(behind(ledger, LAG_FACTOR * 20_000), 'a failure is a report').to.equal('e')
  })

  it('are none that never took the job, have nothing to do, or are done', () => {
    const ledger = new Ledger(PEERS, 0)
    for (const peer of ['a', 'b', 'c', 'd']) ledger.record(peer, 'job-received', 0, '', 0)
    expect(behind(ledger, 100 * QUIET_MS), 'there is no command').to.equal('')
    ledger.expect(1, 0)
    for (const peer of ['a', 'b', 'c']) ledger.record(peer, 'command-completed', 1, '', 10)
    ledger.record('c', 'job-completed', 1, '', 10)
    expect(behind(ledger, 100 * QUIET_MS), 'e is approached again; d is behind').to.equal('d')
  })

  it('are given their time from the command on, and not from when they were idle', () => {
    const ledger = begun(['a', 'b'])
    for (const peer of ['a', 'b']) ledger.record(peer, 'command-completed', 1, '', 10)
    ledger.expect(2, 1_000_000)
    ledger.record('a', 'command-completed', 2, '', 1_000_010)
    expect(behind(ledger, 1_000_000 + QUIET_MS - 1)).to.equal('')
    expect(behind(ledger, 1_000_000 + QUIET_MS)).to.equal('b')
  })
})

describe('a base with a server that received and does nothing', () => {
  const open = (): { base: Base, tick: (atMs: number) => BaseEffect[] } => {
    const base = new Base()
    base.handle({ type: 'jobOpened', job: { id: 'job', servers: ['a', 'b', 'c'], waitPeriodMs: 10_000, waitPeriods: 2, quorum: 0, expiresMs: 1e9 } }, 0)
    for (const peer of ['a', 'b', 'c']) base.handle({ type: 'receiptRecorded', job: 'job', peer, kind: 'job-received', seq: 0, reason: '' }, 0)
    base.handle({ type: 'commandAccepted', job: 'job', seq: 1, end: false }, 0)
    for (const peer of ['a', 'b']) base.handle({ type: 'receiptRecorded', job: 'job', peer, kind: 'command-completed', seq: 1, reason: '' }, 100)
    return { base, tick: atMs => base.handle({ type: 'tick' }, atMs) }
  }

  it('asks it during the job, and has it repaired when it stands still', () => {
    const { base, tick } = open()
    expect(tick(9_000)).to.deep.equal([])
    expect(tick(12_000)).to.deep.equal([{ type: 'queryStatus', job: 'job', peer: 'c' }])
    expect(base.handle({ type: 'statusAnswered', job: 'job', peer: 'c', summary: 'new' }, 12_010)).to.deep.equal([])
    expect(tick(15_000), 'once a period').to.deep.equal([])
    expect(tick(22_000)).to.deep.equal([{ type: 'queryStatus', job: 'job', peer: 'c' }])
    expect(base.handle({ type: 'statusAnswered', job: 'job', peer: 'c', summary: 'new' }, 22_010)).to.deep.equal([{ type: 'repair', job: 'job', peer: 'c', action: 'reconnect' }])
    expect(base.phase('job')).to.equal('open')
  })

  it('says that it is down, dials it anew, and does not give it up before the end', () => {
    const { base, tick } = open()
    const heard: BaseEffect[] = []
    for (let atMs = 12_000; atMs < 200_000; atMs += 2_500) {
      for (const effect of tick(atMs)) {
        heard.push(effect)
        if (effect.type === 'queryStatus') heard.push(...base.handle({ type: 'statusFailed', job: 'job', peer: 'c', reason: 'timeout' }, atMs))
      }
    }
    expect(heard.filter(({ type }) => type === 'serverDown')).to.deep.equal([{ type: 'serverDown', job: 'job', peer: 'c', reason: 'timeout' }])
    expect(heard.filter(({ type }) => type === 'reconnect')).to.have.lengthOf(1)
    expect(base.ledger('job')?.row('c')?.givenUp).to.equal(undefined)
    base.handle({ type: 'commandAccepted', job: 'job', seq: 2, end: true }, 200_000)
    expect(base.ledger('job')?.row('c')?.silent, 'it gets its periods from the end on').to.equal(0)
  })
})
