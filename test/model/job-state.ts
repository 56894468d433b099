/**
 * The state of one job: the base, the servers, and its canonical encoding.
 *
 * A set of ranks is a bit mask. The model lets a source approach any rank of its set and hand over any half of the rest, or any smaller part:
 * this covers every re-sorting of ranges by fresher rates, and it makes the servers interchangeable, so that states
 * which differ only in the servers' names are one state.
 */
import type { Scenario } from './scenario.ts'

/** What a source of the job knows about ranks. All of it is volatile. */
export interface Holder {
  /** Ranks it has to approach. */
  own: number
  /** given[t]: what it handed to t, with t itself. Not zero while the lane to t is open. */
  given: number[]
  /** Targets whose acknowledgement is missing: the hand-over will be repeated. */
  unacked: number
}

export interface Server extends Holder {
  up: number
  job: number
  /** Number of queue entries it has logged, `end` being the last of all. */
  head: number
  /** How the live put closed, as far as it knows. */
  close: number
  /** It returned after the close of the live put went round. */
  stale: number
  /** It said hello to the base since the base and itself were last started. */
  greeted: number
  /** Content it holds and has not committed: a crash may lose it. */
  chunks: number
  done: number
  superseded: number
  /** Sequence number of the command that failed, 0 for none. */
  failed: number
  signed: number
  outbox: number
  /** Receipts of this server in the base's journal. */
  got: number
  verdict: number
}

export interface State extends Holder {
  up: number
  head: number
  ended: number
  close: number
  waits: number
  closed: number
  deadline: number
  faults: number
  servers: Server[]
}

export const OPEN = 0
export const FINAL = 1
export const ABANDONED = 2

export const PENDING = 0
export const COMPLETE = 1
export const FAILURE = 2
export const UNREACHABLE = 3
export const UNKNOWN = 4

export function at<T> (list: ArrayLike<T>, index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`Nothing at index ${index}`)
  return item
}

export function bit (rank: number): number {
  return 1 << rank
}

export function ranksOf (mask: number): number[] {
  const ranks = []
  for (let rank = 0; mask >> rank !== 0; rank++) if ((mask & bit(rank)) !== 0) ranks.push(rank)
  return ranks
}

export function initialState (scenario: Scenario): State {
  const none = (): number[] => new Array(scenario.servers).fill(0)
  const servers = none().map((): Server => ({
    up: 1, job: 0, stale: 0, close: OPEN, verdict: PENDING, greeted: 1, head: 0, failed: 0,
    chunks: 0, done: 0, superseded: 0, signed: 0, outbox: 0, got: 0, own: 0, unacked: 0, given: none()
  }))
  return {
    up: 1, head: 0, ended: 0, close: OPEN, waits: 0, closed: 0, deadline: 0, faults: scenario.faults,
    own: bit(scenario.servers) - 1, given: none(), unacked: 0, servers
  }
}

export function copy (state: State): State {
  return { ...state, given: state.given.slice(), servers: state.servers.map(copyServer) }
}

function copyServer (server: Server): Server {
  return {
    up: server.up, job: server.job, stale: server.stale, close: server.close, verdict: server.verdict, greeted: server.greeted, head: server.head, failed: server.failed,
    chunks: server.chunks, done: server.done, superseded: server.superseded, signed: server.signed, outbox: server.outbox, got: server.got,
    own: server.own, unacked: server.unacked, given: server.given.slice()
  }
}

/** The base's commands, without `end`. */
export function commandCount (state: State): number {
  return state.head - state.ended
}

export function encode (state: State): string {
  return encodeInOrder(state, canonicalOrder(state))
}

/** The least encoding under all renamings. */
export function identity (state: State): string {
  const codes = permutations(state.servers.map((_, rank) => rank)).map(order => encodeInOrder(state, order))
  return at(codes.sort(), 0)
}

