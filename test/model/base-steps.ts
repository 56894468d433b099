/**
 * What the base does: it takes commands from the provider, closes the live put, ends the job, re-issues ranks, and after
 * `end` waits, queries and closes.
 */
import type { Step } from './explorer.ts'
import { forgetLanes } from './hand-over.ts'
import { ABANDONED, COMPLETE, FAILURE, FINAL, OPEN, type Server, type State, UNKNOWN, UNREACHABLE, at, bit, copy } from './job-state.ts'
import { COMPLETED, FAILED, RECEIVED, type Scenario, has } from './scenario.ts'

export const MAX_WAITS = 2

export function providerSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  if (state.up === 0 || state.ended === 1) return
  const liveIsOpen = state.close === OPEN && scenario.commands.slice(0, state.head).some(command => command.kind === 'live')
  if (state.head < scenario.commands.length) {
    const size = nextBatch(scenario, state.head)
    out.push(changed(state, `provider adds ${size} commands after ${state.head}`, (next) => { next.head += size }))
  }
  if (liveIsOpen) {
    out.push(changed(state, 'provider sends the final page of the live put', (next) => { next.close = FINAL }))
    out.push(changed(state, 'provider abandons the live put', (next) => { next.close = ABANDONED }))
  }
  if (state.head === scenario.commands.length && !liveIsOpen) out.push(changed(state, 'provider ends the job', end))
  if (scenario.providerMayDie === true && state.head > 0) {
    out.push(changed(state, 'provider is gone: base closes what is open and ends the job', (next) => {
      if (liveIsOpen) next.close = ABANDONED
      end(next)
    }))
  }
}

function nextBatch (scenario: Scenario, head: number): number {
  let start = 0
  for (const size of scenario.batches ?? []) {
    if (start === head) return size
    start += size
  }
  return 1
}

function end (next: State): void {
  next.head++
  next.ended = 1
}

export function closeSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  if (state.up === 0 || state.ended === 0) return
  if (state.servers.every(isReported)) out.push(changed(state, 'base closes the job', next => { close(scenario, next) }))
  else if (state.faults > 0 && scenario.kinds.includes('deadline')) {
    out.push(changed(state, 'the deadline passes: base closes the job', (next) => {
      next.faults--
      next.deadline = 1
      close(scenario, next)
    }))
  }
}

/** The re-issue timer: it asks for a missing receipt and not for a dead server, so it needs no failure detector. */
export function reissueSteps (scenario: Scenario, state: State, early: boolean, out: Array<Step<State>>): void {
  if (state.up === 0 || !has(scenario, 'reissue')) return
  const missing = state.servers.reduce((mask, server, rank) => (server.got & RECEIVED) === 0 ? mask | bit(rank) : mask, 0)
  if ((missing & ~state.own) === 0) return
  out.push(changed(state, `base re-issues ranks without a receipt${early ? ', too early' : ''}`, (next) => {
    next.own |= missing
    if (early) next.faults--
  }))
}

/** A wait period passes only when nothing else can happen: timers are long against everything that is under way. */
export function waitSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  if (state.up === 0 || state.ended === 0) return
  if (state.waits === MAX_WAITS) {
    out.push(changed(state, 'the last wait period is over: base closes the job', next => { close(scenario, next) }))
    return
  }
  out.push(changed(state, 'a wait period passes: base queries the silent servers', (next) => {
    next.waits++
    if (!has(scenario, 'query')) return
    next.servers.forEach((server, rank) => { query(scenario, next, server, rank) })
  }))
}

function query (scenario: Scenario, next: State, server: Server, rank: number): void {
  if (isReported(server) || server.up === 0) return
  // A server that lacks the job is approached by the re-issue of its rank, everyone else gets its lane to the base back.
  if (server.job === 1) next.given[rank] = at(next.given, rank) | bit(rank)
  if (server.failed !== 0 && has(scenario, 'query-repairs')) server.failed = 0
  if (has(scenario, 'hello-carries-closes')) server.stale = 0
}

function isReported (server: Server): boolean {
  return (server.got & COMPLETED) !== 0
}

function close (scenario: Scenario, next: State): void {
  next.closed = 1
  // Lanes mean nothing any more: without them, ends that say the same are the same.
  forgetLanes(next)
  next.servers.forEach(forgetLanes)
  for (const server of next.servers) {
    const failed = (server.got & FAILED) !== 0
    if (isReported(server) && !(failed && !has(scenario, 'repair-supersedes-failure'))) server.verdict = COMPLETE
    else if (failed) server.verdict = FAILURE
    else server.verdict = server.up === 1 ? UNKNOWN : UNREACHABLE
  }
}

function changed (state: State, label: string, change: (next: State) => void): Step<State> {
  const next = copy(state)
  change(next)
  return { label, state: next }
}
