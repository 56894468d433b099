/**
 * How the job, its queue and the ranges of un-approached ranks travel: hand-over, its acknowledgement, lanes that stay
 * open and carry what is new, and hello for whoever has lost its lane.
 */
import type { Step } from './explorer.ts'
import { type Holder, OPEN, type Server, type State, at, bit, copy, countBits, ranksOf } from './job-state.ts'
import { COMPLETED, RECEIVED, type Scenario, has } from './scenario.ts'

export const BASE = -1

export function holderAt (state: State, index: number): State | Server {
  return index === BASE ? state : at(state.servers, index)
}

export function holderName (index: number): string {
  return index === BASE ? 'base' : `server ${index}`
}

function liveHolders (state: State): number[] {
  const servers = state.servers.flatMap((server, rank) => server.up === 1 && server.job === 1 ? [rank] : [])
  return state.up === 1 ? [BASE, ...servers] : servers
}

export function handOverSteps (scenario: Scenario, state: State, oneSource: boolean, out: Array<Step<State>>): void {
  for (const index of liveHolders(state)) {
    handOvers(scenario, state, index, out)
    if (oneSource && out.length > 0) return
  }
}

export function newsSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  for (const index of liveHolders(state)) laneSteps(state, index, out)
  if (has(scenario, 'hello')) for (const rank of state.servers.keys()) hello(scenario, state, rank, out)
}

function handOvers (scenario: Scenario, state: State, index: number, out: Array<Step<State>>): void {
  const holder = holderAt(state, index)
  for (const target of ranksOf(holder.own)) {
    if (at(state.servers, target).up === 0) continue
    const rest = holder.own & ~bit(target)
    for (const part of parts(rest, scenario.anyPart === true)) {
      out.push(deliver(scenario, state, index, target, part, true))
      if (state.faults > 0 && scenario.kinds.includes('ack-loss')) out.push(deliver(scenario, state, index, target, part, false))
    }
  }
  for (const target of ranksOf(holder.unacked)) {
    if (at(state.servers, target).up === 1) out.push(deliver(scenario, state, index, target, at(holder.given, target) & ~bit(target), true))
  }
}

function deliver (scenario: Scenario, state: State, index: number, target: number, ranges: number, acked: boolean): Step<State> {
  const next = copy(state)
  const holder = holderAt(next, index)
  const twice = state.faults === scenario.faults && at(state.servers, target).job === 1
  const refused = receive(scenario, next, holder, target, ranges)
  holder.own &= ~(ranges | bit(target))
  holder.given[target] = at(holder.given, target) | ranges | bit(target)
  if (acked) {
    holder.unacked &= ~bit(target)
    holder.given[target] = at(holder.given, target) & ~refused
    if (has(scenario, 'ack-names-ranges')) holder.own |= refused
  } else {
    holder.unacked |= bit(target)
    next.faults--
  }
  return {
    label: `${holderName(index)} hands the job and {${ranksOf(ranges).join()}} to server ${target}${acked ? '' : ', acknowledgement lost'}`,
    state: next,
    violation: twice ? `server ${target} is approached twice in a first pass without faults` : undefined
  }
}

/** Returns the ranges that the target does not accept. */
function receive (scenario: Scenario, next: State, from: State | Server, target: number, ranges: number): number {
  const server = at(next.servers, target)
  if (server.job === 0) {
    server.job = 1
    server.signed |= RECEIVED
    server.outbox |= RECEIVED
    learn(server, from)
  }
  if ((server.signed & COMPLETED) !== 0 && has(scenario, 'completed-refuses-ranges')) return ranges
  const dealtWith = has(scenario, 'repeat-is-idempotent') ? server.given.reduce((all, mask) => all | mask, 0) : 0
  server.own |= ranges & ~dealtWith
  return 0
}

function learn (server: Server, from: State | Server): void {
  server.head = from.head
  if (from.close !== OPEN) server.close = from.close
  server.stale = 0
}

