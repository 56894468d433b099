import { linkSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { MediaTree, Quota, TreeStore } from '../src/index.ts'
import { buildSequence, contentOf, file } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MiB = 1024 * 1024

describe('Quota', () => {
  const root = temporaryFolder()
  const write = (name: string, bytes: number): string => {
    const path = join(root(), name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, contentOf(bytes))
    return path
  }

  it('counts what is there: a file of two names once, and of a sparse one what is written', async () => {
    const film = write('vod/film.mp4', MiB)
    linkSync(film, join(root(), 'vod/same.mp4'))
    truncateSync(write('.sluice/staging/part', 0), 50 * MiB)
    const quota = await Quota.open(root(), MiB)
    expect(quota.used).to.equal(MiB)
    expect(await quota.fits(0)).to.equal(true)
    expect(await quota.fits(1)).to.equal(false)
  })

  it('adds what is written, and measures again before it says no', async () => {
    const old = write('old', MiB)
    const quota = await Quota.open(root(), 2 * MiB)
    quota.add(MiB)
    expect(quota.used).to.equal(2 * MiB)
    rmSync(old)
    expect(await quota.fits(2 * MiB)).to.equal(true)
    expect(quota.used).to.equal(0)
  })

  it('says that the root is missing: an unmounted disk is not an empty one', async () => {
    expect(await rejection(Quota.open(join(root(), 'unmounted'), MiB))).to.have.property('code', 'root-missing')
  })

  it('refuses puts and errands that do not fit, with the sizes and the key', async () => {
    write('old', MiB)
    const quota = await Quota.open(root(), 4.5 * MiB)
    const store = await TreeStore.open(root(), { marginBytes: 0, quota })
    const tree = await MediaTree.open(root(), undefined, store.space)
    const first = buildSequence([file('a.bin', 2 * MiB)], { seq: 1 })
    const put = await store.open(first.shape)
    const second = buildSequence([file('b.bin', 2 * MiB)], { seq: 2 })
    const refused = await rejection(store.open(second.shape))
    expect(refused).to.have.property('code', 'no-space')
    expect(refused.message).to.contain('media.quota').and.to.contain(String(4.5 * MiB)).and.to.contain(String(MiB))
    expect(await rejection(tree.put(['c.bin'], { size: 2 * MiB, digest: new Uint8Array() }, false))).to.have.property('code', 'no-space')
    for (const [piece, bytes] of first.pieces.entries()) await put.write(piece, bytes)
    await put.commit()
    expect(await rejection(store.open(second.shape)), 'what is published counts').to.have.property('code', 'no-space')
    await put.discard()
    // Somebody makes room; nobody has to tell us.
    rmSync(join(root(), 'old'))
    await (await store.open(second.shape)).discard()
    await store.close()
  })

  it('stops live media, of which nobody knew how much it gets, where the quota ends', async () => {
    const store = await TreeStore.open(root(), { marginBytes: 0, quota: await Quota.open(root(), 3 * 65_536) })
    const put = await store.open({ ...buildSequence([file('live.ts', 1)]).shape, pieces: undefined, manifestBytes: 0, bytes: 0 })
    for (const piece of [0, 1, 2]) await put.write(piece, contentOf(65_536))
    expect(await rejection(put.write(3, contentOf(65_536)))).to.have.property('code', 'no-space')
    expect(put.has(3)).to.equal(false)
    await put.discard()
    await store.close()
  })

  it('says so where there is more than it allows', async () => {
    write('old', 2 * MiB)
    const store = await TreeStore.open(root(), { marginBytes: 0, quota: await Quota.open(root(), MiB) })
    const refused = await rejection(store.open(buildSequence([file('a', 10)]).shape))
    expect(refused.message).to.contain(`${2 * MiB} bytes are there, more than that`)
    await store.close()
  })
})
