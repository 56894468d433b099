import { Bitfield } from './bitfield.ts'
import { isOpen } from './command-queue.ts'
import type { Effect, ReceiptDetails } from './effect.ts'
import type { CommandInfo, CommandOutcome, Input, JobInfo } from './input.ts'
import { type JobStatus, statusOf } from './job-status.ts'
import { JOB_PROVIDERS, LOST_MS, MEET_RETRY_MS, UNKNOWN_AFTER_MS } from './limits.ts'
import type { Machine } from './machine.ts'
import type { Message } from './message.ts'
import { noDetails, notice } from './notice.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from './optimizations.ts'
import type { PeerInit } from './peer-init.ts'
import { isPartner, newPeerJob, partnersOf, type PeerJob as Job } from './peer-job.ts'
import type { Range } from './ranges.ts'
import { Swarm } from './swarm.ts'
import { Uplink } from './uplink.ts'

/**
 * What a media server decides, and the base as far as it is a source like any
 * other: whom to hand a job to, whom to ask for what, which command's turn it
 * is, and what may be receipted.
 */
export class Peer implements Machine {
  readonly #self: string
  readonly #optimizations: Optimizations
  readonly #errands: number | undefined
  readonly #swarm: Swarm
  readonly #jobs = new Map<string, Job>()
  readonly #connected = new Set<string>()

  constructor ({ self, prng, optimizations = {}, uploadRate = 0, errands }: PeerInit) {
    this.#self = self
    this.#errands = errands
    this.#optimizations = { ...ALL_OPTIMIZATIONS, ...optimizations }
    this.#swarm = new Swarm(self, prng, new Uplink(this.#optimizations.multipleNodes ? Number.POSITIVE_INFINITY : 1, uploadRate), this.#optimizations)
  }

  /** Whether anything is under way that needs ticks. */
  get busy (): boolean {
    return this.#jobs.size > 0
  }

  status (id: string): JobStatus | undefined {
    const job = this.#jobs.get(id)
    if (job == null) return undefined
    return statusOf(job.queue, job.swarm, job.completed, job.handover.steps)
  }

  /** Bytes of one put taken from each source. */
  sources (id: string, seq: number): ReadonlyMap<string, number> {
    return this.#jobs.get(id)?.swarm.media.get(seq)?.sources ?? new Map()
  }

  /** Bytes of one put held here, of which the driver may make a checkpoint. */
  pieces (id: string, seq: number): Bitfield | undefined {
    return this.#jobs.get(id)?.swarm.media.get(seq)?.pieces
  }

  handle (input: Input, nowMs: number): Effect[] {
    const effects = this.#react(input, nowMs)
    // Whatever happened may have made room, or made something useful.
    effects.push(...this.#swarm.plan(nowMs), ...this.#swarm.serve(nowMs))
    return effects
  }

  #react (input: Input, nowMs: number): Effect[] {
    switch (input.type) {
      case 'connected': return this.#gained(input.peer, nowMs)
      case 'disconnected': return this.#lost(input.peer, nowMs)
      // A dial that failed while the peer itself came to us says nothing.
      case 'unreachable': return this.#connected.has(input.peer) ? [] : this.#lost(input.peer, nowMs)
      case 'jobAdded': return this.#addJob(input.job, input.ranges, input.restored, nowMs)
      case 'jobClosed':
        this.#swarm.leave(input.job)
        this.#jobs.delete(input.job)
        return []
      case 'message': return this.#message(input.from, input.message, nowMs)
      case 'tick': return this.#tick(nowMs)
      case 'uploadRate':
        this.#swarm.uplink.limit(input.rate)
        return []
      default: {
        const job = this.#jobs.get(input.job)
        // A job that was closed meanwhile: what was still under way for it concerns nobody.
        if (job != null) return this.#reactInJob(job, input, nowMs)
        // But its source's window must not shrink by it.
        if (input.type !== 'pieceStored' || input.from == null) return []
        return [{ type: 'send', to: input.from, message: { type: 'acknowledge', pieces: 1 } }]
      }
    }
  }

