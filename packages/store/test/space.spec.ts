import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { StoreError, TreeStore } from '../src/index.ts'
import { buildSequence, contentOf, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MiB = 1024 * 1024

describe('Space', () => {
  const root = temporaryFolder()

  it('refuses what does not fit, counting what is promised to others', async () => {
    const store = await TreeStore.open(root(), { marginBytes: 0 })
    const { shape } = buildSequence([file('a', 10)])
    const error = await rejection(store.reserve({ ...shape, bytes: Number.MAX_SAFE_INTEGER }))
    expect(error).to.be.instanceOf(StoreError).and.to.have.property('code', 'no-space')
    expect(error.message).to.contain(root()).and.to.contain('free some space')
    await store.close()
  })

  describe('on a disk of 4 MiB', () => {
    let disk = ''
    let mounted = false
    before(function () {
      disk = `/tmp/sluice-tiny-disk-${process.pid}`
      mkdirSync(disk)
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' })
        mounted = true
      } catch {
        console.log('      skipped: a tmpfs cannot be mounted here (it needs root)')
        // Not a failure: a tmpfs can be mounted by root only.
        this.skip() // needs root, see above
      }
    })
    after(() => {
      if (mounted) execFileSync('umount', [disk])
      rmSync(disk, { recursive: true, force: true })
    })

    it('refuses beforehand, and says so when it fills up all the same', async () => {
      const store = await TreeStore.open(disk, { marginBytes: 0 })
      const large = buildSequence([file('a.bin', 3 * MiB)], { seq: 1 })
      const other = buildSequence([file('b.bin', 2 * MiB)], { seq: 2 })
      const put = await store.open(large.shape)
      expect(await rejection(store.open(other.shape))).to.have.property('code', 'no-space')
      for (const [piece, bytes] of large.pieces.entries()) await put.write(piece, bytes)

      // Somebody else takes what was promised.
      const third = buildSequence([file('c.bin', MiB / 2)], { seq: 3 })
      const small = await store.open(third.shape)
      await small.write(0, third.pieces[0] as Uint8Array)
      const foreign = join(disk, 'foreign')
      expect(() => { writeFileSync(foreign, contentOf(2 * MiB)) }).to.throw(/ENOSPC/)
      const error = await rejection(small.write(1, third.pieces[1] as Uint8Array))
      expect(error).to.have.property('code', 'no-space')
      expect(error.message).to.contain(disk).and.to.contain('disk is full')
      // A write that failed was never acknowledged: the put goes on once there is room.
      rmSync(foreign)
      for (const [piece, bytes] of third.pieces.entries()) await small.write(piece, bytes)
      await small.commit()
      await put.commit()
      await put.discard()
      await store.close()
    })
  })
})
