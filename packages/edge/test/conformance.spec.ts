import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OutgoingHttpHeaders } from 'node:http'
import { MediaTree } from '@sluice/store'
import { sha256, toHex } from '@sluice/wire'
import { expect } from 'chai'
import { type RunningEdge, startEdge } from '../src/edge.ts'
import { ask } from './ask.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** So that each byte says where it is. */
const SIZE = 1_000
const BYTES = Buffer.from(Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) & 0xff))
const MODIFIED = new Date('2020-02-02T02:02:02Z')
const BEFORE = new Date(MODIFIED.getTime() - 1_000).toUTCString()
const AT = MODIFIED.toUTCString()
const AFTER = new Date(MODIFIED.getTime() + 1_000).toUTCString()
const ETAG = `"${toHex(sha256(BYTES))}"`
const OTHER = '"0000"'

interface Case {
  readonly what: string
  readonly method?: string
  readonly path?: string
  readonly asked: OutgoingHttpHeaders
  readonly status: number
  /** First and last byte; none: no body. */
  readonly bytes?: readonly [number, number]
  readonly contentRange?: string
}

const WHOLE = [0, SIZE - 1] as const
const part = (what: string, range: string, first: number, last: number, more: OutgoingHttpHeaders = {}): Case => ({ what, asked: { range, ...more }, status: 206, bytes: [first, last], contentRange: `bytes ${first}-${last}/${SIZE}` })
const whole = (what: string, asked: OutgoingHttpHeaders): Case => ({ what, asked, status: 200, bytes: WHOLE })
const unsatisfiable = (what: string, range: string): Case => ({ what, asked: { range }, status: 416, contentRange: `bytes */${SIZE}` })
const bare = (what: string, status: number, asked: OutgoingHttpHeaders, method = 'GET'): Case => ({ what, method, asked, status })

