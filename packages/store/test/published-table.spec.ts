import { expect } from 'chai'
import type { PublishedRow } from '../src/index.ts'
import { bytes, journalWithJob } from './open-journal.ts'

const STAMP = { size: 5, mtimeNs: 1_700_000_000_123_456_789n, ino: 2n ** 63n }

describe('published files', () => {
  const journal = journalWithJob()
  const row = (path: string, more: Partial<PublishedRow> = {}): PublishedRow => ({ path, job: 'j1', seq: 1, stamp: STAMP, at: 7, digest: undefined, ...more })
  const paths = (): string[] => journal().published('', 99).map(({ path }) => path)

  it('are kept by path, with all 64 bits of their time and number', () => {
    journal().notePublished([row('b'), row('a/c')])
    expect(journal().published('', 99).map(found => ({ ...found }))).to.deep.equal([row('a/c'), row('b')])
    expect(journal().published('a/c', 1).map(({ path }) => path)).to.deep.equal(['b'])
  })

  it('keep their digest for as long as they are the same, and lose it when they are replaced', () => {
    journal().notePublished([row('a')])
    journal().settlePublished('a', STAMP, bytes(1))
    expect(journal().undigested('', 99)).to.deep.equal([])
    journal().notePublished([row('a', { seq: 2 })])
    expect(journal().published('', 1)[0]).to.deep.include({ seq: 2 })
    expect(journal().undigested('', 99), 'the same file').to.deep.equal([])
    journal().notePublished([row('a', { stamp: { ...STAMP, ino: 3n } })])
    expect(journal().undigested('', 99)).to.have.length(1)
  })

  it('go and move with the folder that they are in, and with no other', () => {
    journal().notePublished(['a', 'a/b', 'a/c/d', 'a-b', 'a0', 'z/b'].map(path => row(path)))
    journal().movePublished('a', 'z')
    expect(paths(), 'what was at the new place is gone').to.deep.equal(['a-b', 'a0', 'z', 'z/b', 'z/c/d'])
    journal().forgetPublished('z')
    expect(paths()).to.deep.equal(['a-b', 'a0'])
  })
})
