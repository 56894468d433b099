import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { HandlePool, MAX_OPEN_FILES } from '../src/handle-pool.ts'
import { TreeStore } from '../src/index.ts'
import { buildSequence, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('HandlePool', () => {
  const root = temporaryFolder()

  it('closes what was used longest ago, and never what is in use', async () => {
    const pool = new HandlePool(2)
    let opened = 0
    const use = async (name: string, work: () => Promise<void> = async () => {}): Promise<void> => {
      await pool.use(name, async () => { opened++; return await open(join(root(), 'file')) }, async handle => { await work(); await handle.stat() })
    }
    writeFileSync(join(root(), 'file'), '')
    await use('a', async () => {
      for (const name of ['b', 'c', 'd', 'c']) await use(name)
      // A file in use and one more fill this pool: each of the four took the place of the one before.
      expect(opened).to.equal(5)
      await pool.drop('a')
    })
    await use('c')
    expect(opened, 'still open').to.equal(5)
    await use('a')
    expect(opened, 'dropped').to.equal(6)
    expect((await rejection(pool.use('none', async () => await open(join(root(), 'none')), async () => {}))).message).to.contain('ENOENT')
    await pool.dropAll()
    expect(pool.size).to.equal(0)
  })

  it('keeps few files open, however many are written', async () => {
    const descriptors = '/proc/self/fd'
    const store = await TreeStore.open(root())
    const sequence = buildSequence(Array.from({ length: 300 }, (_, i) => file(`f${i}`, PIECE_BYTES)))
    const put = await store.open(sequence.shape)
    for (const [piece, bytes] of sequence.pieces.entries()) await put.write(piece, bytes)
    if (existsSync(descriptors)) {
      const open = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`]).toString().split('\n').filter(line => line.includes(root()))
      expect(open.length).to.be.within(1, MAX_OPEN_FILES)
    }
    await put.sync()
    await store.close()
  })
})
