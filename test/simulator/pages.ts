import type { Connection } from './connection.ts'
import { framedBytes, pageBytes, pageWantedBytes } from './framing.ts'
import type { Host } from './host.ts'
import { Parcel } from './link.ts'
import type { Network } from './network.ts'
import type { PieceFlight } from './piece-flight.ts'
import type { MediaRecord } from './record.ts'
import type { Script } from './script.ts'
import type { World } from './world.ts'

/** As in packages/node/src/page-asks.ts. */
const PATIENCE_US = 500_000
const MAX_WAITS = 3

/** A page that was asked for by itself. */
class PageFlight extends Parcel {
  readonly #world: World
  readonly #connection: Connection
  readonly #to: Host
  readonly #land: (to: Host) => void

  constructor (world: World, connection: Connection, to: Host, bytes: number, land: (to: Host) => void) {
    super(bytes)
    this.#world = world
    this.#connection = connection
    this.#to = to
    this.#land = land
  }

  override get isVain (): boolean {
    return !this.#connection.alive
  }

  override leaves (startUs: number, endUs: number): void {
    const { delayUs } = this.#connection
    this.#world.events.schedule(this.#to.down.pass(this.bytes, startUs + delayUs, endUs + delayUs), this)
  }

  override run (): void {
    if (this.#connection.alive) this.#land(this.#to)
  }
}

/**
 * Pages, as far as they go by themselves: each is asked of one source, which
 * sends it at once, and what comes ahead of its page waits for it. What the
 * driver and its intake do.
 */
export class Pages {
  readonly #world: World
  readonly #network: Network
  readonly #script: Script
  /** A page is here. */
  onPage: (host: Host, job: string, seq: number, page: number) => void = () => {}
  /** A piece that waited has its page, or waited long enough. */
  onPiece: (flight: PieceFlight) => void = () => {}

  constructor (world: World, network: Network, script: Script) {
    this.#world = world
    this.#network = network
    this.#script = script
  }

  /** Bytes on the wire of a page, ahead of a piece or by itself. */
  bytes (job: string, seq: number, page: number): number {
    const pagePieces = this.#script.pagePieces(job, seq)
    return framedBytes(pageBytes(Math.min(pagePieces, this.#script.length(job, seq) - page * pagePieces)))
  }

  /** Whether the page of `piece` is to be asked of this source now: it is not here, and was asked of no other lately. */
  ask (connection: Connection, host: Host, job: string, seq: number, piece: number): boolean {
    const media = host.jobs.get(job)?.media.get(seq)
    if (media == null || media.pages.has(media.pageOf(piece))) return false
    const { nowUs } = this.#world
    const key = this.#keyOf(media, job, seq, piece)
    const before = media.pagesAsked.get(key)
    if (before?.connection.alive === true && nowUs - before.atUs < PATIENCE_US) return false
    media.pagesAsked.set(key, { connection, atUs: nowUs })
    return true
  }

  /** Who does not know how long a put is does not know which pieces share a page either. */
  #keyOf (media: MediaRecord, job: string, seq: number, piece: number): number {
    return this.#script.media(job, seq).kind === 'live' ? piece : media.pageOf(piece)
  }

  /** Somebody asks for the page of a piece: it goes behind what is on its way to him, without a piece. */
  wanted (connection: Connection, host: Host, job: string, seq: number, piece: number): void {
    const media = host.jobs.get(job)?.media.get(seq)
    const page = media?.pageOf(piece)
    if (page == null || media?.pages.has(page) !== true) return
    connection.from(host).pages.add(this.#script.pageKey(job, seq, page))
    const bytes = this.bytes(job, seq, page)
    host.traffic.controlBytes += bytes
    host.up.send(new PageFlight(this.#world, connection, connection.other(host), bytes, to => this.onPage(to, job, seq, page)))
  }

  /** A piece is ahead of its page. @returns false if it has waited for long enough */
  hold (flight: PieceFlight, media: MediaRecord): boolean {
    if (flight.waits >= MAX_WAITS) return false
    flight.waits++
    const { to, job, seq, piece, connection } = flight
    if (this.ask(connection, to, job, seq, piece)) this.#network.control(connection, to, pageWantedBytes(seq, piece), source => this.wanted(connection, source, job, seq, piece))
    const { waits } = flight
    media.early.add(flight)
    this.#world.inLife(to, PATIENCE_US, () => { if (flight.waits === waits && media.early.delete(flight)) this.onPiece(flight) })
    return true
  }

  /** Those that waited for this page go on. */
  release (media: MediaRecord, page: number): void {
    for (const flight of [...media.early]) if (media.pageOf(flight.piece) === page && media.early.delete(flight)) this.onPiece(flight)
  }
}
