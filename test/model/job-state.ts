/**
 * The state of one job: the base, the servers, and its canonical encoding.
 *
 * A set of ranks is a bit mask. The model lets a source approach any rank of its set and hand over any half of the rest:
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
  /** Content it holds: volatile, a crash may lose what is not committed. */
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

const NUMBERS = ['up', 'job', 'head', 'close', 'stale', 'chunks', 'done', 'superseded', 'failed', 'signed', 'outbox', 'got', 'verdict'] as const
const BASE_NUMBERS = ['up', 'head', 'ended', 'close', 'waits', 'closed', 'deadline', 'faults'] as const

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
    up: 1, job: 0, head: 0, close: OPEN, stale: 0, chunks: 0, done: 0, superseded: 0, failed: 0, signed: 0, outbox: 0, got: 0, verdict: PENDING,
    own: 0, given: none(), unacked: 0
  }))
  return {
    up: 1, head: 0, ended: 0, close: OPEN, waits: 0, closed: 0, deadline: 0, faults: scenario.faults,
    own: bit(scenario.servers) - 1, given: none(), unacked: 0, servers
  }
}

export function copy (state: State): State {
  return { ...state, given: state.given.slice(), servers: state.servers.map(server => ({ ...server, given: server.given.slice() })) }
}

/** The base's commands, without `end`. */
export function commandCount (state: State): number {
  return state.head - state.ended
}

export function encode (state: State): string {
  const order = canonicalOrder(state)
  const codes: number[] = BASE_NUMBERS.map(name => state[name])
  const places = order.map((_, rank) => order.indexOf(rank))
  const renamed = (mask: number): number => {
    let result = 0
    for (let rank = 0; mask >> rank !== 0; rank++) if ((mask & bit(rank)) !== 0) result |= bit(at(places, rank))
    return result
  }
  const pushHolder = (holder: Holder): void => {
    codes.push(renamed(holder.own), renamed(holder.unacked))
    for (const rank of order) codes.push(renamed(at(holder.given, rank)))
  }
  pushHolder(state)
  for (const rank of order) {
    const server = at(state.servers, rank)
    for (const name of NUMBERS) codes.push(server[name])
    pushHolder(server)
  }
  return String.fromCharCode(...codes)
}

export function decode (key: string): State {
  let place = 0
  const next = (): number => key.charCodeAt(place++)
  const base = Object.fromEntries(BASE_NUMBERS.map(name => [name, next()])) as Pick<State, typeof BASE_NUMBERS[number]>
  // The length gives the number of servers: base fields + (2 + n) + n × (fields + 2 + n).
  let count = 1
  while (BASE_NUMBERS.length + 2 + count + count * (NUMBERS.length + 2 + count) < key.length) count++
  const nextHolder = (): Holder => ({ own: next(), unacked: next(), given: Array.from({ length: count }, next) })
  const holder = nextHolder()
  const servers = Array.from({ length: count }, (): Server => {
    const fields = Object.fromEntries(NUMBERS.map(name => [name, next()])) as Pick<Server, typeof NUMBERS[number]>
    return { ...fields, ...nextHolder() }
  })
  return { ...base, ...holder, servers }
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
    const codes: number[] = NUMBERS.map(name => server[name])
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