  #reactInJob (job: Job, input: Extract<Input, { job: string }>, nowMs: number): Effect[] {
    switch (input.type) {
      case 'commandAdded': return this.#addCommand(job, input.command, input.outcome, input.begun === true, nowMs)
      case 'handedOver': {
        // A signed job-completed says that no rank is left here: it must stay true.
        const refused = job.completed && input.ranges.length > 0 ? { refused: 'completed here: the ranges go back' } : {}
        if (!job.completed) job.handover.add(input.ranges)
        const ack: Effect = { type: 'send', to: input.from, message: { type: 'handoverAck', job: input.job, errand: input.errand, head: job.queue.head, ...refused } }
        return [ack, ...this.#advance(job, nowMs)]
      }
      case 'reissue':
        job.handover.reissue(input.ranks)
        return this.#advance(job, nowMs)
      case 'pieceStored': {
        const media = job.swarm.mediaOf(input.seq, nowMs)
        const begins = media.bytes === 0 && job.rank != null && job.info.notices?.includes('command-started') === true
        const effects = this.#swarm.stored(job.swarm, media, input, nowMs)
        if (begins && isOpen(job.queue.state(input.seq))) effects.push(notice(job.info.id, 'command-started', input.seq, nowMs))
        return media.complete ? [...effects, ...this.#mediaComplete(job, input.seq, nowMs)] : effects
      }
      case 'pieceRejected': return [{ type: 'ban', peer: input.from, reason: `piece ${input.piece}: ${input.reason}` }]
      case 'pieceLost':
        job.swarm.media.get(input.seq)?.losePiece(input.piece)
        job.queue.unready(input.seq)
        return []
      case 'mediaRestored': {
        const media = job.swarm.mediaOf(input.seq, nowMs)
        for (const [peer, bytes] of input.sources ?? []) media.sources.set(peer, bytes)
        media.switches = input.switches ?? 0
        for (const piece of new Bitfield(input.pieces).indexes()) {
          const held = media.have.count
          media.addPiece(piece, 0, undefined)
          media.lateness?.known(piece + 1, nowMs)
          if (media.have.count > held) job.swarm.fresh.get(input.seq)?.add(media.chunkOf(piece))
        }
        return media.complete ? this.#mediaComplete(job, input.seq, nowMs) : []
      }
      case 'mediaClosed': {
        const media = job.swarm.mediaOf(input.seq, nowMs)
        const effects = this.#swarm.close(job.swarm, media, input.pieces, input.gaps ?? [], nowMs)
        return media.complete ? [...effects, ...this.#mediaComplete(job, input.seq, nowMs)] : effects
      }
      case 'wanted': return this.#swarm.wanted(job.swarm, input.seq, input.first, input.end, nowMs)
      case 'declined':
        this.#swarm.declined(job.swarm, input.seq, input.peer)
        return []
      case 'mediaFailed':
        this.#swarm.disown(job.swarm, input.seq, nowMs)
        return this.#finish(job, input.seq, { state: 'failed', reason: input.reason }, nowMs)
      case 'executed':
        // Its last sync failed, perhaps.
        if (input.outcome.state === 'failed' && job.swarm.media.has(input.seq)) this.#swarm.disown(job.swarm, input.seq, nowMs)
        return this.#finish(job, input.seq, input.outcome, nowMs)
      default: return []
    }
  }

  #addJob (info: JobInfo, ranges: readonly Range[], restored: boolean, nowMs: number): Effect[] {
    if (this.#jobs.has(info.id)) return []
    const job = newPeerJob(info, this.#self, this.#swarm.join(info), { ...this.#optimizations, errands: this.#errands }, nowMs)
    this.#jobs.set(info.id, job)
    // A base that comes back knows who its servers are, and nothing of how far it had come with them.
    job.handover.add(restored && job.rank == null ? [{ first: 0, end: info.servers.length }] : ranges)
    const effects: Effect[] = []
    if (job.rank != null && !restored) effects.push({ type: 'receipt', job: info.id, kind: 'job-received', seq: 0, details: noDetails(nowMs) })
    if (job.rank != null && job.rank < JOB_PROVIDERS) effects.push({ type: 'provide', job: info.id })
    // What is said behind the job is heard when the job is known: who is offered a lane then accepts it.
    effects.push(...this.#advance(job, nowMs), ...this.#meet(job, nowMs))
    return effects
  }

  /** @param again - whoever is missed is dialled, whosever turn it is */
  #meet (job: Job, nowMs: number, again = false): Effect[] {
    const effects: Effect[] = []
    for (const { peer, dials } of partnersOf(job)) {
      if (this.#connected.has(peer)) effects.push(...this.#offerLane(job, peer, nowMs))
      else if (again || dials) effects.push({ type: 'connect', peer })
    }
    return effects
  }

  #offerLane (job: Job, peer: string, nowMs: number): Effect[] {
    return job.swarm.offer(peer, this.#swarm.offerRate(), job.queue.head, nowMs)
  }

  #addCommand (job: Job, command: CommandInfo, outcome: CommandOutcome | undefined, begun: boolean, nowMs: number): Effect[] {
    job.queue.add(command, outcome, begun)
    job.swarm.head = job.queue.head
    const effects: Effect[] = []
    if (outcome == null && job.rank != null && job.info.notices?.includes('command-received') === true) effects.push(notice(job.info.id, 'command-received', command.seq, nowMs))
    const { body } = command
    if (body.kind === 'put') {
      const media = job.swarm.mediaOf(command.seq, nowMs)
      media.shape(body.pieces, body.chunkPieces, body.lossy)
      if (media.isPushed) {
        job.swarm.goLive(media)
        effects.push(...this.#meet(job, nowMs))
      }
      if (media.complete && outcome == null) effects.push(...this.#mediaComplete(job, command.seq, nowMs))
    }
    if (body.kind === 'cancel') {
      // One whose effect is being made is too late to cancel.
      if (job.queue.state(body.seq)?.state === 'new') effects.push(...this.#settle(job, body.seq, { state: 'failed', reason: `cancelled: ${body.reason}` }, nowMs))
      if (outcome == null) effects.push(...this.#settle(job, command.seq, { state: 'completed' }, nowMs))
    }
    // A put counts when all of it is here.
    if (body.kind === 'effect') effects.push(...this.#supersede(job, command, nowMs))
    effects.push(...this.#advance(job, nowMs))
    return effects
  }

  /** new → superseded, for the puts that a command makes needless and that were not begun. */
  #supersede (job: Job, command: CommandInfo | undefined, nowMs: number): Effect[] {
    // A source keeps what others may have begun to fetch.
    if (command == null || job.rank == null || job.queue.state(command.seq)?.state === 'failed') return []
    // What is here and waits for its turn costs nothing more. Left out for a put, it would never be seen of a path that is written anew faster than turns come.
    const isNeedless = (seq: number): boolean => job.queue.untouched(seq) && (command.body.kind !== 'put' || !job.queue.isReady(seq))
    return (command.supersedes ?? []).flatMap(seq => isNeedless(seq) ? this.#settle(job, seq, { state: 'superseded' }, nowMs) : [])
  }

  #mediaComplete (job: Job, seq: number, nowMs: number): Effect[] {
    if (job.queue.state(seq)?.state !== 'new') return []
    job.queue.ready(seq)
    return [...this.#supersede(job, job.queue.get(seq), nowMs), ...this.#advance(job, nowMs)]
  }

  #finish (job: Job, seq: number, outcome: CommandOutcome, nowMs: number): Effect[] {
    return [...this.#settle(job, seq, outcome, nowMs), ...this.#advance(job, nowMs)]
  }

  /** → completed | failed | superseded, and its receipt. */
  #settle (job: Job, seq: number, outcome: CommandOutcome, nowMs: number): Effect[] {
    if (!isOpen(job.queue.state(seq))) return []
    job.queue.finish(seq, outcome)
    const media = job.swarm.media.get(seq)
    const effects = media == null || outcome.state === 'completed' ? [] : this.#swarm.abandon(job.swarm, media)
    const details: ReceiptDetails = {
      reason: outcome.state === 'failed' ? outcome.reason : undefined,
      sources: [...media?.sources ?? []],
      switches: media?.switches ?? 0,
      startedMs: media?.startedMs ?? nowMs,
      finishedMs: nowMs
    }
    if (job.rank != null) effects.push({ type: 'receipt', job: job.info.id, kind: `command-${outcome.state}`, seq, details })
    return effects
  }

  /** Hand the job on, run what can run, and end what is at its end. */
  #advance (job: Job, nowMs: number): Effect[] {
    if (job.completed) return []
    const effects = job.handover.proceed(job.queue.head, peer => this.#connected.has(peer), nowMs)
    if (job.rank == null) return effects
    for (const { seq, reason } of job.queue.takeBlocked()) effects.push(...this.#settle(job, seq, { state: 'failed', reason }, nowMs))
    effects.push(...this.#run(job, nowMs))
    const ended = job.queue.ended
    if (ended != null && !job.completed && job.handover.settled(job.queue.head)) {
      job.completed = true
      effects.push({ type: 'receipt', job: job.info.id, kind: 'job-completed', seq: ended, details: noDetails(nowMs, job.startedMs) })
    }
    return effects
  }

  /** Start what has its turn. A barrier that is met has done its work, and others come behind it. */
  #run (job: Job, nowMs: number): Effect[] {
    const effects: Effect[] = []
    for (let runnable = job.queue.takeRunnable(); runnable.length > 0; runnable = job.queue.takeRunnable()) {
      for (const seq of runnable) {
        const kind = job.queue.get(seq)?.body.kind
        if (kind === 'barrier') {
          effects.push(...this.#settle(job, seq, { state: 'completed' }, nowMs))
          continue
        }
        // A put began with its first piece; other kinds begin here.
        if (kind === 'effect' && job.info.notices?.includes('command-started') === true) effects.push(notice(job.info.id, 'command-started', seq, nowMs))
        effects.push({ type: 'execute', job: job.info.id, seq })
      }
    }
    return effects
  }

  #gained (peer: string, nowMs: number): Effect[] {
    if (this.#connected.has(peer)) return []
    this.#connected.add(peer)
    const effects: Effect[] = []
    for (const job of this.#jobs.values()) {
      if (!job.swarm.isMember(peer)) continue
      effects.push(...job.handover.connected(peer, job.queue.head, nowMs), ...this.#offerLane(job, peer, nowMs))
    }
    return effects
  }

  #lost (peer: string, nowMs: number): Effect[] {
    this.#connected.delete(peer)
    this.#swarm.lost(peer)
    const effects: Effect[] = []
    for (const job of this.#jobs.values()) {
      job.handover.lost(peer, nowMs)
      effects.push(...this.#advance(job, nowMs))
    }
    return effects
  }

  #message (from: string, message: Message, nowMs: number): Effect[] {
    if (message.type === 'laneAnswer' && message.decision === 'decline-unknown-job') return this.#unknown(from, message, nowMs)
    if (message.type !== 'laneOffer' && message.type !== 'handoverAck') return this.#swarm.message(from, message, nowMs)
    const job = this.#jobs.get(message.job)
    if (message.type === 'handoverAck') {
      if (job == null) return []
      job.handover.acknowledged(from, message.errand, message.head, message.refused != null, nowMs)
      // Whom it is brought to is a partner or not: the base brings small jobs to everybody. Only live media go by lanes to all.
      const offers = job.swarm.isLive || isPartner(job, from) ? this.#offerLane(job, from, nowMs) : []
      return [...offers, ...this.#advance(job, nowMs)]
    }
    if (job == null) return [{ type: 'send', to: from, message: { type: 'laneAnswer', job: message.job, decision: 'decline-unknown-job' } }]
    if (!job.swarm.isMember(from)) return [{ type: 'ban', peer: from, reason: `offers job ${message.job}, of whose list it is not` }]
    const effects = job.swarm.offered(from, message.rate, nowMs)
    // Who offers has the job, so a lane the other way makes sense now even if he knew nothing of it before.
    effects.push(...this.#offerLane(job, from, nowMs))
    job.handover.knows(from, message.head)
    // What is on its way to it crossed its offer.
    if (message.head < job.queue.head && !job.handover.isSending(from)) effects.push({ type: 'handOver', to: from, job: job.info.id, errand: 0, withJob: false, afterSeq: message.head, ranges: [] })
    return effects
  }

  /** It has not got the job yet. If the first pass is over the base does not wait for a receipt to be missed. */
  #unknown (from: string, message: Extract<Message, { type: 'laneAnswer' }>, nowMs: number): Effect[] {
    const effects = this.#swarm.message(from, message, nowMs)
    const job = this.#jobs.get(message.job)
    if (job == null || job.rank != null || nowMs - job.startedMs < UNKNOWN_AFTER_MS) return effects
    job.handover.reissue([job.info.servers.indexOf(from)])
    return [...effects, ...this.#advance(job, nowMs)]
  }

  #tick (nowMs: number): Effect[] {
    const effects = this.#swarm.tick(nowMs)
    for (const job of this.#jobs.values()) {
      if (!job.completed) job.handover.tick(nowMs)
      // A lossy put may be complete because what is missing is too late.
      for (const media of job.swarm.media.values()) if (media.lateness != null && media.complete) effects.push(...this.#mediaComplete(job, media.seq, nowMs))
      effects.push(...this.#advance(job, nowMs))
      if (nowMs - job.metMs >= MEET_RETRY_MS && !job.completed) {
        job.metMs = nowMs
        effects.push(...this.#meet(job, nowMs, true))
      }
      if (job.rank == null || job.swarm.inbound.size > 0) job.lonelyMs = nowMs
      else if (nowMs - job.lonelyMs >= LOST_MS && !job.completed) {
        job.lonelyMs = nowMs
        effects.push({ type: 'findSources', job: job.info.id })
      }
    }
    return effects
  }
}
