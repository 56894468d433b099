import { expect } from 'chai'
import { InvariantError, Ledger, type ReceiptKind } from '../src/index.ts'

type Line = readonly [peer: string, kind: ReceiptKind, seq: number, atMs: number]

function ledger (lines: readonly Line[]): Ledger {
  const ledger = new Ledger(['a', 'b', 'c'], 0)
  for (const [peer, kind, seq, atMs] of lines) ledger.record(peer, kind, seq, 'r', atMs)
  return ledger
}

describe('ledger', () => {
  for (const { name, lines, state, reason } of [
    { name: 'nothing', lines: [], state: 'unknown', reason: 'the job was closed before it reported' },
    { name: 'a job receipt alone', lines: [['a', 'job-received', 0, 1]], state: 'unknown', reason: 'the job was closed before it reported' },
    { name: 'every command, but no completion', lines: [['a', 'command-completed', 1, 1]], state: 'unknown', reason: 'the job was closed before it reported' },
    { name: 'a completion', lines: [['a', 'job-completed', 2, 1]], state: 'complete', reason: '' },
    { name: 'a superseded command and a completion', lines: [['a', 'command-superseded', 1, 1], ['a', 'job-completed', 2, 1]], state: 'complete', reason: '' },
    { name: 'a completion with a failed command', lines: [['a', 'command-failed', 1, 1], ['a', 'job-completed', 2, 1]], state: 'failed', reason: 'command 1: r' },
    { name: 'two failures', lines: [['a', 'command-failed', 3, 1], ['a', 'command-failed', 5, 1]], state: 'failed', reason: 'command 3: r' },
    { name: 'a completion of somebody else', lines: [['b', 'job-completed', 2, 1]], state: 'unknown', reason: 'the job was closed before it reported' }
  ] as ReadonlyArray<{ name: string, lines: readonly Line[], state: string, reason: string }>) {
    it(`concludes "${state}" from ${name}`, () => {
      expect(ledger(lines).outcomes()[0]).to.deep.equal({ peer: 'a', state, reason })
    })
  }

  it('concludes the same from receipts that come twice', () => {
    const lines: Line[] = [['a', 'job-received', 0, 1], ['a', 'command-failed', 1, 2], ['a', 'job-completed', 2, 3]]
    expect(ledger([...lines, ...lines]).outcomes()).to.deep.equal(ledger(lines).outcomes())
  })

  it('says why a server was given up, until it reports after all', () => {
    const kept = ledger([])
    const row = kept.row('a')
    if (row != null) row.givenUp = { state: 'unreachable', reason: 'no answer' }
    expect(kept.outcomes()[0]).to.deep.equal({ peer: 'a', state: 'unreachable', reason: 'no answer' })
    kept.record('a', 'command-completed', 1, '', 5)
    expect(kept.row('a')?.givenUp).to.equal(undefined)
  })

  it('is settled when nothing more is expected of anybody', () => {
    const kept = ledger([['a', 'job-completed', 1, 1], ['b', 'job-completed', 1, 1]])
    expect(kept.settled).to.equal(false)
    const row = kept.row('c')
    if (row != null) row.givenUp = { state: 'unreachable', reason: '' }
    expect(kept.settled).to.equal(true)
  })

  for (const { times, median } of [{ times: [], median: 0 }, { times: [7], median: 7 }, { times: [9, 1], median: 9 }, { times: [50, 1, 7], median: 7 }]) {
    it(`finds the middle of ${times.join() || 'nothing'}`, () => {
      expect(ledger(times.map((atMs, i) => ['abc'[i] as string, 'job-received', 0, 100 + atMs] as const)).medianReceiptMs(100)).to.equal(median)
    })
  }

  it('knows the first command that a server owes, and when half of them had done one', () => {
    const kept = ledger([['a', 'command-completed', 2, 5]])
    kept.expect(1, 10)
    kept.expect(2, 20)
    const [a, b] = kept.rows
    if (a == null || b == null) throw new Error('there are three rows')
    expect([kept.outstanding(a), kept.outstanding(b)]).to.deep.equal([1, 1])
    kept.record('a', 'command-failed', 1, '', 30)
    expect([kept.outstanding(a), kept.outstanding(b), kept.pace(1).halfDoneMs]).to.deep.equal([undefined, 1, undefined])
    kept.record('b', 'command-completed', 1, '', 40)
    kept.record('b', 'command-completed', 1, '', 50)
    expect([kept.outstanding(b), kept.pace(1).halfDoneMs, kept.pace(2).halfDoneMs]).to.deep.equal([2, 40, undefined])
  })

  it('stops at a server that is listed twice, or not at all', () => {
    expect(() => new Ledger(['a', 'a'], 0)).to.throw(InvariantError)
    expect(() => ledger([['x', 'job-received', 0, 1]])).to.throw(InvariantError)
  })
})
