import type { JobClosed } from '@sluice/sdk'
import { ReceiptKind } from '@sluice/wire'
import type { Evidence, Stated } from './evidence.ts'
import type { JournalSample } from './journal-sample.ts'
import type { Line } from './member.ts'
import type { Listing } from './observer.ts'

/** What a run leaves to be judged. */
export interface Outcome {
  /** Commands without the end. */
  readonly commands: number
  readonly closed: JobClosed
  readonly evidence: Evidence
  /** What the provider was told, over all of its processes. */
  readonly lines: readonly Line[]
  readonly nodes: readonly NodeOutcome[]
  readonly base: JournalSample | undefined
  /** By path, what each node is to show. */
  readonly final: ReadonlyMap<string, string>
  /** By seq, files that nothing later touches. */
  readonly lasting: ReadonlyMap<number, ReadonlyMap<string, string>>
  /** The base's own copy was damaged: it may take back what it said to be durable, and a job may fail by it. */
  readonly baseHurt: boolean
}

export interface NodeOutcome {
  readonly name: string
  readonly peer: string
  readonly listing: Listing
  readonly journal: JournalSample | undefined
  /** What was done to its disk or its memory of things; undefined where it has no excuse for anything. */
  readonly hurt: string | undefined
  /** Paths whose file the suite itself has damaged. */
  readonly spoilt: ReadonlySet<string>
}

const FINAL = new Set([ReceiptKind.COMMAND_COMPLETED, ReceiptKind.COMMAND_FAILED, ReceiptKind.COMMAND_SUPERSEDED])

/** Everything that does not hold of what a run has come to. Signatures and chains are the business of `sluice verify`. */
export function violationsOf (outcome: Outcome): string[] {
  const { receipts } = outcome.evidence
  return [
    ...linesPerServer(outcome),
    ...acceptedAndKept(outcome),
    ...acknowledgedAndKept(outcome),
    ...outcome.nodes.flatMap(node => [...ofNode(outcome, node, receipts.filter(receipt => receipt.node === node.peer)), ...delivered(node, outcome.base)])
  ]
}

function linesPerServer ({ closed, nodes }: Outcome): string[] {
  const told = closed.servers.map(({ peer }) => peer).sort()
  const listed = nodes.map(({ peer }) => peer).sort()
  return told.join() === listed.join() ? [] : [`the report has lines for ${told.length} servers (${new Set(told).size} different), and the job ${listed.length}`]
}

/** A command that the base accepted is in its queue, at that place. */
function acceptedAndKept ({ lines, evidence: { queue } }: Outcome): string[] {
  return lines.filter(({ type }) => type === 'command.accepted').flatMap(({ seq, kind }) => {
    const there = queue[Number(seq) - 1]
    return there === kind ? [] : [`command ${String(seq)} (${String(kind)}) was accepted, and the queue has ${there ?? 'nothing'} there`]
  })
}

/** What is durable at the base stays so: no restart takes an acknowledged byte back. */
function acknowledgedAndKept ({ lines, baseHurt }: Outcome): string[] {
  if (baseHurt) return []
  const acknowledged = new Map<number, number>()
  return lines.filter(({ type }) => type === 'upload').flatMap(({ seq, bytes }) => {
    const before = acknowledged.get(Number(seq)) ?? 0
    acknowledged.set(Number(seq), Number(bytes))
    return Number(bytes) >= before ? [] : [`of put ${String(seq)} ${before} bytes were acknowledged, and later only ${String(bytes)}`]
  })
}

function ofNode ({ commands, closed, final, lasting, baseHurt }: Outcome, node: NodeOutcome, receipts: readonly Stated[]): string[] {
  const violations: string[] = []
  const line = closed.servers.find(({ peer }) => peer === node.peer)
  const finals = new Map<number, Stated[]>()
  for (const receipt of receipts) if (FINAL.has(receipt.kind)) finals.set(receipt.seq, [...finals.get(receipt.seq) ?? [], receipt])
  for (const [seq, mine] of finals) if (mine.length > 1) violations.push(`${node.name} gave ${mine.length} final words on command ${seq}`)
  if (line?.state === 'complete') {
    for (let seq = 1; seq <= commands; seq++) if (!finals.has(seq)) violations.push(`${node.name} is complete, and there is no final receipt of command ${seq}`)
    violations.push(...differences(node, final))
  } else if (node.hurt == null && !baseHurt) violations.push(`${node.name} is ${line?.state ?? 'missing'} (${line?.reason ?? 'no reason'}), and nothing was done to it that it could not come back from`)
  // The data that a receipt speaks of is there, whatever came of the rest.
  for (const [seq, mine] of finals) {
    if (mine[0]?.kind !== ReceiptKind.COMMAND_COMPLETED) continue
    for (const [path, digest] of lasting.get(seq) ?? []) {
      if (node.listing.get(path) !== digest && !node.spoilt.has(path)) violations.push(`${node.name} gave a receipt of command ${seq}, and ${path} is ${node.listing.has(path) ? 'another file' : 'not there'}`)
    }
  }
  return violations
}

function differences ({ name, listing, spoilt }: NodeOutcome, final: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...listing.keys(), ...final.keys()])
  return [...paths].filter(path => !spoilt.has(path)).flatMap(path => {
    if (listing.get(path) === final.get(path)) return []
    return [`${name} is complete, and ${path} ${listing.has(path) ? final.has(path) ? 'is another file' : 'is there' : 'is not there'}`]
  })
}

/** A node lets go of a receipt when the base has it: then the base has it. */
function delivered ({ name, journal }: NodeOutcome, base: JournalSample | undefined): string[] {
  const there = new Set(base?.receipts.map(({ hash }) => hash))
  return (journal?.receipts ?? []).filter(({ outbox, hash }) => !outbox && !there.has(hash)).map(({ number }) => `${name} let go of its receipt ${number}, and the base has not got it`)
}
