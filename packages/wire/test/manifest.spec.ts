import { expect } from 'chai'
import fc from 'fast-check'
import { decodeManifest, encodeManifest, ManifestError } from '../src/manifest.ts'
import { PathError } from '../src/path.ts'
import { Entry, EntryType } from '../src/pb/signed.ts'

const NONE = new Uint8Array(0)

function entry (path: string, type = EntryType.FILE, size = 0): Entry {
  return { path: path === '' ? [] : path.split('/'), type, size, digest: NONE, target: [] }
}

describe('manifest', () => {
  it('gives back what was written', () => {
    const entries: Entry[] = [
      entry('season', EntryType.DIRECTORY),
      { ...entry('season/映画.mp4', EntryType.FILE, Number.MAX_SAFE_INTEGER), digest: new Uint8Array(32).fill(7) },
      { ...entry('season/latest', EntryType.SYMLINK), target: ['season', '映画.mp4'] },
      { ...entry('b', EntryType.FILE, 3), attributes: { mode: 0o644, mtimeSeconds: -5, mtimeNanos: 6, owner: 'o', group: 'g', xattrs: [{ name: 'user.x', value: Uint8Array.of(1) }] } }
    ]
    expect(plain(decodeManifest(encodeManifest(entries), false))).to.deep.equal(plain(entries))
  })

  it('is empty for an empty folder', () => {
    expect(decodeManifest(NONE, false)).to.deep.equal([])
  })

  it('has exactly one entry without a path for a single file', () => {
    expect(decodeManifest(encodeManifest([entry('', EntryType.FILE, 9)]), true)).to.have.length(1)
    for (const bad of [[], [entry('', EntryType.FILE), entry('', EntryType.FILE)], [entry('a')], [entry('', EntryType.DIRECTORY)], [entry('', EntryType.SYMLINK)]]) {
      expect(() => decodeManifest(encodeManifest(bad), true)).to.throw(ManifestError)
    }
    expect(() => decodeManifest(encodeManifest([entry('')]), false)).to.throw(ManifestError)
  })

  it('refuses hostile paths and collisions', () => {
    for (const bad of [['..', 'a'], ['a', ''], ['/'], ['.sluice'], ['a\0']]) expect(() => decodeManifest(encodeManifest([{ ...entry(''), path: bad }]), false)).to.throw(PathError)
    for (const bad of [['a', 'A'], ['a/b', 'A/c'], ['é', 'e\u0301'], ['x', 'x']]) expect(() => decodeManifest(encodeManifest(bad.map((path) => entry(path))), false)).to.throw(PathError)
  })

  it('refuses what is inside of a file or a link, and a folder behind what is in it', () => {
    for (const type of [EntryType.FILE, EntryType.SYMLINK]) expect(() => decodeManifest(encodeManifest([entry('a', type), entry('a/b')]), false)).to.throw(PathError)
    expect(() => decodeManifest(encodeManifest([entry('a/b'), entry('a', EntryType.DIRECTORY)]), false)).to.throw(PathError)
  })

  it('refuses a size where there is none, and a digest that is none', () => {
    expect(() => decodeManifest(encodeManifest([entry('a', EntryType.DIRECTORY, 1)]), false)).to.throw(ManifestError)
    expect(() => decodeManifest(encodeManifest([entry('a', EntryType.SYMLINK, 1)]), false)).to.throw(ManifestError)
    expect(() => decodeManifest(encodeManifest([{ ...entry('a'), digest: new Uint8Array(31) }]), false)).to.throw(ManifestError)
  })

  it('refuses lengths that lie', () => {
    const sound = Entry.encode(entry('a'))
    // The longest number a varint of eight bytes can hold is no safe integer.
    for (const length of [[0x80], [0xff, 0xff], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], Array.from({ length: 12 }, () => 0xff), [0xff, 0xff, 0x7f], [sound.length + 1]]) {
      expect(() => decodeManifest(Uint8Array.from([...length, ...sound]), false), String(length)).to.throw(ManifestError)
    }
  })

  it('has one encoding of every length', () => {
    const sound = Entry.encode(entry('a'))
    expect(decodeManifest(Uint8Array.from([sound.length, ...sound]), false)).to.have.length(1)
    // A reader that took one byte for the length would find field 0 next, and skip it.
    expect(() => decodeManifest(Uint8Array.from([sound.length | 0x80, 0, ...sound]), false)).to.throw(ManifestError)
  })

  it('answers hostile bytes with its own errors only', () => {
    const seed = encodeManifest([entry('season', EntryType.DIRECTORY), entry('season/a', EntryType.FILE, 70_000), { ...entry('l', EntryType.SYMLINK), target: ['season'] }])
    const mutated = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Uint8Array.from(seed)
      for (const [at, byte] of changes) bytes[at] = byte
      return bytes
    })
    fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), fc.boolean(), (bytes, single) => {
      try {
        decodeManifest(bytes, single)
      } catch (cause) {
        if (!(cause instanceof ManifestError || cause instanceof PathError)) throw cause
      }
    }), { numRuns: 20_000 })
  })

  it('reads a hundred thousand entries', () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => entry(`folder-${index >> 8}/file-${index}.ts`, EntryType.FILE, index))
    expect(decodeManifest(encodeManifest(entries), false)).to.have.length(entries.length)
  })
})

function plain (value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, field) => field instanceof Uint8Array ? [...field] : field))
}
