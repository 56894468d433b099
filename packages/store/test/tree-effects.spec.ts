import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { TreeStore } from '../src/index.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('TreeEffects', () => {
  const root = temporaryFolder()
  const at = (...path: string[]): string => join(root(), ...path)
  let store: TreeStore
  beforeEach(async () => { store = await TreeStore.open(root()) })
  afterEach(async () => { await store.close() })

  async function move (from: string[], to: string[]): Promise<void> {
    await store.effects.move(from, to, await store.effects.identify(from))
  }

  it('makes folders with all above them, and sets attributes of one that is there', async () => {
    expect(await store.effects.makeFolder(['a', 'b'], { mode: 0o750, mtimeSeconds: 5, xattrs: [] })).to.deep.equal([])
    for (let times = 0; times < 2; times++) await store.effects.makeFolder(['a', 'b', 'c'], undefined)
    await store.effects.makeFolder(['a'], { mode: 0o700, xattrs: [] })
    expect(['a', 'a/b', 'a/b/c'].map(path => (lstatSync(at(path)).mode & 0o777).toString(8))).to.deep.equal(['700', '750', '755'])
  })

  it('sets what it can of a file, a folder and a link, and names the rest', async () => {
    writeFileSync(at('file'), 'x')
    symlinkSync('/etc/passwd', at('link'))
    const before = lstatSync('/etc/passwd')
    const notApplied = await store.effects.setAttributes(['file'], { mode: 0o4640, mtimeSeconds: 1_700_000_000, mtimeNanos: 123_456_789, owner: 'root', xattrs: [{ name: 'user.x', value: new Uint8Array() }] })
    expect(notApplied).to.deep.equal(['extended attribute "user.x" (1 entry, the first is "/file")', 'mode (1 entry, the first is "/file")', 'mtime below a microsecond (1 entry, the first is "/file")', 'owner (1 entry, the first is "/file")'])
    expect(lstatSync(at('file')).mode & 0o7777).to.equal(0o640)
    expect(Math.floor(lstatSync(at('file')).mtimeMs)).to.equal(1_700_000_000_123)
    await store.effects.setAttributes(['link'], { mode: 0o777, mtimeSeconds: 7, xattrs: [] })
    expect(lstatSync(at('link')).mtimeMs).to.equal(7_000)
    expect(lstatSync('/etc/passwd').mtimeMs, 'a link is not followed').to.equal(before.mtimeMs)
    expect(lstatSync('/etc/passwd').mode).to.equal(before.mode)
    await store.effects.setAttributes([], { mtimeSeconds: 9, xattrs: [] })
    expect(lstatSync(root()).mtimeMs).to.equal(9_000)
  })

  it('sets owner and extended attributes where it may, and names them where it cannot', async () => {
    const own = await TreeStore.open(at(), { attributes: { owner: true, xattrs: true } })
    writeFileSync(at('file'), 'x')
    const { uid, gid } = lstatSync(at('file'))
    const isRoot = process.getuid?.() === 0
    expect(await own.effects.setAttributes(['file'], { owner: String(uid), group: String(gid), xattrs: [] })).to.deep.equal([])
    expect(await own.effects.setAttributes(['file'], { owner: 'nobody-of-that-name', xattrs: [{ name: 'trusted.x', value: new Uint8Array() }] })).to.deep.equal(['extended attribute "trusted.x" (1 entry, the first is "/file")', 'owner (1 entry, the first is "/file")'])
    if (isRoot) {
      expect(await own.effects.setAttributes(['file'], { owner: '12345', xattrs: [] })).to.deep.equal([])
      expect(lstatSync(at('file')).uid).to.equal(12_345)
      expect(lstatSync(at('file')).gid, 'of which nothing was said').to.equal(gid)
    }
    await own.close()
  })

  it('moves, replaces a file by a file, and makes the folders above', async () => {
    mkdirSync(at('d'))
    writeFileSync(at('d', 'x'), 'new')
    writeFileSync(at('y'), 'old')
    await move(['d', 'x'], ['y'])
    expect(readFileSync(at('y'), 'utf8')).to.equal('new')
    await move(['d'], ['p', 'q', 'd'])
    expect(readdirSync(at('p', 'q'))).to.deep.equal(['d'])
  })

  it('moves again what it moved before a crash, and only that', async () => {
    writeFileSync(at('x'), '1')
    const identity = await store.effects.identify(['x'])
    for (let times = 0; times < 2; times++) await store.effects.move(['x'], ['y'], identity)
    expect(readFileSync(at('y'), 'utf8')).to.equal('1')
    expect((await rejection(move(['x'], ['y']))).message, 'another move of what is not there').to.match(/\/x does not exist/)
  })

  it('leaves one name of a file that has two', async () => {
    writeFileSync(at('x'), '1')
    linkSync(at('x'), at('y'))
    await move(['x'], ['y'])
    expect(readdirSync(root()).filter(name => name !== '.sluice')).to.deep.equal(['y'])
  })

  it('refuses a move onto a folder, and one that would let a link lead out of the root', async () => {
    mkdirSync(at('a', 'b'), { recursive: true })
    writeFileSync(at('file'), '')
    expect((await rejection(move(['file'], ['a']))).message).to.match(/\/a is there already: remove it/)
    symlinkSync('../file', at('a', 'up'))
    symlinkSync('../../file', at('a', 'b', 'up'))
    expect((await rejection(move(['a', 'up'], ['up']))).message).to.match(/would lead out of the media root/)
    expect((await rejection(move(['a', 'b'], ['b']))).message).to.match(/\/a\/b\/up would lead out/)
    await move(['a', 'b'], ['a', 'c'])
    expect(readlinkSync(at('a', 'c', 'up'))).to.equal('../../file')
  })

  it('removes what is there, and takes what is not for removed', async () => {
    mkdirSync(at('a', 'b'), { recursive: true })
    writeFileSync(at('a', 'b', 'x'), '')
    symlinkSync('a', at('link'))
    expect((await rejection(store.effects.remove(['a'], false, 'j-1'))).message).to.match(/something in it: remove it with "recursive"/)
    await store.effects.remove(['link'], true, 'j-2')
    expect(readdirSync(at('a')), 'a link is removed, and not what it points to').to.deep.equal(['b'])
    for (let times = 0; times < 2; times++) await store.effects.remove(['a'], true, 'j-3')
    await store.effects.remove(['none', 'at', 'all'], false, 'j-4')
    expect(readdirSync(at('.sluice', 'trash'))).to.deep.equal([])
  })

  it('follows no link on its way', async () => {
    const outside = temporaryOutside(root())
    symlinkSync(outside, at('way'))
    for (const work of [
      () => store.effects.makeFolder(['way', 'new'], undefined),
      () => store.effects.setAttributes(['way', 'kept'], { mode: 0o600, xattrs: [] }),
      () => store.effects.remove(['way', 'kept'], true, 'j-5'),
      () => move(['way', 'kept'], ['taken'])
    ]) expect(await rejection(work())).to.have.property('code', 'unsafe-path')
    expect(readdirSync(outside)).to.deep.equal(['kept'])
  })
})

/** A folder that stands for everything outside of a media root. */
function temporaryOutside (root: string): string {
  const outside = join(root, '.sluice', 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'kept'), '')
  return outside
}
