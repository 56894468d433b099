import { expect } from 'chai'
import fc from 'fast-check'
import { Layout, type Segment } from '../src/layout.ts'
import { EntryType } from '../src/pb/signed.ts'
import { PIECE_BYTES } from '../src/sizes.ts'

interface Sized { type: EntryType, size: number }

/** Sizes around the places where something changes: nothing, a byte, a piece, many. */
const size = fc.oneof(
  fc.constantFrom(0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 3 * PIECE_BYTES - 1),
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 4 * PIECE_BYTES })
)
const entry: fc.Arbitrary<Sized> = fc.oneof(
  { weight: 6, arbitrary: size.map((size) => ({ type: EntryType.FILE, size })) },
  { weight: 1, arbitrary: fc.constantFrom({ type: EntryType.DIRECTORY, size: 0 }, { type: EntryType.SYMLINK, size: 0 }) }
)
const put = fc.record({
  manifestBytes: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constantFrom(PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES)),
  entries: fc.array(entry, { maxLength: 24 })
})

/** A run of bytes of the sequence that belong together; entry -1 is the manifest, -2 a gap. */
interface Run { entry: number, length: number }

/** The sequence laid out run after run, as the text of the design has it. */
function naive (manifestBytes: number, entries: Sized[]): Run[] {
  const runs: Run[] = [{ entry: -1, length: manifestBytes }]
  let position = manifestBytes
  for (const [index, { type, size }] of entries.entries()) {
    if (type !== EntryType.FILE || size === 0) continue
    if (size >= PIECE_BYTES) while (position % PIECE_BYTES !== 0) { runs.push({ entry: -2, length: 1 }); position++ }
    runs.push({ entry: index, length: size })
    position += size
  }
  return runs
}

/** Every piece as a map of its bytes: the entry and offset of each. */
function byteMap (runs: Run[]): Array<{ entry: Int32Array, offset: Int32Array }> {
  const total = runs.reduce((sum, { length }) => sum + length, 0)
  const pieces = Array.from({ length: Math.ceil(total / PIECE_BYTES) }, () => ({ entry: new Int32Array(PIECE_BYTES).fill(-2), offset: new Int32Array(PIECE_BYTES) }))
  let position = 0
  for (const { entry, length } of runs) {
    for (let offset = 0; offset < length; offset++, position++) {
      const piece = pieces[Math.floor(position / PIECE_BYTES)]
      if (piece == null) throw new Error('beyond the end')
      piece.entry[position % PIECE_BYTES] = entry
      piece.offset[position % PIECE_BYTES] = offset
    }
  }
  return pieces
}

