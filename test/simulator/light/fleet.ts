import { PIECE_BYTES } from '@sluice/core'
import { nameOf, startUs, type Plan } from '../plan.ts'
import { graphOf, type Graph } from './graph.ts'

/** A chunk is sent in at most this many parcels, a piece each where it has no more: cut-through needs several, and each costs events. */
const MAX_PARCELS = 4
/** As in ../script.ts. */
export const PAGE_PIECES = 256
export const NONE = -1

/** What is sent to whom: numbers of a lane out of its owner. */
export const CLOSED = 0
export const OFFERED = 1
export const ACCEPTED = 2
export const REFUSED = 3

/** How the put is cut. Parcels are what the light driver sends, of one piece or a few. */
export class Cut {
  readonly pieces: number
  readonly chunkPieces: number
  readonly chunks: number
  readonly parcelPieces: number
  readonly pages: number

  constructor (pieces: number, chunkPieces: number) {
    this.pieces = pieces
    this.chunkPieces = chunkPieces
    this.chunks = Math.ceil(pieces / chunkPieces)
    this.parcelPieces = Math.ceil(chunkPieces / MAX_PARCELS)
    this.pages = Math.ceil(pieces / PAGE_PIECES)
  }

  get chunkBytes (): number {
    return this.chunkPieces * PIECE_BYTES
  }

  /** Pieces of a chunk: the last one may be a short one. */
  piecesOf (chunk: number): number {
    return Math.min(this.chunkPieces, this.pieces - chunk * this.chunkPieces)
  }

  parcelsOf (chunk: number): number {
    return Math.ceil(this.piecesOf(chunk) / this.parcelPieces)
  }

  /** Pieces of a chunk's parcel. */
  parcel (chunk: number, parcel: number): number {
    return Math.min(this.parcelPieces, this.piecesOf(chunk) - parcel * this.parcelPieces)
  }

  pageOf (chunk: number): number {
    return Math.floor(chunk * this.chunkPieces / PAGE_PIECES)
  }
}

/**
 * Everything that is known of everybody, as arrays: by node, by half-edge (the
 * lane out of its owner to its peer, and the lane in from that peer), and by
 * node and chunk. Sets of chunks are words of 32 bits.
 */
export class Fleet {
  readonly plan: Plan
  readonly cut: Cut
  readonly graph: Graph
  readonly members: number
  /** Words of a set of chunks. */
  readonly words: number
  readonly names: readonly string[]
  readonly delayUs: number

  // By node.
  readonly hasJob: Uint8Array
  readonly hasCommand: Uint8Array
  /** How much of an uplink it should get beside others. */
  readonly weight: Float64Array
  readonly out: Int32Array
  /** Nobody can be asked for anything more, until something changes. */
  readonly stuck: Uint8Array
  readonly heldCount: Int32Array
  readonly inboundCount: Int32Array
  readonly finishedUs: Float64Array
  readonly switches: Int32Array
  /** Pages that are here, or asked for, by node and page. */
  readonly pageTaken: Uint8Array
  // The lane in, by half-edge.
  readonly inOpen: Uint8Array
  readonly exhausted: Uint8Array
  /** Its owner knows what its peer announced. */
  readonly known: Uint8Array
  readonly asked: Uint8Array
  readonly arrived: Uint8Array
  readonly rate: Float32Array
  readonly gapMs: Float32Array
  readonly paceMs: Float32Array
  readonly progressUs: Int32Array
  readonly quarantinedUs: Int32Array
  // The lane out, by half-edge.
  readonly linked: Uint8Array
  readonly outState: Uint8Array
  // By node and word.
  readonly held: Uint32Array
  readonly begun: Uint32Array
  readonly taken: Uint32Array
  readonly announced: Uint32Array
  readonly whole: Uint32Array
  // By node and chunk.
  readonly rarity: Uint8Array
  /** Parcels that are here, a bit each. */
  readonly parcels: Uint8Array
  duplicatePieces = 0
  finished = 0

  constructor (plan: Plan, put: { readonly pieces: number, readonly chunkPieces: number }, job: string) {
    this.plan = plan
    this.cut = new Cut(put.pieces, put.chunkPieces)
    this.graph = graphOf(job, plan.hosts.length - 1)
    this.delayUs = plan.links.rttMs * 500
    const members = this.members = plan.hosts.length
    this.names = plan.hosts.map((_, index) => nameOf(index))
    const words = this.words = Math.ceil(this.cut.chunks / 32)
    const edges = this.graph.peer.length
    const mean = plan.hosts.slice(1).reduce((sum, { up }) => sum + up, 0) / (members - 1)
    this.weight = Float64Array.from(plan.hosts, ({ up }, index) => index === 0 ? 1 : up / mean)
    this.hasJob = new Uint8Array(members)
    this.hasCommand = new Uint8Array(members)
    this.out = new Int32Array(members)
    this.stuck = new Uint8Array(members)
    this.heldCount = new Int32Array(members)
    this.inboundCount = new Int32Array(members)
    this.finishedUs = new Float64Array(members)
    this.switches = new Int32Array(members)
    this.pageTaken = new Uint8Array(members * this.cut.pages)
    this.inOpen = new Uint8Array(edges)
    this.exhausted = new Uint8Array(edges)
    this.known = new Uint8Array(edges)
    this.asked = new Uint8Array(edges)
    this.arrived = new Uint8Array(edges)
    this.rate = new Float32Array(edges)
    this.gapMs = new Float32Array(edges)
    this.paceMs = new Float32Array(edges)
    this.progressUs = new Int32Array(edges)
    this.quarantinedUs = new Int32Array(edges)
    this.linked = new Uint8Array(edges)
    this.outState = new Uint8Array(edges)
    this.held = new Uint32Array(members * words)
    this.begun = new Uint32Array(members * words)
    this.taken = new Uint32Array(members * words)
    this.announced = new Uint32Array(members * words)
    this.whole = new Uint32Array(members * words)
    this.rarity = new Uint8Array(members * this.cut.chunks)
    this.parcels = new Uint8Array(members * this.cut.chunks)
  }

  get startUs (): number {
    return startUs(this.plan)
  }

  has (set: Uint32Array, node: number, chunk: number): boolean {
    return (set[node * this.words + (chunk >> 5)]! & (1 << (chunk & 31))) !== 0
  }

  set (set: Uint32Array, node: number, chunk: number): void {
    set[node * this.words + (chunk >> 5)]! |= 1 << (chunk & 31)
  }

  clear (set: Uint32Array, node: number, chunk: number): void {
    set[node * this.words + (chunk >> 5)]! &= ~(1 << (chunk & 31))
  }

  /** Whether a node has still to ask for a chunk's page; then it counts as asked. What comes ahead of it does not wait here. */
  asksPage (node: number, chunk: number): boolean {
    return this.takesPage(node, this.cut.pageOf(chunk))
  }

  /** Whether a node has still to get a page; then it counts as on its way. The base knows, since nodes see to the page behind each that they have. */
  takesPage (node: number, page: number): boolean {
    const at = node * this.cut.pages + page
    if (this.pageTaken[at] === 1) return false
    this.pageTaken[at] = 1
    return true
  }

  /** First parcel of a chunk that is missing at a node: where another source goes on. */
  resumePoint (node: number, chunk: number): number {
    const missing = ~this.parcels[node * this.cut.chunks + chunk]!
    return 31 - Math.clz32(missing & -missing)
  }

  /** They have a lane, in one direction or the other: news goes from the owner to the peer. */
  arePartners (h: number): boolean {
    return this.inOpen[h] === 1 || this.outState[h] === ACCEPTED
  }
}
