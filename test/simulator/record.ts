import { Bitfield, type CommandInfo, type CommandOutcome, type Input, type JobInfo, type Range } from '@sluice/core'
import type { Connection } from './connection.ts'
import type { Fate } from './disk.ts'
import type { PieceFlight } from './piece-flight.ts'

/** What a host holds of one put: verified pieces, and the pages that verify them. */
export class MediaRecord {
  readonly chunkPieces: number
  readonly pagePieces: number
  pieces = new Bitfield()
  /** Chunks held whole, as this interpreter counts them: the core is checked against it. */
  chunks = new Bitfield()
  /** The bitmap in the journal: what a restart trusts. */
  durable: Uint8Array = new Uint8Array()
  /** Pieces whose bytes can be read from the disk, and those of them that a crash leaves. */
  written = new Bitfield()
  synced = new Bitfield()
  /** Half written at a crash: found by their hashes, if anybody looks. */
  torn = new Bitfield()
  /** Why its disk cannot keep it: nothing more is written. */
  problem: string | undefined
  readonly pages = new Set<number>()
  /** Of whom pages were asked that are not here, and when. */
  readonly pagesAsked = new Map<number, { readonly connection: Connection, readonly atUs: number }>()
  /** Who waits for pages that are not here either, by page. */
  readonly wishes = new Map<number, Set<Connection>>()
  /** Pieces that came ahead of their page, in memory. */
  readonly early = new Set<PieceFlight>()
  /** Its length, once all pages are here. */
  closed: number | undefined
  /** When a piece of each chunk was last on its way here, in microseconds. */
  readonly touchedUs: number[] = []

  constructor (chunkPieces: number, pagePieces: number) {
    this.chunkPieces = chunkPieces
    this.pagePieces = pagePieces
  }

  chunkOf (piece: number): number {
    return Math.floor(piece / this.chunkPieces)
  }

  pageOf (piece: number): number {
    return Math.floor(piece / this.pagePieces)
  }

  /** @returns whether the piece was new, and whether it made its chunk whole */
  store (piece: number, length: number): { added: boolean, whole: boolean } {
    if (!this.pieces.set(piece)) return { added: false, whole: false }
    const chunk = this.chunkOf(piece)
    const end = Math.min(length, (chunk + 1) * this.chunkPieces)
    const whole = this.pieces.firstClear(chunk * this.chunkPieces) >= end && this.chunks.set(chunk)
    return { added: true, whole }
  }

  /** Back to what the journal says, and to what the disk really has. */
  crash (length: number, fate: () => Fate): void {
    const survived = new Bitfield(this.synced.toBytes())
    for (const piece of [...this.written.without(this.synced)]) {
      const what = fate()
      if (what === 'kept') survived.set(piece)
      else if (what === 'torn') this.torn.set(piece)
    }
    this.written = survived
    this.synced = new Bitfield(survived.toBytes())
    this.problem = undefined
    this.pagesAsked.clear()
    this.early.clear()
    this.wishes.clear()
    const durable = new Bitfield(this.durable)
    this.pieces = new Bitfield()
    this.chunks = new Bitfield()
    for (const piece of durable.indexes()) this.store(piece, length)
  }

  get complete (): boolean {
    return this.closed != null && this.pieces.count >= this.closed
  }
}

/** What a host has of one job, as a node's journal and store would hold it. */
export class JobRecord {
  readonly info: JobInfo
  readonly ranges: readonly Range[]
  readonly commands: CommandInfo[] = []
  readonly outcomes = new Map<number, CommandOutcome>()
  readonly media = new Map<number, MediaRecord>()
  /** `kind:seq`, in the order they were written. */
  readonly receipts: string[] = []
  /** How many of them the base has acknowledged. */
  acknowledged = 0
  closed = false

  constructor (info: JobInfo, ranges: readonly Range[]) {
    this.info = info
    this.ranges = ranges
  }

  /** What the driver tells a new peer after a restart, in its order. */
  * restored (): Generator<Input> {
    const job = this.info.id
    yield { type: 'jobAdded', job: this.info, ranges: this.ranges, restored: true }
    for (const command of this.commands) {
      const { seq } = command
      yield { type: 'commandAdded', job, command, outcome: this.outcomes.get(seq) }
      const media = this.media.get(seq)
      if (media == null) continue
      if (media.durable.length > 0) yield { type: 'mediaRestored', job, seq, pieces: media.durable }
      if (media.closed != null) yield { type: 'mediaClosed', job, seq, pieces: media.closed }
    }
  }
}

/** Whether a receipt, as `kind:seq`, states the outcome of a command. */
export function isFinal (receipt: string): boolean {
  return receipt.startsWith('command-completed') || receipt.startsWith('command-failed') || receipt.startsWith('command-superseded')
}
