import { cp, mkdir, rename, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Provider, SyncReport } from '@sluice/sdk'
import { PROTOCOLS } from '@sluice/wire'
import { expect } from 'chai'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'

/** Sizes of media: most small, as playlists and short segments are, some of several pieces. */
const sizeOf = (i: number): number => i % 50 === 0 ? 300_000 + i : 500 + (i * 37) % 9_000
const FILES = 2_000
const FILES_OF_A_FOLDER = 40
const pathOf = (i: number): string => `series-${Math.floor(i / FILES_OF_A_FOLDER)}/segment-${String(i).padStart(5, '0')}.ts`
/** Written long ago: a digest is remembered only of what has settled. */
const LONG_AGO = new Date(1_600_000_000_000)

async function write (root: string, path: string, size: number, seed: number): Promise<number> {
  await writeMedia(join(root, path), size, seed)
  return size
}

let ticks = 0
/** Folders that were changed get a time that a double holds: that of a change just now has more digits. */
async function settle (root: string, ...folders: string[]): Promise<void> {
  const time = new Date(LONG_AGO.getTime() + ++ticks * 1_000)
  for (const folder of [...folders, '.']) await utimes(join(root, folder), time, time)
}

/** What went over the provider's streams since `before`, all protocols together. */
function passed (provider: Provider, before: ReadonlyMap<string, number>): number {
  return [...total(provider)].reduce((sum, [protocol, bytes]) => sum + bytes - (before.get(protocol) ?? 0), 0)
}

function total (provider: Provider): Map<string, number> {
  return new Map([...provider.traffic()].map(([protocol, { sent, received }]) => [protocol, sent + received]))
}

