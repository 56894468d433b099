import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { TreeStore } from '../src/index.ts'
import { JOB, buildSequence, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { HandlePool } from '../src/handle-pool.ts'
import { StagingFolder } from '../src/staging-folder.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('StagingFolder', () => {
  const root = temporaryFolder()

  it('throws for a piece that is not there, and for a file that somebody removed or cut', async () => {
    const store = await TreeStore.open(root())
    const { shape, pieces } = buildSequence([file('a', 10)], { seq: 1 })
    const put = await store.open(shape)
    expect(await rejection(put.read(0, 10))).to.have.property('code', 'incomplete')
    await put.write(0, pieces[0] as Uint8Array)
    const staged = join(root(), '.sluice', 'staging', JOB, '1', 'sequence')
    truncateSync(staged, 5)
    expect(await rejection(put.read(0, 10))).to.have.property('code', 'vanished')
    rmSync(staged)
    // The open file takes what is written to it, and will be lost.
    expect(await rejection(put.sync())).to.have.property('code', 'vanished')
    expect(await rejection(put.write(0, pieces[0] as Uint8Array)), 'for ever').to.have.property('code', 'vanished')
    await put.discard()
    expect(await rejection(store.open(shape, Uint8Array.of(1)))).to.have.property('code', 'vanished')
    await store.close()
  })

  it('never tries a failed flush again', async () => {
    const pool = new HandlePool()
    const folder = new StagingFolder(join(root(), 'a', 'b'), root(), pool)
    await folder.create(true)
    await folder.write('x', new Uint8Array(10), 0)
    await folder.use('x', async handle => {
      handle.datasync = async () => { throw Object.assign(new Error('i/o error'), { code: 'EIO' }) }
    })
    const error = await rejection(folder.sync())
    expect(error).to.have.property('code', 'disk-error')
    expect(error.message).to.contain(root()).and.to.contain('check it')
    await folder.close()
    // With a new descriptor the kernel would say that all is well.
    expect(await rejection(folder.sync())).to.equal(error)
    expect(() => { folder.check() }).to.throw(error.message)
    await folder.remove()
  })
})
