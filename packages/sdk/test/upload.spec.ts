import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { HASH_BYTES, PAGE_PIECES, PIECE_BYTES, sameBytes, sha256, sign, type Signed, Visibility } from '@sluice/wire'
import { expect } from 'chai'
import { scan } from '../src/scan.ts'
import { SequenceReader } from '../src/sequence-reader.ts'
import { Upload } from '../src/upload.ts'
import { rejection } from './rejection.ts'
import { StubBase, type StubCtpLine } from './stub-base.ts'
import { SyntheticJob } from './synthetic-job.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MiB = 1024 * 1024

describe('Upload', () => {
  const folder = temporaryFolder()
  let job: SyntheticJob
  let base: StubBase
  let progress: number[]

  beforeEach(async () => {
    job = await SyntheticJob.open()
    base = new StubBase(job)
    progress = []
  })

  /** An upload of one file of zeros, which costs no disk. */
  async function uploadOf (size: number, { signal, silenceMs }: { signal?: AbortSignal, silenceMs?: number } = {}): Promise<{ upload: Upload, reader: SequenceReader, command: Signed<'command'> }> {
    const path = join(folder(), 'film')
    writeFileSync(path, '')
    truncateSync(path, size)
    const reader = new SequenceReader(await scan(path, true))
    const { pieces } = reader.layout
    const command = await job.add({ put: { destination: ['film'], pieces, manifestBytes: reader.manifestBytes, chunkPieces: 1, bytes: size, entries: 1, visibility: Visibility.COMMIT, lossy: false, deadlineMs: 0, single: true } })
    const upload = new Upload({ ctp: base.ctp, base: job.base.peer, key: job.provider.key, job: job.job, command, signal, silenceMs, onProgress: bytes => progress.push(bytes) })
    return { upload, reader, command }
  }

  const line = (): StubCtpLine => base.lines[0] as StubCtpLine
  const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

  describe('a command', () => {
    it('is accepted by the base\'s signature over it', async () => {
      const { upload, command } = await uploadOf(10)
      const acceptance = await upload.command()
      expect(sameBytes(acceptance, await base.acceptance(command))).to.equal(true)
      await upload.close()
      expect(line().isClosed).to.equal(true)
    })

    it('is refused with the base\'s reason', async () => {
      base.onCommand = async line => line.reply({ refused: 'no room' })
      const error = await rejection((await uploadOf(10)).upload.command())
      expect(error.name).to.equal('RefusedError')
      expect(error.message).to.equal('no room')
      expect(line().aborted).to.equal(error)
    })

    it('is not accepted by a signature over another', async () => {
      const other = await job.add({ end: {} })
      base.onCommand = async line => line.reply({ accepted: await base.acceptance(other) })
      expect((await rejection((await uploadOf(10)).upload.command())).message).to.include('accepted another command')
    })

    it('is sent again, the very same, where the stream was lost before its answer', async () => {
      base.onCommand = async line => {
        if (base.lines.length === 1) return line.end(new Error('stream was reset'))
        line.reply({ accepted: await base.acceptance(line.commands[0] as Signed<'command'>) })
      }
      const { upload, command } = await uploadOf(10)
      await upload.command()
      expect(base.lines.map(({ commands }) => commands.map(({ bytes }) => sameBytes(bytes, command.bytes)))).to.deep.equal([[true], [true]])
    })

    it('is sent again, the very same, where no answer comes', async () => {
      base.onCommand = async line => {
        if (base.lines.length > 1) line.reply({ accepted: await base.acceptance(line.commands[0] as Signed<'command'>) })
      }
      const { upload, command } = await uploadOf(10, { silenceMs: 10 })
      await upload.command()
      expect(line().aborted?.message).to.include('has said nothing for 0.01 s')
      expect(base.lines.map(({ commands }) => commands.map(({ bytes }) => sameBytes(bytes, command.bytes)))).to.deep.equal([[true], [true]])
    })

    it('is not even sent where the signal was given before', async () => {
      const { upload } = await uploadOf(10, { signal: AbortSignal.abort(new Error('enough')) })
      expect((await rejection(upload.command())).message).to.equal('enough')
      expect(base.lines).to.deep.equal([])
    })
  })

  describe('media', () => {
    it('follow their pages, which are chained from the command to the root', async () => {
      const { upload, reader, command } = await uploadOf(17 * MiB)
      // More than the window: as a base does, it tells what is durable while more comes.
      const seal = base.onPiece
      base.onPiece = async line => {
        if (line.pieces.length % PAGE_PIECES === PAGE_PIECES / 2) base.durable(line)
        await seal(line)
      }
      await upload.command()
      await upload.media(reader)
      const { pages, pieces } = line()
      expect(pages).to.have.length(2)
      expect(pieces.map(({ piece }) => piece)).to.deep.equal(Array.from({ length: reader.layout.pieces }, (_, piece) => piece))
      for (const { piece, pages: before } of pieces) expect(before, `pages before piece ${piece}`).to.equal(Math.floor(piece / PAGE_PIECES) + 1)
      expect(sameBytes(pages[0]?.value.previous as Uint8Array, command.hash)).to.equal(true)
      expect(sameBytes(pages[1]?.value.previous as Uint8Array, pages[0]?.hash as Uint8Array)).to.equal(true)
      const hashes = Buffer.concat(pages.map(({ value }) => value.hashes))
      for (const { piece, bytes } of pieces) expect(sameBytes(sha256(bytes), hashes.subarray(piece * HASH_BYTES, (piece + 1) * HASH_BYTES))).to.equal(true)
      expect(pages[0]?.value.final).to.equal(undefined)
      expect(pages[1]?.value.final).to.deep.include({ pieces: reader.layout.pieces, bytes: 17 * MiB })
      expect(sameBytes(pages[1]?.value.final?.root as Uint8Array, sha256(hashes))).to.equal(true)
      expect(progress.at(-1)).to.equal(reader.layout.bytes)
    })

    it('of nothing are one page', async () => {
      const { upload } = await uploadOf(10)
      await upload.command()
      const empty = new SequenceReader({ single: false, entries: [], local: [], bytes: 0, files: 0 })
      await upload.media(empty)
      expect(line().pages.map(({ value }) => value.final?.pieces)).to.deep.equal([0])
      expect(line().pieces).to.deep.equal([])
    })

    it('never have more on the way than the window', async () => {
      const { upload, reader } = await uploadOf(UPLOAD_WINDOW_BYTES + 2 * MiB)
      const full = Promise.withResolvers<void>()
      const seal = base.onPiece
      base.onPiece = async line => { if (line.pieceBytes > UPLOAD_WINDOW_BYTES - PIECE_BYTES) full.resolve() }
      await upload.command()
      const sending = upload.media(reader)
      await full.promise
      await turn()
      const { pieceBytes } = line()
      expect(pieceBytes).to.be.at.most(UPLOAD_WINDOW_BYTES)
      // Room for sixteen pieces, the first of which is the short one of the manifest.
      base.durable(line(), 16)
      await turn()
      const more = line().pieceBytes - pieceBytes
      expect(more).to.be.within(1, 16 * PIECE_BYTES)
      base.onPiece = seal
      base.durable(line())
      await sending
      expect(line().pieceBytes).to.equal(reader.layout.bytes)
    })

    it('are sent in another order where viewers wait for some: the page they need, they, and then the rest, each piece once', async () => {
      const { upload, reader } = await uploadOf(3 * PAGE_PIECES * PIECE_BYTES)
      const finish = base.onPiece
      base.onPiece = async line => {
        if (line.pieces.length === 5) {
          line.reply({ want: { first: 700, end: 705 } })
          // What is of no put, or said twice, is passed over.
          line.reply({ want: { first: 700, end: 705 } })
          line.reply({ want: { first: 5_000, end: 5_001 } })
        }
        if (line.pieces.length % 64 === 0) line.reply({ durable: { ranges: rangesOf(line.pieces.map(({ piece }) => piece)), pages: 0 } })
        await turn()
        await finish(line)
      }
      await upload.command()
      await upload.media(reader)
      const { pages, pieces } = line()
      const order = pieces.map(({ piece }) => piece)
      expect(order.indexOf(700), `${order.indexOf(700)} pieces went before the one that is waited for`).to.be.lessThan(512)
      expect(order.slice(order.indexOf(700), order.indexOf(700) + 5)).to.deep.equal([700, 701, 702, 703, 704])
      expect(order.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: reader.layout.pieces }, (_, piece) => piece))
      expect(pages.map(({ value }) => value.number).toSorted()).to.deep.equal([0, 1, 2, 3])
      for (const { piece, pages: before } of pieces) expect(pages.slice(0, before).some(({ value }) => value.number === Math.floor(piece / PAGE_PIECES)), `page before piece ${piece}`).to.equal(true)
    })

    it('are not done before the seal, though all are durable', async () => {
      const { upload, reader } = await uploadOf(PIECE_BYTES)
      const arrived = Promise.withResolvers<void>()
      base.onPiece = async line => {
        base.durable(line)
        if (line.pieces.length === reader.layout.pieces) arrived.resolve()
      }
      await upload.command()
      let isDone = false
      const sending = upload.media(reader).then(() => { isDone = true })
      await arrived.promise
      await turn()
      expect(isDone).to.equal(false)
      line().reply({ sealed: await base.seal(line().pages[0] as Signed<'page'>) })
      await sending
    })

    it('are not done by a seal of another page', async () => {
      const { upload, reader, command } = await uploadOf(PIECE_BYTES)
      const other = await sign('page', { job: job.job.hash, seq: 1, number: 0, firstPiece: 0, hashes: sha256(), lengths: [], previous: command.hash, final: { pieces: 1, bytes: 1, root: sha256(), digests: new Uint8Array(), gaps: [] } }, job.provider.key)
      base.onPiece = async line => line.reply({ sealed: await base.seal(other) })
      await upload.command()
      expect((await rejection(upload.media(reader))).message).to.include('sealed another final page')
      expect(line().aborted?.message).to.include('sealed another final page')
    })

    it('are refused with the base\'s reason, in the middle too', async () => {
      const { upload, reader } = await uploadOf(UPLOAD_WINDOW_BYTES + 2 * MiB)
      base.onPiece = async line => { if (line.pieceBytes > UPLOAD_WINDOW_BYTES - PIECE_BYTES) line.reply({ refused: 'the disk is full' }) }
      await upload.command()
      const error = await rejection(upload.media(reader))
      expect([error.message, line().aborted?.message]).to.include('the disk is full')
    })

    it('stop when the signal is given, with its reason, even while they wait for room', async () => {
      const controller = new AbortController()
      const { upload, reader } = await uploadOf(UPLOAD_WINDOW_BYTES + 2 * MiB, { signal: controller.signal })
      const full = Promise.withResolvers<void>()
      base.onPiece = async line => { if (line.pieceBytes > UPLOAD_WINDOW_BYTES - PIECE_BYTES) full.resolve() }
      await upload.command()
      const sending = rejection(upload.media(reader))
      await full.promise
      await turn()
      controller.abort(new Error('enough'))
      expect((await sending).message).to.equal('enough')
      expect(line().aborted?.message).to.equal('enough')
    })

    it('go on where the stream broke: the same pages, and only what was not durable', async () => {
      const { upload, reader } = await uploadOf(3 * PIECE_BYTES)
      const held = 2
      base.onPiece = async line => {
        const isFirst = line === base.lines[0]
        if (isFirst && line.pieces.length === held) line.end(new Error('stream was reset'))
        if (!isFirst && line.pieces.length === reader.layout.pieces - held) line.reply({ sealed: await base.seal(line.pages[0] as Signed<'page'>) })
      }
      base.onResume = line => line.reply({ durable: { ranges: [{ first: 0, end: held }], pages: 1 } })
      await upload.command()
      await upload.media(reader)
      const [first, second] = base.lines
      expect(sameBytes(second?.pages[0]?.bytes as Uint8Array, first?.pages[0]?.bytes as Uint8Array)).to.equal(true)
      expect(second?.pieces.map(({ piece }) => piece)).to.deep.equal([2, 3])
    })

    it('stop where a file cannot be read: another connection would not help', async () => {
      const { upload, reader } = await uploadOf(3 * PIECE_BYTES)
      await upload.command()
      truncateSync(join(folder(), 'film'), 10)
      expect((await rejection(upload.media(reader))).name).to.equal('SourceError')
      expect(base.lines).to.have.length(1)
    })
  })
})

/** As the base says what it holds. */
function rangesOf (pieces: readonly number[]): Array<{ first: number, end: number }> {
  const ranges: Array<{ first: number, end: number }> = []
  for (const piece of pieces.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last?.end === piece) last.end++
    else ranges.push({ first: piece, end: piece + 1 })
  }
  return ranges
}
