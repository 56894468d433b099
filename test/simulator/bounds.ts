import { PIECE_BYTES, type HostPlan } from './plan.ts'

/** What one put to all the hosts costs at least. */
export interface BoundsInput {
  /** The source first. */
  readonly hosts: readonly HostPlan[]
  readonly pieces: number
}

/** The fluid bound in seconds: max(F/u_s, F/d_min, N·F/(u_s + Σu_i)) (Kumar & Ross 2006). */
export function fluidBoundS (input: BoundsInput): number {
  return input.pieces * PIECE_BYTES / fluidRate(input.hosts)
}

/** The highest rate, in bytes per second, at which a stream can reach everybody: min(u_s, d_min, (u_s + Σu_i)/N). */
export function fluidRate (hosts: readonly HostPlan[]): number {
  const [source, ...servers] = hosts
  const up = source?.up ?? 0
  return Math.min(up, ...servers.map(({ down }) => down), (up + servers.reduce((sum, server) => sum + server.up, 0)) / servers.length)
}

/**
 * The discrete optimum in seconds: M chunks to N receivers take M − 1 + ⌈log2(N + 1)⌉
 * rounds (Mundinger, Weber, Weiss 2008). Undefined where rates differ: nobody knows it there.
 */
export function discreteBoundS (input: BoundsInput, chunkPieces: number): number | undefined {
  const [source, ...servers] = input.hosts
  if (source == null || servers.some(({ up }) => up !== source.up)) return undefined
  const chunks = Math.ceil(input.pieces / chunkPieces)
  const roundS = chunkPieces * PIECE_BYTES / Math.min(source.up, ...servers.map(({ down }) => down))
  return (chunks - 1 + Math.ceil(Math.log2(servers.length + 1))) * roundS
}
