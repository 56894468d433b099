import { lstatSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { EntryType, PIECE_BYTES, sameBytes, type Attributes } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { Bitmap, TreeStore, type TreePut } from '../src/index.ts'
import { JOB, buildSequence, contentOf, file, type Sequence, type TreeItem } from './build-sequence.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const full = process.env.SLUICE_TEST_FULL != null
/** What a double of seconds is right to in our days. */
const MTIME_TOLERANCE_NS = 477

/** Sizes around every border of the layout: empty, small, a piece, several. */
const sizes = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: PIECE_BYTES - 2, max: PIECE_BYTES + 2 }), fc.integer({ min: PIECE_BYTES, max: 4 * PIECE_BYTES }))
const attributes = fc.option(fc.record({ mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444, 0o640), mtimeSeconds: fc.integer({ min: 0, max: 3e9 }), mtimeNanos: fc.nat(999_999_999) }), { nil: undefined })
interface Spec { parent: number, size: number, attributes: Partial<Attributes> | undefined, isFolder: boolean }
// Kept as numbers until they are used, so that a counterexample can be read.
const specs: fc.Arbitrary<Spec[]> = fc.array(fc.record({ parent: fc.nat(12), size: sizes, attributes, isFolder: fc.boolean() }), { maxLength: 12 })

function treeOf (specs: Spec[]): TreeItem[] {
  const folders: string[][] = [[]]
  return specs.map(({ parent, size, attributes, isFolder }, i) => {
    const path = [...folders[parent % folders.length] as string[], `${isFolder ? 'd' : 'f'}${i}`]
    if (isFolder) folders.push(path)
    const item = isFolder ? { path, type: EntryType.DIRECTORY } : { path, content: contentOf(size, i + 1) }
    return attributes == null ? item : { ...item, attributes }
  })
}

describe('LayoutPut', () => {
  const root = temporaryFolder()
  const started: Run[] = []
  afterEach(async () => { for (const run of started.splice(0)) await run.store.close() })

  it('gives back what was written at every moment, through restarts, and publishes the same tree', async () => {
    let runs = 0
    await fc.assert(fc.asyncProperty(specs, fc.infiniteStream(fc.nat(0xffff)), fc.boolean(), async (specs, random, links) => {
      const seq = ++runs
      const items = treeOf(specs)
      const next = (limit: number): number => (random.next().value as number) % limit
      const sequence = buildSequence(items, { seq, destination: [`p${seq}`, 'x'] })
      const run = new Run(root(), sequence, links)
      started.push(run)
      await run.start(undefined)
      const order = sequence.pieces.map((_, piece) => piece)
      for (let i = order.length - 1; i > 0; i--) {
        const j = next(i + 1)
        ;[order[i], order[j]] = [order[j] as number, order[i] as number]
      }
      while (order.length > 0) {
        const batch = order.splice(0, 1 + next(6))
        const twice = batch[0] as number
        const readable = [...run.written.pieces()].slice(0, 4)
        await Promise.all([...batch.map(async piece => { await run.write(piece) }), run.write(twice), ...readable.map(async piece => { await run.compare(piece) })])
        if (next(4) === 0) await run.checkpoint()
        if (next(8) === 0) {
          // What was not checkpointed is written again: the journal knows nothing of it.
          await run.restart()
          order.push(...sequence.pieces.keys().filter(piece => !run.written.get(piece) && !order.includes(piece)))
          for (const piece of run.written.pieces()) await run.compare(piece)
        }
      }
      await run.compareAll()
      await run.put.commit()
      await run.compareAll()
      expectTree(join(root(), `p${seq}`, 'x'), sequence, items)
      await run.checkpoint()
      await run.restart()
      await run.compareAll()
      await run.put.commit()
      expectTree(join(root(), `p${seq}`, 'x'), sequence, items)
      await run.put.discard()
      expectTree(join(root(), `p${seq}`, 'x'), sequence, items)
      await run.store.close()
      expect(await run.store.staged()).to.not.deep.include({ job: JOB, seq })
      rmSync(join(root(), `p${seq}`), { recursive: true })
    }), { numRuns: full ? 1000 : 60 })
  }).timeout(600_000)

  it('serves a piece before, during and after the move to its own file', async () => {
    const sequence = buildSequence([file('a.bin', 5 * PIECE_BYTES + 10), file('b.txt', 100)])
    const run = new Run(root(), sequence, true)
    started.push(run)
    await run.start(undefined)
    for (let piece = 1; piece < sequence.pieces.length; piece++) await run.write(piece)
    expect(run.put.manifest).to.equal(undefined)
    const manifest = run.write(0)
    await Promise.all([manifest, ...Array.from({ length: 50 }, async (_, i) => { await run.compare(1 + i % 6) })])
    expect(run.put.manifest).to.deep.equal(sequence.entries)
    await run.compareAll()
  })

  it('is published though its last piece was told of while its manifest was still being read', async () => {
    const sequence = buildSequence([file('a.bin', 100)])
    const run = new Run(root(), sequence, true)
    started.push(run)
    await run.start(undefined)
    const writing = run.put.write(0, sequence.pieces[0] as Uint8Array)
    // Who brings the same piece a second time finds it here, and goes on at once.
    while (!run.put.has(0)) await setImmediate()
    await run.put.commit()
    await writing
  })

  it('finds every piece after a restart from a bitmap without the manifest', async () => {
    const sequence = buildSequence([file('a.bin', 5 * PIECE_BYTES), file('b.txt', 100)])
    const run = new Run(root(), sequence, true)
    started.push(run)
    await run.start(undefined)
    for (const piece of [2, 0, 3, 4]) await run.write(piece)
    run.put.forget(0)
    run.written.clear(0)
    await run.checkpoint()
    await run.restart()
    expect(run.put.has(0)).to.equal(false)
    for (const piece of [2, 3, 4]) await run.compare(piece)
    for (const piece of [0, 1, 5, 6]) await run.write(piece)
    await run.compareAll()
    await run.put.commit()
    expect(sameBytes(readFileSync(join(root(), 'vod', 'a.bin')), file('a.bin', 5 * PIECE_BYTES).content as Uint8Array)).to.equal(true)

    // A manifest that rots on the disk is noticed, and is not the provider's fault.
    await run.checkpoint()
    await run.store.close()
    const staged = join(root(), '.sluice', 'staging', JOB, '1', 'sequence')
    const rotten = readFileSync(staged)
    rotten[3] = 0xff
    writeFileSync(staged, rotten)
    run.store = await TreeStore.open(root())
    expect(await rejection(run.store.open(sequence.shape, run.durable))).to.have.property('code', 'vanished')
  })
})

