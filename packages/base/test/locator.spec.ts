import { type Entry, EntryType } from '@sluice/wire'
import { expect } from 'chai'
import { hasLabels, Locator } from '../src/locator.ts'

const entry = (mtimeSeconds = 1, size = 10, type = EntryType.FILE): Entry => ({ path: [], type, size, digest: new Uint8Array(), target: [], attributes: { mtimeSeconds, xattrs: [] } })

describe('Locator', () => {
  const asked: string[] = []
  let nowMs = 0
  beforeEach(() => {
    asked.length = 0
    nowMs = 0
  })

  function locator (has: Record<string, { entry: Entry, viewers: number } | undefined>, rates: Record<string, number> = {}): Locator {
    return new Locator({
      nodes: () => Object.keys(has).map(peer => ({ peer, labels: [{ name: 'name', value: peer }], uploadRate: rates[peer] ?? 0 })),
      look: async node => {
        asked.push(node)
        return has[node] ?? await Promise.reject(new Error('not found'))
      },
      httpOf: node => node === 'b' ? 'http://b' : undefined,
      nowMs: () => nowMs
    })
  }

  it('names those that have a file, the least busy for its uplink first', async () => {
    const found = await locator({ a: { entry: entry(), viewers: 1 }, b: { entry: entry(), viewers: 5 }, c: undefined, d: { entry: entry(1, 0, EntryType.DIRECTORY), viewers: 0 } }, { a: 100, b: 1_000 }).locate(['x'])
    expect(found.map(({ node, viewers, http }) => [node, viewers, http])).to.deep.equal([['b', 5, 'http://b'], ['a', 1, undefined]])
  })

  it('names those with the newest version only', async () => {
    const found = await locator({ old: { entry: entry(1), viewers: 0 }, new: { entry: entry(2), viewers: 9 }, cut: { entry: entry(2, 4), viewers: 9 } }).locate(['x'])
    expect(found.map(({ node }) => node)).to.deep.equal(['new'])
  })

  it('asks each once for a crowd, and again later', async () => {
    const one = locator({ a: { entry: entry(), viewers: 0 } })
    await Promise.all([one.locate(['x']), one.locate(['x'])])
    await one.locate(['x'])
    expect(asked).to.deep.equal(['a'])
    nowMs = 10_000
    await one.locate(['x'])
    await one.locate(['y'])
    expect(asked).to.deep.equal(['a', 'a', 'a'])
  })

  it('asks some of a large fleet, and others the next time', async () => {
    const one = locator(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n${i}`, undefined])))
    expect(await one.locate(['x'])).to.deep.equal([])
    expect(new Set(asked).size).to.equal(64)
    await one.locate(['y'])
    expect(new Set(asked).size).to.equal(100)
  })

  it('knows labels', () => {
    const labels = [{ name: 'region', value: 'eu' }, { name: 'name', value: 'paris' }]
    expect([['region=eu'], ['region=eu', 'name=paris'], ['region=us'], []].map(wanted => hasLabels({ labels }, wanted))).to.deep.equal([true, true, false, true])
  })
})
