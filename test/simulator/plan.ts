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
  /** It never comes back; `silent`: with its machine, so that nobody is told. */
  | { readonly kind: 'die', readonly host: number, readonly silent: boolean }
  /** Its uplink drops to this share of its rate, for a time or for good. */
  | { readonly kind: 'slow', readonly untilMs: number | undefined, readonly host: number, readonly share: number }
  /** From now on it sends other bytes than it was given. */
  | { readonly kind: 'corrupt', readonly host: number }
)

/** Everything that one run depends on. */
export interface Plan {
  readonly seed: number
  readonly hosts: readonly HostPlan[]
  readonly links: LinkPlan
  readonly jobs: readonly JobPlan[]
  readonly faults: readonly FaultPlan[]
  /** Virtual time after which what is unfinished counts as stuck. */
  readonly limitMs: number
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
  const ends = faults.map(fault => fault.kind === 'crash' ? fault.backMs : fault.kind === 'partition' ? fault.untilMs : fault.atMs)
  return Math.max(0, ...ends, ...hosts.map(({ joinsMs }) => joinsMs ?? 0))
}

/** Hosts that are gone at the end. */
export function deadOf ({ faults }: Plan): Set<number> {
  return new Set(faults.flatMap(fault => fault.kind === 'die' ? [fault.host] : []))
}

/** When the first job is opened: what came before it is no part of any time measured. */
export function startUs ({ jobs }: Plan): number {
  return Math.min(...jobs.map(({ atMs }) => atMs)) * 1000
}
