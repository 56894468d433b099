import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const DISK_BYTES = 4 * 1024 * 1024
const isRoot = process.getuid?.() === 0

describe('on a disk that fails', () => {
  let store: TreeStore
  let mounted = false
  // Before the folder's own hook, which could not remove what is mounted.
  afterEach(async () => {
    if (!mounted) return
    await store.close().catch(() => {})
    execFileSync('umount', ['-l', root()])
    mounted = false
  })
  const folder = temporaryFolder()
  const root = (): string => join(folder(), 'media')

  beforeEach(async function () {
    // Mounting needs root; what is refused without a mount is shown by space.spec.ts and staging-folder.spec.ts.
    if (!isRoot) return this.skip()
    mkdirSync(root())
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'sluice-durability', root()])
    mounted = true
    store = await TreeStore.open(root(), { marginBytes: 0 })
    await staged(1, 'here', 3).then(async put => { await put.commit() })
  })

  async function staged (seq: number, name: string, pieces: number): Promise<TreePut> {
    const { shape, pieces: bytes } = buildSequence([file(name, pieces * PIECE_BYTES)], { seq, destination: [], single: false })
    const put = await store.open(shape)
    for (const [piece, content] of bytes.entries()) await put.write(piece, content)
    return put
  }

  /** What was published before is as it was, and nothing else is to be seen. */
  const expectUntouched = (): void => {
    expect(readFileSync(join(root(), 'here')).length).to.equal(3 * PIECE_BYTES)
    expect(existsSync(join(root(), 'more'))).to.equal(false)
  }

  it('refuses what does not fit before the first byte, and what fits again later', async () => {
    expect(await rejection(staged(2, 'more', 80))).to.have.property('code', 'no-space')
    expectUntouched()
    await (await staged(3, 'less', 10)).commit()
  })

  it('says that it is full where somebody else filled it meanwhile, and leaves what was there', async () => {
    const { shape, pieces } = buildSequence([file('more', 20 * PIECE_BYTES)], { seq: 2, destination: [], single: false })
    const put = await store.open(shape)
    // The neighbour takes all that is left, to the last block.
    const neighbour = join(root(), 'neighbour')
    expect(() => { writeFileSync(neighbour, new Uint8Array(2 * DISK_BYTES)) }).to.throw(/ENOSPC/)
    const error = await rejection((async () => { for (const [piece, content] of pieces.entries()) await put.write(piece, content) })())
    expect(error).to.have.property('code', 'no-space')
    expect(error.message).to.match(/free some space/)
    expectUntouched()
    await put.discard()
    rmSync(neighbour)
    await (await staged(3, 'less', 10)).commit()
  })

  it('says that it is mounted read-only, at the start and in the middle', async () => {
    const put = await staged(2, 'more', 2)
    execFileSync('mount', ['--bind', root(), root()])
    execFileSync('mount', ['-o', 'remount,bind,ro', root()])
    try {
      expect(await rejection(TreeStore.open(root()))).to.have.property('code', 'read-only')
      expect(await rejection(put.commit())).to.have.property('code', 'read-only')
      expectUntouched()
    } finally {
      execFileSync('umount', [root()])
    }
  })

  it('does not take the empty folder below a disk that is gone for the disk', async () => {
    const put = await staged(2, 'more', 2)
    await store.close()
    execFileSync('umount', ['-l', root()])
    mounted = false
    const again = await TreeStore.open(root(), { marginBytes: 0 })
    // What the journal says to be there is not.
    expect(await rejection(again.open(put.shape, Uint8Array.of(0b111)))).to.have.property('code', 'vanished')
    expect(existsSync(join(root(), 'more'))).to.equal(false)
    await again.close()
  })
})
