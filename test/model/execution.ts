/**
 * What a server does by itself: fetch content, commit effects in track order, sign receipts and bring them to the base.
 */
import type { Step } from './explorer.ts'
import { ABANDONED, FINAL, OPEN, type Server, type State, at, commandCount, copy, ranksOf } from './job-state.ts'
import { COMPLETED, type Command, FAILED, RECEIVED, type Scenario, commandBit, has } from './scenario.ts'

/** Command number `seq`, if this server has logged it and it is not the entry that ends the job. */
export function loggedCommand (scenario: Scenario, state: State, server: Server, seq: number): Command | undefined {
  return seq <= server.head && seq <= commandCount(state) ? scenario.commands[seq - 1] : undefined
}

/** All commands that the job came to have, as bits. */
export function allCommands (state: State): number {
  return commandBit(commandCount(state) + 1) - commandBit(1)
}

function hasTurn (scenario: Scenario, server: Server, seq: number): boolean {
  const { track } = at(scenario.commands, seq - 1)
  return !has(scenario, 'track-order') ||
    scenario.commands.every((other, index) => index >= seq - 1 || other.track !== track || (server.done & commandBit(index + 1)) !== 0)
}

export function canCommit (scenario: Scenario, state: State, rank: number, seq: number): boolean {
  const server = at(state.servers, rank)
  const command = loggedCommand(scenario, state, server, seq)
  if (command === undefined || (server.done & commandBit(seq)) !== 0 || server.failed === seq || !hasTurn(scenario, server, seq)) return false
  const hasContent = (server.chunks & commandBit(seq)) !== 0
  if (command.kind === 'put') return hasContent
  if (command.kind === 'live') return server.close !== OPEN && (server.close !== FINAL || hasContent)
  return true
}

/** Steps that nobody else can see or hinder. */
export function localSteps (scenario: Scenario, state: State, rank: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  if (server.up === 0 || server.job === 0) return
  for (let seq = 1; seq <= scenario.commands.length; seq++) {
    fetchStep(scenario, state, rank, seq, out)
    if (canCommit(scenario, state, rank, seq)) commitSteps(scenario, state, rank, seq, out)
    supersedeStep(scenario, state, rank, seq, out)
  }
  const unsigned = server.done & ~server.signed
  if (unsigned !== 0 && has(scenario, 'restart-signs-missing')) {
    out.push(changed(state, rank, `server ${rank} signs receipts for effects it finds committed`, (next) => { sign(next, unsigned) }))
  }
}

function fetchStep (scenario: Scenario, state: State, rank: number, seq: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  const command = loggedCommand(scenario, state, server, seq)
  if (command?.kind !== 'put' && (command?.kind !== 'live' || server.close === ABANDONED)) return
  const content = commandBit(seq)
  const isSource = (other: Server): boolean => other.up === 1 && ((other.chunks | (other.done & ~other.superseded)) & content) !== 0
  if (((server.chunks | server.done) & content) !== 0 || (state.up === 0 && !state.servers.some(isSource))) return
  out.push(changed(state, rank, `server ${rank} fetches the content of command ${seq}`, (next) => { next.chunks |= content }))
}

function commitSteps (scenario: Scenario, state: State, rank: number, seq: number, out: Array<Step<State>>): void {
  out.push(changed(state, rank, `server ${rank} commits command ${seq} and signs`, (next) => {
    next.done |= commandBit(seq)
    next.chunks &= ~commandBit(seq)
    sign(next, commandBit(seq))
  }))
  if (state.faults === 0 || !scenario.kinds.includes('failure') || at(state.servers, rank).failed !== 0) return
  const failing = changed(state, rank, `server ${rank} fails command ${seq}`, (next) => {
    next.failed = seq
    sign(next, FAILED)
  })
  failing.state.faults--
  out.push(failing)
}

function supersedeStep (scenario: Scenario, state: State, rank: number, seq: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  if (loggedCommand(scenario, state, server, seq)?.kind !== 'put' || (server.done & commandBit(seq)) !== 0 || !hasTurn(scenario, server, seq)) return
  if (has(scenario, 'superseded-needs-queue') && removerOf(scenario, state, server, seq) === undefined) return
  out.push(changed(state, rank, `server ${rank} completes command ${seq} as superseded`, (next) => {
    next.done |= commandBit(seq)
    next.chunks &= ~commandBit(seq)
    next.superseded |= commandBit(seq)
    if (next.failed === seq) next.failed = 0
    sign(next, commandBit(seq))
  }))
}

export function removerOf (scenario: Scenario, state: State, server: Server, seq: number): Command | undefined {
  return scenario.commands.find((command, index) => command.removes === seq && loggedCommand(scenario, state, server, index + 1) !== undefined)
}

/** Receipts reach the base, and the server reports that it is through with the job. */
export function reportSteps (scenario: Scenario, state: State, rank: number, out: Array<Step<State>>): void {
  const server = at(state.servers, rank)
  if (server.up === 0 || server.job === 0) return
  if (mayComplete(scenario, state, server)) {
    out.push(changed(state, rank, `server ${rank} signs job completed`, (next) => {
      next.own = 0
      sign(next, COMPLETED)
    }))
  }
  // The base only records command receipts: in a reduced run they travel with the job-completed receipt that follows them.
  const whole = scenario.reduction === 'none' || (server.outbox & COMPLETED) !== 0
  const sent = whole ? server.outbox : server.outbox & (RECEIVED | FAILED)
  if (sent === 0 || state.up === 0) return
  out.push(changed(state, rank, `server ${rank} brings its receipts to the base`, (next) => {
    next.got |= sent
    next.outbox &= ~sent
  }))
  if (state.faults > 0 && scenario.kinds.includes('ack-loss') && (sent & ~server.got) !== 0) {
    const unacked = changed(state, rank, `server ${rank} brings its receipts to the base, acknowledgement lost`, (next) => { next.got |= sent })
    unacked.state.faults--
    out.push(unacked)
  }
}

function mayComplete (scenario: Scenario, state: State, server: Server): boolean {
  if ((server.signed & COMPLETED) !== 0 || server.head === 0) return false
  if (has(scenario, 'completed-needs-end') && (state.ended === 0 || server.head !== state.head)) return false
  const known = commandBit(Math.min(server.head, commandCount(state)) + 1) - commandBit(1)
  if (has(scenario, 'completed-needs-commands') && (known & ~(server.done & server.signed)) !== 0) return false
  const holdsUp = (target: number): boolean => at(state.servers, target).up === 1 || !has(scenario, 'give-back')
  return server.unacked === 0 && !ranksOf(server.own).some(holdsUp)
}

function sign (server: Server, receipts: number): void {
  server.signed |= receipts
  server.outbox |= receipts
}

function changed (state: State, rank: number, label: string, change: (server: Server) => void): Step<State> {
  const next = copy(state)
  change(at(next.servers, rank))
  return { label, state: next }
}