describe('layout', () => {
  it('agrees with a map of every byte', () => {
    fc.assert(fc.property(put, ({ manifestBytes, entries }) => {
      const layout = new Layout(manifestBytes, entries)
      const pieces = byteMap(naive(manifestBytes, entries))
      if (layout.pieces !== pieces.length) throw new Error(`${layout.pieces} pieces for ${pieces.length}`)
      for (const [index, { entry, offset }] of pieces.entries()) {
        const length = entry.findLastIndex((owner) => owner !== -2) + 1
        if (layout.pieceLength(index) !== length) throw new Error(`piece ${index} has ${layout.pieceLength(index)} bytes, not ${length}`)
        const drawn = { entry: new Int32Array(PIECE_BYTES).fill(-2), offset: new Int32Array(PIECE_BYTES) }
        for (const segment of layout.segments(index)) draw(segment, drawn)
        for (let i = 0; i < length; i++) {
          if (entry[i] !== -1 && (drawn.entry[i] !== entry[i] || drawn.offset[i] !== offset[i])) throw new Error(`byte ${i} of piece ${index} is someone else's`)
          if (entry[i] === -1 && drawn.entry[i] !== -2) throw new Error(`byte ${i} of piece ${index} is the manifest's`)
        }
      }
    }), { numRuns: 60 })
  })

  it('has pieces that make up its bytes, and segments that tile each file', () => {
    fc.assert(fc.property(put, ({ manifestBytes, entries }) => {
      const layout = new Layout(manifestBytes, entries)
      let sum = 0
      const reached = new Map<number, number>()
      for (let piece = 0; piece < layout.pieces; piece++) {
        const length = layout.pieceLength(piece)
        if (length < 1 || length > PIECE_BYTES) throw new Error(`piece ${piece} has ${length} bytes`)
        sum += length
        for (const segment of layout.segments(piece)) {
          if (segment.offset !== (reached.get(segment.entry) ?? 0)) throw new Error(`file ${segment.entry} has a hole`)
          if (segment.length < 1 || segment.pieceOffset + segment.length > length) throw new Error(`file ${segment.entry} leaves its piece`)
          reached.set(segment.entry, segment.offset + segment.length)
        }
      }
      expect(sum).to.equal(layout.bytes)
      expect(layout.bytes).to.equal(manifestBytes + entries.reduce((total, { size }) => total + size, 0))
      for (const [index, { size }] of entries.entries()) expect(reached.get(index) ?? 0).to.equal(size)
    }), { numRuns: 300 })
  })

  it('begins large files on a piece, and packs small ones', () => {
    const file = (size: number): Sized => ({ type: EntryType.FILE, size })
    const layout = new Layout(100, [file(10), file(PIECE_BYTES), file(20), file(PIECE_BYTES - 1), file(PIECE_BYTES + 5), file(7)])
    expect(layout.extents.map(({ start }) => start)).to.deep.equal([100, PIECE_BYTES, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 20, 4 * PIECE_BYTES, 5 * PIECE_BYTES + 5])
    expect(layout.extents.map((extent) => layout.isLarge(extent))).to.deep.equal([false, true, false, false, true, false])
    expect([0, 1, 2, 3, 4, 5].map((piece) => layout.pieceLength(piece))).to.deep.equal([110, PIECE_BYTES, PIECE_BYTES, 19, PIECE_BYTES, 12])
    // What follows a large file shares its last piece.
    expect(layout.segments(5).map(({ entry }) => entry)).to.deep.equal([4, 5])
  })

  it('is a manifest alone where there is nothing else', () => {
    for (const entries of [[], [{ type: EntryType.DIRECTORY, size: 0 }], [{ type: EntryType.FILE, size: 0 }]]) {
      const layout = new Layout(12, entries)
      expect([layout.pieces, layout.bytes, layout.pieceLength(0), layout.segments(0)]).to.deep.equal([1, 12, 12, []])
    }
  })

  it('has nothing beyond its end', () => {
    const layout = new Layout(5, [{ type: EntryType.FILE, size: PIECE_BYTES }])
    expect(layout.pieceLength(layout.pieces)).to.equal(0)
    expect(layout.segments(layout.pieces)).to.deep.equal([])
  })

  it('finds its way in ten thousand small files and in a hundred terabytes', () => {
    const small = new Layout(600_000, Array.from({ length: 10_000 }, () => ({ type: EntryType.FILE, size: 1000 })))
    expect(small.segments(100)).to.have.length.within(66, 67)
    const large = new Layout(30, [{ type: EntryType.FILE, size: 1e14 }, { type: EntryType.FILE, size: 3 }])
    expect(large.segments(1e9)).to.deep.equal([{ entry: 0, offset: (1e9 - 1) * PIECE_BYTES, pieceOffset: 0, length: PIECE_BYTES }])
  })
})

function draw ({ entry, offset, pieceOffset, length }: Segment, into: { entry: Int32Array, offset: Int32Array }): void {
  for (let i = 0; i < length; i++) {
    if (into.entry[pieceOffset + i] !== -2) throw new Error(`byte ${pieceOffset + i} is in two segments`)
    into.entry[pieceOffset + i] = entry
    into.offset[pieceOffset + i] = offset + i
  }
}

describe('layout of entries that do not travel', () => {
  it('gives copies, and what a server holds, no place', () => {
    const file = (size: number, more: object = {}): { type: EntryType, size: number, copyOf?: number, target?: string[] } => ({ type: EntryType.FILE, size, ...more })
    const plain = new Layout(100, [file(70_000), file(10)])
    const aliased = new Layout(100, [file(70_000), file(70_000, { copyOf: 0 }), file(10), file(10, { copyOf: 2 }), file(500_000, { target: ['elsewhere'] })])
    expect([aliased.pieces, aliased.bytes]).to.deep.equal([plain.pieces, plain.bytes])
    expect(aliased.extents.map(({ entry }) => entry)).to.deep.equal([0, 2])
  })
})
