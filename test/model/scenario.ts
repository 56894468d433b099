/**
 * What a run of the model is made of: how many servers, which commands, which faults and how many of them, and which
 * rules of the protocol are left out. A rule left out is a planted mutation: the checker must find its counter-example,
 * or the rule is shown to be one of speed and not of correctness.
 */
export interface Command {
  kind: 'put' | 'live' | 'remove' | 'publish'
  track: number
  /** For `remove`: the sequence number of the put whose path it removes. */
  removes?: number
}

export type Fault =
  | 'crash' // a server loses what is not durable; it may come back at any time, or never
  | 'ack-loss' // a hand-over or a receipt arrives and its acknowledgement does not
  | 'base-crash' // the base loses what its journal does not hold
  | 'early-reissue' // the base's re-issue timer fires while a receipt is on its way
  | 'failure' // a command fails on a server, for example because its disk is full
  | 'deadline' // the job's deadline passes while servers are at work

export const RULES = {
  'receipt-after-durable': 'a receipt is signed only after its effect is durable',
  'track-order': 'effects commit in order within a track',
  'superseded-needs-queue': 'a put is superseded only by a later command that the server has logged',
  'outbox-is-durable': 'receipts survive a crash of the server until the base acknowledges them',
  'base-commits-before-ack': 'the base journals a receipt before it acknowledges it',
  'close-is-journalled': 'the base journals how a live put closes before it tells anyone',
  'restart-signs-missing': 'after a restart a server signs receipts for effects that were committed without one',
  'completed-needs-end': 'job completed is signed only with `end` in the log',
  'completed-needs-commands': 'job completed is signed only when every command up to `end` is done',
  'completed-refuses-ranges': 'a server that signed job completed refuses ranges, and its acknowledgement says so',
  'completed-takes-nothing-back': 'a server that signed job completed takes nothing back from a target that dies',
  'ack-names-ranges': 'a source keeps the ranges that the acknowledgement does not name as accepted',
  'take-back': 'a source takes back the ranges of a target that dies',
  'reissue': 'the base re-issues ranks whose job-received receipt is missing',
  'repeat-is-idempotent': 'a repeated hand-over adds no ranks that were handed on already',
  'give-back': 'ranks that cannot be reached are given back to the base, they do not hold up job completed',
  'hello': 'a server that returns or loses its source says hello',
  'hello-reaches-base': 'the base must be among those it says hello to',
  'hello-on-new-connection': 'it says so on every new connection to the base, even if it has another source',
  'hello-carries-closes': 'hello, like the status query, compares how live puts closed and not only the head of the queue',
  'query': 'in a wait period the base queries silent servers, which links them to it again',
  'query-repairs': 'a server that reports a failure to the query is repaired and tries again',
  'repair-supersedes-failure': 'a completion receipt outweighs an earlier failure receipt of the same server'
} as const

export type Rule = keyof typeof RULES

export interface Scenario {
  name: string
  servers: number
  commands: Command[]
  faults: number
  kinds: Fault[]
  /** The provider may vanish in mid-job: the base then closes what is open and ends the job in its place. */
  providerMayDie?: boolean
  /** A source hands over any part of the rest up to the larger half, not only the half that is rounded down. */
  anyPart?: boolean
  /** How many commands the provider adds at a time; one by one if it is not given. */
  batches?: number[]
  /** Which orders of steps that commute are left out (see job-model.ts). */
  reduction: 'none' | 'local' | 'serial' | 'phased'
  without?: Rule[]
}

export const PUT: Command[] = [{ kind: 'put', track: 0 }]

export const ALL_COMMANDS: Command[] = [
  { kind: 'put', track: 0 },
  { kind: 'live', track: 1 },
  { kind: 'remove', track: 0, removes: 1 },
  { kind: 'publish', track: 0 }
]

export function has (scenario: Scenario, rule: Rule): boolean {
  return scenario.without?.includes(rule) !== true
}

/** Receipts and commands share one numbering of bits, so that "signed" can be compared with "done" directly. */
export const RECEIVED = 1
export const FAILED = 32
export const COMPLETED = 64

export function commandBit (seq: number): number {
  return 1 << seq
}
