import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { EntryType, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { TreeStore } from '../src/index.ts'
import { buildSequence, contentOf, file, folder, type TreeItem } from './build-sequence.ts'
import { publish } from './publish.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('TreeStore', () => {
  const root = temporaryFolder()

  it('publishes a single file, an empty tree and symbolic links', async () => {
    const store = await TreeStore.open(root())
    const single = await store.open(buildSequence([{ path: [], content: contentOf(70_000) }], { seq: 1, single: true, destination: ['a', 'film.mp4'] }).shape)
    for (const [piece, bytes] of buildSequence([{ path: [], content: contentOf(70_000) }]).pieces.entries()) await single.write(piece, bytes)
    expect(await single.commit()).to.deep.equal({ files: 1, directories: 0, links: 0, bytes: 70_000, notApplied: [] })
    expect(sameBytes(readFileSync(join(root(), 'a', 'film.mp4')), contentOf(70_000))).to.equal(true)

    const empty = await store.open(buildSequence([], { seq: 2, destination: ['empty', 'one'] }).shape)
    expect(empty.manifest).to.deep.equal([])
    await empty.commit()
    expect(readdirSync(join(root(), 'empty', 'one'))).to.deep.equal([])

    const items: TreeItem[] = [folder('a'), folder('a/b'), { path: ['a', 'b', 'up'], type: EntryType.SYMLINK, target: ['c.txt'] }, { path: ['here'], type: EntryType.SYMLINK, target: ['a', 'b'] }, file('c.txt', 5)]
    const links = await publish(store, buildSequence(items, { seq: 3, destination: ['l'] }))
    expect(links.links).to.equal(2)
    expect(readlinkSync(join(root(), 'l', 'a', 'b', 'up'))).to.equal('../../c.txt')
    expect(readlinkSync(join(root(), 'l', 'here'))).to.equal('a/b')
    await store.close()
  })

  it('publishes a live media once its end is known, without its gaps', async () => {
    const store = await TreeStore.open(root())
    const head = buildSequence([{ path: [], content: new Uint8Array() }], { seq: 4, single: true, destination: ['live.ts'], pieces: undefined })
    const put = await store.open(head.shape)
    await put.write(0, head.pieces[0] as Uint8Array)
    const parts = [contentOf(100, 1), contentOf(65_536, 2), new Uint8Array(), contentOf(7, 3)]
    for (const [i, part] of parts.entries()) if (part.length > 0) await put.write(1 + i, part)
    expect((await rejection(put.commit())).message).to.contain('its end is missing')
    put.closed({ pieces: 5, length: piece => piece === 0 ? head.pieces[0]?.length ?? 0 : parts[piece - 1]?.length ?? 0 })
    const result = await put.commit()
    expect(result.bytes).to.equal(65_643)
    expect(sameBytes(readFileSync(join(root(), 'live.ts')), Buffer.concat(parts))).to.equal(true)
    await store.close()
  })

  it('refuses a second opening, a manifest that is malformed, and one that contradicts the command', async () => {
    const store = await TreeStore.open(root())
    const { shape, pieces } = buildSequence([file('a', 10)])
    const put = await store.open(shape)
    expect(await rejection(store.open(shape))).to.have.property('code', 'busy')
    await put.discard()
    const lying = await store.open({ ...shape, bytes: 11 })
    expect(await rejection(lying.write(0, pieces[0] as Uint8Array))).to.have.property('code', 'bad-manifest')
    expect(await rejection(lying.sync())).to.have.property('code', 'bad-manifest')
    await lying.discard()
    const malformed = await store.open(shape)
    expect(await rejection(malformed.write(0, new Uint8Array(shape.manifestBytes).fill(255)))).to.have.property('code', 'bad-manifest')
    await store.close()
  })
})
