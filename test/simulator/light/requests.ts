import { NONE, type Fleet } from './fleet.ts'
import { grown } from './time-wheel.ts'

/** No time at all: what the source pushes is never late. */
export const NEVER_US = 2 ** 31 - 1

/** Chunks asked of a source, or being pushed by one, each with what the core keeps of a request. Those of a node are in order of asking. */
export class Requests {
  readonly #fleet: Fleet
  /** By node and chunk: its request. */
  readonly #of: Int32Array
  readonly #first: Int32Array
  readonly #last: Int32Array
  /** Half-edge to the source. */
  lane = new Int32Array(0)
  chunk = new Int32Array(0)
  progressUs = new Int32Array(0)
  dueUs = new Int32Array(0)
  pushed = new Uint8Array(0)
  #next = new Int32Array(0)
  #before = new Int32Array(0)
  #free = NONE

  constructor (fleet: Fleet) {
    this.#fleet = fleet
    this.#of = new Int32Array(fleet.members * fleet.cut.chunks).fill(NONE)
    this.#first = new Int32Array(fleet.members).fill(NONE)
    this.#last = new Int32Array(fleet.members).fill(NONE)
  }

  of (node: number, chunk: number): number {
    return this.#of[node * this.#fleet.cut.chunks + chunk]!
  }

  first (node: number): number {
    return this.#first[node]!
  }

  next (request: number): number {
    return this.#next[request]!
  }

  /** → asked for. */
  ask (h: number, chunk: number, nowUs: number, dueUs: number, pushed: boolean): void {
    const fleet = this.#fleet
    const node = fleet.graph.owner[h]!
    if (this.#free === NONE) this.#grow()
    const request = this.#free
    this.#free = this.#next[request]!
    this.lane[request] = h
    this.chunk[request] = chunk
    this.progressUs[request] = nowUs
    this.dueUs[request] = dueUs
    this.pushed[request] = pushed ? 1 : 0
    this.#next[request] = NONE
    this.#before[request] = this.#last[node]!
    if (this.#last[node] === NONE) this.#first[node] = request
    else this.#next[this.#last[node]!] = request
    this.#last[node] = request
    this.#of[node * fleet.cut.chunks + chunk] = request
    fleet.set(fleet.taken, node, chunk)
    fleet.asked[h]!++
    fleet.out[node]!++
  }

  /** asked for → missing again. */
  forget (request: number): void {
    const { graph: { first, owner }, exhausted } = this.#fleet
    const node = owner[this.lane[request]!]!
    this.#fleet.clear(this.#fleet.taken, node, this.chunk[request]!)
    exhausted.fill(0, first[node]!, first[node + 1]!)
    this.settle(request)
  }

  /** asked for → here: nobody has more to be asked for than before. */
  settle (request: number): void {
    const fleet = this.#fleet
    const { graph: { owner } } = fleet
    const h = this.lane[request]!
    const node = owner[h]!
    const before = this.#before[request]!
    const next = this.#next[request]!
    if (before === NONE) this.#first[node] = next
    else this.#next[before] = next
    if (next === NONE) this.#last[node] = before
    else this.#before[next] = before
    this.#of[node * fleet.cut.chunks + this.chunk[request]!] = NONE
    fleet.asked[h]!--
    fleet.out[node]!--
    fleet.stuck[node] = 0
    this.#next[request] = this.#free
    this.#free = request
  }

  #grow (): void {
    const old = this.lane.length
    const size = Math.max(1_024, old * 2)
    this.lane = grown(this.lane, new Int32Array(size))
    this.chunk = grown(this.chunk, new Int32Array(size))
    this.progressUs = grown(this.progressUs, new Int32Array(size))
    this.dueUs = grown(this.dueUs, new Int32Array(size))
    this.pushed = grown(this.pushed, new Uint8Array(size))
    this.#next = grown(this.#next, new Int32Array(size))
    this.#before = grown(this.#before, new Int32Array(size))
    for (let request = old; request < size; request++) {
      this.#next[request] = this.#free
      this.#free = request
    }
  }
}
