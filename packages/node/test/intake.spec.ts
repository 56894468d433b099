import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Input, Peer, Prng } from '@sluice/core'
import { PAGE_PIECES, PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { Intake } from '../src/intake.ts'
import { type BookedJob, commandInfo, jobInfo } from '../src/job-book.ts'
import { silent } from '../src/log.ts'
import { MAX_EARLY_PIECES } from '../src/page-asks.ts'
import { PageError } from '../src/page-book.ts'
import { Gathered } from './gathered.ts'
import { LoneNode, NEVER, type SignedMedia } from './lone-node.ts'
import { rejection } from './rejection.ts'
import type { SignedPage } from './signed-job.ts'

const NO_BYTES = new Uint8Array()
/** How long a piece waits for its page here, before that is asked for anew. */
const PATIENCE_MS = 20
/** More than any disk has. */
const NO_ROOM = 2 ** 60

describe('intake', () => {
  let node: LoneNode
  let media: SignedMedia
  let job: BookedJob
  let intake: Intake
  let peer: Peer
  let inputs: Input[]
  let acknowledged: string[]
  let wanted: Gathered<string>
  let durable: Uint8Array[]

  beforeEach(async () => {
    node = await LoneNode.open()
    media = await node.media(3 * PIECE_BYTES, { perPage: 2 })
    job = await node.book(media)
    begin()
  })
  afterEach(async () => {
    await intake.stop()
    node.stop()
    node.remove()
  })

  /** An intake whose inputs the core handles, and whose effects nobody performs. */
  function begin (commandPatienceMs = PATIENCE_MS): void {
    peer = new Peer({ self: node.signed.node.peer, prng: Prng.fromText('intake') })
    inputs = []
    acknowledged = []
    wanted = new Gathered()
    durable = []
    const input = (it: Input): void => {
      inputs.push(it)
      peer.handle(it, 0)
    }
    const { journal, jobs, store } = node
    intake = new Intake({ journal, jobs, store, checkpoint: NEVER, log: silent, peer, input, acknowledge: source => acknowledged.push(source), wantPage: (source, _job, seq, piece) => wanted.push(`${source} ${seq}/${piece}`), pagePatienceMs: PATIENCE_MS, commandPatienceMs, onDurable: (_job, _seq, pieces) => durable.push(pieces) })
    input({ type: 'jobAdded', job: jobInfo(job), ranges: [], restored: false })
    for (const command of job.commands) input({ type: 'commandAdded', job: job.key, command: commandInfo(job, command) })
    inputs.length = 0
  }

  async function storePages (): Promise<void> {
    for (const { page, seal } of media.pages) await intake.storePage(job.key, 1, page.bytes, seal?.bytes ?? NO_BYTES)
  }

  const piece = (number: number): Uint8Array => media.pieces[number] as Uint8Array

  it('tells the core of pieces once they are written, and of the end', async () => {
    await storePages()
    expect(inputs).to.deep.equal([{ type: 'mediaClosed', job: job.key, seq: 1, pieces: media.pieces.length, gaps: [] }])
    await intake.storePiece('a', job.key, 1, 0, piece(0))
    await intake.storePiece(undefined, job.key, 1, 1, piece(1))
    expect(inputs.slice(1)).to.deep.equal([
      { type: 'pieceStored', job: job.key, seq: 1, piece: 0, bytes: piece(0).length, from: 'a' },
      { type: 'pieceStored', job: job.key, seq: 1, piece: 1, bytes: piece(1).length, from: undefined }
    ])
    expect(Buffer.compare(await intake.read(job.key, 1, 1), piece(1))).to.equal(0)
    // The core acknowledges what it hears of.
    expect(acknowledged).to.deep.equal([])
  })

  it('tells the core of a piece that came twice each time: its source waits for it', async () => {
    await storePages()
    for (const from of ['a', 'b']) await intake.storePiece(from, job.key, 1, 0, piece(0))
    expect(inputs.slice(1).map(input => input.type)).to.deep.equal(['pieceStored', 'pieceStored'])
  })

  it('does not tell of a page twice', async () => {
    await storePages()
    await storePages()
    expect(inputs).to.have.lengthOf(1)
  })

  it('rejects a piece that does not match', async () => {
    await storePages()
    await intake.storePiece('a', job.key, 1, 0, new Uint8Array(piece(0).length))
    expect(inputs.slice(1)).to.deep.equal([{ type: 'pieceRejected', job: job.key, seq: 1, piece: 0, from: 'a', reason: 'does not match its hash' }])
    expect((await rejection(intake.storePiece(undefined, job.key, 1, 0, new Uint8Array(piece(0).length)))).message).to.equal('piece 0 does not match its hash')
    expect(inputs.some(input => input.type === 'pieceStored')).to.equal(false)
  })

  it('passes over a piece whose page does not come: that may be nobody\'s fault', async () => {
    await intake.storePiece('a', job.key, 1, 0, piece(0))
    await storePages()
    await intake.storePiece('a', job.key, 1, 99, piece(0))
    expect(inputs.map(({ type }) => type)).to.deep.equal(['mediaClosed'])
    expect(acknowledged).to.deep.equal(['a', 'a'])
    expect(wanted.items).to.deep.equal(['a 1/0'])
    expect((await rejection(intake.storePiece(undefined, job.key, 1, 99, piece(0)))).message).to.equal('piece 99 its page has not come')
  })

  it('asks one source for a page, and another if that one is lost', () => {
    expect(intake.asksPage('a', job.key, 1, 0)).to.equal(true)
    expect(intake.asksPage('b', job.key, 1, 1), 'of the same page').to.equal(false)
    expect(intake.asksPage('a', job.key, 1, 0)).to.equal(false)
    intake.lost('b')
    expect(intake.asksPage('b', job.key, 1, 1)).to.equal(false)
    intake.lost('a')
    expect(intake.asksPage('b', job.key, 1, 1)).to.equal(true)
  })

  it('does not ask for a page that is here', async () => {
    await storePages()
    expect(intake.asksPage('a', job.key, 1, 0)).to.equal(false)
  })

  it('asks for the next page with a chunk, or with what the base gives away, of one source', async () => {
    const long = await node.media((PAGE_PIECES + 1) * PIECE_BYTES)
    await node.jobs.addCommand(job, long.put.bytes, long.acceptance)
    expect(intake.pagesToAsk('a', job.key, 2, 0)).to.deep.equal([0, PAGE_PIECES])
    expect(intake.pagesToAsk('b', job.key, 2, 1)).to.deep.equal([])
    expect(intake.pagesToAsk('b', job.key, 2, PAGE_PIECES), 'and no page behind the last').to.deep.equal([])
    intake.lost('a')
    const [first] = long.pages as [SignedPage]
    await intake.storePage(job.key, 2, first.page.bytes, NO_BYTES)
    await intake.storePiece('b', job.key, 2, 0, long.pieces[0] as Uint8Array)
    expect(wanted.items, 'who was asked for a chunk was asked for its pages').to.deep.equal([])
    await intake.storePiece(node.signed.base.peer, job.key, 2, 1, long.pieces[1] as Uint8Array)
    await intake.storePiece(node.signed.base.peer, job.key, 2, 2, long.pieces[2] as Uint8Array)
    expect(wanted.items).to.deep.equal([`${node.signed.base.peer} 2/${PAGE_PIECES}`])
  })

  it('lets a piece that is ahead of its page wait for it, and asks its source if no other was asked', async () => {
    const storing = intake.storePiece('b', job.key, 1, 0, piece(0))
    expect(await wanted.first(1)).to.deep.equal(['b 1/0'])
    await storePages()
    await storing
    expect(inputs.filter(({ type }) => type === 'pieceStored')).to.deep.equal([{ type: 'pieceStored', job: job.key, seq: 1, piece: 0, bytes: piece(0).length, from: 'b' }])
    expect(acknowledged).to.deep.equal([])
  })

  it('lets a page and a piece that are ahead of their command wait for it', async () => {
    await intake.stop()
    begin(60_000)
    const next = await node.media(PIECE_BYTES)
    const [first] = next.pages
    const page = intake.storePage(job.key, 2, first?.page.bytes as Uint8Array, first?.seal?.bytes ?? NO_BYTES)
    const storing = intake.storePiece('a', job.key, 2, 0, next.pieces[0] as Uint8Array)
    const booked = await node.jobs.addCommand(job, next.put.bytes, next.acceptance)
    peer.handle({ type: 'commandAdded', job: job.key, command: commandInfo(job, booked as NonNullable<typeof booked>) }, 0)
    await intake.media(job, 2)
    await Promise.all([page, storing])
    expect(inputs.map(({ type }) => type)).to.include('pieceStored')
    expect(acknowledged).to.deep.equal([])
  })

  it('does not let more pieces wait for pages than it has memory for', async () => {
    const waiting = Array.from({ length: MAX_EARLY_PIECES }, (_, number) => intake.storePiece('a', job.key, 1, number, piece(0)))
    await intake.storePiece('b', job.key, 1, 0, piece(0))
    expect(acknowledged, 'passed over, and so not in its window any more').to.deep.equal(['b'])
    await Promise.all(waiting)
    expect(acknowledged).to.have.lengthOf(1 + MAX_EARLY_PIECES)
  })

  it('fails a put whose provider signed two versions of a page', async () => {
    const [first] = media.pages
    await intake.storePage(job.key, 1, first?.page.bytes as Uint8Array, NO_BYTES)
    const other = await node.signed.page(media.put, { hashes: new Uint8Array(32) })
    expect(await rejection(intake.storePage(job.key, 1, other.bytes, NO_BYTES))).to.be.instanceOf(PageError)
    expect(inputs).to.deep.equal([{ type: 'mediaFailed', job: job.key, seq: 1, reason: 'diverged: page 0 has two versions' }])
  })

  it('does not blame the put for a page that somebody else signed', async () => {
    const forged = await node.signed.page(media.put, { hashes: new Uint8Array(32) }, node.signed.node)
    await rejection(intake.storePage(job.key, 1, forged.bytes, NO_BYTES))
    expect(inputs).to.deep.equal([])
  })

  it('passes over what belongs to no job, and gives its source room', async () => {
    await intake.storePage('00', 1, NO_BYTES, NO_BYTES)
    await intake.storePage(job.key, 2, NO_BYTES, NO_BYTES)
    await intake.storePiece('a', '00', 1, 0, piece(0))
    await intake.storePiece(undefined, '00', 1, 0, piece(0))
    expect(acknowledged).to.deep.equal(['a'])
    expect(inputs).to.deep.equal([])
    await rejection(intake.read('00', 1, 0))
    await rejection(intake.media(job, 2))
  })

  it('fails a put that there is no room for', async () => {
    await node.fill(NO_ROOM)
    begin()
    await storePages()
    await intake.storePiece('a', job.key, 1, 0, piece(0))
    expect(inputs.at(-1)).to.deep.include({ type: 'mediaFailed', job: job.key, seq: 1 })
    expect((inputs.at(-1) as { reason: string }).reason).to.match(/free some space/)
    expect(acknowledged).to.deep.equal(['a'])
    expect((await rejection(intake.storePiece(undefined, job.key, 1, 0, piece(0)))).message).to.match(/free some space/)
  })

  it('goes on after a restart with what a checkpoint names', async () => {
    await storePages()
    for (const number of [0, 2]) await intake.storePiece('a', job.key, 1, number, piece(number))
    await intake.stop()
    expect(durable).to.have.lengthOf(1)
    node.stop()
    await node.start()
    job = (await node.jobs.restore(Date.now()))[0] as BookedJob
    begin()
    const { put } = await intake.media(job, 1)
    expect([0, 1, 2, 3].map(number => put.has(number))).to.deep.equal([true, false, true, false])
    expect(Buffer.compare(await intake.read(job.key, 1, 2), piece(2))).to.equal(0)
    expect(node.journal.progress(job.signed.value.id, 1)?.sources).to.deep.equal({ a: piece(0).length + piece(2).length })
  })

  /** Flip a byte of a piece where it lies: the only place of the disk that has it. */
  function rot (number: number): void {
    const sought = Buffer.from(piece(number).subarray(-64))
    let found = 0
    for (const name of readdirSync(node.mediaRoot, { recursive: true, encoding: 'utf8' })) {
      const path = join(node.mediaRoot, name)
      if (!statSync(path).isFile()) continue
      const bytes = readFileSync(path)
      const at = bytes.indexOf(sought)
      if (at < 0) continue
      bytes[at] = (bytes[at] as number) ^ 1
      writeFileSync(path, bytes)
      found++
    }
    expect(found).to.equal(1)
  }

  it('gives out no piece that the disk gives back wrong, and takes it anew', async () => {
    await storePages()
    for (const number of [0, 1, 2]) await intake.storePiece('a', job.key, 1, number, piece(number))
    rot(1)
    inputs.length = 0
    expect((await rejection(intake.read(job.key, 1, 1))).message).to.match(/does not match its hash/)
    expect(inputs).to.deep.equal([{ type: 'pieceLost', job: job.key, seq: 1, piece: 1 }])
    const { put } = await intake.media(job, 1)
    expect(put.has(1)).to.equal(false)
    await intake.storePiece('b', job.key, 1, 1, piece(1))
    expect(Buffer.compare(await intake.read(job.key, 1, 1), piece(1))).to.equal(0)
  })

  it('sends what has just come from memory, until the disk is found to have lost it', async () => {
    await storePages()
    await intake.storePiece('a', job.key, 1, 2, piece(2))
    rot(2)
    expect(Buffer.compare(await intake.readToSend(job.key, 1, 2), piece(2))).to.equal(0)
    await rejection(intake.read(job.key, 1, 2))
    await rejection(intake.readToSend(job.key, 1, 2))
    await intake.storePiece('a', job.key, 1, 2, piece(2))
    expect(Buffer.compare(await intake.readToSend(job.key, 1, 2), piece(2))).to.equal(0)
  })

  it('proves what a restart has restored, and forgets what rotted meanwhile', async () => {
    await storePages()
    for (const number of [0, 1, 2]) await intake.storePiece('a', job.key, 1, number, piece(number))
    await intake.stop()
    rot(2)
    node.stop()
    await node.start()
    job = (await node.jobs.restore(Date.now()))[0] as BookedJob
    begin()
    expect(await intake.prove(job, 1)).to.equal(false)
    expect(inputs).to.deep.equal([{ type: 'pieceLost', job: job.key, seq: 1, piece: 2 }])
    expect(await intake.prove(job, 1), 'as long as it is not here again').to.equal(false)
    await intake.storePiece('b', job.key, 1, 2, piece(2))
    expect(await intake.prove(job, 1)).to.equal(true)
  })

  it('discards what is staged of a job that nobody asks for', async () => {
    await storePages()
    await intake.storePiece('a', job.key, 1, 0, piece(0))
    expect(await node.store.staged()).to.have.lengthOf(1)
    await intake.discard(job)
    expect(await node.store.staged()).to.deep.equal([])
  })

  it('discards what nobody has opened since a restart, too', async () => {
    await storePages()
    await intake.storePiece('a', job.key, 1, 0, piece(0))
    await intake.stop()
    node.stop()
    await node.start()
    job = (await node.jobs.restore(Date.now()))[0] as BookedJob
    begin()
    expect(await node.store.staged()).to.have.lengthOf(1)
    await intake.discard(job)
    expect(await node.store.staged()).to.deep.equal([])
  })
})
