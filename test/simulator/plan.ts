import type { PeerInit } from '@sluice/core'

/** A peer's access. The base is host 0; the others are named `n0`, `n1` … */
export interface HostPlan {
  /** Bytes per second of goodput. */
  readonly up: number
  readonly down: number
  /** It is not there before this. */
  readonly joinsMs?: number | undefined
}

export interface LinkPlan {
  /** Round trip between two hosts, in milliseconds: each pair has its own, up to `rttSpread` (a share) more or less. */
  readonly rttMs: number
  readonly rttSpread: number
  /** Share by which each piece's time on a link varies. */
  readonly jitter: number
  /** Share by which rates wander, a step a second. */
  readonly drift: number
  /** Haves are late by up to this, on top of what the core itself waits. */
  readonly staleMs: number
  /** As among real peers TCP carries it all: a control message comes behind the pieces that left on its connection before it, and what arrives is acknowledged on the way out. */
  readonly tcp?: boolean | undefined
}

export type CommandPlan = { readonly atMs: number, readonly track: number } & (
  /** The base has the bytes at once, or at `rate` bytes per second. */
  | { readonly kind: 'put', readonly pieces: number, readonly chunkPieces: number, readonly rate?: number | undefined }
  /** Nobody knows how long it will be until its last piece is there. */
  | { readonly kind: 'live', readonly pieces: number, readonly chunkPieces: number, readonly rate: number }
  /** Some hosts cannot do it. */
  | { readonly kind: 'effect', readonly failsAt: readonly number[] }
  | { readonly kind: 'cancel', readonly seq: number }
  | { readonly kind: 'end' }
)

export interface JobPlan {
  readonly id: string
  readonly atMs: number
  readonly priority: number
  /** Hosts by rank. */
  readonly servers: readonly number[]
  readonly commands: readonly CommandPlan[]
}

export type FaultPlan = { readonly atMs: number } & (
  /** A connection breaks, and may be made again. */
  | { readonly kind: 'cut', readonly a: number, readonly b: number }
  /** These hosts cannot reach the others until it heals. */
  | { readonly kind: 'partition', readonly untilMs: number, readonly hosts: readonly number[] }
  /** A process is killed, and started again on what was durable. */
  | { readonly kind: 'crash', readonly backMs: number, readonly host: number }
  /** It does not come back, or as a replacement with its disk much later; `silent`: with its machine, so that nobody is told. */
  | { readonly kind: 'die', readonly host: number, readonly silent: boolean, readonly backMs?: number | undefined }
  /** Its uplink drops to this share of its rate, for a time or for good. */
  | { readonly kind: 'slow', readonly untilMs: number | undefined, readonly host: number, readonly share: number }
  /** From now on it sends other bytes than it was given; until it is made anew, perhaps. */
  | { readonly kind: 'corrupt', readonly untilMs?: number | undefined, readonly host: number }
  /** Its disk is slow, full, or fails at every sync. */
  | { readonly kind: 'disk', readonly untilMs: number | undefined, readonly host: number, readonly trouble: DiskTrouble }
  /** Its power fails at the so-and-so-many-th of a disk's moments from then on; it is started again a while later. */
  | { readonly kind: 'power', readonly moment: DiskMoment, readonly nth: number, readonly downMs: number, readonly host: number }
)

export type DiskTrouble = 'slow' | 'full' | 'broken'

/** Between what is done and what is said of it: a piece was written; a sync has begun, has ended; a bitmap, an outcome or a receipt was committed; the base has committed a receipt. */
export type DiskMoment = 'written' | 'syncing' | 'synced' | 'bitmap' | 'outcome' | 'receipt' | 'recorded'

/** Everything that one run depends on. */
export interface Plan {
  readonly seed: number
  readonly hosts: readonly HostPlan[]
  readonly links: LinkPlan
  readonly jobs: readonly JobPlan[]
  readonly faults: readonly FaultPlan[]
  /** Virtual time after which what is unfinished counts as stuck. */
  readonly limitMs: number
  /** `complete` (if not given): everybody who lives must complete by `limitMs`. `safe`: nobody must, but nothing wrong may happen until then. */
  readonly goal?: 'complete' | 'safe' | undefined
  /** Every fault is mended by then, and the checkers of how well things go are not asked: only whether they come to an end. */
  readonly healsMs?: number | undefined
  /** Periods in which the base waits for silent servers once a job has ended; without a limit if not given. */
  readonly waitPeriods?: number | undefined
  /** Switches of the core, the same for every peer. */
  readonly peer?: Partial<Omit<PeerInit, 'self' | 'prng'>> | undefined
  /** The command that runs exactly this. */
  readonly replay: string
}

export const PIECE_BYTES = 64 * 1024

export function nameOf (host: number): string {
  return host === 0 ? 'base' : `n${host - 1}`
}

/** When the last thing goes wrong, or right again. */
export function healedMs ({ faults, hosts }: Plan): number {
  const ends = faults.map(fault => {
    switch (fault.kind) {
      case 'crash': return fault.backMs
      case 'partition': return fault.untilMs
      case 'power': return fault.atMs + fault.downMs
      default: return fault.atMs
    }
  })
  return Math.max(0, ...ends, ...hosts.map(({ joinsMs }) => joinsMs ?? 0))
}

/** Hosts that are gone at the end. */
export function deadOf ({ faults }: Plan): Set<number> {
  return new Set(faults.flatMap(fault => fault.kind === 'die' && fault.backMs == null ? [fault.host] : []))
}

/** Hosts whose disks fail at times: their puts may fail, if they say why. */
export function brokenDisksOf ({ faults }: Plan): Set<number> {
  return new Set(faults.flatMap(fault => fault.kind === 'disk' && fault.trouble !== 'slow' ? [fault.host] : []))
}

/** When the first job is opened: what came before it is no part of any time measured. */
export function startUs ({ jobs }: Plan): number {
  return Math.min(...jobs.map(({ atMs }) => atMs)) * 1000
}