/** An open lane carries new queue entries and closes, in both directions, again and again until they have arrived. */
function laneSteps (state: State, index: number, out: Array<Step<State>>): void {
  const holder = holderAt(state, index)
  holder.given.forEach((mask, target) => {
    const server = at(state.servers, target)
    if (mask === 0 || server.up === 0) return
    if (hasNews(holder, server)) out.push(tell(state, index, target))
    if (index !== BASE && hasNews(server, holder as Server)) out.push(tell(state, target, index))
  })
}

function hasNews (from: State | Server, to: Server): boolean {
  return from.head > to.head || (from.head === to.head && to.close === OPEN && from.close !== OPEN && to.stale === 0)
}

function tell (state: State, from: number, to: number): Step<State> {
  const next = copy(state)
  learn(at(next.servers, to), holderAt(next, from))
  return { label: `${holderName(from)} passes the queue up to ${at(next.servers, to).head} on to server ${to}`, state: next }
}

/**
 * A server without a source asks whom it can reach and goes on trying for the base; on a new connection to the base it says
 * hello even if it has another source. Only the base counts in the end: servers that are each other's sources, whether
 * adopted as orphans or through a re-issue, would wait for news in a circle.
 */
function hello (scenario: Scenario, state: State, rank: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  if (server.up === 0 || server.job === 0 || (server.signed & COMPLETED) !== 0) return
  const hasSource = at(state.given, rank) !== 0 || state.servers.some(other => other.up === 1 && at(other.given, rank) !== 0)
  const isNew = server.greeted === 0 && has(scenario, 'hello-on-new-connection') && has(scenario, 'hello-reaches-base')
  const knowsAll = state.ended === 1 && server.head === state.head && server.close === state.close
  if ((hasSource && !isNew) || knowsAll) return
  const baseOnly = has(scenario, 'hello-reaches-base')
  for (const index of liveHolders(state)) {
    if (index === rank) continue
    if (index === BASE || !baseOnly) out.push(adopt(state, index, rank))
    else if (state.up === 0 && hasNews(at(state.servers, index), server)) out.push(tell(state, index, rank))
  }
}

function adopt (state: State, index: number, rank: number): Step<State> {
  const next = copy(state)
  const { given } = holderAt(next, index)
  given[rank] = at(given, rank) | bit(rank)
  if (index === BASE) at(next.servers, rank).greeted = 1
  return { label: `server ${rank} says hello to ${holderName(index)}`, state: next }
}

/** Every lane to `rank` breaks; its sources take back what it had not passed on, as far as they know. */
export function breakLanesTo (scenario: Scenario, next: State, rank: number): void {
  for (const index of [BASE, ...next.servers.keys()]) {
    const holder = holderAt(next, index)
    const mask = at(holder.given, rank)
    if (mask === 0) continue
    const acked = (holder.unacked & bit(rank)) === 0
    const completed = index !== BASE && (at(next.servers, index).signed & COMPLETED) !== 0 && has(scenario, 'completed-takes-nothing-back')
    if (has(scenario, 'take-back') && !completed) holder.own |= acked ? mask & ~bit(rank) : mask
    holder.given[rank] = 0
    holder.unacked &= ~bit(rank)
  }
}

export function forgetLanes (holder: Holder): void {
  holder.own = 0
  holder.unacked = 0
  holder.given.fill(0)
}

const partsCache = new Map<number, number[]>()

/** Every half of a set, an odd one rounded down; or every part that is no more than the larger half. */
function parts (mask: number, anyPart: boolean): number[] {
  const key = mask * 2 + (anyPart ? 1 : 0)
  const cached = partsCache.get(key)
  if (cached !== undefined) return cached
  const half = countBits(mask) >> 1
  const found = []
  for (let subset = 0; subset <= mask; subset++) {
    const size = countBits(subset)
    if ((subset & ~mask) === 0 && (size === half || (anyPart && size <= countBits(mask) - half))) found.push(subset)
  }
  partsCache.set(key, found)
  return found
}
