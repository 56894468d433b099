import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, MediaTree, notePublication, openJournal, TreeStore } from '@sluice/store'
import { Entry } from '@sluice/wire'
import { expect } from 'chai'
import { silent } from '../src/log.ts'
import { PublishedScrub } from '../src/published-scrub.ts'
import type { RemoteFile } from '../src/remote-media.ts'

const FILE = ['vod', 'film.bin']
const FAST = 1e12
// Whole seconds: what utimes() sets is then exactly what was.
const TIME = new Date(1_700_000_000_000)

describe('PublishedScrub', () => {
  let root: string
  let journal: Journal
  let tree: MediaTree
  /** What others have. */
  let others: Map<string, Uint8Array>
  let present: boolean

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'sluice-scrub-'))
    journal = openJournal(join(root, 'journal.sqlite'))
    await TreeStore.open(root)
    tree = await MediaTree.open(root)
    others = new Map()
    present = true
    await mkdir(join(root, 'vod'))
    await write('as it was')
    await note()
  })
  afterEach(() => {
    journal.close()
    rmSync(root, { recursive: true })
  })

  const path = (): string => join(root, ...FILE)
  const note = async (): Promise<void> => await notePublication(root, journal, { job: 'j1', seq: 1, at: 5 }, [FILE])
  const content = async (): Promise<string> => await readFile(path(), 'utf8')
  const digest = (): Uint8Array | undefined => journal.published('', 1)[0]?.digest

  async function write (text: string, time = TIME): Promise<void> {
    await writeFile(path(), text)
    await utimes(path(), time, time)
  }

  function scrub (rate = FAST): PublishedScrub {
    const holder = async (node: string): Promise<{ node: string, entry: Uint8Array }> => ({ node, entry: Entry.encode({ ...(await tree.stat(FILE, false)), size: others.get(node)?.length ?? 0 }) })
    return new PublishedScrub({
      journal,
      tree,
      self: 'me',
      locate: async () => await Promise.all([...others.keys()].map(holder)) as never,
      media: node => ({ get: async () => ({ bytes: (async function * () { yield others.get(node) as Uint8Array; return new Uint8Array() })() }) as unknown as RemoteFile }),
      present: async () => { if (!present) throw new Error('no disk') },
      log: silent,
      rate,
      signal: new AbortController().signal
    })
  }

  it('takes the digest of what is new, and finds it again', async () => {
    expect(digest()).to.equal(undefined)
    await scrub().digestNew()
    expect(digest()).to.have.length(32)
    const again = scrub()
    await again.run()
    expect(again.rot).to.deep.equal({ mended: 0, unmended: 0 })
  })

  it('fetches what has rotted from whoever has it as it was, with its time', async () => {
    await scrub().digestNew()
    await write('as it wax')
    others.set('me', Buffer.from('as it was')).set('longer', Buffer.from('as it was not')).set('rotten', Buffer.from('as it waz')).set('good', Buffer.from('as it was'))
    const scrubbing = scrub()
    await scrubbing.run()
    expect(scrubbing.rot).to.deep.equal({ mended: 1, unmended: 0 })
    expect(await content()).to.equal('as it was')
    expect((await stat(path())).mtime).to.deep.equal(TIME)
    await scrubbing.run()
    expect(scrubbing.rot).to.deep.equal({ mended: 1, unmended: 0 })
  })

  it('says so where nobody has it, and leaves it as it is', async () => {
    await scrub().digestNew()
    await write('as it wax')
    others.set('rotten', Buffer.from('as it waz'))
    const scrubbing = scrub()
    await scrubbing.run()
    expect(scrubbing.rot).to.deep.equal({ mended: 0, unmended: 1 })
    expect(await content()).to.equal('as it wax')
  })

  it('takes nothing for rot that somebody has done: another time, another file, none', async () => {
    await scrub().digestNew()
    const before = digest()
    await write('as it wax', new Date(TIME.getTime() + 1_000))
    const scrubbing = scrub()
    await scrubbing.run()
    expect(digest(), 'written in place: looked after as it is now').to.not.deep.equal(before)
    // By another file of another time, as a later publication does it.
    await writeFile(join(root, 'other'), 'something')
    await rename(join(root, 'other'), path())
    await scrubbing.run()
    expect(journal.published('', 1), 'replaced').to.deep.equal([])
    await note()
    await rm(path())
    present = false
    await scrubbing.run()
    expect(journal.published('', 1), 'an unmounted disk').to.have.length(1)
    present = true
    await scrubbing.run()
    expect(journal.published('', 1), 'removed').to.deep.equal([])
    expect(scrubbing.rot).to.deep.equal({ mended: 0, unmended: 0 })
  })

  it('goes by what was published last, and not by what it was about to look at', async () => {
    await mkdir(join(root, 'a'))
    await writeFile(join(root, 'a', 'first'), 'x')
    await notePublication(root, journal, { job: 'j1', seq: 2, at: 6 }, [['a', 'first']])
    const read = tree.read.bind(tree)
    // While the first of the page is read, the second is replaced by a newer publication.
    tree.read = async path => {
      if (path[0] === 'a') {
        await writeFile(join(root, 'other'), 'something newer')
        await rename(join(root, 'other'), join(root, ...FILE))
        await notePublication(root, journal, { job: 'j2', seq: 1, at: 7 }, [FILE])
      }
      return await read(path)
    }
    await scrub().run()
    expect(journal.publishedAt(FILE.join('/'))).to.deep.include({ job: 'j2' })
  })

  it('reads nothing where scrubbing is turned off', async () => {
    await scrub(0).digestNew()
    await scrub(0).run()
    expect(digest()).to.equal(undefined)
  })
})
