import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import type { BookedJob } from '../src/job-book.ts'
import { MAX_WISHES, PageDesk } from '../src/page-desk.ts'
import { LoneNode, type SignedMedia } from './lone-node.ts'

const NO_BYTES = new Uint8Array()

describe('page-desk', () => {
  let node: LoneNode
  let media: SignedMedia
  let open: SignedMedia
  let job: BookedJob
  let desk: PageDesk
  /** `to seq/page`, as they were sent. */
  let sent: string[]
  /** `peer seq/page`, that go with no piece. */
  let held: string[]
  let base: string

  beforeEach(async () => {
    node = await LoneNode.open()
    media = await node.media(6 * PIECE_BYTES, { perPage: 2 })
    open = await node.media(6 * PIECE_BYTES, { perPage: 2, bent: { pieces: undefined, bytes: undefined } })
    job = await node.book(media, open)
    base = node.signed.base.peer
    sent = []
    held = []
    desk = new PageDesk({
      jobs: node.jobs,
      send: (to, _job, seq, pages) => { for (const { number } of pages) sent.push(`${to} ${seq}/${number}`) },
      held: (peer, _job, seq, page) => held.push(`${peer} ${seq}/${page}`)
    })
  })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  async function add (number: number, { pages } = media, seq = 1): Promise<void> {
    const { page, seal } = pages[number] as SignedMedia['pages'][number]
    await node.jobs.addPage(job, seq, page.bytes, seal?.bytes ?? NO_BYTES)
    desk.came(job.key, seq)
  }

  it('sends a page that is here at once, and one that is not when it comes, once', async () => {
    await add(0)
    for (const piece of [1, 2, 3, 2]) desk.wanted(base, job.key, 1, { piece })
    expect(sent).to.deep.equal([`${base} 1/0`])
    await add(2)
    expect(sent, 'another one came').to.have.lengthOf(1)
    await add(1)
    expect(sent.slice(1), 'asked for by two of its pieces').to.deep.equal([`${base} 1/1`, `${base} 1/1`])
    desk.came(job.key, 1)
    expect(sent).to.have.lengthOf(3)
  })

  it('keeps nothing for strangers, behind the end of a put, or of one without a known end', async () => {
    desk.wanted('stranger', job.key, 1, { piece: 0 })
    desk.wanted(base, job.key, 1, { piece: media.pieces.length })
    desk.wanted(base, job.key, 2, { piece: 0 })
    for (const number of media.pages.keys()) await add(number)
    await add(0, open, 2)
    expect(sent).to.deep.equal([])
  })

  it('keeps so many wishes of one peer, and those of others beside them', async () => {
    const put = await node.media((MAX_WISHES + 2) * PIECE_BYTES, { perPage: 1 })
    await node.jobs.addCommand(job, put.put.bytes, put.acceptance)
    for (let piece = 0; piece <= MAX_WISHES; piece++) desk.wanted(base, job.key, 3, { piece })
    desk.wanted(node.signed.node.peer, job.key, 3, { piece: MAX_WISHES })
    await add(MAX_WISHES - 1, put, 3)
    await add(MAX_WISHES, put, 3)
    expect(sent).to.deep.equal([`${base} 3/${MAX_WISHES - 1}`, `${node.signed.node.peer} 3/${MAX_WISHES}`])
  })

  it('forgets whom it has lost, and what is closed', async () => {
    desk.wanted(base, job.key, 1, { piece: 0 })
    desk.lost(base)
    await add(0)
    desk.wanted(base, job.key, 1, { piece: 2 })
    desk.drop(job.key)
    await add(1)
    expect(sent).to.deep.equal([])
  })

  it('takes whoever names a chunk to have its page and to see to the next, if the put has a known end', async () => {
    desk.held('a', job.key, 1, 0)
    expect(held, 'nobody knows yet which page that is').to.deep.equal([])
    await add(0)
    await add(0, open, 2)
    desk.held('a', job.key, 1, 1)
    desk.held('a', job.key, 2, 1)
    expect(held).to.deep.equal(['a 1/0', 'a 1/1', 'a 2/0'])
  })

  it('sends all pages from a number on to who asks for them alone', async () => {
    await add(1)
    await add(2)
    desk.wanted(base, job.key, 1, { from: 1 })
    expect(sent).to.deep.equal([`${base} 1/1`, `${base} 1/2`])
  })
})
