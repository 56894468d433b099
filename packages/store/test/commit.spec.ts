import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { Bitmap, TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, file, folder, type Sequence, type TreeItem } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('Commit', () => {
  const work = temporaryFolder()
  let root = ''
  let store: TreeStore

  beforeEach(async () => {
    root = join(work(), 'root')
    mkdirSync(root)
    store = await TreeStore.open(root)
  })
  afterEach(async () => { await store.close() })

  async function written ({ shape, pieces }: Sequence): Promise<TreePut> {
    const put = await store.open(shape)
    for (const [piece, bytes] of pieces.entries()) await put.write(piece, bytes)
    await put.sync()
    return put
  }

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
