import { expect } from 'chai'
import { count, formatBytes, formatDuration, formatPercent, formatRate, formatTime, shortPeer } from '../../src/format.ts'

describe('format', () => {
  it('writes sizes with three digits', () => {
    expect([0, 1023, 1024, 1536, 12_345, 64 * 2 ** 20, 2 ** 40].map(formatBytes)).to.deep.equal(['0 B', '1023 B', '1.00 KiB', '1.50 KiB', '12.1 KiB', '64.0 MiB', '1.00 TiB'])
    expect(formatRate(2 ** 20)).to.equal('1.00 MiB/s')
  })

  it('writes durations in their two largest units', () => {
    expect([0, 999, 1_000, 59_999, 60_000, 200_000, 18_720_000, 183_600_000].map(formatDuration)).to.deep.equal(['0 ms', '999 ms', '1.0 s', '59.9 s', '1 min 0 s', '3 min 20 s', '5 h 12 min', '2 d 3 h'])
  })

  it('rounds percents down, so that 100 % means all', () => {
    expect(formatPercent(999_999, 1_000_000)).to.equal('99 %')
    expect(formatPercent(5, 5)).to.equal('100 %')
    expect(formatPercent(6, 5)).to.equal('100 %')
    expect(formatPercent(0, 0)).to.equal('0 %')
  })

  it('writes times in UTC', () => expect(formatTime(0)).to.equal('1970-01-01 00:00:00'))

  it('tells peers apart by their tails', () => {
    expect(shortPeer('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')).to.equal('…yKSUKPH5')
    expect(shortPeer('node-1')).to.equal('node-1')
  })

  it('counts', () => expect([count(1, 'file'), count(2, 'file')]).to.deep.equal(['1 file', '2 files']))
})