/** RFC 9110: ranges (section 14), conditional requests (13), If-Range (13.1.5), HEAD (9.3.2). */
const CASES: readonly Case[] = [
  whole('no range', {}),
  part('the first byte', 'bytes=0-0', 0, 0),
  part('the last byte, by number', `bytes=${SIZE - 1}-${SIZE - 1}`, SIZE - 1, SIZE - 1),
  part('the last byte, as a suffix', 'bytes=-1', SIZE - 1, SIZE - 1),
  part('a part in the middle', 'bytes=100-199', 100, 199),
  part('an open range from the start', 'bytes=0-', 0, SIZE - 1),
  part('an open range from the middle', 'bytes=500-', 500, SIZE - 1),
  part('an open range of the last byte', `bytes=${SIZE - 1}-`, SIZE - 1, SIZE - 1),
  part('a suffix', 'bytes=-100', SIZE - 100, SIZE - 1),
  part('a suffix of all of it', `bytes=-${SIZE}`, 0, SIZE - 1),
  part('a suffix longer than it is', 'bytes=-5000', 0, SIZE - 1),
  part('an end behind its end', 'bytes=900-5000', 900, SIZE - 1),
  part('an end beyond all numbers', `bytes=900-${'9'.repeat(400)}`, 900, SIZE - 1),
  part('leading zeros', 'bytes=0001-0002', 1, 2),
  part('a unit in capitals', 'BYTES=1-2', 1, 2),
  part('blanks about a range', 'bytes= 1-2 ', 1, 2),
  part('a list with empty elements', 'bytes=,1-2,,', 1, 2),
  unsatisfiable('a start at its end', `bytes=${SIZE}-`),
  unsatisfiable('a start behind its end', 'bytes=5000-6000'),
  unsatisfiable('a start beyond all numbers', `bytes=${'9'.repeat(400)}-`),
  unsatisfiable('a suffix of nothing', 'bytes=-0'),
  unsatisfiable('several, and none within', 'bytes=5000-,6000-7000'),
  whole('an end before its start', { range: 'bytes=200-100' }),
  whole('another unit', { range: 'seconds=1-2' }),
  whole('no unit', { range: '1-2' }),
  whole('no numbers', { range: 'bytes=a-b' }),
  whole('neither end', { range: 'bytes=-' }),
  whole('nothing', { range: 'bytes=' }),
  whole('a sign', { range: 'bytes=+1-2' }),
  whole('a negative end', { range: 'bytes=1--2' }),
  whole('a fraction', { range: 'bytes=1.5-2' }),
  whole('blanks inside of a range', { range: 'bytes=1 - 2' }),
  whole('one bad range among good ones', { range: 'bytes=1-2,x' }),
  whole('several ranges', { range: 'bytes=0-1,10-11' }),
  whole('several ranges that overlap', { range: 'bytes=0-100,50-150' }),
  whole('several ranges, one of them within', { range: 'bytes=0-1,5000-' }),
  whole('a hundred small ranges', { range: `bytes=${Array.from({ length: 100 }, (_, i) => `${i * 2}-${i * 2}`).join(',')}` }),
  part('If-Range with its ETag', 'bytes=1-2', 1, 2, { 'if-range': ETAG }),
  whole('If-Range with another ETag', { range: 'bytes=1-2', 'if-range': OTHER }),
  whole('If-Range with its ETag made weak', { range: 'bytes=1-2', 'if-range': `W/${ETAG}` }),
  part('If-Range with its date', 'bytes=1-2', 1, 2, { 'if-range': AT }),
  whole('If-Range with an earlier date', { range: 'bytes=1-2', 'if-range': BEFORE }),
  whole('If-Range with a later date', { range: 'bytes=1-2', 'if-range': AFTER }),
  whole('If-Range with no date at all', { range: 'bytes=1-2', 'if-range': 'yesterday' }),
  whole('If-Range and a range that is not within, both outdated', { range: 'bytes=5000-', 'if-range': OTHER }),
  whole('If-Range without a range', { 'if-range': ETAG }),
  bare('If-None-Match with its ETag', 304, { 'if-none-match': ETAG }),
  bare('If-None-Match with its ETag made weak', 304, { 'if-none-match': `W/${ETAG}` }),
  bare('If-None-Match with its ETag among others', 304, { 'if-none-match': `${OTHER}, ${ETAG}` }),
  bare('If-None-Match with a star', 304, { 'if-none-match': '*' }),
  whole('If-None-Match with another ETag', { 'if-none-match': OTHER }),
  bare('If-None-Match and a range', 304, { 'if-none-match': ETAG, range: 'bytes=1-2' }),
  part('If-None-Match with another ETag, and a range', 'bytes=1-2', 1, 2, { 'if-none-match': OTHER }),
  bare('If-Modified-Since with its date', 304, { 'if-modified-since': AT }),
  bare('If-Modified-Since with a later date', 304, { 'if-modified-since': AFTER }),
  whole('If-Modified-Since with an earlier date', { 'if-modified-since': BEFORE }),
  whole('If-Modified-Since with no date', { 'if-modified-since': 'x' }),
  whole('If-Modified-Since, overruled by If-None-Match', { 'if-modified-since': AFTER, 'if-none-match': OTHER }),
  whole('If-Match with its ETag', { 'if-match': ETAG }),
  whole('If-Match with a star', { 'if-match': '*' }),
  bare('If-Match with another ETag', 412, { 'if-match': OTHER }),
  bare('If-Match with its ETag made weak', 412, { 'if-match': `W/${ETAG}` }),
  bare('If-Match with another ETag, and a range', 412, { 'if-match': OTHER, range: 'bytes=1-2' }),
  part('If-Match with its ETag, and a range', 'bytes=1-2', 1, 2, { 'if-match': ETAG }),
  whole('If-Unmodified-Since with its date', { 'if-unmodified-since': AT }),
  bare('If-Unmodified-Since with an earlier date', 412, { 'if-unmodified-since': BEFORE }),
  whole('If-Unmodified-Since, overruled by If-Match', { 'if-unmodified-since': BEFORE, 'if-match': ETAG }),
  bare('HEAD', 200, {}, 'HEAD'),
  bare('HEAD with a range, which means something with GET only', 200, { range: 'bytes=1-2' }, 'HEAD'),
  bare('HEAD with If-None-Match', 304, { 'if-none-match': ETAG }, 'HEAD'),
  bare('HEAD with If-Match', 412, { 'if-match': OTHER }, 'HEAD'),
  { what: 'nothing of an empty file', path: '/media/vod/empty', asked: {}, status: 200, bytes: [0, -1] },
  { what: 'a range of an empty file', path: '/media/vod/empty', asked: { range: 'bytes=0-' }, status: 416, contentRange: 'bytes */0' },
  { what: 'a suffix of an empty file', path: '/media/vod/empty', asked: { range: 'bytes=-5' }, status: 200, bytes: [0, -1] }
]

describe('conformance', () => {
  const folder = temporaryFolder()
  let edge: RunningEdge
  beforeEach(async () => {
    const root = folder()
    mkdirSync(join(root, '.sluice'))
    mkdirSync(join(root, 'vod'))
    for (const [name, bytes] of [['film.mp4', BYTES], ['empty', Buffer.alloc(0)]] as const) {
      writeFileSync(join(root, 'vod', name), bytes)
      utimesSync(join(root, 'vod', name), MODIFIED, MODIFIED)
    }
    expect(statSync(join(root, 'vod/film.mp4')).mtimeMs).to.equal(MODIFIED.getTime())
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: await MediaTree.open(root) })
  })
  afterEach(async () => { await edge.stop() })

  for (const { what, method = 'GET', path = '/media/vod/film.mp4', asked, status, bytes, contentRange } of CASES) {
    it(`${method}: ${what} → ${status}`, async () => {
      const answer = await ask(edge.url, path, { method, headers: asked })
      expect(answer.status).to.equal(status)
      expect(answer.headers['content-range']).to.equal(contentRange)
      if (bytes != null) {
        expect(answer.body.equals(BYTES.subarray(bytes[0], bytes[1] + 1))).to.equal(true)
        expect(answer.headers['content-length']).to.equal(String(bytes[1] + 1 - bytes[0]))
      } else expect(answer.body.length).to.equal(0)
      if (status < 400 && path.endsWith('.mp4')) {
        expect(answer.headers).to.include({ etag: ETAG, 'last-modified': AT, 'accept-ranges': 'bytes' })
      }
      if (status === 200 || status === 206) expect(answer.headers).to.have.property('content-type')
      if (method === 'HEAD' && status === 200) expect(answer.headers['content-length']).to.equal(String(SIZE))
    })
  }
})
