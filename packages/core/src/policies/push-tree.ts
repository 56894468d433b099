import { PUSH_HOP_SLOTS, PUSH_RANDOM } from '../limits.ts'
import { Prng } from '../prng.ts'
import { circulantSkips } from '../view.ts'

/**
 * How a live piece is passed on unasked: `children[o]` are the places, counted
 * from the first holder's, to which the one at place `o` sends it, in order.
 */
export interface PushTree {
  readonly children: ReadonlyArray<readonly number[]>
  /** How many get it from each place, over however many others. */
  readonly behind: readonly number[]
  /** Slots until the last one has it. */
  readonly slots: number
}

/** The next child is looked for among places that still have so many free slots soon. */
const LOOK_AHEAD_SLOTS = 8

const known = new Map<number, PushTree>()

/** Distances on the ring over which live pieces are pushed, each in both directions: the circulant's, which reach far in few hops, and a few others, which let more of them fit together. */
export function pushOffsets (servers: number): number[] {
  const offsets = new Set<number>()
  const add = (offset: number): void => { if (offset % servers !== 0) offsets.add(offset % servers).add(servers - offset % servers) }
  for (const skip of circulantSkips(servers)) add(skip)
  const prng = Prng.fromText(`push/${servers}`)
  const most = Math.min(servers - 1, offsets.size + PUSH_RANDOM)
  while (offsets.size < most) add(1 + prng.below(servers - 1))
  return [...offsets]
}

/** The tree for so many servers: the same for every first holder, turned to its place. */
export function pushTree (servers: number): PushTree {
  let tree = known.get(servers)
  if (tree == null) known.set(servers, tree = new Timetable(servers).tree())
  return tree
}

/** Whom the server of rank `rank` passes a piece on to that came into the fleet at rank `first`. */
export function pushedTo (servers: number, first: number, rank: number): number[] {
  const place = (rank - first + servers) % servers
  return (pushTree(servers).children[place] ?? []).map(child => (first + child) % servers)
}

/** How many servers wait for a piece behind the one of rank `rank`, if it came into the fleet at rank `first`. */
export function waitingBehind (servers: number, first: number, rank: number): number {
  return pushTree(servers).behind[(rank - first + servers) % servers] ?? 0
}

/**
 * Time in slots, one for each piece that comes into the fleet. Servers are
 * first holders in turn, so what the one at place `o` does in slot `t` of a
 * piece, all servers do, each for another piece, and one and the same server
 * does in the slot `t - o` of every turn of the ring. So a tree whose sends
 * have all different `t - o`, and whose arrivals do, lets no piece wait for
 * another, at any uplink or downlink: the table of a pipelined loop (Rau 1981:
 * modulo scheduling), for the broadcasts from all roots that Träff 2023 gives
 * for hops without delay. Greedy; where nothing fits any more two may share a
 * slot, for a load of less than one leaves room between slots.
 */
class Timetable {
  readonly #servers: number
  readonly #offsets: readonly number[]
  readonly #children: number[][]
  /** From which slot on each place can send it; undefined: it has not got it. */
  readonly #readyAt: Array<number | undefined>
  readonly #sends: Uint8Array
  readonly #arrivals: Uint8Array

  constructor (servers: number) {
    this.#servers = servers
    this.#offsets = pushOffsets(servers)
    this.#children = Array.from({ length: servers }, () => [])
    this.#readyAt = Array.from({ length: servers }, (_, place) => place === 0 ? 0 : undefined)
    this.#sends = new Uint8Array(servers)
    this.#arrivals = new Uint8Array(servers)
    // The source's own piece is on its way to the first holder until slot 0.
    this.#arrivals[this.#phase(-PUSH_HOP_SLOTS, 0)] = 1
  }

  tree (): PushTree {
    let left = this.#servers - 1
    let slot = 0
    for (let shared = 0; left > 0; slot++) {
      const sent = this.#slot(slot, shared)
      left -= sent
      if (sent === 0) shared++
    }
    return { children: this.#children, behind: this.#behind(), slots: slot - 1 + PUSH_HOP_SLOTS }
  }

  #behind (): number[] {
    const behind = this.#children.map(() => 0)
    const count = (place: number): number => {
      for (const child of this.#children[place] as number[]) behind[place] = (behind[place] as number) + 1 + count(child)
      return behind[place] as number
    }
    count(0)
    return behind
  }

  /** Everybody who has it and whose uplink is free now sends it once. @returns how many did */
  #slot (slot: number, shared: number): number {
    const senders: number[] = []
    for (const [place, ready] of this.#readyAt.entries()) if (ready != null && ready <= slot && this.#sendsAt(slot, place) <= shared) senders.push(place)
    senders.sort((a, b) => this.#sendsAt(slot, a) - this.#sendsAt(slot, b) || (this.#readyAt[a] as number) - (this.#readyAt[b] as number))
    let sent = 0
    for (const place of senders) {
      const child = this.#bestChild(slot, place, shared - this.#sendsAt(slot, place))
      if (child == null) continue
      this.#children[place]?.push(child)
      this.#readyAt[child] = slot + PUSH_HOP_SLOTS
      count(this.#sends, this.#phase(slot, place))
      count(this.#arrivals, this.#phase(slot, child))
      sent++
    }
    return sent
  }

  /** One whose downlink is free now, and whose uplink will be when it has it. */
  #bestChild (slot: number, place: number, shared: number): number | undefined {
    let best: number | undefined
    let most = Number.NEGATIVE_INFINITY
    for (const offset of this.#offsets) {
      const child = (place + offset) % this.#servers
      const arrivals = this.#arrivals[this.#phase(slot, child)] as number
      if (this.#readyAt[child] != null || arrivals > shared) continue
      let worth = -arrivals
      for (let ahead = 0; ahead < LOOK_AHEAD_SLOTS; ahead++) if (this.#sendsAt(slot + PUSH_HOP_SLOTS + ahead, child) === 0) worth += 1 / (1 + ahead)
      if (worth <= most) continue
      most = worth
      best = child
    }
    return best
  }

  #sendsAt (slot: number, place: number): number {
    return this.#sends[this.#phase(slot, place)] as number
  }

  #phase (slot: number, place: number): number {
    const phase = (slot - place) % this.#servers
    return phase < 0 ? phase + this.#servers : phase
  }
}

function count (table: Uint8Array, phase: number): void {
  table[phase] = (table[phase] as number) + 1
}
