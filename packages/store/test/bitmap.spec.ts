import { expect } from 'chai'
import fc from 'fast-check'
import { Bitmap } from '../src/index.ts'

describe('Bitmap', () => {
  it('holds what a set of numbers holds, also after a round trip', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(300))), steps => {
      const bitmap = new Bitmap()
      const model = new Set<number>()
      for (const [on, piece] of steps) {
        expect(on ? bitmap.set(piece) : bitmap.clear(piece)).to.equal(on !== model.has(piece))
        if (on) model.add(piece)
        else model.delete(piece)
      }
      for (const copy of [bitmap, Bitmap.fromBytes(bitmap.toBytes())]) {
        expect([...copy.pieces()]).to.deep.equal([...model].sort((a, b) => a - b))
        expect(copy.count).to.equal(model.size)
      }
    }))
  })

  it('puts piece 0 into the lowest bit of byte 0', () => {
    const bitmap = new Bitmap(16)
    bitmap.set(0)
    bitmap.set(9)
    expect([...bitmap.toBytes()]).to.deep.equal([1, 2])
  })

  it('is complete when every piece of a range is there', () => {
    const bitmap = Bitmap.fromBytes(Uint8Array.of(0b1110))
    expect(bitmap.complete(4, 1)).to.equal(true)
    expect(bitmap.complete(4)).to.equal(false)
    expect(bitmap.complete(5, 1)).to.equal(false)
    expect(new Bitmap().complete(0)).to.equal(true)
  })
})
