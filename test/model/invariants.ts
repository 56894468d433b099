/**
 * What must hold in every state, in every settled state (nothing under way), and when the job is closed.
 */
import { allCommands, removerOf } from './execution.ts'
import { COMPLETE, FAILURE, OPEN, PENDING, type Server, type State, UNKNOWN, UNREACHABLE, bit } from './job-state.ts'
import { COMPLETED, type Command, RECEIVED, type Scenario, commandBit } from './scenario.ts'

export function broken (scenario: Scenario, state: State, isSettled: () => boolean): string | undefined {
  for (const [rank, server] of state.servers.entries()) {
    const message = brokenAt(scenario, state, server) ?? (state.closed === 1 ? untruthful(scenario, state, server) : undefined)
    if (message !== undefined) return `server ${rank} (canonical): ${message}`
  }
  const partition = brokenPartition(scenario, state)
  if (partition !== undefined || state.closed === 1 || state.up === 0) return partition
  // Cheap test first: most states in which a server lacks something have that very thing under way.
  const lacking = lackingWhenSettled(state)
  return lacking !== undefined && isSettled() ? lacking : undefined
}

function brokenAt (scenario: Scenario, state: State, server: Server): string | undefined {
  const signedCommands = server.signed & ~(RECEIVED | COMPLETED) & allPossible(scenario)
  if ((signedCommands & ~server.done) !== 0) return 'a receipt is signed for an effect that is not durable'
  if ((server.signed & RECEIVED) !== 0 && server.job === 0) return 'job received is signed without the job'
  if ((server.got & ~server.signed) !== 0) return 'the base holds a receipt that nobody signed'
  if ((server.signed & ~(server.outbox | server.got)) !== 0) return 'a receipt is lost: neither in the outbox nor at the base'
  if ((server.signed & COMPLETED) !== 0) {
    if (state.ended === 0 || server.head !== state.head) return 'job completed is signed before the whole queue is known'
    if ((allCommands(state) & ~server.done) !== 0) return 'job completed is signed with commands open'
    if (server.own !== 0) return 'job completed is signed, and ranges came (back) to the server'
  }
  for (const [index, command] of scenario.commands.entries()) {
    const seq = index + 1
    if ((server.done & commandBit(seq)) === 0) continue
    const isOpen = (other: Command, i: number): boolean => i < index && other.track === command.track && (server.done & commandBit(i + 1)) === 0
    const earlier = scenario.commands.findIndex(isOpen)
    if (earlier >= 0) return `command ${seq} is committed before command ${earlier + 1} of its track`
    if (command.kind === 'live' && server.close !== state.close) return 'the live put closed otherwise than at the base'
  }
  if (server.superseded !== 0 && removerOf(scenario, state, server, 1) === undefined) return 'superseded without a later command that says so'
  if (server.close !== OPEN && server.close !== state.close) return 'two closes of one live put are in circulation'
  return undefined
}

function allPossible (scenario: Scenario): number {
  return commandBit(scenario.commands.length + 1) - commandBit(1)
}

/** Without faults every rank that lacks the job is one holder's to approach; with them, the base can tell it is missing. */
function brokenPartition (scenario: Scenario, state: State): string | undefined {
  for (const [rank, server] of state.servers.entries()) {
    if (server.job === 1) continue
    const holders = [state, ...state.servers].filter(holder => (holder.own & bit(rank)) !== 0).length
    if (state.faults === scenario.faults && holders !== 1) return `rank ${rank} (canonical) is ${holders} holders' to approach`
  }
  return undefined
}

function lackingWhenSettled (state: State): string | undefined {
  for (const [rank, server] of state.servers.entries()) {
    if (server.up === 0) continue
    if (server.job === 0) return `server ${rank} (canonical) is up, nothing is under way, and it has not got the job`
    if (server.head !== state.head) return `server ${rank} (canonical) is up, nothing is under way, and it does not know the whole queue`
    if (server.close !== state.close) return `server ${rank} (canonical) is up, nothing is under way, and it does not know how the live put closed`
  }
  return undefined
}

function untruthful (scenario: Scenario, state: State, server: Server): string | undefined {
  if (server.verdict === PENDING) return 'the job closed without a line for this server'
  if (server.verdict === COMPLETE) {
    if ((server.got & COMPLETED) === 0) return 'complete without a receipt at the base'
    const expected = tree(scenario, allCommands(state), allCommands(state))
    if (tree(scenario, server.done & ~server.superseded, server.done) !== expected) return 'complete with a wrong tree'
  }
  if (server.verdict === UNREACHABLE && server.up === 1) return 'called unreachable while up'
  if (server.verdict === FAILURE && server.up === 1 && server.failed === 0 && state.deadline === 0) return 'called failed and is not'
  if (server.verdict === UNKNOWN && state.deadline === 0) return 'up, without a failure, and not complete'
  return undefined
}

/** Paths present, as command bits: what the puts put, less what removes removed. */
function tree (scenario: Scenario, put: number, done: number): number {
  let present = 0
  for (const [index, command] of scenario.commands.entries()) {
    const seq = index + 1
    if (command.kind === 'remove') {
      if ((done & commandBit(seq)) !== 0) present &= ~commandBit(command.removes ?? 0)
    } else if ((put & commandBit(seq)) !== 0) present |= commandBit(seq)
  }
  return present
}
