import { expect } from 'chai'
import { cacheControl, mediaTypeOf } from '../src/media-type.ts'

const TYPES: Record<string, [type: string, role: string]> = {
  'a.m3u8': ['application/vnd.apple.mpegurl', 'playlist'],
  'a.mpd': ['application/dash+xml', 'playlist'],
  'a.MPD': ['application/dash+xml', 'playlist'],
  'a.ts': ['video/mp2t', 'segment'],
  'a.m4s': ['video/iso.segment', 'segment'],
  'a.cmfv': ['video/mp4', 'segment'],
  'a.cmfa': ['audio/mp4', 'segment'],
  'a.aac': ['audio/aac', 'segment'],
  'a.mp4': ['video/mp4', 'media'],
  'a.webm': ['video/webm', 'media'],
  'a.mkv': ['video/x-matroska', 'media'],
  'a.mp3': ['audio/mpeg', 'media'],
  'a.ogg': ['audio/ogg', 'media'],
  'a.vtt': ['text/vtt; charset=utf-8', 'media'],
  'a.ttml': ['application/ttml+xml', 'media'],
  'a.jpg': ['image/jpeg', 'media'],
  'a.png': ['image/png', 'media'],
  'a.webp': ['image/webp', 'media'],
  'a.avif': ['image/avif', 'media'],
  'a.unheard-of': ['application/octet-stream', 'media'],
  a: ['application/octet-stream', 'media'],
  '.ts': ['video/mp2t', 'segment']
}

describe('media type', () => {
  for (const [name, [type, role]] of Object.entries(TYPES)) {
    it(`${name} is ${type}`, () => { expect(mediaTypeOf(name)).to.include({ type, role }) })
  }

  it('knows what a browser would run', () => {
    for (const name of ['a.html', 'a.svg', 'a.js', 'a.xhtml', 'a.xml', 'a.htm', 'a.mjs']) expect(mediaTypeOf(name).active, name).to.equal(true)
    expect(mediaTypeOf('a.mp4').active).to.equal(false)
  })

  it('lets playlists grow old fast, segments never, and keeps what is signed for to its holder', () => {
    expect(cacheControl('playlist', false, true)).to.equal('public, max-age=1')
    expect(cacheControl('segment', false, true)).to.equal('public, max-age=86400, immutable')
    expect(cacheControl('media', false, false)).to.equal('private, max-age=60')
    expect(cacheControl('segment', true, true)).to.equal('no-store')
  })
})
