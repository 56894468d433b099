import { setImmediate as turn } from 'node:timers/promises'
import { PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { ArrivingMedia, type ArrivingMediaInit, type Wanted } from '../src/arriving-media.ts'
import { bodyOf } from '../src/body.ts'
import { answerOf } from '../src/media-answer.ts'
import { type Medium, MediumError } from '../src/medium.ts'
import { FakeArrivingFile } from './arriving-file.ts'

/** Bytes that say where they are: no two places of a sequence look alike. */
function bytesFrom (seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i + 4 <= length; i += 4) bytes.writeUInt32LE(Math.imul(seed + i, 2_654_435_761) >>> 0, i)
  return bytes
}

const SIZE = 5 * PIECE_BYTES + 4_321
const START = 2 * PIECE_BYTES
const SEQUENCE = bytesFrom(1, START + SIZE)
const piecesOf = (bytes: Buffer): Buffer[] => Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, i) => bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES))
const fixedFile = (): FakeArrivingFile => new FakeArrivingFile(piecesOf(SEQUENCE), { kind: 'fixed', start: START, size: SIZE }, Math.ceil(SEQUENCE.length / PIECE_BYTES))
const FILM = SEQUENCE.subarray(START)

async function open (file: FakeArrivingFile, init: Partial<ArrivingMediaInit> = {}): Promise<Medium> {
  const media = new ArrivingMedia({ files: { find: async () => file, watchManifest: async () => undefined }, wanted: () => {}, published: { open: async () => undefined }, onWait: () => {}, ...init })
  return await media.open(['vod', 'film.mp4']) as Medium
}

/** What a viewer gets, and how it ends. */
function viewing (medium: Medium, first: number, end: number | undefined, signal = new AbortController().signal): { readonly got: () => Buffer, readonly ended: Promise<Error | undefined> } {
  const parts: Uint8Array[] = []
  const body = bodyOf({ medium, first, end, shares: [], viewers: () => 1, signal, onSent: () => {} })
  body.on('data', part => parts.push(part))
  const ended = new Promise<Error | undefined>(resolve => {
    body.once('end', () => resolve(undefined))
    body.once('error', resolve)
  })
  return { got: () => Buffer.concat(parts), ended }
}

