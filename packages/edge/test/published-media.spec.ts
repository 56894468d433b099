import { linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MediaTree } from '@sluice/store'
import { sha256, toHex } from '@sluice/wire'
import { expect } from 'chai'
import type { Medium } from '../src/medium.ts'
import { PublishedMedia } from '../src/published-media.ts'
import { temporaryFolder } from './temporary-folder.ts'

const LARGE = Buffer.alloc(20 * 1024 * 1024, 7)
const SIGNAL = new AbortController().signal

describe('published media', () => {
  const folder = temporaryFolder()
  let media: PublishedMedia
  beforeEach(async () => {
    mkdirSync(join(folder(), '.sluice'))
    writeFileSync(join(folder(), 'small'), 'small')
    writeFileSync(join(folder(), 'large'), LARGE)
    media = new PublishedMedia(await MediaTree.open(folder()))
  })
  const opened = async <T> (name: string, work: (medium: Medium) => Promise<T>): Promise<T> => {
    const medium = await media.open([name]) as Medium
    return await work(medium).finally(async () => await medium.close())
  }

  it('hashes a small file at once', async () => {
    expect(await opened('small', async medium => await medium.digest(false))).to.equal(toHex(sha256(Buffer.from('small'))))
  })

  it('does not keep the first viewer of a large file waiting for its hash, unless the request depends on it', async () => {
    expect(await opened('large', async medium => await medium.digest(false))).to.equal(undefined)
    // What changed a moment ago is not remembered, since it may change again within one tick of the file system's clock.
    let digest: string | undefined
    while (digest == null) digest = await opened('large', async medium => await medium.digest(true))
    expect(digest).to.equal(toHex(sha256(LARGE)))
    expect(await opened('large', async medium => await medium.digest(false)), 'from then on it is known').to.equal(digest)
  })

  it('serves a file that is touched while it is hashed', async () => {
    await opened('small', async medium => {
      const hashing = medium.digest(false)
      linkSync(join(folder(), 'small'), join(folder(), 'another name'))
      unlinkSync(join(folder(), 'another name'))
      expect(await hashing).to.be.oneOf([toHex(sha256(Buffer.from('small'))), undefined])
    })
  })

  it('reads no further than the file was long when it was opened', async () => {
    await opened('small', async medium => {
      writeFileSync(join(folder(), 'small'), 'and more', { flag: 'a' })
      expect(Buffer.from(await medium.read(2, 100, SIGNAL)).toString()).to.equal('all')
      expect([medium.size, medium.heldUntil(2), medium.arriving]).to.deep.equal([5, 5, false])
    })
  })

  it('has neither folders nor what is not there', async () => {
    mkdirSync(join(folder(), 'folder'))
    for (const path of [['folder'], ['none'], ['none', 'x'], ['small', 'x'], []]) expect(await media.open(path), path.join('/')).to.equal(undefined)
  })
})
