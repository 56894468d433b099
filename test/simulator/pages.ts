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

  override get flow (): object {
    return this.#connection.from(this.#connection.other(this.#to))
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

  /** Pieces whose pages are asked of this source with the chunk that begins at `piece`: its own, and the next. */
  asks (connection: Connection, host: Host, job: string, seq: number, piece: number): number[] {
    const needed = this.ask(connection, host, job, seq, piece) ? [piece] : []
    const next = this.#next(connection, host, job, seq, piece)
    return next == null ? needed : [...needed, next]
  }

  /** The page behind that of a piece is asked of this source, if it was asked of nobody before. */
  #next (connection: Connection, host: Host, job: string, seq: number, piece: number): number | undefined {
    const media = host.jobs.get(job)?.media.get(seq)
    if (media == null || this.#script.media(job, seq).kind === 'live') return undefined
    const page = media.pageOf(piece) + 1
    const next = page * media.pagePieces
    if (next >= this.#script.length(job, seq) || media.pages.has(page) || media.pagesAsked.get(page)?.connection.alive === true) return undefined
    media.pagesAsked.set(page, { connection, atUs: this.#world.nowUs })
    return next
  }

  /** A piece that the base gave away unasked: with nothing was its next page asked for. */
  pushed ({ connection, from, to, job, seq, piece }: PieceFlight): void {
    if (from !== this.#world.base) return
    const next = this.#next(connection, to, job, seq, piece)
    if (next != null) this.#network.control(connection, to, pageWantedBytes(seq, next), source => this.wanted(connection, source, job, seq, next))
  }

  /** These pages go to the sender of a message with no piece: it has those of the chunks that it names, or sees to them, and has asked for the next. */
  held (host: Host, connection: Connection, { job, seq }: { readonly job: string, readonly seq: number }, chunks: readonly number[]): void {
    const media = host.jobs.get(job)?.media.get(seq)
    if (media == null) return
    const { pages } = connection.from(host)
    const ahead = this.#script.media(job, seq).kind === 'live' ? 0 : 1
    for (const chunk of chunks) {
      const page = media.pageOf(chunk * media.chunkPieces)
      for (let number = page; number <= page + ahead; number++) pages.add(this.#script.pageKey(job, seq, number))
    }
  }

  /** Who does not know how long a put is does not know which pieces share a page either. */
  #keyOf (media: MediaRecord, job: string, seq: number, piece: number): number {
    return this.#script.media(job, seq).kind === 'live' ? piece : media.pageOf(piece)
  }

  /** Somebody asks for the page of a piece: it goes behind what is on its way to him, without a piece, when it is here. */
  wanted (connection: Connection, host: Host, job: string, seq: number, piece: number): void {
    const media = host.jobs.get(job)?.media.get(seq)
    const page = media?.pageOf(piece)
    if (media == null || page == null) return
    if (!media.pages.has(page)) {
      if (piece < this.#script.length(job, seq)) media.wishes.set(page, (media.wishes.get(page) ?? new Set()).add(connection))
      return
    }
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

  /** A page is here: pieces that waited for it go on, and whoever asked for it gets it. */
  release (host: Host, job: string, seq: number, media: MediaRecord, page: number): void {
    const wishes = media.wishes.get(page) ?? []
    media.wishes.delete(page)
    for (const connection of wishes) if (connection.alive) this.wanted(connection, host, job, seq, page * media.pagePieces)
    for (const flight of [...media.early]) if (media.pageOf(flight.piece) === page && media.early.delete(flight)) this.onPiece(flight)
  }
}