describe('arriving media', () => {
  it('answers what is held, waits for what is not, and says what is wanted', async () => {
    const file = fixedFile()
    const wants: Array<Parameters<Wanted>> = []
    const medium = await open(file, { wanted: (...want) => wants.push(want) })
    file.arrive(2, 3)
    const { got, ended } = viewing(medium, 10, SIZE)
    while (wants.length === 0) await turn()
    expect(got().equals(FILM.subarray(10, 2 * PIECE_BYTES))).to.equal(true)
    expect(wants[0]).to.deep.equal([file.job, file.seq, 4, 8])
    file.arrive(7, 5)
    await turn()
    expect(got().length, 'what comes out of order is not sent out of order').to.equal(2 * PIECE_BYTES - 10)
    file.arrive(4, 6)
    expect(await ended).to.equal(undefined)
    expect(got().equals(FILM.subarray(10))).to.equal(true)
    expect(file.watchers).to.equal(0)
  })

  it('does not want more than a player needs soon', async () => {
    const content = piecesOf(Buffer.alloc(400 * PIECE_BYTES))
    const file = new FakeArrivingFile(content, { kind: 'fixed', start: 0, size: 400 * PIECE_BYTES }, 400)
    const wants: Array<Parameters<Wanted>> = []
    const medium = await open(file, { wanted: (...want) => wants.push(want), waitMs: 0 })
    const leaving = new AbortController()
    const waiting = (await open(file, { wanted: (...want) => wants.push(want) })).ready(300 * PIECE_BYTES, leaving.signal).catch((error: Error) => error)
    while (wants.length === 0) await turn()
    expect(wants[0]).to.deep.equal([file.job, file.seq, 300, 400])
    leaving.abort(new Error('left'))
    expect(String(await waiting)).to.include('left')
    expect(file.watchers, 'nobody is watched for who has left').to.equal(0)
    const late = await medium.ready(0, leaving.signal).catch((error: Error) => error)
    expect(String(late)).to.include('left')
  })

  it('says that it did not come in time, or never will', async () => {
    const file = fixedFile()
    const { signal } = new AbortController()
    const late = await (await open(file, { waitMs: 0 })).ready(0, signal).catch((error: MediumError) => error)
    expect(late).to.include({ name: 'MediumError', status: 503, retryAfterS: 2 })
    const waiting = (await open(file)).ready(0, signal).catch((error: MediumError) => error)
    file.state = { state: 'failed', reason: 'called off by its provider' }
    expect(await waiting).to.include({ status: 410 }).and.have.property('message').that.includes('called off by its provider')
  })

  it('goes on with what was published when the staged bytes are gone', async () => {
    const file = fixedFile()
    file.arrive(2, 3, 4, 5, 6, 7)
    const published = (size: number): Medium => ({ size, modifiedMs: 1_700_000_000_000, arriving: false, heldRuns: () => [], heldUntil: () => size, ready: async () => {}, digest: async () => undefined, read: async (offset, length) => FILM.subarray(offset, offset + length), close: async () => {} })
    for (const [size, good] of [[SIZE, true], [SIZE + 1, false]] as const) {
      const medium = await open(file, { published: { open: async () => published(size) } })
      const { signal } = new AbortController()
      const head = await medium.read(0, 100, signal)
      file.read = async () => { throw new Error('the job was closed') }
      file.state = { state: 'complete' }
      const rest = await medium.read(100, 1_000, signal).catch((error: Error) => error)
      if (good) expect(Buffer.concat([head, rest as Uint8Array]).equals(FILM.subarray(0, 1_100))).to.equal(true)
      else expect(rest, 'another publication stands there by now').to.include({ status: 503 })
      file.read = FakeArrivingFile.prototype.read
    }
  })

  it('waits again for a piece that the disk lost', async () => {
    const file = fixedFile()
    file.arrive(2)
    file.read = async piece => {
      file.lose(piece)
      file.read = FakeArrivingFile.prototype.read
      throw new Error('the disk gave something else')
    }
    const reading = (await open(file)).read(0, 10, new AbortController().signal)
    while (file.watchers === 0) await turn()
    file.arrive(2)
    expect(Buffer.from(await reading).equals(FILM.subarray(0, 10))).to.equal(true)
  })

  describe('of unknown length', () => {
    /** Three pieces of odd lengths behind one of manifest. */
    const lengths = [100, 7, 65_536, 3]
    const content = lengths.map((length, i) => bytesFrom(i + 1, length))
    const live = Buffer.concat(content.slice(1))
    const liveFile = (): FakeArrivingFile => {
      const file = new FakeArrivingFile(content, { kind: 'live', firstPiece: 1 }, undefined)
      file.known = 1
      return file
    }
    const come = (file: FakeArrivingFile, piece: number): void => {
      file.known = piece + 1
      file.arrive(piece)
    }
    const question = { method: 'GET', name: 'x.ts', shared: true, nowMs: 0 }
    const { signal } = new AbortController()

    it('is followed to its end', async () => {
      const file = liveFile()
      const medium = await open(file)
      const answering = answerOf(medium, { ...question, headers: { range: 'bytes=0-' } }, signal)
      come(file, 1)
      const { status, body, headers } = await answering
      expect({ status, body }).to.deep.equal({ status: 200, body: { first: 0, end: undefined } })
      expect(headers).to.not.have.property('content-length')
      const { got, ended } = viewing(medium, 0, undefined)
      come(file, 2)
      while (got().length < 7 + 65_536) await turn()
      come(file, 3)
      file.pieces = 4
      file.change()
      expect(await ended).to.equal(undefined)
      expect(got().equals(live)).to.equal(true)
      expect(medium.size).to.equal(live.length)
    })

    it('gives of a range what there is, and waits for one beyond its edge', async () => {
      const file = liveFile()
      const medium = await open(file)
      come(file, 1)
      expect(await answerOf(medium, { ...question, headers: { range: 'bytes=2-1000' } }, signal)).to.deep.include({ status: 206, body: { first: 2, end: 7 } })
      const beyond = answerOf(medium, { ...question, headers: { range: 'bytes=10-' } }, signal)
      while (file.watchers === 0) await turn()
      come(file, 2)
      const { status, headers, body } = await beyond
      expect({ status, range: headers['content-range'], body }).to.deep.equal({ status: 206, range: `bytes 10-${7 + 65_536 - 1}/*`, body: { first: 10, end: 7 + 65_536 } })
      const never = answerOf(medium, { ...question, headers: { range: 'bytes=99999999-' } }, signal)
      come(file, 3)
      file.pieces = 4
      file.change()
      const over = await never
      expect({ status: over.status, range: over.headers['content-range'] }).to.deep.equal({ status: 416, range: `bytes */${live.length}` })
    })
  })

  it('at any state of its bitmap gives verified bytes only, in order, or waits, or ends with a clear error', async () => {
    const step = fc.oneof({ weight: 8, arbitrary: fc.record({ kind: fc.constant('arrive' as const), piece: fc.nat(7) }) }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), piece: fc.nat(7) }) }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const) }) })
    const run = fc.asyncProperty(fc.uniqueArray(fc.nat(7)), fc.nat(SIZE - 1), fc.nat(SIZE - 1), fc.array(step, { maxLength: 12 }), fc.boolean(), async (here, a, b, steps, impatient) => {
      const file = fixedFile()
      file.arrive(...here)
      const [first, last] = [Math.min(a, b), Math.max(a, b)]
      const wants: Array<Parameters<Wanted>> = []
      const medium = await open(file, { wanted: (...want) => wants.push(want), ...impatient ? { waitMs: 0 } : {} })
      const leaving = new AbortController()
      const { got, ended } = viewing(medium, first, last + 1, leaving.signal)
      let result: { error: Error | undefined } | undefined
      void ended.then(error => { result = { error } })
      // Until nothing more moves.
      const settle = async (): Promise<void> => {
        for (let before = -1, still = 0; still < 12; before = got().length) {
          await turn()
          still = got().length === before ? still + 1 : 0
        }
      }
      for (const next of steps) {
        await settle()
        if (next.kind === 'arrive') file.arrive(next.piece)
        else if (next.kind === 'lose') file.lose(next.piece)
        else file.state = { state: 'failed', reason: 'no more' }
        expect(got().equals(FILM.subarray(first, first + got().length)), 'in order, and of the file').to.equal(true)
      }
      await settle()
      const so = got()
      expect(so.equals(FILM.subarray(first, first + so.length))).to.equal(true)
      if (result == null) {
        // It waits: for a piece that is not here, that it has asked for.
        const piece = Math.floor((START + first + so.length) / PIECE_BYTES)
        expect(file.held(piece)).to.equal(false)
        expect(wants.some(([, , from, end]) => from <= piece && piece < end)).to.equal(true)
      } else if (result.error == null) expect(so.length).to.equal(last + 1 - first)
      else expect(result.error).to.be.instanceOf(MediumError)
      leaving.abort(new Error('left'))
      await ended
      expect(file.watchers).to.equal(0)
    })
    await fc.assert(run, { numRuns: 100 })
  })
})
