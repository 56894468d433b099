import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Session, type SessionLine, silent } from '@sluice/node'
import { open, ReceiptKind, sameBytes, type session } from '@sluice/wire'
import { expect } from 'chai'
import { Job } from '../src/job.ts'
import type { JobEvent } from '../src/job-events.ts'
import { rejection } from './rejection.ts'
import { StubBase } from './stub-base.ts'
import { finishedJob, identity, SyntheticJob } from './synthetic-job.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The provider's end of a session: what it asked, and what it is told next. */
class StubSessionLine {
  readonly requests: session.SessionRequest[] = []
  isClosed = false
  readonly #events: session.SessionEvent[] = []
  readonly #isLost: boolean

  /** @param events - after them, silence; or, where the session is lost, an error */
  constructor (events: session.SessionEvent[], isLost: boolean) {
    this.#events = events
    this.#isLost = isLost
  }

  async request (request: session.SessionRequest): Promise<void> {
    this.requests.push(request)
  }

  async nextEvent (signal?: AbortSignal): Promise<session.SessionEvent> {
    const event = this.#events.shift()
    if (event != null) return event
    if (this.#isLost) throw new Error('the session was reset')
    return await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
  }

  async close (): Promise<void> {
    this.isClosed = true
  }
}

describe('Job', () => {
  const folder = temporaryFolder()
  let synthetic: SyntheticJob
  let base: StubBase
  let stopping: AbortController
  /** Sessions that are opened after the first one. */
  let later: StubSessionLine[]

  beforeEach(async () => {
    stopping = new AbortController()
    later = []
    synthetic = await SyntheticJob.open()
    base = new StubBase(synthetic)
  })

  async function jobOf (known = synthetic, silenceMs?: number): Promise<Job> {
    const sessions = [...later]
    const session = { open: async () => sessions.shift() ?? (() => { throw new Error('nobody there') })() } as unknown as Session
    return new Job({ key: known.provider.key, base: known.base.peer, ctp: base.ctp, session, log: silent, signal: stopping.signal, silenceMs }, await open('job', known.job.bytes), 0, known.job.hash)
  }

  const asLine = (line: StubSessionLine): SessionLine => line as unknown as SessionLine
  const write = (name: string, content: string): string => {
    const path = join(folder(), name)
    writeFileSync(path, content)
    return path
  }
  const closedBy = (known: SyntheticJob): session.Closed => ({ report: known.report?.bytes as Uint8Array, job: known.job.bytes, receipts: known.chains.flat().map(({ bytes }) => bytes) })

  describe('commands', () => {
    it('are chained, also where nobody waits for the one before', async () => {
      const job = await jobOf()
      const results = await Promise.all([job.put(write('a', 'the film'), '/a'), job.put(write('b', 'subtitles'), '/b')])
      await job.end()
      expect(results.map(({ seq }) => seq).sort()).to.deep.equal([1, 2])
      expect(results.map(({ bytes, files }) => [bytes, files])).to.deep.equal([[8, 1], [9, 1]])
      expect(base.commands.map(({ value }) => value.seq)).to.deep.equal([1, 2, 3])
      let previous = synthetic.job.hash
      for (const { value, hash, signer } of base.commands) {
        expect(sameBytes(value.previous, previous) && sameBytes(value.job, synthetic.job.hash)).to.equal(true)
        expect(signer).to.equal(synthetic.provider.peer)
        previous = hash
      }
      expect(base.commands[2]?.value.end).to.not.equal(undefined)
      expect(base.lines.every(({ isClosed }) => isClosed)).to.equal(true)
    })

    it('say what a put brings, and where to', async () => {
      const job = await jobOf()
      await job.put(write('a', 'the film'), '/vod/film.mp4')
      expect(base.commands[0]?.value.put).to.deep.include({ destination: ['vod', 'film.mp4'], bytes: 8, entries: 1, single: true, pieces: 1 })
    })

    it('are cancelled where the source fails behind them', async () => {
      const path = write('film', 'x'.repeat(300_000))
      const accept = base.onCommand
      base.onCommand = async line => {
        if (base.commands.length === 0) truncateSync(path, 5)
        await accept(line)
      }
      const job = await jobOf()
      const error = await rejection(job.put(path, '/film'))
      expect(error.name).to.equal('SourceError')
      expect(base.commands.map(({ value }) => value.cancel)).to.deep.equal([undefined, { seq: 1, reason: error.message }])
      await job.end()
      expect(base.commands[2]?.value).to.deep.include({ seq: 3 })
    })

    it('that were refused leave their place to the next', async () => {
      const accept = base.onCommand
      base.onCommand = async line => line.reply({ refused: 'no room' })
      const job = await jobOf()
      expect((await rejection(job.put(write('a', 'x'), '/a'))).name).to.equal('RefusedError')
      base.onCommand = accept
      await job.end()
      expect(base.commands.map(({ value }) => [value.seq, value.end != null])).to.deep.equal([[1, true]])
    })

    it('are not made for paths that no server takes, or files that are not there', async () => {
      const job = await jobOf()
      expect((await rejection(job.put(write('a', 'x'), '/../a'))).name).to.equal('PathError')
      expect((await rejection(job.put(join(folder(), 'none'), '/a'))).name).to.equal('SourceError')
      expect(base.lines).to.deep.equal([])
    })
  })

  describe('the session', () => {
    it('brings events in order, and the final notice last', async () => {
      synthetic = await finishedJob()
      await synthetic.close()
      const [receipt] = synthetic.chains.flat()
      const job = await jobOf()
      const progress = { peer: 'a', job: job.id, seq: 1, bytes: 5, source: '', switches: 0 }
      const line = new StubSessionLine([{ notice: { receipt: receipt?.bytes as Uint8Array } }, { notice: { receipt: new Uint8Array(), progress } }, { notice: { receipt: Buffer.from('garbage') } }, { closed: closedBy(synthetic) }], false)
      await job.follow(asLine(line))
      const events: JobEvent[] = await Array.fromAsync(job.events())
      expect(events.map(({ type }) => type)).to.deep.equal(['job.opened', 'receipt', 'progress', ...Array(synthetic.chains.flat().length - 1).fill('receipt'), 'job.closed'])
      expect(await job.closed()).to.equal(events.at(-1))
      expect(await job.closed()).to.deep.include({ outcome: 'complete', bytes: 21 })
      expect(line.isClosed).to.equal(true)
    })

    it('is taken up again when it is lost', async () => {
      synthetic = await finishedJob()
      await synthetic.close()
      const [receipt] = synthetic.chains.flat()
      const notice = { notice: { receipt: receipt?.bytes as Uint8Array } }
      later = [new StubSessionLine([notice, { closed: closedBy(synthetic) }], false)]
      const job = await jobOf()
      await job.follow(asLine(new StubSessionLine([notice], true)))
      expect(later[0]?.requests).to.deep.equal([{ attach: job.id }])
      expect((await job.closed()).outcome).to.equal('complete')
      const told = (await Array.fromAsync(job.events())).filter(({ type }) => type === 'receipt')
      expect(told, 'what was told before is not told again').to.have.length(synthetic.chains.flat().length)
    })

    it('is taken up again when nothing is heard on it', async () => {
      synthetic = await finishedJob()
      await synthetic.close()
      later = [new StubSessionLine([{ closed: closedBy(synthetic) }], false)]
      const job = await jobOf(synthetic, 10)
      const silent = new StubSessionLine([], false)
      await job.follow(asLine(silent))
      expect([silent.isClosed, later[0]?.requests]).to.deep.equal([true, [{ attach: job.id }]])
      expect((await job.closed()).outcome).to.equal('complete')
    })

    it('that is denied ends the job for us, with the reason', async () => {
      later = [new StubSessionLine([{ denied: 'there is no such job' }], false)]
      const job = await jobOf()
      await job.follow(asLine(new StubSessionLine([], true)))
      const error = await rejection(job.closed())
      expect([error.name, error.message]).to.deep.equal(['RefusedError', 'there is no such job'])
    })

    it('ends with the provider', async () => {
      const job = await jobOf()
      const following = job.follow(asLine(new StubSessionLine([], false)))
      stopping.abort(new Error('stopped'))
      await following
      expect((await rejection(job.closed())).message).to.include('before the job was closed')
      expect(await Array.fromAsync(job.events())).to.have.length(1)
    })
  })

  describe('the final notice', () => {
    it('of another job, or of another base, is none', async () => {
      const other = await finishedJob({ name: 'another' })
      await other.close()
      const job = await jobOf()
      expect((await rejection(job.close(closedBy(other)))).message).to.equal('the final notice is of another job')
      const forged = await finishedJob()
      await forged.close()
      const { key } = await identity('a stranger')
      const job2 = new Job({ key, base: (await identity('a stranger')).peer, ctp: base.ctp, session: {} as Session, log: silent, signal: stopping.signal }, await open('job', forged.job.bytes), 0, forged.job.hash)
      expect((await rejection(job2.close(closedBy(forged)))).name).to.equal('EnvelopeError')
    })

    it('is told once, whether it comes by session or by a call', async () => {
      synthetic = await finishedJob()
      await synthetic.close()
      const job = await jobOf()
      await Promise.all([job.close(closedBy(synthetic)), job.close(closedBy(synthetic))])
      await job.close(closedBy(synthetic))
      const events = await Array.fromAsync(job.events())
      expect(events.filter(({ type }) => type === 'job.closed')).to.have.length(1)
      expect(events.filter(event => event.type === 'receipt' && event.kind === 'job-completed')).to.have.length(3)
      expect(synthetic.chains.flat().filter(({ value }) => value.kind === ReceiptKind.JOB_COMPLETED)).to.have.length(3)
    })
  })
})
