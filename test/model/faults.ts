/**
 * Crashes and returns. What a crash may lose is decided when it happens, so that neither a checkpoint nor the moment
 * between a commit and its signature needs a state of its own: "volatile until now" and "durable before" are two outcomes
 * of one crash.
 */
import type { Step } from './explorer.ts'
import { canCommit } from './execution.ts'
import { breakLanesTo, forgetLanes } from './hand-over.ts'
import { OPEN, type Server, type State, at, bit, copy, ranksOf } from './job-state.ts'
import { RECEIVED, type Scenario, commandBit, has } from './scenario.ts'

export function crashSteps (scenario: Scenario, state: State, rank: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  if (state.faults === 0 || server.up === 0 || !scenario.kinds.includes('crash')) return
  const crash = (how: string, change: (server: Server) => void): void => {
    const next = copy(state)
    const crashed = at(next.servers, rank)
    next.faults--
    crashed.up = 0
    crashed.greeted = 0
    if (!has(scenario, 'outbox-is-durable')) crashed.outbox = 0
    forgetLanes(crashed)
    breakLanesTo(scenario, next, rank)
    change(crashed)
    out.push({ label: `server ${rank} crashes${how}`, state: next })
  }
  const volatile = server.chunks
  crash('', () => {})
  // In a reduced run the crash before the fetch has the same outcome.
  if (volatile !== 0 && scenario.reduction === 'none') crash(' and loses content', (crashed) => { crashed.chunks &= ~volatile })
  for (let seq = 1; seq <= scenario.commands.length; seq++) {
    if (server.job === 1 && canCommit(scenario, state, rank, seq)) {
      crash(` between the commit and the receipt of command ${seq}`, (crashed) => {
        crashed.done |= commandBit(seq)
        crashed.chunks &= ~commandBit(seq)
      })
    }
  }
  if (!has(scenario, 'receipt-after-durable')) {
    for (const seq of ranksOf(server.done)) crash(` and loses the effect of command ${seq}`, (crashed) => { crashed.done &= ~commandBit(seq) })
  }
}

export function returnSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  state.servers.forEach((server, rank) => {
    if (server.up === 1) return
    const next = copy(state)
    const back = at(next.servers, rank)
    back.up = 1
    if (!has(scenario, 'hello-carries-closes') && state.close !== OPEN && back.close === OPEN && back.job === 1) back.stale = 1
    out.push({ label: `server ${rank} returns`, state: next })
  })
}

export function baseCrashSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  if (state.faults === 0 || state.up === 0 || !scenario.kinds.includes('base-crash')) return
  const crash = (how: string, change: (next: State) => void): void => {
    const next = copy(state)
    next.faults--
    next.up = 0
    forgetLanes(next)
    for (const server of next.servers) server.greeted = 0
    change(next)
    out.push({ label: `base crashes${how}`, state: next })
  }
  crash('', () => {})
  if (!has(scenario, 'close-is-journalled') && state.close !== OPEN && state.ended === 0) {
    crash(' and forgets how the live put closed', (next) => { next.close = OPEN })
  }
  if (has(scenario, 'base-commits-before-ack')) return
  state.servers.forEach((server, rank) => {
    if (server.got !== 0) crash(` and forgets the receipts of server ${rank}`, (next) => { at(next.servers, rank).got = 0 })
  })
}

/** The base rebuilds what it is responsible for from its journal: every rank without a job-received receipt. */
export function baseReturnSteps (scenario: Scenario, state: State, out: Array<Step<State>>): void {
  if (state.up === 1) return
  const next = copy(state)
  next.up = 1
  if (has(scenario, 'reissue')) next.servers.forEach((server, rank) => { if ((server.got & RECEIVED) === 0) next.own |= bit(rank) })
  out.push({ label: 'base returns', state: next })
}

