import type { CommandInfo, JobInfo, Range } from '@sluice/core'
import type { Host } from './host.ts'
import type { Pages } from './pages.ts'
import type { PieceFlight } from './piece-flight.ts'
import { PIECE_BYTES } from './plan.ts'
import { JobRecord, MediaRecord } from './record.ts'
import type { Script } from './script.ts'
import type { PieceFate, World } from './world.ts'

/** A node's checkpoint, and a base's, as in packages/node/src/staged-media.ts. */
const NODE_CHECKPOINT_US = 1_000_000
const BASE_CHECKPOINT_US = 100_000

export interface HandedOver {
  readonly info: JobInfo
  readonly withJob: boolean
  readonly commands: readonly CommandInfo[]
  readonly ranges: readonly Range[]
  readonly errand: number
}

/**
 * Where jobs, commands, pages and pieces enter a host: what the driver, its job
 * book and its intake do. Signatures always hold here; hashes need not.
 */
export class Intake {
  readonly #world: World
  readonly #script: Script
  readonly #acknowledge: (host: Host, to: Host) => void
  readonly #pages: Pages
  readonly #waiting = new Set<MediaRecord>()
  /** The base has pieces durably: the provider may forget them. */
  onAccepted: (job: string, seq: number, pieces: Uint8Array) => void = () => {}

  constructor (world: World, script: Script, pages: Pages, acknowledge: (host: Host, to: Host) => void) {
    this.#world = world
    this.#script = script
    this.#acknowledge = acknowledge
    this.#pages = pages
    pages.onPiece = flight => { if (flight.connection.alive) this.landed(flight) }
    pages.onPage = (host, job, seq, page) => {
      const record = host.jobs.get(job)
      const media = record?.media.get(seq)
      if (record?.closed === false && media != null) this.#page(host, record, seq, media, page)
    }
  }

  /** The base opens a job. */
  open (host: Host, info: JobInfo): void {
    const ranges = [{ first: 0, end: info.servers.length }]
    host.jobs.set(info.id, new JobRecord(info, ranges))
    this.#world.input(host, { type: 'jobAdded', job: info, ranges, restored: false })
  }

  /** A job, or commands, from another peer. @returns why it is refused */
  handedOver (host: Host, from: Host, { info, withJob, commands, ranges, errand }: HandedOver): string | undefined {
    let record = host.jobs.get(info.id)
    if (record?.closed === true) return 'the job is closed'
    if (record == null) {
      if (!withJob) return 'job unknown'
      host.jobs.set(info.id, record = new JobRecord(info, ranges))
      this.#world.input(host, { type: 'jobAdded', job: info, ranges: [], restored: false })
    }
    for (const command of commands) if (command.seq === record.commands.length + 1) this.command(host, record, command)
    if (errand > 0) this.#world.input(host, { type: 'handedOver', job: info.id, from: from.name, errand, ranges })
    return undefined
  }

