import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PULL_BLOCK_BYTES, PullCache } from '@sluice/store'
import { type ctp, Entry, EntryType } from '@sluice/wire'
import { expect } from 'chai'
import { silent } from '../src/log.ts'
import { type PulledFile, PulledMedia } from '../src/pulled-media.ts'
import type { GetRequest, RemoteFile } from '../src/remote-media.ts'
import { rejection } from './rejection.ts'

const SIZE = 5 * PULL_BLOCK_BYTES + 77
const PATH = ['vod', 'film.mp4']
const CONTENT = Buffer.from(Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >>> 13)) & 0xff))
const signal = new AbortController().signal

describe('PulledMedia', () => {
  let folder: string
  let cache: PullCache
  let asked: string[]
  let located: number
  let holders: string[]
  /** What each server has; undefined: it is away. */
  let contents: Map<string, { bytes: Uint8Array, mtimeSeconds: number } | undefined>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-pulled-'))
    cache = await PullCache.open(join(folder, 'cache'), 100 * PULL_BLOCK_BYTES)
    asked = []
    located = 0
    holders = ['a', 'b']
    contents = new Map(holders.map(node => [node, { bytes: CONTENT, mtimeSeconds: 5 }]))
  })
  afterEach(async () => {
    await cache.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function entryOf (node: string): Entry {
    const content = contents.get(node)
    if (content == null) throw new Error('unreachable')
    return { path: [], type: EntryType.FILE, size: content.bytes.length, digest: createHash('sha256').update(content.bytes).digest(), target: [], attributes: { mtimeSeconds: content.mtimeSeconds, xattrs: [] } }
  }

  function pulled (announced = entryOf('a')): PulledMedia {
    return new PulledMedia({
      cache,
      log: silent,
      locate: async (): Promise<ctp.Holder[]> => {
        located++
        return holders.map(node => ({ node, entry: Entry.encode(announced), viewers: 0, http: '' }))
      },
      media: node => ({
        stat: async () => entryOf(node),
        get: async (_path: readonly string[], { offset = 0, length = SIZE }: GetRequest = {}): Promise<RemoteFile> => {
          asked.push(`${node}@${offset / PULL_BLOCK_BYTES}`)
          const entry = entryOf(node)
          const bytes = contents.get(node)?.bytes.subarray(offset, offset + length) as Uint8Array
          return { entry, bytes: (async function * () { yield bytes; return new Uint8Array() })() }
        }
      })
    })
  }

  async function all (file: PulledFile, from = 0): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for (let at = from; at < file.size;) {
      const bytes = await file.read(at, file.size - at, signal)
      parts.push(bytes)
      at += bytes.length
    }
    return Buffer.concat(parts)
  }

  it('fetches a file once, for however many, and knows its digest in the end', async () => {
    const media = pulled()
    const files = (await Promise.all([1, 2, 3].map(async () => await media.find(PATH)))) as PulledFile[]
    for (const bytes of await Promise.all(files.map(async file => await all(file)))) expect(bytes.equals(CONTENT)).to.equal(true)
    expect(asked.toSorted()).to.deep.equal(['a@0', 'a@1', 'a@2', 'a@3', 'a@4', 'a@5'])
    expect(located).to.equal(1)
    while (files[0]?.digest == null) await new Promise(resolve => setImmediate(resolve))
    expect(Buffer.from(files[0].digest).equals(entryOf('a').digest)).to.equal(true)
    await Promise.all(files.map(async file => await file.close()))
  })

  it('fetches what is read, and a little ahead of it', async () => {
    const file = await pulled().find(PATH) as PulledFile
    expect([...await file.read(4 * PULL_BLOCK_BYTES + 9, 3, signal)]).to.deep.equal([...CONTENT.subarray(4 * PULL_BLOCK_BYTES + 9).subarray(0, 3)])
    expect(asked.every(block => /@[45]$/.test(block)), asked.join()).to.equal(true)
    await file.close()
  })

  it('goes to another server where one is away, or has another version by now', async () => {
    contents.set('a', undefined)
    const first = await pulled(entryOf('b')).find(PATH) as PulledFile
    expect((await all(first)).equals(CONTENT)).to.equal(true)
    contents.set('a', { bytes: CONTENT, mtimeSeconds: 6 })
    const second = await pulled(entryOf('b')).find(PATH) as PulledFile
    expect((await all(second)).equals(CONTENT)).to.equal(true)
    await first.close()
    await second.close()
  })

  it('says why where nobody can give it, and has nothing where nobody has it', async () => {
    const media = pulled()
    const file = await media.find(PATH) as PulledFile
    contents.clear()
    expect((await rejection(file.read(0, 1, signal))).message).to.match(/film\.mp4 could not be fetched: a: unreachable; b: unreachable/)
    await file.close()
    holders = []
    expect(await media.find(['another'])).to.equal(undefined)
  })

  it('does not keep what is not what its server has', async () => {
    const file = await pulled().find(PATH) as PulledFile
    const right = entryOf('a')
    const forged = Buffer.from(CONTENT)
    forged[3] = 255 - (forged[3] as number)
    holders = ['a']
    contents.set('a', { bytes: forged, mtimeSeconds: 5 })
    await all(file)
    // Who forged the bytes on the way would have to forge what it says of them as well.
    contents.set('a', { bytes: CONTENT, mtimeSeconds: 5 })
    expect(entryOf('a').digest).to.deep.equal(right.digest)
    await file.close()
    while (cache.bytes > 0) await new Promise(resolve => setImmediate(resolve))
    expect(file.digest).to.equal(undefined)
  })

  it('lets a viewer leave, while others go on', async () => {
    const media = pulled()
    const [leaving, staying] = [await media.find(PATH) as PulledFile, await media.find(PATH) as PulledFile]
    const leave = new AbortController()
    const left = rejection(leaving.read(0, 1, leave.signal))
    const stayed = all(staying)
    leave.abort(new Error('gone'))
    expect((await left).message).to.equal('gone')
    expect((await stayed).equals(CONTENT)).to.equal(true)
    await leaving.close()
    await staying.close()
  })
})
