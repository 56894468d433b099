import { expect } from 'chai'
import { isPlaylist, parsePlaylist } from '../../src/live/playlist.ts'

describe('playlist', () => {
  it('of HLS names segments, init sections and keys, each once, as they lie in the folder', () => {
    const text = '#EXTM3U\r\n#EXT-X-MAP:URI="init.mp4"\r\n#EXT-X-KEY:METHOD=AES-128,URI="a%20key.bin",IV=0x1\n#EXTINF:2,\nseg1.m4s?token=1\n#EXTINF:2,\nseg1.m4s\nsub/seg2.m4s\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="seg3.m4s"\n'
    expect(parsePlaylist('v/index.m3u8', text)).to.deep.equal({ names: ['v/init.mp4', 'v/a key.bin', 'v/seg1.m4s', 'v/sub/seg2.m4s'], folder: undefined, ended: false, isMaster: false })
  })

  it('of HLS does not name what is elsewhere', () => {
    const text = '#EXTM3U\nhttps://cdn.example/seg.ts\n/absolute.ts\n../../above.ts\ndata:abc\n'
    expect(parsePlaylist('v/index.m3u8', text).names).to.deep.equal([])
    expect(parsePlaylist('v/index.m3u8', '#EXTM3U\n../beside.ts\n').names).to.deep.equal(['beside.ts'])
  })

  it('of HLS ends with its tag', () => expect(parsePlaylist('index.m3u8', '#EXTM3U\na.ts\n#EXT-X-ENDLIST\n').ended).to.equal(true))

  it('may be a master', () => {
    const text = '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="audio.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n'
    expect(parsePlaylist('master.m3u8', text)).to.include({ isMaster: true }).and.to.have.property('names').that.deep.equals(['audio.m3u8', 'video.m3u8'])
  })

  for (const [text, ended] of [['<MPD xmlns="x" type="dynamic">', false], ['<MPD\n type="static">', true], ['<MPD>', true]] as const) {
    it(`of DASH, ${JSON.stringify(text)}, has ended: ${ended}`, () => expect(parsePlaylist('d/x.mpd', text)).to.deep.equal({ names: [], folder: 'd', ended, isMaster: false }))
  }

  it('is known by its name', () => expect(['a.m3u8', 'a.M3U8', 'b/c.mpd', 'a.ts', 'm3u8'].map(isPlaylist)).to.deep.equal([true, true, true, false, false]))
})
