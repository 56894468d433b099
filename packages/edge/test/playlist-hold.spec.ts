import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MediaTree } from '@sluice/store'
import { expect } from 'chai'
import { type RunningEdge, startEdge } from '../src/edge.ts'
import { directiveOf, edgeOf, hasReached } from '../src/playlist-hold.ts'
import { ask } from './ask.ts'
import { temporaryFolder } from './temporary-folder.ts'

function playlist (first: number, segments: number, parts = 0, { targetS = 1, ended = false } = {}): string {
  return [
    '#EXTM3U', '#EXT-X-VERSION:9', `#EXT-X-TARGETDURATION:${targetS}`, '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0', '#EXT-X-PART-INF:PART-TARGET=0.33', `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...Array.from({ length: segments }, (_, i) => [`#EXT-X-PART:DURATION=0.5,URI="s${first + i}.0.m4s"`, `#EXT-X-PART:DURATION=0.5,URI="s${first + i}.1.m4s"`, '#EXTINF:1.0,', `s${first + i}.m4s`]).flat(),
    ...Array.from({ length: parts }, (_, i) => `#EXT-X-PART:DURATION=0.33,URI="s${first + segments}.${i}.m4s"`),
    ...ended ? ['#EXT-X-ENDLIST'] : [],
    ''
  ].join('\n')
}

describe('playlist hold', () => {
  it('reads how far a playlist has come', () => {
    expect(edgeOf(playlist(10, 3, 2))).to.deep.equal({ nextMsn: 13, parts: 2, targetS: 1, ended: false })
    expect(edgeOf(playlist(0, 0))).to.deep.equal({ nextMsn: 0, parts: 0, targetS: 1, ended: false })
    expect(edgeOf(playlist(10, 3, 0, { ended: true }).replaceAll('\n', '\r\n'))).to.include({ nextMsn: 13, ended: true })
    const edge = edgeOf(playlist(10, 3, 2))
    const reached = (msn: number, part?: number): boolean => hasReached(edge, { msn, part })
    expect([reached(12), reached(12, 9), reached(13, 1), reached(13, 2), reached(13), reached(14, 0)]).to.deep.equal([true, true, true, false, false, false])
  })

  it('takes directives of playlists only, and refuses those that are none', () => {
    expect(directiveOf(['a.ts'], { _HLS_msn: '1' })).to.equal(undefined)
    expect(directiveOf(['a.m3u8'], {})).to.equal(undefined)
    expect(directiveOf(['a.m3u8'], { _HLS_msn: '7', _HLS_part: '2' })).to.deep.equal({ msn: 7, part: 2 })
    for (const query of [{ _HLS_part: '1' }, { _HLS_msn: 'x' }, { _HLS_msn: '-1' }, { _HLS_msn: '1', _HLS_part: '1.5' }]) expect(() => directiveOf(['a.m3u8'], query)).to.throw(/_HLS_msn/)
  })

  describe('of a live playlist', () => {
    const folder = temporaryFolder()
    let edge: RunningEdge
    const write = (text: string): void => {
      writeFileSync(join(folder(), 'next'), text)
      renameSync(join(folder(), 'next'), join(folder(), 'index.m3u8'))
    }
    beforeEach(async () => {
      mkdirSync(join(folder(), '.sluice'))
      edge = await startEdge({ host: '127.0.0.1', port: 0, tree: await MediaTree.open(folder()) })
    })
    afterEach(async () => { await edge.stop() })
    const reload = async (query: string): ReturnType<typeof ask> => await ask(edge.url, `/media/index.m3u8?${query}`)

    it('holds a request until the playlist names the segment, or the part', async () => {
      write(playlist(10, 3, 1, { targetS: 60 }))
      const answers: string[] = []
      const segment = reload('_HLS_msn=13').then(({ body }) => { answers.push(`segment ${edgeOf(body.toString()).nextMsn}`) })
      const part = reload('_HLS_msn=13&_HLS_part=1').then(({ body }) => { answers.push(`part ${edgeOf(body.toString()).parts}`) })
      expect(edgeOf((await reload('_HLS_msn=12')).body.toString()).nextMsn, 'what is there is answered at once').to.equal(13)
      expect(answers).to.deep.equal([])
      write(playlist(10, 3, 2, { targetS: 60 }))
      await part
      expect(answers).to.deep.equal(['part 2'])
      write(playlist(11, 3, 0, { targetS: 60 }))
      await segment
      expect(answers).to.deep.equal(['part 2', 'segment 14'])
    })

    it('does not hold it for ever, nor for what cannot come', async () => {
      write(playlist(10, 3, 0, { targetS: 0.05 }))
      expect((await reload('_HLS_msn=13')).status, 'three target durations').to.equal(503)
      expect((await reload('_HLS_msn=99')).status).to.equal(400)
      expect((await reload('_HLS_part=1')).status).to.equal(400)
      write(playlist(10, 3, 0, { targetS: 60, ended: true }))
      expect((await reload('_HLS_msn=14')).status).to.equal(200)
      write('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n')
      expect((await reload('_HLS_msn=2')).status, 'a master playlist does not grow').to.equal(200)
      expect((await ask(edge.url, '/media/none.m3u8?_HLS_msn=1')).status).to.equal(404)
    })
  })
})
