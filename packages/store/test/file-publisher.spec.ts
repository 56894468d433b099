import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, file, folder, type Sequence } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('FilePublisher', () => {
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

  it('replaces what was there, and keeps serving what it replaced', async () => {
    const old = buildSequence([file('a.bin', 2 * PIECE_BYTES)], { seq: 1 })
    const put = await written(old)
    await put.commit()
    const successor = await written(buildSequence([file('a.bin', 2 * PIECE_BYTES + 5)], { seq: 2 }))
    await successor.commit()
    expect(statSync(join(root, 'vod', 'a.bin')).size).to.equal(2 * PIECE_BYTES + 5)
    for (const [piece, bytes] of old.pieces.entries()) expect(sameBytes(await put.read(piece, bytes.length), bytes)).to.equal(true)
  })
})