/** A put in the hands of a driver that checkpoints and restarts. */
class Run {
  readonly root: string
  readonly sequence: Sequence
  readonly links: boolean
  store!: TreeStore
  put!: TreePut
  written = new Bitmap()
  durable = new Uint8Array()

  constructor (root: string, sequence: Sequence, links: boolean) {
    this.root = root
    this.sequence = sequence
    this.links = links
  }

  async start (durable: Uint8Array | undefined): Promise<void> {
    this.store = await TreeStore.open(this.root, { links: this.links })
    this.put = await this.store.open(this.sequence.shape, durable)
    this.written = Bitmap.fromBytes(durable ?? new Uint8Array())
  }

  async write (piece: number): Promise<void> {
    await this.put.write(piece, this.sequence.pieces[piece] as Uint8Array)
    this.written.set(piece)
  }

  async compare (piece: number): Promise<void> {
    const bytes = this.sequence.pieces[piece] as Uint8Array
    expect(sameBytes(await this.put.read(piece, bytes.length), bytes), `piece ${piece}`).to.equal(true)
  }

  async compareAll (): Promise<void> {
    for (const piece of this.sequence.pieces.keys()) await this.compare(piece)
  }

  async checkpoint (): Promise<void> {
    const before = this.written.toBytes()
    await this.put.sync()
    this.durable = Uint8Array.from(before)
  }

  async restart (): Promise<void> {
    await this.store.close()
    await this.start(this.durable)
  }
}

function expectTree (path: string, { entries }: Sequence, items: TreeItem[]): void {
  const found = readdirSync(path, { recursive: true }).map(String).sort()
  expect(found).to.deep.equal(entries.map(entry => entry.path.join('/')).sort())
  for (const [i, { path: components, type, attributes }] of entries.entries()) {
    const at = join(path, ...components)
    const stat = lstatSync(at, { bigint: true })
    if (type === EntryType.FILE) expect(sameBytes(readFileSync(at), items[i]?.content ?? new Uint8Array()), at).to.equal(true)
    if (attributes?.mode != null) expect(Number(stat.mode) & 0o7777, at).to.equal(attributes.mode | (type === EntryType.FILE ? 0o400 : 0o400))
    if (attributes?.mtimeSeconds != null) {
      const wanted = BigInt(attributes.mtimeSeconds) * 1_000_000_000n + BigInt(attributes.mtimeNanos ?? 0)
      const off = Number(stat.mtimeNs - wanted)
      expect(Math.abs(off), `${at} is off by ${off} ns of ${wanted}`).to.be.at.most(MTIME_TOLERANCE_NS)
    }
  }
}
