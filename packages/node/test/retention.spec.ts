import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, type MediaTree, openJournal, TreeError } from '@sluice/store'
import { expect } from 'chai'
import { silent } from '../src/log.ts'
import { playlistNames } from '../src/playlist-names.ts'
import { Retention, type RetentionRule } from '../src/retention.ts'
import { rejection } from './rejection.ts'

const STAMP = { size: 5, mtimeNs: 1n, ino: 1n }
const NOW = 1_000

describe('Retention', () => {
  let folder: string
  let journal: Journal
  let removed: string[]
  let texts: Map<string, string>
  let signal: AbortSignal

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-retention-'))
    journal = openJournal(join(folder, 'journal.sqlite'))
    for (const id of ['open', 'closed']) journal.putJob({ id, hash: Buffer.from(id), bytes: Buffer.from(id), created: 1, expires: 9, role: 'node' })
    journal.setJobState('closed', 'closed')
    removed = []
    texts = new Map()
    signal = new AbortController().signal
  })
  afterEach(() => {
    journal.close()
    rmSync(folder, { recursive: true })
  })

  function publish (at: number, path: string, { job = 'closed', expires }: { job?: string, expires?: number } = {}): void {
    journal.notePublished([{ path, job, seq: 1, stamp: STAMP, at, digest: undefined, ...expires == null ? {} : { expires } }])
  }

  function retention (rules: RetentionRule[], pins: string[][] = [], present = async (): Promise<void> => {}): Retention {
    return new Retention({
      journal,
      rules,
      pins,
      tree: { read: async (path: readonly string[]) => {
        const text = texts.get(path.join('/'))
        if (text == null) throw new TreeError('not-found', path, 'does not exist')
        if (text === 'EIO') throw new TreeError('disk', path, 'cannot be reached')
        return { entry: { size: text.length }, read: async () => Buffer.from(text), close: async () => {} }
      } } as unknown as MediaTree,
      withdraw: async ({ path }) => { removed.push(path); return 'removed' },
      present,
      log: silent,
      signal
    })
  }

  it('keeps the last of what is directly in a folder; one folder is one thing, as new as the newest in it', async () => {
    for (const [at, path] of [[1, 'live/a/1.ts'], [2, 'live/b/1.ts'], [3, 'live/c.ts'], [9, 'live/a/2.ts'], [1, 'liver/1.ts'], [1, 'other']] as const) publish(at, path)
    expect(await retention([{ path: ['live'], keepLast: 2 }]).run(NOW)).to.equal(1)
    expect(removed).to.deep.equal(['live/b/1.ts'])
    expect(journal.publishedAt('live/b/1.ts')).to.equal(undefined)
    expect(journal.publishedAt('live/a/1.ts')).to.not.equal(undefined)
  })

  it('removes what is too old, as a whole, and what has expired', async () => {
    publish(100, 'vod/old/1.ts')
    publish(100, 'vod/mended/1.ts')
    publish(950, 'vod/mended/index.m3u8')
    publish(990, 'vod/short.ts', { expires: NOW })
    publish(990, 'vod/long.ts', { expires: NOW + 1 })
    await retention([{ path: ['vod'], maxAgeMs: 900 }]).run(NOW)
    expect(removed).to.deep.equal(['vod/old/1.ts', 'vod/short.ts'])
  })

  it('heeds what puts say where there is no rule, and looks at nothing where they say nothing', async () => {
    const absent = retention([], [], async () => { throw new Error('no disk') })
    publish(1, 'a')
    expect(await absent.run(NOW)).to.equal(0)
    publish(1, 'b', { expires: 5 })
    expect((await rejection(absent.run(NOW))).message).to.equal('no disk')
    await retention([]).run(NOW)
    expect(removed).to.deep.equal(['b'])
  })

  it('never removes what is pinned, and what is pinned takes nobody\'s place', async () => {
    for (const [at, path] of [[9, 'vod/trailer/1.ts'], [8, 'vod/kept.ts'], [7, 'vod/film/still.jpg'], [7, 'vod/film/1.ts']] as const) publish(at, path, { expires: path === 'vod/film/still.jpg' ? 1 : NOW + 1 })
    await retention([{ path: ['vod'], keepLast: 1 }], [['vod', 'trailer'], ['vod', 'film', 'still.jpg']]).run(NOW)
    expect(removed).to.deep.equal(['vod/film/1.ts'])
  })

  it('never removes what an open job has published, or names in a playlist, or in one that this names', async () => {
    publish(1, 'live/open/1.ts', { job: 'open', expires: 1 })
    publish(5, 'live/main.m3u8', { job: 'open' })
    for (const name of ['day/a%b 1.ts', 'day/init.mp4', 'day/low.m3u8', 'day/low/1.ts', 'day/unnamed.ts']) publish(1, `live/${name}`)
    texts.set('live/main.m3u8', '#EXTM3U\n#EXT-X-MAP:URI="day/init.mp4"\n#EXTINF:4,\nday/a%25b%201.ts\n\nday/low.m3u8\nhttps://elsewhere.example/live/day/unnamed.ts\n')
    texts.set('live/day/low.m3u8', 'low/1.ts\n../day/gone.m3u8\n')
    const rules = [{ path: ['live'], maxAgeMs: 1 }]
    await retention(rules).run(NOW)
    expect(removed).to.deep.equal(['live/day/unnamed.ts'])
    // What it names is not known: nothing goes.
    publish(1, 'live/day/unnamed.ts')
    texts.set('live/main.m3u8', 'EIO')
    expect((await rejection(retention(rules).run(NOW))).message).to.contain('cannot be reached')
    journal.setJobState('open', 'closed')
    await retention(rules).run(NOW)
    expect(removed).to.include('live/open/1.ts')
  })

  it('resolves what playlists name as a player does', () => {
    expect(playlistNames('/vod/a.ts\n../b.ts?x=1\nc%2\n#EXT-X-KEY:METHOD=AES-128,URI="k/1.key"\n# a comment\n', ['live', 'x', 'main.m3u8'])).to.deep.equal(['vod/a.ts', 'live/b.ts', 'live/x/c%2', 'live/x/k/1.key'])
  })
})
