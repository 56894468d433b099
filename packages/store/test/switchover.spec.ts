import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import { TreeStore, type TreePut } from '../src/index.ts'
import { buildSequence, contentOf, file, folder, type TreeItem } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const LABEL = 'j0123456789abcdef-9'
const SHOW: TreeItem[] = [folder('', { mode: 0o750 }), folder('d'), file('d/big', 2 * PIECE_BYTES), file('small', 100, { mode: 0o600 })].map(item => ({ ...item, path: item.path.filter(name => name !== '') }))
const LIST: TreeItem[] = [{ path: [], content: contentOf(50, 3) }]

describe('Switchover', () => {
  const root = temporaryFolder()
  const at = (...path: string[]): string => join(root(), ...path)
  let store: TreeStore
  let puts: TreePut[]

  beforeEach(async () => {
    store = await TreeStore.open(root())
    puts = [await staged(SHOW, 1, ['show'], false), await staged(LIST, 2, ['show', 'list'], true)]
  })
  afterEach(async () => { await store.close() })

  async function staged (items: TreeItem[], seq: number, destination: string[], single: boolean): Promise<TreePut> {
    const { shape, pieces } = buildSequence(items, { seq, destination, single })
    const put = await store.open(shape)
    for (const [piece, bytes] of pieces.entries()) await put.write(piece, bytes)
    return put
  }

  const shown = (): string[] => readdirSync(root(), { recursive: true }).map(String).filter(path => !path.startsWith('.sluice')).sort()
  const run = async (): Promise<void> => {
    const switchover = store.switchOver(LABEL, puts)
    await switchover.run()
    await switchover.forget()
  }

  it('holds staged puts without showing anything, and then shows all of them', async () => {
    expect(await Promise.all(puts.map(put => put.hold()))).to.deep.equal([2 * PIECE_BYTES + 100, 50])
    expect(shown()).to.deep.equal([])
    for (let times = 0; times < 2; times++) {
      const switchover = store.switchOver(LABEL, puts)
      expect(await switchover.run()).to.deep.include({ files: 3, directories: 2, bytes: 2 * PIECE_BYTES + 150, notApplied: [] })
      await switchover.forget()
      expect(shown()).to.deep.equal(['show', 'show/d', 'show/d/big', 'show/list', 'show/small'])
    }
    expect(statSync(at('show')).mode & 0o777).to.equal(0o750)
    expect(statSync(at('show', 'small')).mode & 0o777).to.equal(0o600)
    expect(sameBytes(readFileSync(at('show', 'list')), contentOf(50, 3))).to.equal(true)
    expect(existsSync(at('.sluice', 'publish', LABEL))).to.equal(false)
  })

  it('changes nothing where something is in the way', async () => {
    mkdirSync(at('show', 'small'), { recursive: true })
    const error = await rejection(run())
    expect(error).to.have.property('code', 'obstructed')
    expect(shown()).to.deep.equal(['show', 'show/small'])
    puts.push(await staged(LIST, 3, ['show', 'd', 'big'], true))
    rmSync(at('show'), { recursive: true })
    expect((await rejection(run())).message).to.match(/put 1 and put 3 both bring \/show\/d\/big/)
    expect(shown()).to.deep.equal([])
  })

  it('undoes all where something fails half-way', async () => {
    mkdirSync(at('show'))
    writeFileSync(at('show', 'small'), 'before')
    // A file that is to hold another one is found only when that one is placed.
    puts.push(await staged(LIST, 3, ['show', 'new'], true), await staged(LIST, 4, ['show', 'new', 'below'], true))
    expect(await rejection(run())).to.have.property('code', 'obstructed')
    expect(shown()).to.deep.equal(['show', 'show/small'])
    expect(readFileSync(at('show', 'small'), 'utf8')).to.equal('before')
    expect(existsSync(at('.sluice', 'publish', LABEL))).to.equal(false)
  })

  it('goes forward from wherever it was cut off, once all is prepared', async () => {
    await store.switchOver(LABEL, puts).run()
    const prepared = at('.sluice', 'publish', LABEL)
    // As if the process had died before the second file's rename.
    renameSync(at('show', 'small'), join(prepared, '0-3'))
    rmSync(at('show', 'list'))
    writeFileSync(join(prepared, '1-0'), contentOf(50, 3))
    await run()
    expect(shown()).to.deep.equal(['show', 'show/d', 'show/d/big', 'show/list', 'show/small'])
  })

  it('begins anew where it was cut off before that', async () => {
    const prepared = at('.sluice', 'publish', LABEL)
    mkdirSync(prepared, { recursive: true })
    writeFileSync(join(prepared, '0-3'), 'half')
    await run()
    expect(readFileSync(at('show', 'small')).length).to.equal(100)
  })

  it('leaves nothing of what is over, and all that is to be done again', async () => {
    const [over, cutOff] = [store.switchOver(LABEL, puts), store.switchOver('another-9', puts)]
    // As if the process had died when the outcome was in the journal.
    await over.run()
    await cutOff.run()
    mkdirSync(at('.sluice', 'trash', 'j0123456789abcdef-3', 'deep'), { recursive: true })
    writeFileSync(at('.sluice', 'trash', 'withdrawn'), 'gone')
    await store.tidy(label => label === LABEL)
    expect(readdirSync(at('.sluice', 'trash'))).to.deep.equal([])
    expect(readdirSync(at('.sluice', 'publish'))).to.deep.equal(['another-9'])
    expect(shown()).to.deep.equal(['show', 'show/d', 'show/d/big', 'show/list', 'show/small'])
  })

  it('finds by an audit what somebody changed', async () => {
    await run()
    const [big, small] = [2, 3].map(index => puts[0]?.manifest?.[index]) as [NonNullable<TreePut['manifest']>[number], NonNullable<TreePut['manifest']>[number]]
    const audit = async (entry: typeof big, ...place: string[]): Promise<string | undefined> => await puts[0]?.audit(entry, place)
    expect(await audit(big, 'show', 'd', 'big')).to.equal(undefined)
    expect(await audit(small, 'show', 'small')).to.equal(undefined)
    writeFileSync(at('show', 'small'), Buffer.alloc(100))
    expect(await audit(small, 'show', 'small')).to.match(/differs within the 100 bytes from 0 on/)
    writeFileSync(at('show', 'small'), 'short')
    expect(await audit(small, 'show', 'small')).to.equal('has 5 bytes instead of 100')
    rmSync(at('show', 'd'), { recursive: true })
    expect(await audit(big, 'show', 'd', 'big')).to.equal('is gone')
    writeFileSync(at('show', 'd'), '')
    expect(await audit(big, 'show', 'd', 'big')).to.match(/not a folder any more/)
  })
})
