import { HAVE_BATCH_MS, heldBatchMs, LARGE_CHUNK_PIECES, RARE_ANNOUNCERS, rareBelow, rareBelowIdle } from '@sluice/core'
import { bodyBytes } from '../framing.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { ANNOUNCE, NEWS } from './happenings.ts'
import { NONE, type Fleet } from './fleet.ts'
import { grown, type TimeWheel } from './time-wheel.ts'
import type { Wires } from './wires.ts'

/** A chunk's number in a message, its tag included: two bytes up to 127, three beyond. */
const SMALL = 128

/**
 * What nodes say they have: at once where it is rare, in batches otherwise. A
 * message that goes to all partners is one event here; it arrives everywhere at
 * the same time, and what a node announced is therefore one set, not one a partner.
 */
export class News {
  readonly #fleet: Fleet
  readonly #wires: Wires
  readonly #wheel: TimeWheel
  readonly #acknowledgements: Acknowledgements
  readonly #staleUs: () => number
  /** By node and word: begun, and held whole, and not announced. */
  readonly #coming: Uint32Array
  readonly #held: Uint32Array
  readonly #urgent: Uint8Array
  readonly #comingUs: Float64Array
  readonly #heldUs: Float64Array
  /** When its timer is set for; 0: none is. */
  readonly #timerUs: Float64Array
  readonly #pending: Uint8Array
  // Batches under way: their words, their sender, and whether the chunks are whole.
  #bits = new Uint32Array(0)
  #from = new Int32Array(0)
  #whole = new Uint8Array(0)
  readonly #free: number[] = []
  /** What of the batch that arrives is news, be it that chunks are whole. */
  readonly #news: Uint32Array
  readonly #haveBytes: number
  readonly #rareBelow: number
  /** The node's uplink could send more than it is asked for. */
  hasRoom: (node: number) => boolean = () => false
  /** What the node's uplink was seen to do, and what arrives at it, in bytes per second. */
  upRateOf: (node: number) => number = () => 0
  downRateOf: (node: number) => number = () => 0
  /** A partner has something new to ask its peer for. */
  onNews: (node: number) => void = () => {}
  /** The base is told of chunks that a partner holds. */
  onBase: (from: number, chunks: number[]) => void = () => {}

  constructor (fleet: Fleet, wires: Wires, wheel: TimeWheel, acknowledgements: Acknowledgements, staleUs: () => number) {
    const { members, words } = fleet
    this.#fleet = fleet
    this.#wires = wires
    this.#wheel = wheel
    this.#acknowledgements = acknowledgements
    this.#staleUs = staleUs
    this.#coming = new Uint32Array(members * words)
    this.#held = new Uint32Array(members * words)
    this.#news = new Uint32Array(words)
    this.#urgent = new Uint8Array(members)
    this.#pending = new Uint8Array(members)
    this.#comingUs = new Float64Array(members)
    this.#heldUs = new Float64Array(members)
    this.#timerUs = new Float64Array(members)
    // All members but the base are servers.
    this.#rareBelow = fleet.cut.chunkPieces === 1 || fleet.cut.chunkPieces >= LARGE_CHUNK_PIECES ? rareBelow(members - 1) : RARE_ANNOUNCERS
    this.#haveBytes = bodyBytes({ type: 'have', job: '', seq: 1, chunks: [] })
  }

  isRare (node: number, chunk: number): boolean {
    return this.#fleet.rarity[node * this.#fleet.cut.chunks + chunk]! < this.#rareBelow
  }

