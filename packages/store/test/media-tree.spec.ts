import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Entry, EntryType, sha256, toHex, TreeDigest } from '@sluice/wire'
import { expect } from 'chai'
import { MediaTree } from '../src/media-tree.ts'
import { TreeError } from '../src/tree-error.ts'
import { temporaryFolder } from './temporary-folder.ts'

const NOTHING = { attributes: undefined, digest: new Uint8Array() }
const LONG_AGO = new Date(1_500_000_000_000)

describe('media tree', () => {
  const folder = temporaryFolder()
  let root: string
  let tree: MediaTree
  beforeEach(async () => {
    root = folder()
    mkdirSync(join(root, '.sluice'))
    mkdirSync(join(root, 'vod/season'), { recursive: true })
    for (const [path, content] of [['vod/film.mp4', 'film'], ['vod/season/1.ts', 'one'], ['vod/season/2.ts', 'two']] as const) {
      writeFileSync(join(root, path), content)
      utimesSync(join(root, path), LONG_AGO, LONG_AGO)
    }
    tree = await MediaTree.open(root)
  })

  const list = async (path: string[], more: { recursive?: boolean, digests?: boolean, after?: string[] } = {}): Promise<{ entries: Entry[], unnamed: number }> => {
    const entries: Entry[] = []
    const found = tree.list(path, { recursive: false, digests: false, after: [], onHashed: () => {}, ...more })
    for (;;) {
      const next = await found.next()
      if (next.done === true) return { entries, unnamed: next.value }
      entries.push(next.value)
    }
  }
  const names = ({ entries }: { entries: Entry[] }): string[] => entries.map(({ path }) => path.join('/'))
  const codeOf = async (work: Promise<unknown>): Promise<string> => await work.then(() => 'done', (error: Error) => error instanceof TreeError ? error.code : `no TreeError: ${error.message}`)

  it('lists folders ahead of what is in them, and goes on behind any of them', async () => {
    expect(names(await list([]))).to.deep.equal(['vod'])
    const all = ['vod', 'vod/film.mp4', 'vod/season', 'vod/season/1.ts', 'vod/season/2.ts']
    expect(names(await list([], { recursive: true }))).to.deep.equal(all)
    for (const [index, path] of all.entries()) expect(names(await list([], { recursive: true, after: path.split('/') })), path).to.deep.equal(all.slice(index + 1))
  })

  it('shows links and never follows them, and counts what no path may name', async () => {
    symlinkSync('season', join(root, 'vod/latest'))
    symlinkSync('/etc', join(root, 'vod/out'))
    symlinkSync('../../..', join(root, 'vod/up'))
    execFileSync('mkfifo', [join(root, 'vod/pipe')])
    writeFileSync(join(root, 'vod/a:b'), '')
    writeFileSync(Buffer.concat([Buffer.from(`${root}/vod/`), Buffer.of(0xff, 0xfe)]), '')
    const found = await list(['vod'], { recursive: true })
    expect(found.entries.filter(({ type }) => type === EntryType.SYMLINK).map(({ path, target }) => [path, target])).to.deep.equal([[['latest'], ['season']], [['out'], []], [['up'], []]])
    expect(found.unnamed).to.equal(3)
    for (const path of [['vod', 'latest'], ['vod', 'latest', '1.ts'], ['vod', 'out', 'passwd']]) {
      expect(await codeOf(tree.read(path)), path.join('/')).to.equal('link')
      expect(await codeOf(tree.setattr(path, { mode: 0o777, xattrs: [] }))).to.equal('link')
    }
    expect(await codeOf(tree.read(['vod', 'pipe']))).to.equal('not-a-file')
  })

  it('gives digests of files, and one of a tree that says whether two are the same', async () => {
    const { entries } = await list(['vod'], { recursive: true, digests: true })
    expect(entries.map(({ digest }) => toHex(digest))).to.deep.equal(['film', '', 'one', 'two'].map(text => text === '' ? '' : toHex(sha256(Buffer.from(text)))))
    const expected = new TreeDigest()
    for (const entry of entries) expected.add(entry)
    const same = toHex(expected.digest())
    expect(toHex((await tree.stat(['vod'], true)).digest)).to.equal(same)
    writeFileSync(join(root, 'vod/season/2.ts'), 'twO')
    utimesSync(join(root, 'vod/season/2.ts'), LONG_AGO, LONG_AGO)
    expect(toHex((await tree.stat(['vod'], true)).digest), 'same size and time, another content').to.not.equal(same)
  })

  it('puts a file whole or not at all', async () => {
    const deposit = await tree.put(['made', 'x.bin'], { ...NOTHING, size: 6, attributes: { mode: 0o640, mtimeSeconds: 5, xattrs: [] } }, true)
    await deposit.write(Buffer.from('abc'))
    expect(readdirSync(join(root, 'made'))).to.deep.equal([])
    await deposit.write(Buffer.from('def'))
    const { entry, notApplied } = await deposit.place()
    await deposit.close()
    expect([entry.size, toHex(entry.digest), notApplied]).to.deep.equal([6, toHex(sha256(Buffer.from('abcdef'))), []])
    const stat = statSync(join(root, 'made/x.bin'))
    expect([stat.mode & 0o777, stat.mtimeMs]).to.deep.equal([0o640, 5_000])
    expect(readdirSync(join(root, '.sluice/deposits'))).to.deep.equal([])
  })

  it('refuses a put that is short, long, other than announced, or in the way', async () => {
    const begin = (size: number, digest: Uint8Array = new Uint8Array()): ReturnType<MediaTree['put']> => tree.put(['vod', 'film.mp4'], { ...NOTHING, size, digest }, false)
    const short = await begin(9)
    await short.write(Buffer.from('abc'))
    expect(await codeOf(short.place())).to.equal('changed')
    await short.close()
    const long = await begin(2)
    expect(await codeOf(long.write(Buffer.from('abc')))).to.equal('too-large')
    await long.close()
    const other = await begin(3, sha256(Buffer.from('abd')))
    await other.write(Buffer.from('abc'))
    expect(await codeOf(other.place())).to.equal('changed')
    await other.close()
    expect(await codeOf(tree.put(['vod'], { ...NOTHING, size: 1 }, false))).to.equal('not-a-file')
    expect(await codeOf(tree.put(['nowhere', 'x'], { ...NOTHING, size: 1 }, false))).to.equal('not-found')
    expect(await codeOf(tree.put([], { ...NOTHING, size: 1 }, true))).to.equal('not-a-file')
    expect(await codeOf(tree.put(['vod', 'big'], { ...NOTHING, size: Number.MAX_SAFE_INTEGER }, false))).to.equal('no-space')
    expect(readFileSync(join(root, 'vod/film.mp4'), 'utf8')).to.equal('film')
    expect(readdirSync(join(root, '.sluice/deposits'))).to.deep.equal([])
  })

  it('makes folders, once; and with their parents as often as one likes', async () => {
    expect(await codeOf(tree.mkdir(['a', 'b'], undefined, false))).to.equal('not-found')
    for (let i = 0; i < 2; i++) await tree.mkdir(['a', 'b'], { mode: 0o750, xattrs: [] }, true)
    expect(statSync(join(root, 'a/b')).mode & 0o777).to.equal(0o750)
    expect(await codeOf(tree.mkdir(['a', 'b'], undefined, false))).to.equal('exists')
    expect(await codeOf(tree.mkdir(['vod', 'film.mp4'], undefined, true))).to.equal('exists')
  })

  it('changes what is named and leaves the rest', async () => {
    const before = statSync(join(root, 'vod/film.mp4'))
    await tree.setattr(['vod', 'film.mp4'], { mode: 0o600, xattrs: [] })
    const after = statSync(join(root, 'vod/film.mp4'))
    expect([after.mode & 0o777, after.mtimeMs]).to.deep.equal([0o600, before.mtimeMs])
    const { notApplied } = await tree.setattr(['vod', 'film.mp4'], { mtimeSeconds: -5, mode: 0o4711, owner: 'nobody', xattrs: [] })
    expect(statSync(join(root, 'vod/film.mp4')).mtimeMs).to.equal(-5_000)
    expect(notApplied.map(line => line.split(' ')[0])).to.deep.equal(['mode', 'owner'])
    expect(await codeOf(tree.setattr([], { mode: 0o777, xattrs: [] }))).to.equal('forbidden')
  })

  it('goes on reading what was there when it was opened, and says if somebody wrote to it', async () => {
    const media = await tree.read(['vod', 'film.mp4'])
    const deposit = await tree.put(['vod', 'film.mp4'], { ...NOTHING, size: 3 }, false)
    await deposit.write(Buffer.from('new'))
    await deposit.place()
    await deposit.close()
    expect(Buffer.from(await media.read(0, 4)).toString()).to.equal('film')
    await media.close()
    const written = await tree.read(['vod', 'season', '1.ts'])
    writeFileSync(join(root, 'vod/season/1.ts'), 'other')
    expect(await codeOf(written.check())).to.equal('changed')
    await written.close()
  })

  it('names no place of this machine in what it refuses', async () => {
    for (const work of [() => tree.read(['vod', 'x']), () => tree.stat(['vod', 'film.mp4', 'y'], false), () => tree.stat(['..'], false), () => tree.mkdir(['vod'], undefined, false)]) {
      const { message } = await work().then(() => new Error('it was not refused'), (error: Error) => error)
      expect(message).to.not.include(root)
    }
  })
})
