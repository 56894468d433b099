import { PAGE_PIECES } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { WantedPieces } from '../src/wanted-pieces.ts'

const none = (): boolean => false
const all = (): boolean => true

/** All runs that are left, as text. */
function runs (wanted: WantedPieces, isDone: (piece: number) => boolean = none, isReady: (piece: number) => boolean = all): string[] {
  const taken: string[] = []
  for (let run = wanted.next(isDone, isReady); run != null; run = wanted.next(isDone, isReady)) taken.push(`${run.first}-${run.end}`)
  return taken
}

describe('WantedPieces', () => {
  it('takes a run of each want in turn', () => {
    const wanted = new WantedPieces()
    wanted.add(0, 10)
    wanted.add(100, 105)
    expect(runs(wanted)).to.deep.equal(['0-4', '100-104', '4-8', '104-105', '8-10'])
  })

  it('takes what a want begins with before all that plays already', () => {
    const wanted = new WantedPieces()
    wanted.add(0, 128)
    for (let run = 0; run < 9; run++) wanted.next(none, all)
    wanted.add(1_000, 1_040)
    wanted.add(2_000, 2_004)
    const taken = runs(wanted)
    expect(taken.slice(0, 9), 'both that begin, in turn').to.deep.equal(['1000-1004', '2000-2004', '1004-1008', '1008-1012', '1012-1016', '1016-1020', '1020-1024', '1024-1028', '1028-1032'])
    expect(taken.slice(9, 12), 'then everybody').to.deep.equal(['36-40', '1032-1036', '40-44'])
  })

  it('does not take what is said again for another want', () => {
    const wanted = new WantedPieces()
    wanted.add(0, 40)
    wanted.next(none, all)
    wanted.add(0, 40)
    wanted.add(20, 40)
    expect(runs(wanted).join(' ')).to.equal('4-8 8-12 12-16 16-20 20-24 24-28 28-32 32-36 36-40')
  })

  it('gives one turn to a viewer who plays on, and another to one who jumps', () => {
    const wanted = new WantedPieces()
    for (let at = 0; at < 64; at += 4) {
      wanted.add(at, at + 128)
      expect(wanted.next(none, all)).to.deep.equal({ first: at, end: at + 4 })
    }
    wanted.add(1_000, 1_004)
    wanted.add(150, 250)
    const [first, second] = runs(wanted)
    expect([first, second], 'neither waits for what the first one wanted earlier').to.deep.equal(['1000-1004', '150-154'])
  })

  it('leaves out what was sent, and does not cross a page', () => {
    const wanted = new WantedPieces()
    wanted.add(PAGE_PIECES - 4, PAGE_PIECES + 4)
    expect(runs(wanted, piece => piece === PAGE_PIECES - 4 || piece === PAGE_PIECES + 1)).to.deep.equal([`${PAGE_PIECES - 3}-${PAGE_PIECES}`, `${PAGE_PIECES}-${PAGE_PIECES + 1}`, `${PAGE_PIECES + 2}-${PAGE_PIECES + 4}`])
  })

  it('waits for a page, and takes others meanwhile', () => {
    const wanted = new WantedPieces()
    wanted.add(PAGE_PIECES, PAGE_PIECES + 2)
    wanted.add(3, 5)
    expect(runs(wanted, none, piece => piece < PAGE_PIECES)).to.deep.equal(['3-5'])
    expect(runs(wanted)).to.deep.equal([`${PAGE_PIECES}-${PAGE_PIECES + 2}`])
  })

  it('has nothing for nobody, and forgets the oldest of too many', () => {
    const wanted = new WantedPieces()
    wanted.add(7, 7)
    expect(runs(wanted)).to.deep.equal([])
    for (let first = 0; first < 70; first++) wanted.add(first * 10, first * 10 + 1)
    expect(runs(wanted)).to.have.length(64).and.not.include('0-1')
  })

  it('names every wanted piece that is not done exactly once, if nothing comes in between', () => {
    const want = fc.record({ first: fc.nat(600), length: fc.nat(50) })
    fc.assert(fc.property(fc.array(want, { maxLength: 20 }), fc.array(fc.nat(600)), (wants, sent) => {
      const done = new Set(sent)
      const wanted = new WantedPieces()
      for (const { first, length } of wants) wanted.add(first, first + length)
      const expected = new Set(wants.flatMap(({ first, length }) => Array.from({ length }, (_, i) => first + i)).filter(piece => !done.has(piece)))
      const named: number[] = []
      for (let run = wanted.next(piece => done.has(piece), all); run != null; run = wanted.next(piece => done.has(piece), all)) {
        for (let piece = run.first; piece < run.end; piece++) {
          named.push(piece)
          done.add(piece)
        }
      }
      expect(named.toSorted((a, b) => a - b)).to.deep.equal([...expected].toSorted((a, b) => a - b))
    }))
  })
})
