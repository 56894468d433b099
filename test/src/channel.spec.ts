import { expect } from 'chai'
import { Channel, type Issue, type Versions, type Written } from '../../src/live/channel.ts'

const hls = (...names: string[]): string => ['#EXTM3U', ...names].join('\n')
const files = (...names: string[]): Versions => new Map(names.map(name => [name, '1']))
const read = (playlists: Record<string, string>, version = '1'): Map<string, Written> => new Map(Object.entries(playlists).map(([name, text]) => [name, { version, text }]))
const shown = (issues: readonly Issue[]): string[] => issues.map(({ name, segments }) => `${segments.join()} → ${name}`)

describe('Channel', () => {
  let channel: Channel
  beforeEach(() => { channel = new Channel() })

  function send (playlists: Record<string, string>, there: Versions, version = '1'): string[] {
    const issues = channel.due(read(playlists, version), there)
    for (const issue of issues) channel.sent(issue, there)
    return shown(issues)
  }

  it('sends the segments that a playlist names, and it behind them; next time the new ones', () => {
    expect(send({ 'i.m3u8': hls('a.ts', 'b.ts') }, files('a.ts', 'b.ts', 'c.ts', 'i.m3u8'))).to.deep.equal(['a.ts,b.ts → i.m3u8'])
    expect(channel.knows('i.m3u8', '1')).to.equal(true)
    expect(send({ 'i.m3u8': hls('b.ts', 'c.ts') }, files('a.ts', 'b.ts', 'c.ts', 'i.m3u8'), '2')).to.deep.equal(['c.ts → i.m3u8'])
  })

  it('keeps back a playlist that names what is not there', () => {
    expect(send({ 'i.m3u8': hls('a.ts', 'b.ts') }, files('a.ts', 'i.m3u8'))).to.deep.equal([])
    expect(channel.knows('i.m3u8', '1')).to.equal(false)
    expect(send({ 'i.m3u8': hls('a.ts', 'b.ts') }, files('a.ts', 'b.ts', 'i.m3u8'))).to.deep.equal(['a.ts,b.ts → i.m3u8'])
  })

  it('sends a segment again that was written anew', () => {
    send({ 'i.m3u8': hls('init.mp4') }, files('init.mp4'))
    expect(send({ 'i.m3u8': hls('init.mp4') }, new Map([['init.mp4', '2']]), '2')).to.deep.equal(['init.mp4 → i.m3u8'])
  })

  it('sends a master behind the playlists that it names, and segments that two of them name once', () => {
    const master = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb.m3u8\n'
    const there = files('s.ts', 'a.m3u8', 'b.m3u8', 'm.m3u8')
    expect(send({ 'm.m3u8': master, 'a.m3u8': hls('s.ts') }, there)).to.deep.equal(['s.ts → a.m3u8'])
    expect(send({ 'm.m3u8': master, 'b.m3u8': hls('s.ts') }, there)).to.deep.equal([' → b.m3u8', ' → m.m3u8'])
  })

  it('has removed what is gone, and what no playlist that was sent names', () => {
    send({ 'i.m3u8': hls('a.ts', 'b.ts') }, files('a.ts', 'b.ts'))
    expect(channel.removable(files('b.ts')), 'still named').to.deep.equal([])
    send({ 'i.m3u8': hls('b.ts') }, files('a.ts', 'b.ts'), '2')
    expect(channel.removable(files('a.ts', 'b.ts')), 'still there').to.deep.equal([])
    expect(channel.removable(files('b.ts'))).to.deep.equal(['a.ts'])
    channel.removed('a.ts')
    expect(channel.removable(files('b.ts'))).to.deep.equal([])
  })

  it('sends all of DASH that is finished in its folder', () => {
    expect(send({ 'd/x.mpd': '<MPD type="dynamic">' }, files('d/init.m4s', 'd/1.m4s', 'other.ts', 'd/x.mpd'))).to.deep.equal(['d/init.m4s,d/1.m4s → d/x.mpd'])
  })

  it('has ended when every media playlist has', () => {
    expect(channel.ended).to.equal(false)
    send({ 'a.m3u8': hls('#EXT-X-ENDLIST'), 'b.m3u8': hls() }, files())
    expect(channel.ended).to.equal(false)
    send({ 'b.m3u8': hls('#EXT-X-ENDLIST'), 'm.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n' }, files('a.m3u8'), '2')
    expect(channel.ended).to.equal(true)
  })
})
