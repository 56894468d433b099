import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EntryType, PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, file, folder, type Sequence, type TreeItem } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('FolderWalk', () => {
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
})
