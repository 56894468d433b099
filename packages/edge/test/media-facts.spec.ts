import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MediaTree } from '@sluice/store'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { type EdgeInit, type RunningEdge, startEdge } from '../src/edge.ts'
import type { MediaFacts, Origin } from '../src/media-facts.ts'
import { signPath } from '../src/signed-url.ts'
import { FakeArrivingFile } from './arriving-file.ts'
import { ask } from './ask.ts'
import { temporaryFolder } from './temporary-folder.ts'

const SECRET = 'nobody guesses this one'
const ORIGIN: Origin = { job: 'j0123456789abcdef', switches: 2, sources: [{ peer: 'b', role: 'base', bytes: 10 }] }
/** The first piece is the manifest's, and the file begins in the middle of it. */
const START = 1_000
const PIECES = 9
const SIZE = PIECES * PIECE_BYTES - START - 500

describe('media facts', () => {
  const folder = temporaryFolder()
  let edge: RunningEdge | undefined
  const asked: Array<[string, boolean]> = []
  const start = async (init: Partial<EdgeInit> = {}): Promise<string> => {
    const origins = { find: async (path: readonly string[], beside: boolean) => { asked.push([path.join('/'), beside]); return ORIGIN } }
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: await MediaTree.open(folder()), origins, ...init })
    return edge.url
  }
  const facts = async (url: string, path: string): Promise<MediaFacts> => JSON.parse((await ask(url, `/api/v1/media${path}`)).body.toString()) as MediaFacts
  beforeEach(() => {
    asked.length = 0
    mkdirSync(join(folder(), '.sluice'))
    mkdirSync(join(folder(), 'vod'))
    writeFileSync(join(folder(), 'vod/film.mp4'), 'film')
    writeFileSync(join(folder(), 'vod/index.m3u8'), '#EXTM3U\n')
  })
  afterEach(async () => {
    await edge?.stop()
    edge = undefined
  })

  it('tells of what is published, and asks for what is beside a playlist', async () => {
    const url = await start()
    const { heldParts, ...film } = await facts(url, '/vod/film.mp4')
    expect(film).to.deep.equal({ path: '/vod/film.mp4', type: 'video/mp4', state: 'complete', size: 4, heldBytes: 4, origin: ORIGIN })
    expect(heldParts.every(held => held === 1)).to.equal(true)
    await facts(url, '/vod/index.m3u8')
    expect(asked).to.deep.equal([['vod/film.mp4', false], ['vod/index.m3u8', true]])
    expect((await ask(url, '/api/v1/media/vod/film.mp4')).headers['cache-control']).to.equal('no-store')
    expect(asked, 'a crowd that asks the same is one who asks').to.have.length(2)
  })

  it('counts what is here of a file that is arriving, to the byte', async () => {
    const content = Array.from({ length: PIECES }, () => new Uint8Array(PIECE_BYTES))
    const file = new FakeArrivingFile(content, { kind: 'fixed', start: START, size: SIZE }, PIECES)
    file.arrive(0, 4, PIECES - 1)
    const url = await start({ arriving: { find: async path => path.join('/') === 'vod/new.mp4' ? file : undefined, watchManifest: async () => undefined } })
    const { state, size, heldBytes, heldParts } = await facts(url, '/vod/new.mp4')
    expect({ state, size, heldBytes }).to.deep.equal({ state: 'arriving', size: SIZE, heldBytes: PIECE_BYTES - START + PIECE_BYTES + PIECE_BYTES - 500 })
    expect(heldParts).to.have.length(64)
    expect([heldParts[0], heldParts[20], heldParts[32], heldParts[63]]).to.deep.equal([1, 0, 1, 1])
    const counted = heldParts.reduce((sum, held) => sum + held, 0) / heldParts.length
    expect(counted).to.be.closeTo(heldBytes / SIZE, 0.01)
  })

  it('tells of a live file how much there is, and not of how much', async () => {
    const file = new FakeArrivingFile([new Uint8Array(100), new Uint8Array(700), new Uint8Array(50)], { kind: 'live', firstPiece: 1 }, undefined)
    file.arrive(1)
    const url = await start({ arriving: { find: async () => file, watchManifest: async () => undefined } })
    const { size, heldBytes, heldParts } = await facts(url, '/live/x.ts')
    expect({ size, heldBytes, heldParts }).to.deep.equal({ size: null, heldBytes: 700, heldParts: [] })
  })

  it('tells nothing of what is not there, or not signed for', async () => {
    const url = await start({ secret: SECRET })
    expect((await ask(url, '/api/v1/media/vod/film.mp4')).status).to.equal(403)
    const expires = Math.floor(Date.now() / 1000) + 3_600
    expect((await ask(url, `/api/v1/media/vod/film.mp4?${signPath(SECRET, ['vod', 'film.mp4'], expires)}`)).status).to.equal(200)
    for (const [path, status] of [['none', 404], ['vod', 404], ['..%2fx', 400]] as const) {
      expect((await ask(url, `/api/v1/media/${path}?${signPath(SECRET, path === 'vod' ? ['vod'] : ['none'], expires)}`)).status, path).to.equal(status)
    }
  })
})
