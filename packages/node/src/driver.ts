import { peerIdFromString } from '@libp2p/peer-id'
import { type Optimizations, Peer, Prng, type Effect, type Input, type JobStatus, type Range } from '@sluice/core'
import { failpoint, type Journal } from '@sluice/store'
import { Intake } from './intake.ts'
import { type BookedCommand, type BookedJob, commandInfo, type JobBook, JobError, jobInfo } from './job-book.ts'
import { JobRouting, SEARCH_MS } from './job-routing.ts'
import type { Logger } from './log.ts'
import type { Host } from './host.ts'
import { PageDesk } from './page-desk.ts'
import { Chunk } from './protocols/chunk.ts'
import type { Components } from './protocols/handler.ts'
import { type HandedOver, Offer } from './protocols/offer.ts'
import type { CheckpointRule, MediaStore, StagedMedia } from './staged-media.ts'

type ReceiptEffect = Extract<Effect, { type: 'receipt' }>

export interface DriverInit {
  readonly journal: Journal
  readonly jobs: JobBook
  readonly store: MediaStore
  readonly checkpoint: CheckpointRule
  /** Cap of the uplink in bytes per second; none if not given. */
  readonly uploadRate?: number | undefined
  readonly optimizations?: Partial<Optimizations> | undefined
  /** Make a command's effect visible and durable; the driver tells the core how it went. */
  readonly execute: (job: BookedJob, command: BookedCommand, mediaOf: (seq: number) => Promise<StagedMedia>) => Promise<void>
  /** Sign and keep a receipt. */
  readonly receipt: (job: BookedJob, effect: ReceiptEffect) => void
  /** Pieces of a put are durable. */
  readonly onDurable?: (job: string, seq: number, pieces: Uint8Array) => void
  /** At the base: viewers wait for pieces that the provider has still to send. */
  readonly onFetch?: (job: string, seq: number, first: number, end: number) => void
  /** Nothing of a put will become durable any more. */
  readonly onFailed?: (job: string, seq: number, reason: string) => void
  /** A held piece was lost, and no checkpoint names it any more. */
  readonly onLost?: (job: string, seq: number) => void
}

/** How often the core's timers are looked at while it has a job, in milliseconds: its finest one is 20. */
const TICK_MS = 20

/**
 * The real interpreter of a peer's effects: one queue and one switch. It takes
 * an input, lets the core handle it, performs every effect, and takes the next.
 * Slow effects are started here; their results come back as inputs. What comes
 * from others is verified on the way in, so that the core sees facts only.
 */
export class Driver {
  readonly peer: Peer
  readonly intake: Intake
  readonly #self: string
  readonly #host: Host
  readonly #log: Logger
  readonly #init: DriverInit
  readonly #offer: Offer
  readonly #chunk: Chunk
  readonly #routing: JobRouting
  readonly #pages: PageDesk
  readonly #inputs: Input[] = []
  readonly #banned = new Set<string>()
  #draining = false
  #ticker: NodeJS.Timeout | undefined
  #stopped = false

