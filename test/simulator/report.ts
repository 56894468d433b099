import type { Cluster, ClusterOptions } from './cluster.ts'

const PIECE_BYTES = 64 * 1024

/** The fluid bound in seconds: max(F/u_s, F/d_min, N·F/(u_s + Σu_i)) (Kumar & Ross 2006). */
export function fluidBound ({ hosts, pieces }: ClusterOptions): number {
  const bytes = pieces * PIECE_BYTES
  const [source, ...servers] = hosts
  const up = source?.up ?? 0
  return Math.max(
    bytes / up,
    bytes / Math.min(...servers.map(({ down }) => down)),
    servers.length * bytes / (up + servers.reduce((sum, server) => sum + server.up, 0))
  )
}

export interface RunReport {
  /** Last node done ÷ fluid bound. */
  readonly ratio: number
  readonly p50S: number
  readonly p99S: number
  readonly lastS: number
  /** Pieces that left the base ÷ pieces of the put. */
  readonly baseEgress: number
  readonly duplicateShare: number
  /** Bytes of control messages per byte of media received. */
  readonly controlShare: number
  /** Mean share of the time that uplinks were busy. */
  readonly uplinkUse: number
  readonly traceHash: number
  readonly unfinished: number
}

export function reportOf (cluster: Cluster, options: ClusterOptions): RunReport {
  const hosts = [...cluster.hosts.values()]
  const nodes = hosts.slice(1)
  const finished = nodes.map(({ finishedUs }) => finishedUs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = (share: number): number => (finished[Math.min(finished.length - 1, Math.ceil(finished.length * share) - 1)] as number) / 1e6
  const lastS = at(1)
  const received = nodes.length * options.pieces * PIECE_BYTES
  return {
    ratio: lastS / fluidBound(options),
    p50S: at(0.5),
    p99S: at(0.99),
    lastS,
    baseEgress: cluster.basePieces / options.pieces,
    duplicateShare: cluster.duplicates / (nodes.length * options.pieces),
    controlShare: hosts.reduce((sum, { controlBytes }) => sum + controlBytes, 0) / received,
    uplinkUse: hosts.reduce((sum, { up }) => sum + up.busyUs, 0) / (hosts.length * lastS * 1e6),
    traceHash: cluster.traceHash,
    unfinished: cluster.unfinished
  }
}
