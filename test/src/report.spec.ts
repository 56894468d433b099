import { expect } from 'chai'
import { exitCodeOf, UsageError } from '../../src/failure.ts'
import { describeSources, exitOf, renderReport } from '../../src/report.ts'

const name = (peer: string): string => peer

describe('report', () => {
  it('names the largest sources and counts the rest', () => {
    expect(describeSources({ a: 10, base: 60, b: 0, c: 20, d: 10 }, name)).to.equal('base 60 %, c 20 %, 2 more')
    expect(describeSources({}, name)).to.equal('')
  })

  it('has a line for each server, and the outcome at its end', () => {
    const text = renderReport({
      type: 'job.closed',
      job: 'j1',
      outcome: 'partial',
      bytes: 2048,
      elapsedMs: 4_200,
      servers: [
        { peer: 'a', state: 'complete', receivedAt: 1_000, completedAt: 3_000, sources: { base: 2048 }, switches: 2, gaps: 0 },
        { peer: 'b', state: 'failed', reason: 'disk full', sources: {}, switches: 0, gaps: 0 },
        { peer: 'c', state: 'unreachable', sources: {}, switches: 0, gaps: 0 }
      ]
    }, name)
    const lines = text.split('\n')
    expect(lines[1]).to.match(/^a +complete +2\.0 s +2 +base 100 %$/)
    expect(lines[2]).to.match(/^b +failed: disk full/)
    expect(lines[3]).to.match(/^c +unreachable/)
    expect(lines.at(-1)).to.match(/partial.*: 2\.00 KiB to 1 of 3 servers in 4\.2 s, job j1$/)
  })

  it('turns outcomes and errors into exit statuses', () => {
    expect((['complete', 'partial', 'failed'] as const).map(exitOf)).to.deep.equal([0, 3, 4])
    const refused = Object.assign(new Error('no'), { name: 'RefusedError' })
    expect([exitCodeOf(new UsageError('x')), exitCodeOf(refused), exitCodeOf('text')]).to.deep.equal([2, 4, 4])
  })
})
