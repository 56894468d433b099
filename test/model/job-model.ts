/**
 * The Sluice job protocol as a state machine that a model checker can walk: design §5, §6, §8, §9 and §10.
 *
 * Covered: hand-over of the job with halves of ranges of un-approached ranks; lost acknowledgements; crash of any server
 * at any step, with or without return; crash and return of the base; a queue that grows while it travels; ordered commit
 * in tracks; a live put closed or abandoned in its own track; superseded puts; receipts, outbox and journal; failure and
 * repair; wait periods, query, deadline and close.
 *
 * Abstracted, knowingly: a put is one chunk that any live holder can serve; signatures always verify and nobody lies; a
 * lost message is a late one, since every sender repeats it (only lost acknowledgements differ, and those are faults); a
 * lane breaks for both ends at once; the re-issue timer fires when nothing else can happen, or early as a fault; wait
 * periods are never early. A fault is drawn from a budget for the whole run.
 *
 * Not covered: links that break while both ends live; a server that is dead to some and alive to others (here everybody
 * knows who is up); a provider that vanishes within the upload of an ordinary put; more than one put, live put or job;
 * returns after the close. Five servers with four commands are explored with one fault, and in `phased` order only.
 *
 * Reduced, by scenario:
 * - `none`: every order of all steps.
 * - `local`: the first server with a local step (fetch, commit, supersede, sign) does it before anybody else moves, unless
 *   it crashes or fails: nobody else can see or hinder such a step. Receipts of commands travel with the next receipt
 *   that the base acts on.
 * - `serial`: besides, of the messages that commute (queue entries, hello, receipts) the first one goes first. Crashes,
 *   hand-overs, commands and timers still come in between at every step.
 * - `phased`: besides, one source at a time hands over, and the provider acts and servers return only when no message is
 *   under way, so that a live server lags behind only through a fault. It is what makes five servers with four commands
 *   explorable, and it is the one reduction that leaves out real behaviour; the smaller scenarios do without it.
 */
import { MAX_WAITS, closeSteps, providerSteps, reissueSteps, waitSteps } from './base-steps.ts'
import { localSteps, reportSteps } from './execution.ts'
import type { Model, Step } from './explorer.ts'
import { baseCrashSteps, baseReturnSteps, crashSteps, returnSteps } from './faults.ts'
import { handOverSteps, newsSteps } from './hand-over.ts'
import { broken } from './invariants.ts'
import { type State, decode, encode, identity, initialState } from './job-state.ts'
import type { Scenario } from './scenario.ts'

export function jobModel (scenario: Scenario): Model<State> {
  return {
    initial: initialState(scenario),
    steps: (state, whole) => steps(scenario, state, whole),
    encode,
    decode,
    identity,
    isEnd: state => state.closed === 1,
    check: state => broken(scenario, state, () => isSettled(scenario, state))
  }
}

function steps (scenario: Scenario, state: State, whole: boolean): Array<Step<State>> {
  const out: Array<Step<State>> = []
  if (state.closed === 1) return out
  for (const rank of state.servers.keys()) {
    localSteps(scenario, state, rank, out)
    if (out.length > 0 && scenario.reduction !== 'none' && !whole) {
      crashSteps(scenario, state, rank, out)
      return out
    }
  }
  communication(scenario, state, out, whole)
  const quiet = out.length === 0
  const inPhase = quiet || whole || scenario.reduction !== 'phased'
  if (inPhase) providerSteps(scenario, state, out)
  closeSteps(scenario, state, out)
  baseReturnSteps(scenario, state, out)
  const settled = out.length === 0
  if (quiet) reissueSteps(scenario, state, false, out)
  if (settled && out.length === 0) waitSteps(scenario, state, out)
  if (!quiet && state.faults > 0 && scenario.kinds.includes('early-reissue')) reissueSteps(scenario, state, true, out)
  for (const rank of state.servers.keys()) crashSteps(scenario, state, rank, out)
  if (inPhase) returnSteps(scenario, state, out)
  baseCrashSteps(scenario, state, out)
  return out
}

function communication (scenario: Scenario, state: State, out: Array<Step<State>>, whole: boolean): void {
  const { reduction } = scenario
  handOverSteps(scenario, state, reduction === 'phased' && !whole, out)
  const commuting: Array<Step<State>> = []
  newsSteps(scenario, state, commuting)
  for (const rank of state.servers.keys()) reportSteps(scenario, state, rank, commuting)
  const oneIsEnough = (reduction === 'serial' || reduction === 'phased') && !whole
  out.push(...(oneIsEnough ? commuting.slice(0, 1) : commuting))
}

/** Nothing is under way between base and servers: what they know now, they know until the provider or a fault acts. */
function isSettled (scenario: Scenario, state: State): boolean {
  const out: Array<Step<State>> = []
  for (const rank of state.servers.keys()) localSteps(scenario, state, rank, out)
  communication(scenario, state, out, false)
  reissueSteps(scenario, state, false, out)
  return out.length === 0 && state.waits < MAX_WAITS
}