  begun (node: number, chunk: number): void {
    if (this.#fleet.cut.chunkPieces === 1) return
    this.#fleet.set(this.#coming, node, chunk)
    this.#pending[node]! |= 1
  }

  held (node: number, chunk: number): void {
    this.#fleet.set(this.#held, node, chunk)
    this.#pending[node]! |= 2
    if (this.#fleet.cut.chunkPieces === 1 && this.isRare(node, chunk)) this.#urgent[node] = 1
  }

  /** Say what is due; what is not is said when it is. */
  announce (node: number): void {
    if (this.#pending[node] === 0) return
    const { nowUs } = this.#wheel
    let dueUs = Number.POSITIVE_INFINITY
    if ((this.#pending[node]! & 1) !== 0) {
      const atUs = this.#comingUs[node]! + HAVE_BATCH_MS * 1000
      if (nowUs >= atUs) {
        this.#pending[node]! &= ~1
        if (this.#takeBegun(node)) {
          this.#comingUs[node] = nowUs
          this.#send(node, this.#coming, 0)
        }
      } else dueUs = atUs
    }
    if ((this.#pending[node]! & 2) !== 0) {
      const atUs = this.#heldUs[node]! + (this.#urgent[node] === 1 ? HAVE_BATCH_MS : heldBatchMs(nowUs / 1000, this.upRateOf(node), this.downRateOf(node))) * 1000
      if (nowUs >= atUs) {
        this.#heldUs[node] = nowUs
        this.#urgent[node] = 0
        this.#pending[node]! &= ~2
        this.#send(node, this.#held, 1)
      } else dueUs = Math.min(dueUs, atUs)
    }
    if (dueUs === Number.POSITIVE_INFINITY || (this.#timerUs[node]! > nowUs && this.#timerUs[node]! <= dueUs)) return
    this.#timerUs[node] = dueUs
    this.#wheel.at(dueUs, ANNOUNCE, node)
  }

  /** Of what has begun here, leave what partners are to be told of now. @returns whether there is any */
  #takeBegun (node: number): boolean {
    const { words, rarity, cut: { chunks } } = this.#fleet
    const below = this.hasRoom(node) ? rareBelowIdle(this.#rareBelow) : this.#rareBelow
    let any = 0
    for (let w = 0; w < words; w++) {
      const at = node * words + w
      let told = 0
      for (let rest = this.#coming[at]!; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest
        if (rarity[node * chunks + w * 32 + 31 - Math.clz32(bit)]! < below) told |= bit
      }
      any |= this.#coming[at] = told
    }
    return any !== 0
  }

  /** A batch is at its receivers. */
  arrived (batch: number): void {
    const { words, announced, whole, graph: { first, peer, twin }, known } = this.#fleet
    const node = this.#from[batch]!
    let news = 0
    for (let w = 0; w < words; w++) {
      const bits = this.#bits[batch * words + w]!
      // From here on the batch has only what was not announced at all before.
      this.#bits[batch * words + w] = bits & ~announced[node * words + w]!
      news |= this.#news[w] = bits & ~(this.#whole[batch] === 1 ? whole : announced)[node * words + w]!
      announced[node * words + w]! |= bits
      if (this.#whole[batch] === 1) whole[node * words + w]! |= bits
    }
    if (news !== 0) {
      for (let h = first[node]!; h < first[node + 1]!; h++) if (known[twin[h]!] === 1) this.#learn(peer[h]!, twin[h]!, batch)
    }
    this.#free.push(batch)
  }

  /** From now on the owner of a half-edge knows what its peer announces. */
  meet (h: number): void {
    const { words, known, graph: { owner, peer }, announced, exhausted, stuck } = this.#fleet
    if (known[h] === 1) return
    known[h] = 1
    exhausted[h] = stuck[owner[h]!] = 0
    for (let w = 0; w < words; w++) this.#count(owner[h]!, w, announced[peer[h]! * words + w]!)
    this.onNews(owner[h]!)
  }

  /** The base is a partner from now on, and is told what was announced before. */
  tellBase (node: number): void {
    const { words, whole } = this.#fleet
    const chunks = [...chunksOf(whole.subarray(node * words, (node + 1) * words))]
    if (chunks.length > 0) this.onBase(node, chunks)
  }

  #learn (node: number, h: number, batch: number): void {
    const { words, exhausted, stuck, taken } = this.#fleet
    let wanted = 0
    for (let w = 0; w < words; w++) {
      this.#count(node, w, this.#bits[batch * words + w]!)
      wanted |= this.#news[w]! & ~taken[node * words + w]!
    }
    if (wanted === 0) return
    exhausted[h] = stuck[node] = 0
    this.onNews(node)
  }

  #count (node: number, word: number, bits: number): void {
    const { rarity, cut: { chunks } } = this.#fleet
    const first = node * chunks + word * 32
    for (let rest = bits; rest !== 0; rest &= rest - 1) rarity[first + 31 - Math.clz32(rest & -rest)]!++
  }

  #send (node: number, bits: Uint32Array, whole: number): void {
    const { words, graph: { first, peer } } = this.#fleet
    const batch = this.#batch()
    this.#from[batch] = node
    this.#whole[batch] = whole
    for (let w = 0; w < words; w++) {
      this.#bits[batch * words + w] = bits[node * words + w]!
      bits[node * words + w] = 0
    }
    let latestUs = NONE
    for (let h = first[node]!; h < first[node + 1]!; h++) {
      if (!this.#fleet.arePartners(h) || (peer[h] === 0 && whole === 0)) continue
      if (peer[h] === 0) {
        this.onBase(node, [...chunksOf(this.#bits.subarray(batch * words, (batch + 1) * words))])
        continue
      }
      const bytes = this.#bytesFor(peer[h]!, batch)
      if (bytes === 0) continue
      latestUs = this.#wires.controlUs(node, this.#wires.framed(h, this.#haveBytes + bytes))
      this.#acknowledgements.leave(h)
    }
    this.#wheel.at(this.#wheel.nowUs + Math.max(this.#fleet.delayUs, latestUs) + this.#staleUs(), NEWS, batch)
  }

  /** Bytes of the chunks in a batch that a partner did not say it holds, or, where they have only begun, has not begun. */
  #bytesFor (to: number, batch: number): number {
    const { words, whole, announced } = this.#fleet
    const known = this.#whole[batch] === 1 ? whole : announced
    let bytes = 0
    for (let w = 0; w < words; w++) {
      let bits = this.#bits[batch * words + w]! & ~known[to * words + w]!
      const each = w * 32 < SMALL ? 2 : 3
      for (; bits !== 0; bits &= bits - 1) bytes += each
    }
    return bytes
  }

  #batch (): number {
    const free = this.#free.pop()
    if (free != null) return free
    const old = this.#from.length
    const size = Math.max(256, old * 2)
    this.#bits = grown(this.#bits, new Uint32Array(size * this.#fleet.words))
    this.#from = grown(this.#from, new Int32Array(size))
    this.#whole = grown(this.#whole, new Uint8Array(size))
    for (let batch = size - 1; batch > old; batch--) this.#free.push(batch)
    return old
  }
}

/** Chunks of a set, the lowest first. */
export function * chunksOf (words: Uint32Array): Generator<number> {
  for (let w = 0; w < words.length; w++) for (let bits = words[w]!; bits !== 0; bits &= bits - 1) yield w * 32 + 31 - Math.clz32(bits & -bits)
}
