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
    wanted.add(0, 40)
    wanted.add(100, 120)
    expect(runs(wanted)).to.deep.equal(['0-16', '100-116', '16-32', '116-120', '32-40'])
  })

  it('does not take what is said again for another want', () => {
    const wanted = new WantedPieces()
    wanted.add(0, 40)
    wanted.next(none, all)
    wanted.add(0, 40)
    wanted.add(20, 40)
    expect(runs(wanted)).to.deep.equal(['16-32', '32-40'])
  })

  it('gives one turn to a viewer who plays on, and another to one who jumps', () => {
    const wanted = new WantedPieces()
    for (let at = 0; at < 64; at += 16) {
      wanted.add(at, at + 128)
      expect(wanted.next(none, all)).to.deep.equal({ first: at, end: at + 16 })
    }
    wanted.add(1_000, 1_016)
    wanted.add(150, 250)
    const [, second, third] = runs(wanted)
    expect([second, third], 'neither waits for what the first one wanted earlier').to.deep.equal(['1000-1016', '150-166'])
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
