import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { Bitmap, FlatStore, TreeStore } from '../src/index.ts'
import { JOB, buildSequence, file } from './build-sequence.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('SequencePut', () => {
  const root = temporaryFolder()

  it('spools a put in one file at the base, through a restart', async () => {
    const { shape, pieces, entries } = buildSequence([file('a', 10), file('b.bin', 3 * PIECE_BYTES + 9)])
    let store = await FlatStore.open(root())
    let put = await store.open(shape)
    for (const piece of [...pieces.keys()].reverse()) await put.write(piece, pieces[piece] as Uint8Array)
    expect(put.manifest).to.deep.equal(entries)
    await put.sync()
    await store.close()
    store = await FlatStore.open(root())
    expect(await store.staged()).to.deep.equal([{ job: JOB, seq: 1 }])
    const all = new Bitmap()
    for (const piece of pieces.keys()) all.set(piece)
    put = await store.open(shape, all.toBytes())
    expect(put.manifest).to.deep.equal(entries)
    for (const [piece, bytes] of pieces.entries()) expect(sameBytes(await put.read(piece, bytes.length), bytes)).to.equal(true)
    const sequence = readFileSync(join(root(), JOB, '1', 'sequence'))
    expect(sameBytes(sequence.subarray(PIECE_BYTES, 2 * PIECE_BYTES), pieces[1] as Uint8Array)).to.equal(true)
    await put.discard()
    expect(existsSync(join(root(), JOB))).to.equal(false)
    await store.close()
  })

  it('writes a piece again that was forgotten because the disk gave it back wrong', async () => {
    const store = await TreeStore.open(root())
    const { shape, pieces } = buildSequence([file('a.bin', 2 * PIECE_BYTES)])
    const put = await store.open(shape)
    for (const [piece, bytes] of pieces.entries()) await put.write(piece, bytes)
    const staged = join(root(), '.sluice', 'staging', JOB, '1', 'entry-0')
    const rotten = readFileSync(staged)
    rotten.fill(0, 100, 200)
    writeFileSync(staged, rotten)
    await put.write(1, pieces[1] as Uint8Array)
    expect(sameBytes(await put.read(1, PIECE_BYTES), pieces[1] as Uint8Array), 'a second write does nothing').to.equal(false)
    put.forget(1)
    expect(put.has(1)).to.equal(false)
    await put.write(1, pieces[1] as Uint8Array)
    expect(sameBytes(await put.read(1, PIECE_BYTES), pieces[1] as Uint8Array)).to.equal(true)
    await store.close()
  })
})
