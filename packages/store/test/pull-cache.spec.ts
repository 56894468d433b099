import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { type CachedFile, PULL_BLOCK_BYTES, PullCache } from '../src/pull-cache.ts'
import { temporaryFolder } from './temporary-folder.ts'

const block = (fill: number, bytes = PULL_BLOCK_BYTES): Uint8Array => new Uint8Array(bytes).fill(fill)

describe('PullCache', () => {
  const folder = temporaryFolder()
  const at = (): string => join(folder(), 'cache')
  const dropped: string[] = []
  beforeEach(() => { dropped.length = 0 })

  /** A file of so many blocks, all of them kept if there is room. */
  async function filled (cache: PullCache, name: string, blocks: number): Promise<CachedFile> {
    const file = await cache.add(blocks * PULL_BLOCK_BYTES, () => dropped.push(name))
    for (let number = 0; number < blocks; number++) await file.write(number, block(number + 1))
    return file
  }

  it('keeps blocks in any order, and gives back their bytes', async () => {
    const cache = await PullCache.open(at(), 10 * PULL_BLOCK_BYTES)
    const file = await cache.add(PULL_BLOCK_BYTES + 5, () => {})
    await file.write(1, block(2, 5))
    expect([file.has(0), file.has(1), file.isComplete]).to.deep.equal([false, true, false])
    await file.write(0, block(1))
    expect(file.isComplete).to.equal(true)
    expect([...await file.read(PULL_BLOCK_BYTES - 2, 4)]).to.deep.equal([1, 1, 2, 2])
    expect(cache.bytes).to.equal(PULL_BLOCK_BYTES + 5)
    await cache.close()
    expect(existsSync(at())).to.equal(false)
  })

  it('lets give way what was used longest ago, and never holds more than its quota', async () => {
    const cache = await PullCache.open(at(), 4 * PULL_BLOCK_BYTES)
    const a = await filled(cache, 'a', 2)
    await filled(cache, 'b', 2)
    a.use()
    await a.release()
    const c = await filled(cache, 'c', 1)
    expect(dropped).to.deep.equal(['b'])
    expect([c.isComplete, a.isComplete]).to.deep.equal([true, true])
    expect(cache.bytes).to.equal(3 * PULL_BLOCK_BYTES)
    expect(readdirSync(at())).to.have.length(2)
    await cache.close()
  })

  it('takes nothing from who reads, and keeps no more than there is room for', async () => {
    const cache = await PullCache.open(at(), 2 * PULL_BLOCK_BYTES)
    const a = await filled(cache, 'a', 2)
    a.use()
    const b = await filled(cache, 'b', 1)
    expect([b.has(0), cache.bytes, dropped.length]).to.deep.equal([false, 2 * PULL_BLOCK_BYTES, 0])
    await a.release()
    await b.write(0, block(7))
    expect([b.has(0), dropped.join()]).to.deep.equal([true, 'a'])
    await cache.close()
  })

  it('lets who reads go on with what was dropped', async () => {
    const cache = await PullCache.open(at(), 2 * PULL_BLOCK_BYTES)
    const a = await filled(cache, 'a', 1)
    a.use()
    await cache.drop(a)
    expect([a.has(0), cache.bytes]).to.deep.equal([false, 0])
    expect([...await a.read(0, 2)]).to.deep.equal([1, 1])
    await a.release()
    await cache.close()
  })

  it('begins empty, whatever an earlier run has left', async () => {
    await mkdir(at())
    await writeFile(join(at(), '1'), 'old')
    const cache = await PullCache.open(at(), 1)
    expect(readdirSync(at())).to.deep.equal([])
    await cache.close()
  })
})
