import { randomBytes } from 'node:crypto'
import { UPLOAD_WINDOW_BYTES } from '@sluice/node'
import { decodeManifest, EntryType, HASH_BYTES, PIECE_BYTES, sameBytes, sha256, type Signed, Visibility } from '@sluice/wire'
import { expect } from 'chai'
import { LiveMedia } from '../src/live-media.ts'
import { Upload } from '../src/upload.ts'
import { rejection } from './rejection.ts'
import { StubBase, type StubCtpLine } from './stub-base.ts'
import { SyntheticJob } from './synthetic-job.ts'

describe('LiveMedia', () => {
  const entry = { path: [], type: EntryType.FILE, size: 0, digest: new Uint8Array(), target: [] }
  let job: SyntheticJob
  let base: StubBase
  let command: Signed<'command'>
  let media: LiveMedia
  let upload: Upload

  beforeEach(async () => {
    job = await SyntheticJob.open()
    base = new StubBase(job)
    command = await job.add({ put: { destination: ['x.ts'], manifestBytes: 3, chunkPieces: 1, bytes: 0, entries: 1, visibility: Visibility.COMMIT, lossy: false, deadlineMs: 0, single: true } })
    media = new LiveMedia({ key: job.provider.key, job: job.job, command, entry })
    upload = new Upload({ ctp: base.ctp, base: job.base.peer, key: job.provider.key, job: job.job, command, onProgress: () => {} })
    await upload.command()
  })

  /** What a server makes of a line: manifest, then media, each piece as its page says. */
  function arrived ({ pages, pieces }: StubCtpLine): Buffer {
    const expected = pages.flatMap(({ value: { hashes, lengths } }) => Array.from({ length: hashes.length / HASH_BYTES }, (_, i) => ({ hash: hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES), length: lengths[i] ?? PIECE_BYTES })))
    expect(pieces.map(({ piece }) => piece)).to.deep.equal([...expected.keys()])
    for (const [i, { bytes }] of pieces.entries()) {
      expect(bytes.length).to.equal(expected[i]?.length)
      expect(sameBytes(sha256(bytes), expected[i]?.hash as Uint8Array)).to.equal(true)
    }
    expect(decodeManifest(pieces[0]?.bytes as Uint8Array, true)).to.have.length(1)
    return Buffer.concat(pieces.slice(1).map(({ bytes }) => bytes))
  }

  const first = (): StubCtpLine => base.lines[0] as StubCtpLine

  for (const size of [0, 1, 2, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 40 * PIECE_BYTES]) {
    it(`of ${size} bytes are the same bytes, in chained pages, the last of them final`, async () => {
      const bytes = randomBytes(size)
      const sending = upload.live(media)
      await media.write(bytes)
      await media.close()
      await sending
      const { pages } = first()
      expect(arrived(first()).equals(bytes)).to.equal(true)
      expect(pages.map(({ value }) => value.number)).to.deep.equal([...pages.keys()])
      for (const [i, { value }] of pages.entries()) expect(sameBytes(value.previous, pages[i - 1]?.hash ?? command.hash)).to.equal(true)
      expect(pages.slice(0, -1).every(({ value }) => value.final == null)).to.equal(true)
      expect(pages.at(-1)?.value.final).to.deep.include({ bytes: size, pieces: first().pieces.length })
      expect(sameBytes(pages.at(-1)?.value.final?.root as Uint8Array, sha256(...pages.map(({ value }) => value.hashes)))).to.equal(true)
      expect(pages.at(-1)?.value.hashes.length, 'a final page has a piece, or no server would ask for it').to.be.greaterThan(0)
    })
  }

  it('go out by themselves though they fill no piece, all but the last byte', async () => {
    const sent = Promise.withResolvers<void>()
    const seal = base.onPiece
    base.onPiece = async line => { if (line.pieces.length === 2) sent.resolve() }
    const sending = upload.live(media)
    await media.write(Buffer.from('a frame'))
    await sent.promise
    expect(arrived(first()).toString()).to.equal('a fram')
    base.onPiece = seal
    await media.close()
    await sending
    expect(arrived(first()).toString()).to.equal('a frame')
  })

  it('wait for room where the base does not say that they are durable', async () => {
    base.onPiece = async () => {}
    const sending = rejection(upload.live(media))
    const part = Buffer.alloc(PIECE_BYTES)
    let written = 0
    const writing = rejection((async () => { for (;; written += part.length) await media.write(part) })())
    // Every turn may bring more, until nothing does.
    for (let before = -1, same = 0; same < 50; same = written === before ? same + 1 : 0, before = written) await new Promise(resolve => setImmediate(resolve))
    expect(written).to.be.within(UPLOAD_WINDOW_BYTES - 2 * PIECE_BYTES, UPLOAD_WINDOW_BYTES)
    base.durable(first(), 101)
    const full = written
    for (let before = -1, same = 0; same < 50; same = written === before ? same + 1 : 0, before = written) await new Promise(resolve => setImmediate(resolve))
    expect(written - full, 'a hundred pieces and the manifest made room').to.be.within(99 * PIECE_BYTES, 101 * PIECE_BYTES)
    media.fail(new Error('enough'))
    expect((await writing).message).to.equal('enough')
    // Another connection would not help, and is not tried.
    first().end(new Error('stream was reset'))
    expect((await sending).message).to.equal('enough')
  })

  it('go on where the stream broke: pages and pieces that were not durable, and none that were', async () => {
    const lost = Promise.withResolvers<void>()
    const pieces = 20
    base.onPiece = async line => {
      if (line === first()) {
        if (line.pieces.length === 10) base.durable(line, 5)
        if (line.pieces.length === 17) {
          line.end(new Error('stream was reset'))
          lost.resolve()
        }
        return
      }
      const final = line.pages.at(-1)?.value.final
      if (final != null && line.pieces.at(-1)?.piece === final.pieces - 1) line.reply({ sealed: await base.seal(line.pages.at(-1) as Signed<'page'>) })
    }
    base.onResume = line => line.reply({ durable: { ranges: [{ first: 0, end: 12 }], pages: 1 } })
    const bytes = randomBytes(pieces * PIECE_BYTES)
    const sending = upload.live(media)
    await media.write(bytes)
    await lost.promise
    await media.close()
    await sending
    const [one, two] = base.lines
    expect(two?.pieces[0]?.piece).to.equal(12)
    expect(sameBytes(two?.pages[0]?.bytes as Uint8Array, one?.pages[0]?.bytes as Uint8Array)).to.equal(true)
    // Piece 0 is the manifest; those before the break were full ones.
    expect(Buffer.concat((two?.pieces ?? []).map(({ bytes: got }) => got)).equals(bytes.subarray(11 * PIECE_BYTES))).to.equal(true)
  })

  describe('of a lossy put', () => {
    const DEADLINE_MS = 1_000
    let nowMs: number
    beforeEach(() => {
      nowMs = 0
      media = new LiveMedia({ key: job.provider.key, job: job.job, command, entry, deadlineMs: DEADLINE_MS, nowMs: () => nowMs })
    })

    it('leave out what could not be sent in time, and the final page names it', async () => {
      await media.write(randomBytes(40 * PIECE_BYTES))
      nowMs = DEADLINE_MS
      expect([media.kept(0), media.kept(1), media.kept(2)].map(bytes => bytes != null), 'all but the manifest').to.deep.equal([true, false, false])
      await media.write(randomBytes(PIECE_BYTES))
      expect(media.leftOut).to.equal(2)
      // Piece 2 was on its way when it was given up.
      media.durable([{ first: 0, end: 1 }, { first: 2, end: 3 }], 1)
      await media.close()
      expect(media.final?.value.final?.gaps).to.deep.equal([{ firstPiece: 1, pieces: 1 }])
      nowMs = 10 * DEADLINE_MS
      expect(media.kept(20), 'what the final page does not name is kept').to.have.length(PIECE_BYTES)
    })

    it('hold up whoever writes no longer than the deadline', async () => {
      const timed = new LiveMedia({ key: job.provider.key, job: job.job, command, entry, deadlineMs: 200 })
      // Nobody takes any of it.
      await timed.write(randomBytes(2 * UPLOAD_WINDOW_BYTES))
      expect(timed.leftOut * PIECE_BYTES).to.be.within(UPLOAD_WINDOW_BYTES / 2, 2 * UPLOAD_WINDOW_BYTES)
      await timed.close()
    })
  })
})