function permutations (ranks: number[]): number[][] {
  if (ranks.length === 0) return [[]]
  return ranks.flatMap(first => permutations(ranks.filter(rank => rank !== first)).map(rest => [first, ...rest]))
}

function encodeInOrder (state: State, order: number[]): string {
  const codes = [state.up | state.ended << 1 | state.closed << 2 | state.deadline << 3, state.head, state.close, state.waits, state.faults]
  const places = new Array<number>(order.length).fill(0)
  order.forEach((rank, place) => { places[rank] = place })
  pushHolder(codes, state, order, places)
  for (const rank of order) {
    const server = at(state.servers, rank)
    pushNumbers(codes, server)
    pushHolder(codes, server, order, places)
  }
  return String.fromCharCode(...codes)
}

function pushNumbers (codes: number[], server: Server): void {
  codes.push(
    server.up | server.job << 1 | server.stale << 2 | server.close << 3 | server.verdict << 5 | server.greeted << 8, server.head, server.failed,
    server.chunks, server.done, server.superseded, server.signed, server.outbox, server.got
  )
}

function pushHolder (codes: number[], holder: Holder, order: number[], places: number[]): void {
  codes.push(renamed(holder.own, places), renamed(holder.unacked, places))
  for (const rank of order) codes.push(renamed(at(holder.given, rank), places))
}

function renamed (mask: number, places: number[]): number {
  let result = 0
  for (let rank = 0; mask >> rank !== 0; rank++) if ((mask >> rank & 1) !== 0) result |= bit(at(places, rank))
  return result
}

const BASE_CODES = 5
const SERVER_CODES = 9

export function decode (key: string): State {
  let place = 0
  const next = (): number => key.charCodeAt(place++)
  // The length tells the number of servers: base + (2 + n) + n × (server + 2 + n).
  let count = 1
  while (BASE_CODES + 2 + count + count * (SERVER_CODES + 2 + count) < key.length) count++
  const flags = next()
  const state: State = {
    up: flags & 1, ended: flags >> 1 & 1, closed: flags >> 2 & 1, deadline: flags >> 3 & 1, head: next(), close: next(), waits: next(), faults: next(),
    own: next(), unacked: next(), given: nextMasks(next, count), servers: []
  }
  for (let rank = 0; rank < count; rank++) {
    const flags = next()
    state.servers.push({
      up: flags & 1, job: flags >> 1 & 1, stale: flags >> 2 & 1, close: flags >> 3 & 3, verdict: flags >> 5 & 7, greeted: flags >> 8, head: next(), failed: next(),
      chunks: next(), done: next(), superseded: next(), signed: next(), outbox: next(), got: next(),
      own: next(), unacked: next(), given: nextMasks(next, count)
    })
  }
  return state
}

function nextMasks (next: () => number, count: number): number[] {
  const masks = []
  for (let rank = 0; rank < count; rank++) masks.push(next())
  return masks
}

/**
 * Servers sorted by what can be said of each without naming another. Ties may leave two names for one state, which costs
 * time and never correctness: every code is the state itself under some renaming.
 */
function canonicalOrder (state: State): number[] {
  const signatures = state.servers.map((server, rank) => {
    let incoming = 0
    let wanted = 0
    for (const holder of state.servers) {
      if (holder.given[rank] !== 0) incoming++
      if ((holder.own & bit(rank)) !== 0) wanted++
    }
    const codes: number[] = []
    pushNumbers(codes, server)
    codes.push((state.own >> rank) & 1, (state.unacked >> rank) & 1, countBits(at(state.given, rank)), incoming, wanted, countBits(server.own))
    for (const mask of server.given) incoming += countBits(mask)
    codes.push(incoming)
    return String.fromCharCode(...codes)
  })
  const order = state.servers.map((_, rank) => rank)
  return order.sort((a, b) => at(signatures, a) < at(signatures, b) ? -1 : at(signatures, a) > at(signatures, b) ? 1 : a - b)
}

export function countBits (mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
