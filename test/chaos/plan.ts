import { Prng } from '@sluice/core'
import { drawScript, type Manner, type Step } from './script.ts'

const MIB = 1024 * 1024

/** Who a fault happens to: a source is a node that others fetch from at that moment, a receiver one that still fetches. */
export type Role = 'base' | 'source' | 'receiver' | 'provider'
export const ROLES: readonly Role[] = ['base', 'source', 'receiver', 'provider']

/** Faults beside `kill -9` at a random moment. */
export const FAULTS = {
  /** `kill -9` at a boundary of the store, by the environment. */
  failpoint: 'anywhere',
  /** SIGSTOP, and after a while SIGCONT. */
  pause: 'anywhere',
  /** The host's link is down: nobody is told, neither by FIN nor by RST. */
  partition: 'root',
  /** The same, and the process dies meanwhile: the others keep connections that nobody is at the end of. */
  'half-open': 'root',
  /** A file takes all that is left of the node's disk, and is removed later. */
  'full disk': 'root',
  /** One fdatasync or fsync answers EIO, by strace. */
  'failing disk': 'root',
  /** A byte of what a node or the base holds and does not show. */
  'flipped staged byte': 'anywhere',
  /** A byte of what a node shows: from then on this file is not looked at, and all others are. */
  'flipped published byte': 'anywhere',
  /** Of a node that was killed: a byte of its database. */
  'flipped journal byte': 'anywhere',
  /** Of a node that was killed: the bitmap says that it holds what it does not. */
  'flipped bitmap': 'anywhere'
} as const satisfies Record<string, 'anywhere' | 'root'>
export type FaultKind = keyof typeof FAULTS | 'kill'

export interface Fault {
  readonly kind: FaultKind
  readonly role: Role
  /** When, in milliseconds since the job was opened; of the provider, since it was started. Ignored by what acts from a process's start on. */
  readonly atMs: number
  /** For how long, in milliseconds: until the link is up, the process is started again, the disk has room. */
  readonly forMs: number
  /** Draws what else has to be drawn when it is known what there is: which node, which byte, which boundary. */
  readonly draw: number
}

export interface Plan {
  readonly seed: number
  readonly nodes: number
  readonly manner: Manner
  readonly steps: readonly Step[]
  readonly faults: readonly Fault[]
}

export interface PlanInit {
  readonly root: boolean
  /** Of all media of a job, in MiB. */
  readonly maxMib: number
  readonly maxNodes: number
  /** The fault beside kills; by the seed if not given. */
  readonly fault?: keyof typeof FAULTS | undefined
}

const MIN_NODES = 4
/** Smaller jobs are over before anything can happen to them. */
const MIN_MIB = 6
/** Each role is killed in so many of a hundred runs: 100 runs are to have 30 of each, and who is dead already cannot be killed. */
const KILL_PERCENT = 42
/** The job is under way then, in milliseconds: processes take a moment to begin, and uplinks are capped (fleet.ts). */
const FAULT_MS = { first: 500, last: 5_000 }
/** Bitmaps have something missing only while media comes: their fault is so much earlier than others. */
const BITMAP_SHARE = 0.4
const DOWN_MS = { least: 100, most: 2_000 }

/** What happens in one run: all of it out of its seed. */
export function drawPlan (seed: number, { root, maxMib, maxNodes, fault: wanted }: PlanInit): Plan {
  const prng = Prng.fromText(`chaos/${seed}`)
  const nodes = MIN_NODES + prng.below(maxNodes - MIN_NODES + 1)
  const manner: Manner = prng.below(3) === 0 ? 'publish' : 'program'
  const mib = MIN_MIB + prng.below(maxMib - MIN_MIB + 1)
  const steps = drawScript(prng, manner, mib * MIB)
  const between = ({ least, most }: { least: number, most: number }): number => least + prng.below(most - least)
  const fault = (kind: FaultKind, role: Role): Fault => ({ kind, role, atMs: Math.round(between({ least: FAULT_MS.first, most: FAULT_MS.last }) * (kind === 'flipped bitmap' ? BITMAP_SHARE : 1)), forMs: between(DOWN_MS), draw: prng.below(2 ** 31) })
  const faults: Fault[] = ROLES.filter(() => prng.below(100) < KILL_PERCENT).map(role => fault('kill', role))
  const kinds = (Object.keys(FAULTS) as Array<keyof typeof FAULTS>).filter(kind => root || FAULTS[kind] === 'anywhere')
  // In turn, so that a hundred runs have as many of each: by the seed, which a suite counts up.
  const kind = wanted ?? kinds[seed % kinds.length] as keyof typeof FAULTS
  faults.push(fault(kind, roleFor(kind, prng)))
  if (prng.below(3) === 0) faults.push(fault('failpoint', roleFor('failpoint', prng)))
  return { seed, nodes, manner, steps, faults: faults.sort((a, b) => a.atMs - b.atMs) }
}

function roleFor (kind: FaultKind, prng: Prng): Role {
  const roles: Record<string, readonly Role[]> = {
    failpoint: ['base', 'receiver'],
    pause: ROLES,
    partition: ROLES,
    'half-open': ROLES,
    'flipped staged byte': ['base', 'source', 'receiver', 'receiver']
  }
  const choice = roles[kind] ?? ['receiver']
  return choice[prng.below(choice.length)] as Role
}

/** One line of text for one fault. */
export function describeFault ({ kind, role, atMs, forMs }: Fault): string {
  return `${(atMs / 1000).toFixed(1)} s: ${kind} of ${role} for ${(forMs / 1000).toFixed(1)} s`
}
