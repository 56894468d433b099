import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Entry, EntryType, PIECE_BYTES, sha256 } from '@sluice/wire'
import { expect } from 'chai'
import { heldMedia } from '../src/held-media.ts'
import { temporaryFolder } from './temporary-folder.ts'

const SHAPE = { job: 'j0000000000000000', seq: 1, destination: ['vod'], single: false, pieces: 1, manifestBytes: 1, bytes: 0 }

describe('held media', () => {
  const folder = temporaryFolder()
  const CONTENT = Buffer.alloc(2 * 1024 * 1024 + PIECE_BYTES + 5, 'held')
  const entry = (more: Partial<Entry> = {}): Entry => ({ path: ['new.bin'], type: EntryType.FILE, size: CONTENT.length, digest: sha256(CONTENT), target: ['old', 'was.bin'], ...more })
  const read = async (held: Entry): Promise<string> => {
    const parts: Uint8Array[] = []
    try {
      for await (const bytes of heldMedia(folder(), SHAPE, held)) parts.push(bytes)
    } catch (error) {
      return (error as Error).message
    }
    return Buffer.concat(parts).equals(CONTENT) ? 'the content' : 'something else'
  }
  beforeEach(() => {
    mkdirSync(join(folder(), 'vod/old'), { recursive: true })
    writeFileSync(join(folder(), 'vod/old/was.bin'), CONTENT)
  })

  it('gives the bytes that the digest names', async () => {
    expect(await read(entry())).to.equal('the content')
    expect(statSync(join(folder(), 'vod/old/was.bin')).size).to.equal(readFileSync(join(folder(), 'vod/old/was.bin')).length)
  })

  it('says so where they are not there, or are others', async () => {
    expect(await read(entry({ target: ['old', 'gone.bin'] }))).to.match(/\/vod\/old\/gone\.bin is gone/)
    expect(await read(entry({ target: ['old'] }))).to.match(/is not what it was/)
    expect(await read(entry({ size: 5 }))).to.match(/is not what it was/)
    const other = Buffer.from(CONTENT)
    other[7] = 0
    writeFileSync(join(folder(), 'vod/old/was.bin'), other)
    expect(await read(entry())).to.match(/has other content by now, and another file was to be made of it: publish that one again/)
  })
})
