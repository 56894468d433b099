import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeManifest, encodeManifest, EntryType } from '@sluice/wire'
import { expect } from 'chai'
import { scan, type Scanned } from '../src/scan.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('scan', () => {
  const folder = temporaryFolder()
  const write = (name: string, content = name): string => {
    const path = join(folder(), name)
    writeFileSync(path, content)
    return path
  }
  const paths = ({ entries }: Scanned): string[] => entries.map(({ path }) => path.join('/'))

  it('lists folders before what is in them, names in order, and where each is', async () => {
    mkdirSync(join(folder(), 'b', 'deep'), { recursive: true })
    for (const name of ['z', 'b/deep/er', 'b/a', 'b.txt', 'A', 'c']) write(name)
    const found = await scan(folder(), false)
    expect(paths(found)).to.deep.equal(['A', 'b', 'b/a', 'b/deep', 'b/deep/er', 'b.txt', 'c', 'z'])
    expect(found.local).to.deep.equal(paths(found).map(path => join(folder(), path)))
    expect(decodeManifest(encodeManifest(found.entries), false)).to.deep.equal(found.entries)
  })

  it('lists the tree\'s own folder too where it is to be described', async () => {
    write('a')
    chmodSync(folder(), 0o750)
    const found = await scan(folder(), true)
    expect(paths(found)).to.deep.equal(['', 'a'])
    expect(found.local).to.deep.equal([folder(), join(folder(), 'a')])
    expect(found.entries[0]).to.deep.include({ type: EntryType.DIRECTORY, size: 0 })
    expect(found.entries[0]?.attributes?.mode).to.equal(0o750)
    expect(paths(await scan(folder(), false))).to.deep.equal(['a'])
  })

  it('takes a file as it is: no path of its own', async () => {
    const path = write('film', 'twelve bytes')
    const found = await scan(path, true)
    expect(found).to.deep.include({ single: true, local: [path], bytes: 12, files: 1 })
    expect(found.entries.map(({ path, type, size }) => ({ path, type, size }))).to.deep.equal([{ path: [], type: EntryType.FILE, size: 12 }])
    expect(decodeManifest(encodeManifest(found.entries), true)).to.have.length(1)
  })

  it('of an empty folder is empty', async () => {
    expect(await scan(folder(), false)).to.deep.equal({ single: false, entries: [], local: [], bytes: 0, files: 0 })
  })

  it('counts files and their bytes', async () => {
    mkdirSync(join(folder(), 'sub'))
    write('a', '123')
    write('sub/b', '45')
    write('empty', '')
    expect(await scan(folder(), false)).to.deep.include({ bytes: 5, files: 3 })
  })

  it('keeps all permission bits, and nothing else of the mode', async () => {
    for (const mode of [0o644, 0o400, 0o4755, 0o2750, 0o1777]) {
      const path = write(`mode-${mode}`)
      chmodSync(path, mode)
      expect((await scan(path, true)).entries[0]?.attributes?.mode).to.equal(mode)
    }
  })

  it('keeps times to the nanosecond, from before 1970 too', async () => {
    const cases = [[1_700_000_000_500, 1_700_000_000, 500_000_000], [0, 0, 0], [-250, -1, 750_000_000], [-1_000, -1, 0], [-1_500, -2, 500_000_000], [-86_400_000, -86_400, 0]] as const
    for (const [ms, mtimeSeconds, mtimeNanos] of cases) {
      const path = write('old')
      // Fractions that a double has exactly. A number below zero would be taken for now; a date is not.
      utimesSync(path, new Date(ms), new Date(ms))
      expect((await scan(path, true)).entries[0]?.attributes, `${ms} ms`).to.deep.include({ mtimeSeconds, mtimeNanos })
    }
  })

  it('takes symbolic links as such, and where they lead within the tree', async () => {
    mkdirSync(join(folder(), 'sub'))
    write('sub/film')
    const links = [['sub/near', 'film'], ['far', 'sub/film'], ['sub/up', '../other/none'], ['whole', join(folder(), 'sub')]] as const
    for (const [name, text] of links) symlinkSync(text, join(folder(), name))
    const { entries, bytes } = await scan(folder(), false)
    expect(entries.filter(({ type }) => type === EntryType.SYMLINK).map(({ path, target, size, attributes }) => [path.join('/'), target.join('/'), size, attributes?.mode])).to.deep.equal([
      ['far', 'sub/film', 0, undefined], ['sub/near', 'sub/film', 0, undefined], ['sub/up', 'other/none', 0, undefined], ['whole', 'sub', 0, undefined]
    ])
    expect(bytes).to.equal((await scan(join(folder(), 'sub', 'film'), false)).bytes)
  })

  for (const text of ['/etc/passwd', '../outside', 'sub/../../outside', '.', '..']) {
    it(`refuses a symbolic link to ${text}`, async () => {
      symlinkSync(text, join(folder(), 'link'))
      const error = await rejection(scan(folder(), false))
      expect(error.name).to.equal('SourceError')
      expect(error.message).to.include(`${join(folder(), 'link')} is a symbolic link to ${text}, which is`).and.include('leave it out')
    })
  }

  it('refuses what is no file, folder or link, by its name, and says what to do', async () => {
    write('film')
    symlinkSync('film', join(folder(), 'link'))
    expect((await rejection(scan(join(folder(), 'link'), false))).message).to.include(`${join(folder(), 'link')} is a symbolic link`)
    rmSync(join(folder(), 'link'))
    execFileSync('mkfifo', [join(folder(), 'pipe')])
    const pipe = await rejection(scan(folder(), false))
    expect(pipe.name).to.equal('SourceError')
    expect(pipe.message).to.include(`${join(folder(), 'pipe')} is a pipe`).and.include('leave it out')
  })

  it('refuses a pipe, which would be waited for without end', async () => {
    execFileSync('mkfifo', [join(folder(), 'pipe')])
    expect((await rejection(scan(folder(), false))).message).to.include(`${join(folder(), 'pipe')} is a pipe`)
  })

  it('refuses names that some server could not tell apart, or could not hold', async () => {
    for (const [first, second] of [['Film', 'film'], ['\u00e9', 'e\u0301']] as const) {
      const sub = `${first}-${second}`
      mkdirSync(join(folder(), sub))
      write(join(sub, first))
      write(join(sub, second))
      expect((await rejection(scan(join(folder(), sub), false))).message).to.include('the same path on some file systems')
    }
    for (const name of ['.sluice', 'con', 'a:b', 'dot.']) {
      const sub = `within-${name.length}-${name.charCodeAt(0)}`
      mkdirSync(join(folder(), sub))
      write(join(sub, name))
      expect((await rejection(scan(join(folder(), sub), false))).name, name).to.equal('PathError')
    }
  })

  it('says that something does not exist', async () => {
    const error = await rejection(scan(join(folder(), 'none'), false))
    expect(error.name).to.equal('SourceError')
    expect(error.message).to.equal(`${join(folder(), 'none')} does not exist`)
  })

  it('makes the same manifest of the same tree', async () => {
    for (const name of ['b', 'a', 'c']) write(name)
    const one = encodeManifest((await scan(folder(), false)).entries)
    expect(encodeManifest((await scan(folder(), false)).entries)).to.deep.equal(one)
    expect(decodeManifest(one, false)).to.have.length(3)
  })
})
