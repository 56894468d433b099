import { join } from 'node:path'
import { expect } from 'chai'
import { TreeStore } from '../src/index.ts'
import { buildSequence } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('PutStore', () => {
  const root = temporaryFolder()

  it('needs a root that exists', async () => {
    expect(await rejection(TreeStore.open(join(root(), 'unmounted')))).to.have.property('code', 'root-missing')
  })

  it('takes nothing but a job id for a folder of its own', async () => {
    const store = await TreeStore.open(root())
    const { shape } = buildSequence([])
    for (const job of ['..', '../x', '', 'J0123456789abcdef']) expect(await rejection(store.open({ ...shape, job }))).to.be.instanceOf(RangeError)
    await store.close()
  })
})
