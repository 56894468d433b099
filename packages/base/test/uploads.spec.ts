import type { BookedJob, Upload } from '@sluice/node'
import { Bitmap } from '@sluice/store'
import { type ctp, open, PIECE_BYTES, sameBytes, sha256, sign, type Signed, Visibility } from '@sluice/wire'
import { expect } from 'chai'
import { Uploads } from '../src/uploads.ts'
import { Desk, EPOCH, type SignedPut } from './desk.ts'
import { identity } from './identity.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const NO_BYTES = new Uint8Array()

describe('Uploads', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let uploads: Uploads
  let job: BookedJob
  let accepted: number[]
  let full: boolean

  beforeEach(async () => {
    desk = await Desk.open(folder())
    accepted = []
    full = false
    uploads = new Uploads({ key: desk.base.key, epoch: EPOCH, journal: desk.journal, jobs: desk.jobs, driver: () => desk.asDriver, reserve: async () => { if (full) throw new Error('no room') }, onAccepted: (_job, seq) => accepted.push(seq) })
    desk.onDurable = (key, seq, pieces) => uploads.durable(key, seq, pieces)
    job = await desk.job()
  })
  afterEach(() => desk.close())

  /** A ctp stream of the provider, and what it was told. */
  function stream (peer = desk.provider.peer): { upload: Upload, replies: ctp.CtpReply[], submit: (command: Signed<'command'>) => Promise<void> } {
    const replies: ctp.CtpReply[] = []
    const upload = uploads.begin(peer, reply => replies.push(reply))
    return { upload, replies, submit: command => upload.command({ job: job.signed.value.id, command: command.bytes }) }
  }

  const acceptances = (replies: ctp.CtpReply[]): Uint8Array[] => replies.flatMap(({ accepted }) => accepted == null ? [] : [accepted])
  const seals = (replies: ctp.CtpReply[]): Uint8Array[] => replies.flatMap(({ sealed }) => sealed == null ? [] : [sealed])
  const ranges = (replies: ctp.CtpReply[]): Array<Array<[number, number]>> => replies.flatMap(({ durable }) => durable == null ? [] : [durable.ranges.map(({ first, end }): [number, number] => [first, end])])

  it('are interrupted where the disk has lost what was sent: who resumes hears what is durable, and sends the rest again', async () => {
    const put = await desk.put(job)
    const interrupted: string[] = []
    const upload = uploads.begin(desk.provider.peer, () => {}, error => interrupted.push(error.message))
    await upload.command({ job: job.signed.value.id, command: put.command.bytes })
    uploads.lost(job.key, 2)
    expect(interrupted, 'another put concerns nobody').to.deep.equal([])
    uploads.lost(job.key, 1)
    expect(interrupted).to.deep.equal(['the base has lost a piece of command 1'])
    upload.ended()
    uploads.lost(job.key, 1)
    expect(interrupted, 'he is gone').to.have.lengthOf(1)
  })

  it('tell how much came of what viewers may watch already, and of nothing else', async () => {
    const told = Promise.withResolvers<number>()
    const uploadOf = async (visibility: Visibility, onReceived: (bytes: number) => void): Promise<Upload> => {
      const upload = uploads.begin(desk.provider.peer, ({ received }) => { if (received != null) onReceived(received) })
      const { command, page, pieces } = await desk.put(job, 2, visibility)
      await upload.command({ job: job.signed.value.id, command: command.bytes })
      await upload.page(page.bytes)
      for (const [piece, bytes] of pieces.entries()) await upload.piece(piece, bytes)
      return upload
    }
    // What it would be told comes before what the other one is told.
    const quiet = await uploadOf(Visibility.COMMIT, () => told.reject(new Error('nobody watches it yet')))
    const watched = await uploadOf(Visibility.ARRIVING, told.resolve)
    expect(await told.promise).to.equal(2 * PIECE_BYTES)
    quiet.ended()
    watched.ended()
  })

  describe('commands', () => {
    it('are journalled, countersigned and handed on, one after the other', async () => {
      const { replies, submit } = stream()
      const first = await desk.command(job, { mkdir: { path: ['vod'] } })
      await submit(first)
      const second = await desk.command(job, { end: {} })
      await submit(second)
      expect(accepted).to.deep.equal([1, 2])
      for (const [index, command] of [first, second].entries()) {
        const { value } = await open('acceptance', acceptances(replies)[index] as Uint8Array, desk.base.peer)
        expect(value).to.deep.include({ seq: index + 1, epoch: EPOCH })
        expect(sameBytes(value.command, command.hash) && sameBytes(value.job, job.signed.hash)).to.equal(true)
        const row = desk.journal.command(job.signed.value.id, index + 1)
        expect(sameBytes(row?.bytes ?? NO_BYTES, command.bytes)).to.equal(true)
        expect(sameBytes(row?.acceptance ?? NO_BYTES, acceptances(replies)[index] as Uint8Array)).to.equal(true)
      }
      expect(desk.driver.inputs.filter(({ type }) => type === 'commandAdded')).to.have.length(2)
    })

    it('leave their place free where there is no room for their media', async () => {
      const { replies, submit } = stream()
      const put = await desk.put(job)
      full = true
      expect((await rejection(submit(put.command))).message).to.equal('no room')
      expect(desk.journal.command(job.signed.value.id, 1)).to.equal(undefined)
      await submit(await desk.command(job, { end: {} }))
      expect(acceptances(replies)).to.have.length(1)
    })

    it('get the same acceptance when they come again, and are not done again', async () => {
      const command = await desk.command(job, { mkdir: { path: ['vod'] } })
      const one = stream()
      await one.submit(command)
      const other = stream()
      await other.submit(command)
      expect(sameBytes(acceptances(one.replies)[0] as Uint8Array, acceptances(other.replies)[0] as Uint8Array)).to.equal(true)
      expect(accepted).to.deep.equal([1])
    })

    it('get it also when their job is over by then, and others are refused', async () => {
      const { id } = job.signed.value
      const command = await desk.command(job, { end: {} })
      const one = stream()
      await one.submit(command)
      desk.jobs.close(job.key)
      const other = stream()
      await other.submit(command)
      expect(sameBytes(acceptances(one.replies)[0] as Uint8Array, acceptances(other.replies)[0] as Uint8Array)).to.equal(true)
      expect((await rejection(other.submit(await desk.command(job, { mkdir: { path: ['vod'] } })))).message).to.equal(`job ${id} is closed: open another`)
    })

    it('have one version for a place in the queue, also if two come at once', async () => {
      const versions = await Promise.all([1, 2].map(track => desk.command(job, { end: {} }, { track })))
      const outcomes = await Promise.allSettled(versions.map(command => stream().submit(command)))
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected'])
      expect((outcomes[1] as PromiseRejectedResult).reason.message).to.match(/two versions|its command said/)
      expect(accepted).to.deep.equal([1])
      expect(desk.journal.commands(job.signed.value.id)).to.have.length(1)
    })

    it('have no gap between them', async () => {
      const { submit } = stream()
      const ahead = await desk.command(job, { end: {} }, { seq: 2 })
      expect((await rejection(submit(ahead))).message).to.include('command 2 does not follow 0')
      const loose = await desk.command(job, { end: {} }, { previous: sha256() })
      expect((await rejection(submit(loose))).message).to.include('does not follow the one before it')
      expect(accepted).to.deep.equal([])
    })

    it('are of a kind that is carried out, and speak of what came before them', async () => {
      expect((await rejection(stream().submit(await desk.command(job, { close: { seq: 1, page: sha256(), root: sha256() } })))).message).to.include('of a kind that is not known here')
      expect((await rejection(stream().submit(await desk.command(job, { publish: { puts: [1] } })))).message).to.include('command 1 is no put before this one')
      expect(accepted).to.deep.equal([])
    })

    it('do not follow an end', async () => {
      const { submit } = stream()
      await submit(await desk.command(job, { end: {} }))
      expect((await rejection(submit(await desk.command(job, { mkdir: { path: ['vod'] } })))).message).to.include('has ended: open another')
      expect(accepted).to.deep.equal([1])
    })

    it('are those of the job\'s provider alone', async () => {
      const thief = await identity('thief')
      const command = await desk.command(job, { end: {} })
      expect((await rejection(stream(thief.peer).submit(command))).message).to.include('another provider\'s')
      const forged = await desk.command(job, { end: {} }, {}, thief)
      expect((await rejection(stream().submit(forged))).message).to.include('not its provider')
      expect((await rejection(stream().upload.command({ job: 'jnone', command: command.bytes }))).message).to.include('job jnone is not known here')
      expect(accepted).to.deep.equal([])
    })
  })

  describe('media', () => {
    let put: SignedPut
    beforeEach(async () => { put = await desk.put(job, 3) })

    it('come after their command', async () => {
      const { upload } = stream()
      expect((await rejection(upload.page(put.page.bytes))).message).to.include('before its command')
      expect((await rejection(upload.piece(0, put.pieces[0] as Uint8Array))).message).to.include('before its command')
    })

    it('are sealed when all of them are durable, not when they are written', async () => {
      const { upload, replies, submit } = stream()
      await submit(put.command)
      await upload.page(put.page.bytes)
      for (const piece of [0, 2]) await upload.piece(piece, put.pieces[piece] as Uint8Array)
      expect(ranges(replies), 'nothing is durable yet').to.deep.equal([])
      await desk.driver.checkpoint(job, 1)
      expect(ranges(replies)).to.deep.equal([[[0, 1], [2, 3]]])
      await upload.piece(1, put.pieces[1] as Uint8Array)
      expect(seals(replies), 'one is written only').to.deep.equal([])
      await desk.driver.checkpoint(job, 1)
      expect(ranges(replies).at(-1)).to.deep.equal([[0, 3]])
      const { value } = await open('seal', seals(replies)[0] as Uint8Array, desk.base.peer)
      expect(value).to.deep.include({ seq: 1, epoch: EPOCH })
      expect(sameBytes(value.page, put.page.hash) && sameBytes(value.root, put.root) && sameBytes(value.job, job.signed.hash)).to.equal(true)
    })

    it('are sealed once: the same final page has the same seal', async () => {
      const { upload, submit } = stream()
      await submit(put.command)
      await upload.page(put.page.bytes)
      const seal = desk.journal.page(job.signed.value.id, 1, 0)?.seal as Uint8Array
      await upload.page(put.page.bytes)
      expect(sameBytes(desk.journal.page(job.signed.value.id, 1, 0)?.seal as Uint8Array, seal)).to.equal(true)
      const again = stream()
      await again.submit(put.command)
      await again.upload.page(put.page.bytes)
      for (const [piece, bytes] of put.pieces.entries()) await again.upload.piece(piece, bytes)
      await desk.driver.checkpoint(job, 1)
      expect(sameBytes(seals(again.replies)[0] as Uint8Array, seal), 'the stream that asked last is told').to.equal(true)
    })

    it('have one final page for a number', async () => {
      const { upload, submit } = stream()
      await submit(put.command)
      await upload.page(put.page.bytes)
      const hashes = Buffer.concat([sha256(), sha256(), sha256()])
      const { final } = put.page.value
      const other = await sign('page', { ...put.page.value, hashes, final: { pieces: 3, bytes: final?.bytes ?? 0, root: sha256(hashes), digests: NO_BYTES, gaps: [] } }, desk.provider.key)
      expect((await rejection(upload.page(other.bytes))).message).to.include('two versions')
      expect(desk.driver.inputs.at(-1)).to.deep.include({ type: 'mediaFailed', seq: 1 })
    })

    it('are those of the page: nothing else is kept', async () => {
      const { upload, submit } = stream()
      await submit(put.command)
      await upload.page(put.page.bytes)
      expect((await rejection(upload.piece(0, put.pieces[1] as Uint8Array))).message).to.equal('piece 0 does not match its hash')
      expect((await rejection(upload.piece(0, new Uint8Array(9)))).message).to.equal(`piece 0 has 9 bytes instead of ${PIECE_BYTES}`)
      expect((await rejection(upload.piece(3, put.pieces[0] as Uint8Array))).message).to.equal('piece 3 its page has not come')
    })

    it('have pages that their provider signed', async () => {
      const { upload, submit } = stream()
      await submit(put.command)
      const forged = await sign('page', put.page.value, (await identity('thief')).key)
      expect((await rejection(upload.page(forged.bytes))).name).to.equal('EnvelopeError')
      expect(desk.journal.pages(job.signed.value.id, 1)).to.deep.equal([])
    })

    it('without a piece are complete with their page', async () => {
      const empty = await desk.put(job, 0)
      const { upload, replies, submit } = stream()
      await submit(empty.command)
      await upload.page(empty.page.bytes)
      expect(seals(replies)).to.have.length(1)
    })

    it('are gone on with after the stream was lost, from what has come', async () => {
      const lost = stream()
      await lost.submit(put.command)
      await lost.upload.page(put.page.bytes)
      await lost.upload.piece(0, put.pieces[0] as Uint8Array)
      await desk.driver.checkpoint(job, 1)
      // Written, and not yet durable: it is made so before it is said that it need not come again.
      await lost.upload.piece(2, put.pieces[2] as Uint8Array)
      lost.upload.ended()
      const { upload, replies } = stream()
      await upload.resume({ job: job.signed.value.id, seq: 1 })
      expect(ranges(replies)).to.deep.equal([[[0, 1], [2, 3]]])
      expect(Bitmap.fromBytes(desk.journal.progress(job.signed.value.id, 1)?.pieces as Uint8Array).count).to.equal(2)
      for (const piece of [1]) await upload.piece(piece, put.pieces[piece] as Uint8Array)
      await desk.driver.checkpoint(job, 1)
      expect(seals(replies)).to.have.length(1)
      expect(ranges(lost.replies), 'nobody writes to a stream that ended').to.deep.equal([[[0, 1]]])
    })

    it('are gone on with for puts only, and for one\'s own', async () => {
      const { upload, submit } = stream()
      await submit(await desk.command(job, { end: {} }))
      const { id } = job.signed.value
      expect((await rejection(upload.resume({ job: id, seq: 1 }))).message).to.include('is no put')
      expect((await rejection(upload.resume({ job: id, seq: 7 }))).message).to.include('is no put')
      expect((await rejection(stream((await identity('thief')).peer).upload.resume({ job: id, seq: 1 }))).message).to.include('another provider\'s')
    })
  })
})