describe('a directory sync', () => {
  let fleet: LocalFleet
  let provider: Provider
  let tree: string

  const holdsAll = async (name: string, to = fleet.nodes): Promise<void> => {
    const expected = await readTree(tree)
    for (const { mediaRoot, name: node } of to) {
      const actual = await readTree(join(mediaRoot, name))
      // The lines that differ, and not two times two thousand.
      expect([actual.filter(line => !expected.includes(line)), expected.filter(line => !actual.includes(line))], node).to.deep.equal([[], []])
    }
  }

  before(async function () {
    // A tree of 2,000 files is written, hashed and published on every node.
    this.timeout(180_000)
    fleet = await LocalFleet.prepare({ nodes: 3 })
    tree = join(fleet.dir, 'tree')
    for (let i = 0; i < FILES; i++) await write(tree, pathOf(i), sizeOf(i), i + 1)
    for (let i = 0; i < FILES; i += FILES_OF_A_FOLDER) await utimes(join(tree, dirname(pathOf(i))), LONG_AGO, LONG_AGO)
    await utimes(tree, LONG_AGO, LONG_AGO)
    await fleet.startBase()
    for (const node of fleet.nodes.slice(0, 2)) await fleet.startNode(node)
    provider = await fleet.startProvider(fleet.providers[0] as Place)
  })
  after(async () => { await fleet.stop() })

  const pair = (): string[] => fleet.nodes.slice(0, 2).map(({ peer }) => peer)
  const sync = async (options: Parameters<Provider['sync']>[2] = {}): Promise<SyncReport> => await provider.sync(tree, '/vod', { to: pair(), ...options })

  it('sends everything to servers that have nothing, in one job', async () => {
    const report = await sync()
    expect(report).to.include({ outcome: 'complete', sent: report.bytes })
    expect(report.jobs).to.have.lengthOf(1)
    expect(report.added).to.have.lengthOf(FILES)
    await holdsAll('vod', fleet.nodes.slice(0, 2))
  })

  it('finds that nothing differs by two digests, and opens no job', async () => {
    const before = total(provider)
    expect(await sync({ delete: true })).to.deep.include({ outcome: 'complete', sent: 0, jobs: [], changed: [], added: [], removed: [] })
    // The listing of one of the two, and no listing of the other.
    expect(passed(provider, before)).to.be.below(160 * FILES)
  })

  it('says in a dry run what it would do, and does not do it', async () => {
    await write(tree, 'more.ts', 4_000, 1)
    const report = await sync({ delete: true, dryRun: true })
    expect(report).to.deep.include({ added: ['more.ts'], changed: [], removed: [], sent: 4_000, jobs: [] })
    await rm(join(tree, 'more.ts'))
    await utimes(tree, LONG_AGO, LONG_AGO)
    await holdsAll('vod', fleet.nodes.slice(0, 2))
  })

  it('sends of 5 changed, 3 added and 2 removed files only their bytes, and little to find that out', async () => {
    let differing = 0
    for (const i of [7, 50, 777, 1_200, 1_999]) differing += await write(tree, pathOf(i), sizeOf(i) + (i % 2), i + 50_000)
    for (const [i, size] of [[1, 400], [2, 70_000], [3, 6_543]] as const) differing += await write(tree, `new/added-${i}.ts`, size, 60_000 + i)
    for (const i of [3, 1_500]) await rm(join(tree, pathOf(i)))
    await settle(tree, 'new', ...[3, 1_500].map(i => dirname(pathOf(i))))
    const before = total(provider)
    const report = await sync({ delete: true })
    const all = passed(provider, before)
    expect(report.outcome).to.equal('complete')
    expect([report.changed.length, report.added.length, report.removed.length]).to.deep.equal([5, 3, 2])
    await holdsAll('vod', fleet.nodes.slice(0, 2))

    expect(report.sent, 'media that had to travel').to.equal(differing)
    const upload = total(provider).get(PROTOCOLS.ctp.id) as number - (before.get(PROTOCOLS.ctp.id) ?? 0)
    expect(upload).to.be.above(differing)
    const control = all - differing
    expect(control / report.entries, `${control} bytes of control for ${report.entries} entries`).to.be.at.most(160)
    // The base's own word on what it sent: to each of the two at most once, and nothing twice.
    const egress = fleet.said(/base egress/).map(line => JSON.parse(line.slice(line.indexOf('{'))) as { bytes: number })
    const sentByBase = egress.at(-1)?.bytes as number
    expect(sentByBase).to.be.within(differing, differing * 1.02 * pair().length)
    process.stdout.write(`      payload ${report.sent} of ${differing} changed bytes; control ${control} bytes, ${(control / report.entries).toFixed(1)} an entry; the base sent ${sentByBase}\n`)
  })

  it('makes of what a server has already what has another name now', async () => {
    await rename(join(tree, 'series-4'), join(tree, 'renamed'))
    await settle(tree)
    const report = await sync({ delete: true })
    expect(report).to.deep.include({ outcome: 'complete', sent: 0 })
    expect(report.added).to.have.lengthOf(FILES_OF_A_FOLDER)
    await holdsAll('vod', fleet.nodes.slice(0, 2))
  })

  it('changes attributes without the bytes, a few by commands and many by a put', async () => {
    for (const count of [3, 25]) {
      for (let i = 0; i < count; i++) await utimes(join(tree, pathOf(400 + i)), LONG_AGO, new Date(LONG_AGO.getTime() + count * 1_000))
      const report = await sync({ delete: true })
      expect(report).to.deep.include({ outcome: 'complete', sent: 0, changed: [] })
      expect(report.attributes).to.have.lengthOf(count)
      await holdsAll('vod', fleet.nodes.slice(0, 2))
    }
  })

  it('brings a server that joins later everything, and the others what is new, nothing twice', async () => {
    await fleet.startNode(fleet.nodes[2] as Place)
    await write(tree, 'new/later.ts', 12_345, 77)
    await settle(tree, 'new')
    const report = await sync({ to: 'all', delete: true })
    expect(report.outcome).to.equal('complete')
    expect(report.sent).to.be.at.most(report.bytes)
    const sets = report.jobs.map(({ servers }) => servers.map(({ peer }) => peer).sort())
    expect(sets).to.have.deep.members([fleet.nodes.map(({ peer }) => peer).sort(), [fleet.nodes[2]?.peer]])
    await holdsAll('vod')
  })

  it('replaces a file by a folder, and a folder by a file, where removal was asked for', async () => {
    await rm(join(tree, 'new'), { recursive: true })
    await writeMedia(join(tree, 'new'), 99, 5)
    await rm(join(tree, pathOf(0)))
    await writeMedia(join(tree, pathOf(0), 'inside.ts'), 98, 5)
    await settle(tree, pathOf(0), dirname(pathOf(0)))
    const refused = await sync().then(() => undefined, (error: Error) => error)
    expect(refused?.message).to.match(/a folder where a file is here/)
    expect(await sync({ delete: true, to: 'all' })).to.include({ outcome: 'complete', sent: 197 })
    await holdsAll('vod')
  })

  it('sends identical files of a tree once', async () => {
    const twins = join(fleet.dir, 'twins')
    await write(twins, 'one.bin', 200_000, 1)
    await write(twins, 'short.bin', 3_000, 2)
    for (const copy of ['a/two.bin', 'b/three.bin']) { await mkdir(join(twins, dirname(copy)), { recursive: true }); await cp(join(twins, 'one.bin'), join(twins, copy)) }
    await cp(join(twins, 'short.bin'), join(twins, 'z.bin'))
    await write(twins, 'same-length.bin', 200_000, 3)
    for (const copy of ['a/two.bin', 'b/three.bin', 'z.bin']) await utimes(join(twins, copy), LONG_AGO, LONG_AGO)
    await settle(twins, 'a', 'b')
    const job = await provider.openJob({ to: 'all' })
    const put = await job.put(twins, '/twins')
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    expect(put).to.include({ bytes: 3 * 200_000 + 2 * 3_000 + 200_000, sent: 200_000 + 3_000 + 200_000 })
    const expected = await readTree(twins)
    for (const { mediaRoot, name } of fleet.nodes) expect(await readTree(join(mediaRoot, 'twins')), name).to.deep.equal(expected)
  })

  it('tells of a server that cannot be compared, and does the others', async () => {
    const away = await fleet.place('away')
    const report = await provider.sync(tree, '/vod', { to: [...pair(), away.peer] }).then(() => undefined, (error: Error) => error)
    expect(report?.message, 'nobody knows that peer').to.match(/no node matches/)
  })
})
