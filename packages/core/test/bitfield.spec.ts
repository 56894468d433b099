import { expect } from 'chai'
import fc from 'fast-check'
import { Bitfield } from '../src/index.ts'

const indexes = fc.uniqueArray(fc.nat(300))

function of (bits: readonly number[]): Bitfield {
  const field = new Bitfield()
  for (const bit of bits) field.set(bit)
  return field
}

describe('bitfield', () => {
  for (const { bits, firstClear, complete, bytes } of [
    { bits: [], firstClear: 0, complete: 0, bytes: [] },
    { bits: [0], firstClear: 1, complete: 1, bytes: [1] },
    { bits: [0, 1, 2], firstClear: 3, complete: 3, bytes: [7] },
    { bits: [1], firstClear: 0, complete: 0, bytes: [2] },
    { bits: [0, 9], firstClear: 1, complete: 1, bytes: [1, 2] },
    { bits: [0, 1, 2, 3, 4, 5, 6, 7, 8], firstClear: 9, complete: 9, bytes: [255, 1] }
  ]) {
    it(`holds ${bits.join() || 'nothing'}`, () => {
      const field = of(bits)
      expect(field.firstClear(0)).to.equal(firstClear)
      expect(field.complete(complete)).to.equal(true)
      expect(field.complete(complete + 1)).to.equal(false)
      expect([...field.toBytes()]).to.deep.equal(bytes)
    })
  }

  it('says whether a bit was new', () => {
    const field = new Bitfield()
    expect([field.set(5), field.set(5), field.count]).to.deep.equal([true, false, 1])
  })

  it('keeps its own copy of the bytes it is made of', () => {
    const bytes = new Uint8Array([1])
    const field = new Bitfield(bytes)
    bytes[0] = 0
    expect(field.has(0)).to.equal(true)
    field.toBytes()[0] = 0
    expect(field.has(0)).to.equal(true)
  })

  it('has what was set and nothing else, before and after its bytes travelled', () => {
    fc.assert(fc.property(indexes, bits => {
      const sorted = bits.toSorted((a, b) => a - b)
      for (const field of [of(bits), new Bitfield(of(bits).toBytes())]) {
        expect([...field.indexes()]).to.deep.equal(sorted)
        expect(field.count).to.equal(bits.length)
      }
    }))
  })

  it('finds the first clear bit from anywhere', () => {
    fc.assert(fc.property(indexes, fc.nat(310), (bits, from) => {
      const field = of(bits)
      const clear = field.firstClear(from)
      expect(field.has(clear)).to.equal(false)
      for (let bit = from; bit < clear; bit++) expect(field.has(bit)).to.equal(true)
    }))
  })
})
