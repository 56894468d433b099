import { expect } from 'chai'
import { bar, createNames, progressRows } from '../../src/progress-lines.ts'
import { JobProgress } from '../../src/progress.ts'

const job = 'j1'
const name = (peer: string): string => peer

function opened (servers: string[]): JobProgress {
  const progress = new JobProgress()
  progress.handle({ type: 'job.opened', job, servers }, 0)
  return progress
}

describe('progress', () => {
  it('adds up commands and never turns a bar back', () => {
    const progress = opened(['a'])
    progress.handle({ type: 'upload', job, seq: 1, bytes: 50, total: 100 }, 0)
    progress.handle({ type: 'progress', job, peer: 'a', seq: 1, bytes: 80, total: 100 }, 0)
    progress.handle({ type: 'progress', job, peer: 'a', seq: 2, bytes: 5, total: 10 }, 0)
    progress.handle({ type: 'progress', job, peer: 'a', seq: 1, bytes: 60, total: 100 }, 1)
    expect(progress.total).to.equal(110)
    expect(progress.nodes.get('a')?.bytes).to.equal(85)
  })

  it('measures a steady rate', () => {
    const progress = opened(['a'])
    for (let s = 0; s <= 10; s++) progress.handle({ type: 'progress', job, peer: 'a', seq: 1, bytes: s * 1000, total: 100_000, source: 'base' }, s * 1_000)
    expect(progress.nodes.get('a')?.rate).to.be.closeTo(1000, 1)
    expect(progress.nodes.get('a')?.source).to.equal('base')
  })

  it('believes receipts', () => {
    const progress = opened(['a', 'b'])
    progress.handle({ type: 'receipt', job, peer: 'a', kind: 'command-completed', seq: 1, bytes: 100, at: 0 }, 0)
    expect(progress.nodes.get('a')).to.include({ state: 'receiving', bytes: 100 })
    progress.handle({ type: 'receipt', job, peer: 'a', kind: 'job-completed', seq: 2, bytes: 0, at: 0 }, 0)
    progress.handle({ type: 'receipt', job, peer: 'b', kind: 'command-failed', seq: 1, bytes: 0, reason: 'disk full', at: 0 }, 0)
    expect(progress.nodes.get('a')).to.include({ state: 'complete', rate: 0 })
    expect(progress.nodes.get('b')).to.include({ state: 'failed', reason: 'disk full' })
  })

  it('takes the last word from the final notice', () => {
    const progress = opened(['a', 'b'])
    const server = { sources: {}, switches: 0, gaps: 0 }
    progress.handle({ type: 'job.closed', job, outcome: 'partial', bytes: 1, elapsedMs: 1, servers: [{ peer: 'a', state: 'complete', ...server }, { peer: 'b', state: 'unreachable', ...server }] }, 0)
    expect([...progress.nodes.values()].map(({ state, reason }) => [state, reason])).to.deep.equal([['complete', undefined], ['failed', 'unreachable']])
  })
})

describe('progress lines', () => {
  it('draws bars to an eighth of a cell', () => {
    expect(bar(0, 100)).to.equal(`▕${' '.repeat(24)}▏`)
    expect(bar(100, 100)).to.equal(`▕${'█'.repeat(24)}▏`)
    expect(bar(1, 48)).to.equal(`▕▌${' '.repeat(23)}▏`)
    expect(bar(5, 0)).to.equal(`▕${' '.repeat(24)}▏`)
  })

  it('gives each node a row', () => {
    const progress = opened(['a', 'b'])
    progress.handle({ type: 'progress', job, peer: 'a', seq: 1, bytes: 512, total: 1024, source: 'base' }, 0)
    const rows = progressRows(progress, name)
    expect(rows).to.have.lengthOf(3)
    expect(rows[1]).to.match(/^a .* 50 % +512 B.*from base$/)
    expect(rows[2]).to.match(/^b .* 0 % .*waiting$/)
  })

  it('shows a large fleet as one line and its slowest', () => {
    const peers = Array.from({ length: 100 }, (_, i) => `n${i}`)
    const progress = opened(peers)
    for (const [i, peer] of peers.entries()) progress.handle({ type: 'progress', job, peer, seq: 1, bytes: i, total: 100 }, 0)
    progress.handle({ type: 'receipt', job, peer: 'n0', kind: 'job-completed', seq: 1, bytes: 100, at: 0 }, 0)
    const rows = progressRows(progress, name)
    expect(rows).to.have.lengthOf(10)
    expect(rows[1]).to.match(/^1 of 100 /)
    expect(rows.slice(2).map(row => row.split(' ')[0])).to.deep.equal(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'])
  })

  it('calls peers by their names where they have any', () => {
    const nameOf = createNames('base-peer', [{ peer: 'p1', labels: { name: 'paris' } }, { peer: 'p2', labels: {} }])
    expect(['base-peer', 'p1', 'p2'].map(nameOf)).to.deep.equal(['base', 'paris', 'p2'])
  })
})
