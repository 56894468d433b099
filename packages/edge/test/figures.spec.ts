import { expect } from 'chai'
import { bufferedAhead, bytesText, peerText, percentText, signedQuery, withQuery } from '../page/figures.ts'

const ranges = (...pairs: Array<[number, number]>): Parameters<typeof bufferedAhead>[0] => ({ length: pairs.length, start: i => pairs[i]?.[0] ?? 0, end: i => pairs[i]?.[1] ?? 0 })

describe('figures of the player page', () => {
  it('count what is ready to be played from here on, and nothing behind a gap', () => {
    expect(bufferedAhead(ranges(), 3)).to.equal(0)
    expect(bufferedAhead(ranges([0, 5], [8, 20]), 3)).to.equal(2)
    expect(bufferedAhead(ranges([0, 5], [8, 20]), 6)).to.equal(0)
    expect(bufferedAhead(ranges([0, 5], [8, 20]), 10)).to.equal(10)
    expect(bufferedAhead(ranges([0.04, 5]), 0), 'the first frame may be a little late').to.equal(5)
  })

  it('are written as people read them', () => {
    expect([0, 999, 1_000, 12_345, 999_600, 5_000_000_000].map(bytesText)).to.deep.equal(['0 bytes', '999 bytes', '1 kB', '12.3 kB', '1 MB', '5 GB'])
    expect([0, 0.5, 0.999, 1].map(percentText)).to.deep.equal(['0 %', '50 %', '99 %', '100 %'])
    expect([peerText('12D3KooWGqFtsytGm2FFp6Xr'), peerText('short')]).to.deep.equal(['…m2FFp6Xr', 'short'])
  })

  it('carry a signature to every address of the media, and nothing else', () => {
    const query = signedQuery('?expires=1&signature=a%2Bb&below=vod&next=https://evil.example')
    expect(query).to.equal('?expires=1&signature=a%2Bb&below=vod')
    expect(signedQuery('?x=1')).to.equal('')
    expect([withQuery('/a', ''), withQuery('/a', '?b=1'), withQuery('/a?c=2', '?b=1')]).to.deep.equal(['/a', '/a?b=1', '/a?c=2&b=1'])
  })
})
