import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { Bitmap, FlatStore, StoreError, TreeStore } from '../src/index.ts'
import { JOB, buildSequence, contentOf, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MiB = 1024 * 1024

describe('PutStore', () => {
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

  it('keeps few files open, however many are written', async () => {
    const descriptors = '/proc/self/fd'
    const store = await TreeStore.open(root())
    const sequence = buildSequence(Array.from({ length: 300 }, (_, i) => file(`f${i}`, PIECE_BYTES)))
    const put = await store.open(sequence.shape)
    for (const [piece, bytes] of sequence.pieces.entries()) await put.write(piece, bytes)
    if (existsSync(descriptors)) {
      const open = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`]).toString().split('\n').filter(line => line.includes(root()))
      expect(open.length).to.be.within(1, 64)
    }
    await put.sync()
    await store.close()
  })

  it('refuses what does not fit, counting what is promised to others', async () => {
    const store = await TreeStore.open(root(), { marginBytes: 0 })
    const { shape } = buildSequence([file('a', 10)])
    const error = await rejection(store.reserve({ ...shape, bytes: Number.MAX_SAFE_INTEGER }))
    expect(error).to.be.instanceOf(StoreError).and.to.have.property('code', 'no-space')
    expect(error.message).to.contain(root()).and.to.contain('free some space')
    await store.close()
  })

  it('needs a root that exists', async () => {
    expect(await rejection(TreeStore.open(join(root(), 'unmounted')))).to.have.property('code', 'root-missing')
  })

  it('takes nothing but a job id for a folder of its own', async () => {
    const store = await TreeStore.open(root())
    const { shape } = buildSequence([])
    for (const job of ['..', '../x', '', 'J0123456789abcdef']) expect(await rejection(store.open({ ...shape, job }))).to.be.instanceOf(RangeError)
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
        this.skip()
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
