import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EntryType, PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { Bitmap, TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, file, folder, type Sequence, type TreeItem } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('Commit', () => {
  const work = temporaryFolder()
  let root = ''
  let outside = ''
  let store: TreeStore

  beforeEach(async () => {
    root = join(work(), 'root')
    outside = join(work(), 'outside')
    mkdirSync(root)
    mkdirSync(outside)
    store = await TreeStore.open(root)
  })
  afterEach(async () => { await store.close() })

  async function written ({ shape, pieces }: Sequence): Promise<TreePut> {
    const put = await store.open(shape)
    for (const [piece, bytes] of pieces.entries()) await put.write(piece, bytes)
    await put.sync()
    return put
  }

  describe('never follows a link below the media root', () => {
    const sequence = buildSequence([folder('d'), file('d/small', 10), file('d/large', PIECE_BYTES + 1), file('top', 3)], { destination: ['vod', 'x'] })

    const traps: Record<string, () => void> = {
      'a folder of the destination': () => { symlinkSync(outside, join(root, 'vod')) },
      'the destination': () => { mkdirSync(join(root, 'vod')); symlinkSync(outside, join(root, 'vod', 'x')) },
      'a folder of the tree': () => { mkdirSync(join(root, 'vod', 'x'), { recursive: true }); symlinkSync(outside, join(root, 'vod', 'x', 'd')) },
      'a link that dangles': () => { symlinkSync(join(outside, 'new'), join(root, 'vod')) }
    }
    for (const [trap, set] of Object.entries(traps)) {
      it(trap, async () => {
        set()
        const put = await written(sequence)
        const error = await rejection(put.commit())
        expect(error).to.have.property('code', 'unsafe-path')
        expect(error.message).to.contain('symbolic link')
        expect(readdirSync(outside)).to.deep.equal([])
      })
    }

    it('a file of the tree, which is replaced', async () => {
      writeFileSync(join(outside, 'theirs'), 'untouched')
      mkdirSync(join(root, 'vod', 'x'), { recursive: true })
      symlinkSync(join(outside, 'theirs'), join(root, 'vod', 'x', 'top'))
      await (await written(sequence)).commit()
      expect(readFileSync(join(outside, 'theirs'), 'utf8')).to.equal('untouched')
      expect(statSync(join(root, 'vod', 'x', 'top')).size).to.equal(3)
    })

    it('a link that the put itself brought', async () => {
      const items: TreeItem[] = [folder('d'), { path: ['l'], type: EntryType.SYMLINK, target: ['d'] }]
      await (await written(buildSequence(items, { seq: 2 }))).commit()
      const put = await written(buildSequence([file('a', 1)], { seq: 3, destination: ['vod', 'l'] }))
      expect(await rejection(put.commit())).to.have.property('code', 'unsafe-path')
    })

    it('nor makes one that leads out', async () => {
      for (const [i, target] of [['..', 'x'], [], ['a', '..', '..', 'b']].entries()) {
        const put = await written(buildSequence([file('a', 1), { path: ['l'], type: EntryType.SYMLINK, target }], { seq: 10 + i }))
        expect(await rejection(put.commit())).to.have.property('code', 'unsafe-path')
        expect(readdirSync(root)).to.deep.equal(['.sluice'])
      }
    })
  })

  it('refuses a folder where a file must go, and a file where a folder must', async () => {
    mkdirSync(join(root, 'vod', 'small'), { recursive: true })
    const first = await rejection((await written(buildSequence([file('small', 1)], { seq: 1 }))).commit())
    expect(first).to.have.property('code', 'obstructed')
    expect(first.message).to.contain(join(root, 'vod', 'small')).and.to.contain('remove or rename')
    writeFileSync(join(root, 'vod', 'file'), '')
    const second = await rejection((await written(buildSequence([folder('file'), file('file/a', 1)], { seq: 2 }))).commit())
    expect(second).to.have.property('code', 'obstructed')
    expect(second.message).to.contain(join(root, 'vod', 'file'))
  })

  for (const links of [true, false]) {
    it(`is done again after it was cut off, ${links ? 'with' : 'without'} links`, async () => {
      const items = [folder('d', { mode: 0o555, mtimeSeconds: 1e9 }), file('d/a', 10, { mode: 0o400 }), file('d/b', 2 * PIECE_BYTES), file('e', 3 * PIECE_BYTES), file('z', 20)]
      const sequence = buildSequence(items)
      store = await TreeStore.open(root, { links })
      mkdirSync(join(root, 'vod', 'z'), { recursive: true })
      const put = await written(sequence)
      expect(await rejection(put.commit())).to.have.property('code', 'obstructed')
      rmSync(join(root, 'vod', 'z'), { recursive: true })
      await store.close()

      // What a crash between link and rename leaves.
      writeFileSync(join(root, 'vod', `.sluice-${sequence.shape.job}-1-3`), 'half')
      store = await TreeStore.open(root, { links })
      const all = new Bitmap()
      for (const piece of sequence.pieces.keys()) all.set(piece)
      const again = await store.open(sequence.shape, all.toBytes())
      for (let times = 0; times < 2; times++) {
        expect(await again.commit()).to.deep.include({ files: 4, directories: 1 })
        expect(readdirSync(join(root, 'vod'), { recursive: true }).sort()).to.deep.equal(['d', 'd/a', 'd/b', 'e', 'z'])
        for (const { path, content } of items.filter((item): item is Required<TreeItem> => item.content != null)) {
          expect(sameBytes(readFileSync(join(root, 'vod', ...path)), content)).to.equal(true)
        }
        expect(statSync(join(root, 'vod', 'd')).mode & 0o777).to.equal(0o555)
        expect(statSync(join(root, 'vod', 'd')).mtimeMs).to.equal(1e12)
      }
      for (const [piece, bytes] of sequence.pieces.entries()) expect(sameBytes(await again.read(piece, bytes.length), bytes)).to.equal(true)
    })
  }

  it('replaces what was there, and keeps serving what it replaced', async () => {
    const old = buildSequence([file('a.bin', 2 * PIECE_BYTES)], { seq: 1 })
    const put = await written(old)
    await put.commit()
    const successor = await written(buildSequence([file('a.bin', 2 * PIECE_BYTES + 5)], { seq: 2 }))
    await successor.commit()
    expect(statSync(join(root, 'vod', 'a.bin')).size).to.equal(2 * PIECE_BYTES + 5)
    for (const [piece, bytes] of old.pieces.entries()) expect(sameBytes(await put.read(piece, bytes.length), bytes)).to.equal(true)
  })

  it('needs every piece', async () => {
    const sequence = buildSequence([file('a.bin', 3 * PIECE_BYTES)])
    const put = await store.open(sequence.shape)
    for (const piece of [0, 1, 3]) await put.write(piece, sequence.pieces[piece] as Uint8Array)
    const error = await rejection(put.commit())
    expect(error).to.have.property('code', 'incomplete')
    expect(error.message).to.contain('piece 2 is missing')
    expect(readdirSync(root)).to.deep.equal(['.sluice'])
  })

  it('says so when the media root has gone', async () => {
    const put = await written(buildSequence([file('a', 1)]))
    renameSync(root, join(work(), 'unmounted'))
    expect(await rejection(put.commit())).to.have.property('code', 'root-missing')
    renameSync(join(work(), 'unmounted'), root)
  })
})
