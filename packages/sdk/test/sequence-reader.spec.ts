import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeManifest, PIECE_BYTES, sameBytes } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { scan } from '../src/scan.ts'
import { SequenceReader } from '../src/sequence-reader.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Bytes that differ from file to file and from place to place. */
function content (size: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >>> 8) * 7 + seed * 101) & 0xff
  return bytes
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom(0, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 3 * PIECE_BYTES - 5),
  fc.integer({ min: 0, max: 2 * PIECE_BYTES })
)

describe('SequenceReader', () => {
  const folder = temporaryFolder()

  async function readerOf (files: Record<string, Uint8Array>): Promise<SequenceReader> {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder(), name), bytes)
    return new SequenceReader(await scan(folder(), false))
  }

  it('reads the manifest and then every file, whatever their sizes: nothing twice, nothing left out', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ size: sizes, within: fc.boolean() }), { maxLength: 12 }), async files => {
      const root = mkdtempSync(join(folder(), 'tree-'))
      mkdirSync(join(root, 'sub'))
      for (const [index, { size, within }] of files.entries()) writeFileSync(join(root, within ? 'sub' : '', `${index}`), content(size, index))
      const scanned = await scan(root, false)
      const reader = new SequenceReader(scanned)
      const pieces: Uint8Array[] = []
      for (let piece = 0; piece < reader.layout.pieces; piece++) {
        pieces.push(await reader.read(piece))
        expect(pieces[piece]?.length).to.equal(reader.layout.pieceLength(piece))
      }
      await reader.close()
      const wanted = [encodeManifest(scanned.entries), ...scanned.entries.flatMap(({ path, type }) => type === 'FILE' ? [content(files[Number(path.at(-1))]?.size ?? 0, Number(path.at(-1)))] : [])]
      expect(sameBytes(Buffer.concat(pieces), Buffer.concat(wanted))).to.equal(true)
      expect(reader.manifestBytes).to.equal(wanted[0]?.length)
      rmSync(root, { recursive: true })
    }), { numRuns: 40 })
  })

  it('reads any piece again, in any order', async () => {
    const reader = await readerOf({ a: content(PIECE_BYTES, 1), b: content(10, 2), c: content(PIECE_BYTES * 2, 3) })
    const inOrder: Uint8Array[] = []
    for (let piece = 0; piece < reader.layout.pieces; piece++) inOrder.push(await reader.read(piece))
    for (const piece of [...inOrder.keys()].reverse()) expect(sameBytes(await reader.read(piece), inOrder[piece] as Uint8Array)).to.equal(true)
    await reader.close()
  })

  it('names a file that became shorter', async () => {
    const reader = await readerOf({ a: content(10, 1), film: content(PIECE_BYTES * 3, 2) })
    await reader.read(0)
    truncateSync(join(folder(), 'film'), PIECE_BYTES + 1)
    await reader.read(1)
    const error = await rejection(reader.read(2))
    expect(error.name).to.equal('SourceError')
    expect(error.message).to.include(`${join(folder(), 'film')} became shorter`)
    await reader.close()
  })

  const changes: Record<string, (path: string) => void> = {
    'grew': path => appendFileSync(path, 'more'),
    'was written over': path => {
      writeFileSync(path, content(PIECE_BYTES, 9))
      utimesSync(path, new Date(5_000), new Date(5_000))
    }
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`names a file that ${what} when it is left behind`, async () => {
      const reader = await readerOf({ a: content(PIECE_BYTES, 1), b: content(PIECE_BYTES, 2) })
      await reader.read(1)
      change(join(folder(), 'a'))
      const error = await rejection(reader.read(2))
      expect(error.name).to.equal('SourceError')
      expect(error.message).to.include(`${join(folder(), 'a')} changed while it was being published`)
      await reader.close()
    })
  }

  it('finds a file unchanged that is unchanged, and names it when it is asked about one that is not', async () => {
    const reader = await readerOf({ old: content(20, 1) })
    await reader.check(0)
    appendFileSync(join(folder(), 'old'), 'more')
    expect((await rejection(reader.check(0))).message).to.include(join(folder(), 'old'))
    await reader.close()
  })

  it('names a file that is gone', async () => {
    const reader = await readerOf({ a: content(20, 1) })
    unlinkSync(join(folder(), 'a'))
    const error = await rejection(reader.read(0))
    expect(error.name).to.equal('SourceError')
    expect(error.message).to.include(`cannot read ${join(folder(), 'a')}`)
  })
})