  command (host: Host, record: JobRecord, command: CommandInfo): void {
    record.commands.push(command)
    if (command.body.kind === 'put') record.media.set(command.seq, new MediaRecord(command.body.chunkPieces, this.#script.pagePieces(record.info.id, command.seq)))
    this.#world.input(host, { type: 'commandAdded', job: record.info.id, command })
  }

  /** The next piece, from the provider, with its page. */
  provided (host: Host, record: JobRecord, seq: number, piece: number): void {
    const media = record.media.get(seq) as MediaRecord
    this.#page(host, record, seq, media, media.pageOf(piece))
    media.touchedUs[media.chunkOf(piece)] = this.#world.nowUs
    this.#store(host, record, seq, media, piece, undefined)
  }

  /** A piece, with the page ahead of it, from the swarm. */
  landed (flight: PieceFlight): void {
    const { from, to } = flight
    const fate = this.#land(flight)
    if (fate === 'early') return
    to.traffic.piecesReceived++
    if (fate === 'duplicate') to.traffic.duplicates++
    for (const observer of this.#world.observers) observer.arrived?.(from, to, flight.job, flight.seq, flight.piece, fate)
    if (fate === 'dropped') return this.#acknowledge(to, from)
    if (fate === 'rejected') return this.#world.input(to, { type: 'pieceRejected', job: flight.job, seq: flight.seq, piece: flight.piece, from: from.name, reason: 'does not match its hash' })
    this.#pages.pushed(flight)
    const record = to.jobs.get(flight.job) as JobRecord
    this.#store(to, record, flight.seq, record.media.get(flight.seq) as MediaRecord, flight.piece, from, flight.first)
  }

  #land (flight: PieceFlight): PieceFate | 'early' {
    const { to, job, seq, piece, page, genuine } = flight
    const record = to.jobs.get(job)
    // Closed meanwhile, or for a command that has not come: the window of its source must not shrink by it.
    if (record == null || record.closed) return 'dropped'
    const media = record.media.get(seq)
    if (media == null) return 'dropped'
    if (page >= 0) this.#page(to, record, seq, media, page)
    if (!media.pages.has(media.pageOf(piece))) return this.#pages.hold(flight, media) ? 'early' : 'dropped'
    if (!genuine) return 'rejected'
    return media.pieces.has(piece) ? 'duplicate' : 'stored'
  }

  #page (host: Host, record: JobRecord, seq: number, media: MediaRecord, page: number): void {
    if (media.pages.has(page)) return
    media.pages.add(page)
    this.#closeWith(host, record, seq, media)
    this.#pages.release(host, record.info.id, seq, media, page)
  }

  /** With the last page that was missing the put's length is known for good. */
  #closeWith (host: Host, record: JobRecord, seq: number, media: MediaRecord): void {
    const { id } = record.info
    const length = this.#script.length(id, seq)
    if (media.closed != null || media.pages.size < Math.ceil(length / media.pagePieces)) return
    media.closed = length
    this.#world.input(host, { type: 'mediaClosed', job: id, seq, pieces: length })
  }

  #store (host: Host, record: JobRecord, seq: number, media: MediaRecord, piece: number, from: Host | undefined, first?: number): void {
    if (media.problem == null && !media.pieces.has(piece)) {
      const problem = host.disk.write(media, piece)
      if (problem != null) this.#failed(host, record, seq, media, problem)
    }
    if (media.problem != null) {
      // The window of its source must not shrink by it.
      if (from != null) this.#acknowledge(host, from)
      return
    }
    if (media.store(piece, this.#script.length(record.info.id, seq)).added) this.#checkpointSoon(host, record, seq, media)
    this.#world.input(host, { type: 'pieceStored', job: record.info.id, seq, piece, bytes: PIECE_BYTES, from: from?.name, first })
  }

  /** What was written is durable a while later. */
  #checkpointSoon (host: Host, record: JobRecord, seq: number, media: MediaRecord): void {
    if (this.#waiting.has(media)) return
    this.#waiting.add(media)
    const { life } = host
    this.#world.events.at(this.#world.nowUs + (host.index === 0 ? BASE_CHECKPOINT_US : NODE_CHECKPOINT_US), () => {
      this.#waiting.delete(media)
      if (!host.alive || media.problem != null) return
      // A later life has a checkpoint to make only if it wrote something itself.
      if (host.life === life || media.written.count > media.synced.count) this.checkpoint(host, record, seq, media, problem => { if (problem != null) this.#failed(host, record, seq, media, problem) })
    })
  }

  /** The bytes first, then the bitmap that names them, then whoever waits is told. One that fails is not tried again. */
  checkpoint (host: Host, record: JobRecord, seq: number, media: MediaRecord, done: (problem: string | undefined) => void): void {
    const pieces = media.pieces.toBytes()
    host.disk.sync(media, problem => {
      if (problem != null) return done(problem)
      media.durable = pieces
      host.disk.passes('bitmap')
      this.#world.inLife(host, 0, () => {
        if (host.index === 0) this.onAccepted(record.info.id, seq, pieces)
        done(undefined)
      })
    })
  }

  /** The put cannot be kept: its command fails with the reason, and what was there stays. */
  #failed (host: Host, record: JobRecord, seq: number, media: MediaRecord, reason: string): void {
    if (media.problem != null) return
    media.problem = reason
    this.#world.input(host, { type: 'mediaFailed', job: record.info.id, seq, reason })
  }
}