  constructor (components: Components, init: DriverInit) {
    this.#host = components.host
    this.#self = components.host.peerId.toString()
    this.#log = components.log
    this.#init = init
    this.#routing = new JobRouting(this.#host, this.#log)
    this.peer = new Peer({ self: this.#self, prng: Prng.fromText(`${this.#self}/${Date.now()}`), uploadRate: init.uploadRate ?? 0, optimizations: init.optimizations })
    this.intake = new Intake({
      ...init,
      log: this.#log,
      peer: this.peer,
      input: input => this.input(input),
      acknowledge: source => this.#offer.send(source, { type: 'acknowledge', pieces: 1 }),
      wantPage: (source, job, seq, piece) => this.#offer.wantPages(source, job, seq, { piece }),
      onPage: (job, seq) => this.#pages.came(job, seq)
    })
    this.#pages = new PageDesk({
      jobs: init.jobs,
      send: (to, job, seq, pages) => this.#chunk.sendPages(to, job, seq, pages),
      held: (peer, job, seq, page) => this.#chunk.pageHeld(peer, job, seq, page)
    })
    const onBroken = (peer: string, error: Error): void => this.#broken(peer, error)
    this.#offer = new Offer(components, {
      onMessage: (from, message) => {
        // Whoever has verified a piece has its page.
        if (message.type === 'have' || message.type === 'coming') for (const chunk of message.chunks) this.#pages.held(from, message.job, message.seq, chunk)
        this.input({ type: 'message', from, message })
      },
      onHandover: (from, handover) => this.#handedOver(from, handover),
      pagesToAsk: (peer, job, seq, chunk) => this.intake.pagesToAsk(peer, job, seq, this.#pages.firstPiece(job, seq, chunk)),
      onPageHeld: (peer, job, seq, chunk) => this.#pages.held(peer, job, seq, chunk),
      onPagesWanted: (peer, job, seq, wanted) => this.#pages.wanted(peer, job, seq, wanted),
      onBroken
    })
    this.#chunk = new Chunk(components, {
      readPiece: (job, seq, piece) => this.intake.readToSend(job, seq, piece),
      pageOf: (job, seq, piece) => {
        const page = this.#pages.book(job, seq)?.pageOf(piece)
        if (page == null) throw new Error(`no page for piece ${piece} of command ${seq}`)
        return page
      },
      onPage: (_from, job, seq, page, seal) => this.intake.storePage(job, seq, page, seal),
      onPiece: (from, job, seq, piece, bytes, first) => this.intake.storePiece(from, job, seq, piece, bytes, first),
      beforePiece: to => this.#offer.leaveWithPiece(to),
      onBroken
    })
  }

  /** Bytes of a job's media that left this peer; of all jobs since the start, if none is named. */
  sentBytes (job?: string): number {
    return job == null ? this.#chunk.sentInAll : this.#chunk.sentBytes.get(job) ?? 0
  }

  isBanned (peer: string): boolean {
    return this.#banned.has(peer)
  }

  async start (): Promise<void> {
    await this.#offer.start()
    await this.#chunk.start()
    this.#host.addEventListener('peer:disconnect', event => {
      const peer = event.detail.toString()
      this.#offer.lost(peer)
      this.#chunk.lost(peer)
      this.intake.lost(peer)
      this.#pages.lost(peer)
      this.input({ type: 'disconnected', peer })
    })
    this.#ticker = setInterval(() => { if (this.peer.busy) this.input({ type: 'tick' }) }, TICK_MS)
  }

  async stop (): Promise<void> {
    this.#stopped = true
    clearInterval(this.#ticker)
    this.#routing.stop()
    await this.intake.stop()
  }

  /** Take an input. One that arrives while another is handled waits for all of that one's effects. */
  input (input: Input): void {
    if (this.#stopped) return
    this.#inputs.push(input)
    if (this.#draining) return
    this.#draining = true
    try {
      for (let next = this.#inputs.shift(); next != null; next = this.#inputs.shift()) {
        for (const effect of this.peer.handle(next, nowMs())) this.#perform(effect)
      }
    } catch (error) {
      // The core's state is wrong: what it would do next is worse than a stop. Uncaught, this ends the process; its journal stays right.
      this.#stopped = true
      process.nextTick(() => { throw error })
    } finally {
      this.#draining = false
    }
  }

  status (job: string): JobStatus | undefined {
    return this.peer.status(job)
  }

  /** A job that is in the book now; at the base, where it begins, with all its ranks to approach. */
  jobAdded (job: BookedJob, ranges: readonly Range[]): void {
    this.input({ type: 'jobAdded', job: jobInfo(job), ranges, restored: false })
  }

  /** Everything a job needs from the journal after a restart. */
  restore (job: BookedJob): void {
    const { journal } = this.#init
    const { id } = job.signed.value
    const ranges = journal.ranges(id).map(([first, end]) => ({ first, end }))
    this.input({ type: 'jobAdded', job: jobInfo(job), ranges, restored: true })
    for (const command of job.commands) {
      const { seq } = command.signed.value
      const outcome = journal.outcome(id, seq)
      const done = outcome == null || outcome.state === 'in-progress' ? undefined : outcome.state === 'failed' ? { state: outcome.state, reason: outcome.reason } : { state: outcome.state }
      this.input({ type: 'commandAdded', job: job.key, command: commandInfo(job, command), outcome: done, begun: outcome?.state === 'in-progress' })
      const progress = journal.progress(id, seq)
      if (progress != null) this.input({ type: 'mediaRestored', job: job.key, seq, pieces: progress.pieces, sources: Object.entries(progress.sources), switches: progress.switches })
      const closing = job.pages.get(seq)?.closed
      if (closing != null) this.input({ type: 'mediaClosed', job: job.key, seq, pieces: closing.pieces, gaps: closing.gaps })
    }
  }

  /** A command that is in the book now. */
  commandAdded (job: BookedJob, command: BookedCommand): void {
    this.input({ type: 'commandAdded', job: job.key, command: commandInfo(job, command) })
    const { seq } = command.signed.value
    // Opened early, so that a server without room says so before the first byte.
    if (command.signed.value.put != null) this.intake.media(job, seq).catch((error: Error) => this.intake.failed(job.key, seq, error))
  }

  /** A job nobody waits for any more: its staged bytes can go. */
  async closeJob (key: string): Promise<void> {
    const job = this.#init.jobs.get(key)
    if (job == null) return
    this.input({ type: 'jobClosed', job: key })
    this.#routing.forget(key)
    this.#pages.drop(key)
    this.#init.jobs.close(key)
    await this.intake.discard(job)
  }

  #perform (effect: Effect): void {
    switch (effect.type) {
      case 'connect': return this.#connect(effect.peer)
      case 'send': return this.#offer.send(effect.to, effect.message)
      case 'handOver': return this.#handOver(effect)
      case 'sendPiece': return this.#chunk.send(effect.to, effect.job, effect.seq, effect.piece, effect.first)
      case 'fetch': return this.#init.onFetch?.(effect.job, effect.seq, effect.first, effect.end)
      case 'fetchPages': {
        const book = this.#pages.book(effect.job, effect.seq)
        if (book != null) this.#offer.wantPages(effect.to, effect.job, effect.seq, { from: book.firstMissing })
        return
      }
      case 'execute': return this.#execute(effect.job, effect.seq)
      case 'receipt': {
        const job = this.#init.jobs.get(effect.job)
        if (job != null) this.#init.receipt(job, effect)
        return
      }
      case 'provide':
      case 'findSources': {
        const job = this.#init.jobs.get(effect.job)
        if (job == null) return
        if (effect.type === 'provide') this.#routing.provide(job)
        else this.#routing.find(job, peer => this.#connect(peer))
        return
      }
      case 'ban': return this.#ban(effect.peer, effect.reason)
    }
  }

  #connect (peer: string): void {
    // The peer store, then the DHT, know where it is; the protocol `hello` tells the core when it may be talked to.
    this.#host.dial(peerIdFromString(peer), { signal: AbortSignal.timeout(SEARCH_MS) }).catch((error: Error) => {
      this.#log.debug('unreachable', { peer, error: error.message })
      this.input({ type: 'unreachable', peer })
    })
  }

  #handOver ({ to, job: key, errand, withJob, afterSeq, ranges }: Extract<Effect, { type: 'handOver' }>): void {
    const job = this.#init.jobs.get(key)
    if (job == null) return
    const commands = job.commands.slice(afterSeq).map(({ signed, acceptance }) => ({ command: signed.bytes, acceptance }))
    this.#offer.handOver(to, { job: key, jobBytes: withJob ? job.signed.bytes : undefined, commands, ranges, errand })
  }

  /** A job, or commands, from another peer: verified and durable before the core hears of them, and before they are acknowledged. */
  async #handedOver (from: string, { job: key, jobBytes, commands, ranges, errand }: HandedOver): Promise<void> {
    const refuse = (reason: string): void => {
      this.#log.warn('job refused', { job: key, from, reason })
      if (errand > 0) this.#offer.send(from, { type: 'handoverAck', job: key, errand, head: 0, refused: reason })
    }
    let job = this.#init.jobs.get(key)
    try {
      if (job == null) {
        if (jobBytes == null) return refuse('job unknown')
        job = await this.#init.jobs.addJob(jobBytes, Date.now(), booked => this.#checkHandover(booked, key, from))
        this.#init.journal.setRanges(job.signed.value.id, ranges.map(({ first, end }) => [first, end]))
        this.jobAdded(job, [])
      }
      for (const { command, acceptance } of commands) {
        const booked = await this.#init.jobs.addCommand(job, command, acceptance)
        if (booked != null) this.commandAdded(job, booked)
      }
    } catch (error) {
      return refuse((error as Error).message)
    }
    failpoint('before-handover-acknowledged')
    if (errand > 0) this.input({ type: 'handedOver', job: key, from, errand, ranges })
    failpoint('after-handover-acknowledged')
  }

  /** A job that is not for us, or not from one of its own, must not even be remembered. */
  #checkHandover (job: BookedJob, key: string, from: string): void {
    const { servers, base } = job.signed.value
    if (job.key !== key) throw new JobError('the job is not the one that was announced')
    if (!servers.some(({ peer }) => peer === this.#self)) throw new JobError('this server is not on the list')
    if (!servers.some(({ peer }) => peer === from) && from !== base) throw new JobError('you are not on the list')
  }

  #execute (key: string, seq: number): void {
    const job = this.#init.jobs.get(key)
    const command = job?.commands[seq - 1]
    if (job == null || command == null) return
    const { journal } = this.#init
    const { id } = job.signed.value
    const perform = async (): Promise<boolean> => {
      // What the disk has lost since is fetched again, and then this put's turn comes again.
      if (command.signed.value.put != null && !await this.intake.prove(job, seq)) return false
      for (const put of command.signed.value.publish?.puts ?? []) {
        if (!await this.intake.prove(job, put)) throw new Error(`put ${put}, which is to be shown, was damaged on this server's disk: it is being fetched again, publish it once more`)
      }
      // What was begun before a restart may have said more of itself.
      if (journal.outcome(id, seq)?.state !== 'in-progress') journal.setOutcome(id, seq, { state: 'in-progress', at: Date.now() })
      if (command.signed.value.put != null) await (await this.intake.media(job, seq)).checkpoint()
      await this.#init.execute(job, command, other => this.intake.media(job, other))
      return true
    }
    perform().then(
      done => done && this.input({ type: 'executed', job: key, seq, outcome: { state: 'completed' } }),
      (error: Error) => {
        this.#log.error('command failed', { job: id, seq, error: error.message })
        this.input({ type: 'executed', job: key, seq, outcome: { state: 'failed', reason: error.message } })
      }
    )
  }

  #ban (peer: string, reason: string): void {
    this.#log.warn('peer banned', { peer, reason })
    this.#banned.add(peer)
    this.#broken(peer, new Error(reason))
  }

  /** A stream of the pair broke: the connection goes with it, and everything starts anew. */
  #broken (peer: string, error: Error): void {
    this.#log.debug('connection given up', { peer, error: error.message })
    this.#host.hangUp(peerIdFromString(peer), { signal: AbortSignal.timeout(1_000) }).catch(() => {})
  }
}

/** Monotonic, and close to the wall clock. */
function nowMs (): number {
  return performance.timeOrigin + performance.now()
}
