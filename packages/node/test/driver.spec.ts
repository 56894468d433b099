import type { Effect, Message } from '@sluice/core'
import type { TreePut } from '@sluice/store'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { Driver } from '../src/driver.ts'
import type { BookedJob } from '../src/job-book.ts'
import type { HandedOver } from '../src/protocols/offer.ts'
import { Gathered } from './gathered.ts'
import { LaneSource } from './lane-source.ts'
import { LoneNode, NEVER, type SignedMedia } from './lone-node.ts'
import { StubHost } from './protocols/stub-host.ts'
import { SignedJob, type SignedPage } from './signed-job.ts'

type ReceiptEffect = Extract<Effect, { type: 'receipt' }>

const NO_BYTES = new Uint8Array()
const NO_ROOM = 2 ** 60

describe('driver', () => {
  let node: LoneNode
  let media: SignedMedia
  let source: LaneSource
  let self: string
  let host: StubHost
  let driver: Driver
  let receipts: Gathered<ReceiptEffect>

  beforeEach(async () => {
    node = await LoneNode.open()
    self = node.signed.node.peer
    media = await node.media(5 * PIECE_BYTES, { perPage: 2 })
    source = new LaneSource(node.signed.base.peer, media)
    await source.start()
    await begin()
  })
  afterEach(async () => {
    source.stop(self)
    await driver.stop()
    node.stop()
    node.remove()
  })

  async function begin (): Promise<void> {
    host = new StubHost(self)
    source.host.meet(host)
    receipts = new Gathered()
    const { journal, jobs, store } = node
    driver = new Driver(host.components(), {
      journal,
      jobs,
      store,
      checkpoint: NEVER,
      execute: async (_job, { signed }, mediaOf) => { await ((await mediaOf(signed.value.seq)).put as TreePut).commit() },
      receipt: (_job, effect) => receipts.push(effect)
    })
    await driver.start()
  }

  function handOver (bent: Partial<HandedOver> = {}): void {
    const { put, acceptance } = media
    source.offer.handOver(self, { job: node.signed.key, jobBytes: node.signed.job.bytes, commands: [{ command: put.bytes, acceptance }], ranges: [], errand: 1, ...bent })
  }

  /** The source offers a lane and says that it holds everything. */
  function offerLane (): void {
    const bits = new Uint8Array(Math.ceil(media.pieces.length / 8))
    for (const piece of media.pieces.keys()) bits[piece >> 3] = (bits[piece >> 3] as number) | (1 << (piece & 7))
    driver.input({ type: 'connected', peer: source.host.peer })
    source.offer.send(self, { type: 'laneOffer', job: node.signed.key, rate: 1_000_000, head: 1 })
    source.offer.send(self, { type: 'bitfield', job: node.signed.key, seq: 1, bits })
  }

  async function answer (): Promise<Extract<Message, { type: 'handoverAck' }>> {
    for (let count = 1; ; count++) {
      const found = (await source.messages.first(count)).find(message => message.type === 'handoverAck')
      if (found != null) return found
    }
  }

  const told = (): string[] => receipts.items.map(({ kind, seq }) => `${kind} ${seq}`)

  it('takes a job, fetches its media, publishes it and says so', async () => {
    handOver()
    expect(await answer()).to.deep.equal({ type: 'handoverAck', job: node.signed.key, errand: 1, head: 1 })
    expect(node.journal.commands(node.signed.job.value.id)).to.have.lengthOf(1)
    offerLane()
    await receipts.first(2)
    expect(told()).to.deep.equal(['job-received 0', 'command-completed 1'])
    const total = media.pieces.reduce((sum, { length }) => sum + length, 0)
    expect(receipts.items[1]?.details.sources).to.deep.equal([[source.host.peer, total]])
    expect(driver.status(node.signed.key)).to.deep.include({ head: 1 })
    expect(driver.isBanned(source.host.peer)).to.equal(false)
    expect(driver.sentBytes(node.signed.key)).to.equal(0)
  })

  it('bans a source that gives a wrong piece', async () => {
    source.pieceOf = piece => new Uint8Array((media.pieces[piece] as Uint8Array).length)
    handOver()
    offerLane()
    expect(await host.hungUp.first(1)).to.include(source.host.peer)
    expect(driver.isBanned(source.host.peer)).to.equal(true)
    expect(told()).to.deep.equal(['job-received 0'])
  })

  it('fails a command whose provider signed two versions of a page', async () => {
    const other = await node.signed.page(media.put, { hashes: new Uint8Array(32) })
    const [first] = media.pages as [SignedPage]
    handOver()
    await answer()
    await driver.intake.storePage(node.signed.key, 1, first.page.bytes, NO_BYTES)
    source.pageOf = () => ({ page: other, seal: undefined })
    offerLane()
    source.chunk.send(self, node.signed.key, 1, 0)
    await receipts.first(2)
    expect(receipts.items[1]).to.deep.include({ kind: 'command-failed', seq: 1 })
    expect(receipts.items[1]?.details.reason).to.equal('diverged: page 0 has two versions')
    // He who passed it on is not banned, though his stream is given up.
    await host.hungUp.first(1)
    expect(driver.isBanned(source.host.peer)).to.equal(false)
  })

  it('fails a command that there is no room for, before the first byte', async () => {
    await driver.stop()
    await node.fill(NO_ROOM)
    await begin()
    source.stop(self)
    handOver()
    await receipts.first(2)
    expect(told()).to.deep.equal(['job-received 0', 'command-failed 1'])
    expect(receipts.items[1]?.details.reason).to.match(/free some space/)
    expect(source.requests.items).to.deep.equal([])
  })

  it('discards what is staged of a job that is closed', async () => {
    source.gives = piece => piece < 2
    handOver()
    offerLane()
    await source.requests.first(3)
    await driver.intake.media(node.jobs.get(node.signed.key) as BookedJob, 1)
    expect(await node.store.staged()).to.have.lengthOf(1)
    await driver.closeJob(node.signed.key)
    expect(await node.store.staged()).to.deep.equal([])
    expect(node.jobs.get(node.signed.key)).to.equal(undefined)
    expect(driver.status(node.signed.key)).to.equal(undefined)
    expect(await node.jobs.restore(Date.now())).to.deep.equal([])
    // A second time, nothing is left to do.
    await driver.closeJob(node.signed.key)
  })

  it('goes on after a restart with what was durable', async () => {
    const stored = new Gathered<number>()
    source.gives = piece => piece % 2 === 0
    handOver()
    const take = driver.intake.storePiece.bind(driver.intake)
    driver.intake.storePiece = async (from, job, seq, piece, bytes) => { await take(from, job, seq, piece, bytes); stored.push(piece) }
    offerLane()
    await stored.first(3)
    const held = [...stored.items]
    await driver.stop()
    node.stop()
    source.stop(self)
    await node.start()
    await begin()
    for (const job of await node.jobs.restore(Date.now())) driver.restore(job)
    expect(driver.status(node.signed.key)?.head).to.equal(1)
    const before = source.requests.items.length
    source.gives = () => true
    offerLane()
    await receipts.first(1)
    // The job was received before: only what is new is said.
    expect(told()).to.deep.equal(['command-completed 1'])
    const again = source.requests.items.slice(before).map(({ chunk }) => chunk)
    expect(again.filter(chunk => held.includes(chunk))).to.deep.equal([])
  })

  it('tells a failed effect', async () => {
    await driver.stop()
    const job = await node.book(media)
    await begin()
    driver.restore(job)
    for (const { page, seal } of media.pages) await driver.intake.storePage(job.key, 1, page.bytes, seal?.bytes ?? NO_BYTES)
    const { put } = await driver.intake.media(job, 1)
    ;(put as TreePut).commit = async () => { throw new Error('the disk is gone') }
    for (const [piece, bytes] of media.pieces.entries()) await driver.intake.storePiece('a', job.key, 1, piece, bytes)
    await receipts.first(1)
    expect(told()).to.deep.equal(['command-failed 1'])
    expect(receipts.items[0]?.details.reason).to.equal('the disk is gone')
    expect(node.journal.outcome(job.signed.value.id, 1)?.state).to.equal('in-progress')
  })

  it('gives up the streams of a peer that is gone', async () => {
    handOver()
    await answer()
    host.dispatchEvent(new CustomEvent('peer:disconnect', { detail: source.host.peerId }))
    expect(host.opened.map(({ status }) => status)).to.deep.equal(['aborted'])
  })

  describe('refuses', () => {
    const refusal = async (): Promise<string | undefined> => (await answer()).refused

    it('commands of a job that it was not given', async () => {
      handOver({ jobBytes: undefined })
      expect(await refusal()).to.equal('job unknown')
    })

    it('a job under another name', async () => {
      handOver({ job: 'ab'.repeat(32) })
      expect(await refusal()).to.equal('the job is not the one that was announced')
    })

    it('a job that somebody else signed', async () => {
      handOver({ jobBytes: media.put.bytes })
      expect(await refusal()).to.match(/cannot be opened/)
      expect([...node.jobs]).to.deep.equal([])
    })

    it('a command that its provider did not sign', async () => {
      handOver({ commands: [{ command: node.signed.job.bytes, acceptance: media.acceptance }] })
      expect(await refusal()).to.match(/cannot be opened/)
    })

    it('a job whose list it is not on', async () => {
      const other = await SignedJob.open({ job: { servers: [] } })
      handOver({ job: other.key, jobBytes: other.job.bytes, commands: [] })
      expect(await refusal()).to.equal('this server is not on the list')
      expect(receipts.items).to.deep.equal([])
    })

    // addJob() has made it durable by then; after a restart the core stops the process over it, and so after every restart.
    it('a job whose list it is not on, and keeps nothing of it', async () => {
      const other = await SignedJob.open({ job: { servers: [] } })
      handOver({ job: other.key, jobBytes: other.job.bytes, commands: [] })
      await refusal()
      expect(node.jobs.get(other.key)).to.equal(undefined)
      expect(node.journal.openJobs()).to.deep.equal([])
      // The second time it is refused as well.
      handOver({ job: other.key, jobBytes: other.job.bytes, commands: [], errand: 2 })
      const acks = (await source.messages.first(2)).filter(message => message.type === 'handoverAck')
      expect(acks.map(({ refused }) => refused)).to.deep.equal(['this server is not on the list', 'this server is not on the list'])
    })
  })

  it('takes nothing more once it is stopped', async () => {
    const job: BookedJob = await node.book(media)
    await driver.stop()
    driver.jobAdded(job, [])
    expect(driver.status(job.key)).to.equal(undefined)
    expect(receipts.items).to.deep.equal([])
  })
})
