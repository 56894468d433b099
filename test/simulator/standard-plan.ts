import { type Optimizations, Prng } from '@sluice/core'
import { fluidBoundS, fluidRate } from './bounds.ts'
import { PIECE_BYTES, type CommandPlan, type FaultPlan, type HostPlan, type Plan } from './plan.ts'

/** What the command line says of a run. */
export interface StandardOptions {
  readonly seed: number
  readonly nodes: number
  readonly mib: number
  /** Mbit/s, up and down. */
  readonly mbit: number
  /** Mbit/s of the base's uplink. */
  readonly source: number
  readonly chunks: number
  readonly rtt: number
  readonly rttSpread: number
  readonly jitter: number
  readonly drift: number
  readonly stale: number
  readonly tcp?: boolean | undefined
  readonly heterogeneous: boolean
  readonly slow: boolean
  readonly die: boolean
  readonly live: boolean
  /** Optimizations that are turned off. */
  readonly without?: Partial<Optimizations> | undefined
  readonly replay: string
}

const MBIT = 1e6 / 8
const PIECES_PER_MIB = 2 ** 20 / PIECE_BYTES
/** Uploads of {1, 2, 5} × the rate at 50, 30 and 20 % of the hosts, fastest first; downloads of 5 ×. */
const FAST = { share: 0.2, factor: 5 }
const MIDDLE = { share: 0.5, factor: 2 }
const DOWN_FACTOR = 5
/** In mid-job so many drop to so little of their upload rate, or die. */
const STRUCK = 0.1
const SLOW_SHARE = 0.02
/** Of the rate that could reach everybody. */
const LIVE_LOAD = 0.8
/** The fleet is connected to its base by then. */
const START_MS = 1_000
/** A run of more than so many bounds, and a minute, is stuck. */
const LIMIT_BOUNDS = 20
const LIMIT_MS = 60_000

/** One put to everybody, the base holding all of it (or, live, getting it bit by bit). */
export function standardPlan (options: StandardOptions): Plan {
  const hosts = hostsOf(options)
  const pieces = Math.round(options.mib * PIECES_PER_MIB)
  const boundMs = fluidBoundS({ hosts, pieces }) * 1000
  const durationMs = options.live ? boundMs / LIVE_LOAD : boundMs
  const chunkPieces = options.live ? 1 : Math.max(1, Math.round(pieces / options.chunks))
  const put: CommandPlan = options.live
    ? { kind: 'live', atMs: START_MS, track: 0, pieces, chunkPieces, rate: fluidRate(hosts) * LIVE_LOAD }
    : { kind: 'put', atMs: START_MS, track: 0, pieces, chunkPieces }
  return {
    seed: options.seed,
    hosts,
    links: { rttMs: options.rtt, rttSpread: options.rttSpread, jitter: options.jitter, drift: options.drift, staleMs: options.stale, tcp: options.tcp },
    // The end comes with the put: nobody waits for it.
    jobs: [{ id: 'job', atMs: START_MS, priority: 0, servers: Array.from({ length: options.nodes }, (_, rank) => rank + 1), commands: [put, { kind: 'end', atMs: START_MS, track: 0 }] }],
    faults: faultsOf(options, START_MS + durationMs / 2),
    limitMs: START_MS + durationMs * LIMIT_BOUNDS + LIMIT_MS,
    peer: { optimizations: options.without ?? {} },
    replay: options.replay
  }
}

function hostsOf ({ nodes, mbit, source, heterogeneous }: StandardOptions): HostPlan[] {
  const factor = (rank: number): number => !heterogeneous ? 1 : rank < nodes * FAST.share ? FAST.factor : rank < nodes * MIDDLE.share ? MIDDLE.factor : 1
  const down = mbit * (heterogeneous ? DOWN_FACTOR : 1) * MBIT
  return [{ up: source * MBIT, down }, ...Array.from({ length: nodes }, (_, rank) => ({ up: mbit * factor(rank) * MBIT, down }))]
}

function faultsOf ({ seed, nodes, slow, die }: StandardOptions, atMs: number): FaultPlan[] {
  const prng = Prng.fromText(`faults/${seed}`)
  const left = Array.from({ length: nodes }, (_, rank) => rank + 1)
  const draw = (): number => left.splice(prng.below(left.length), 1)[0] as number
  const struck = Math.max(1, Math.round(nodes * STRUCK))
  const faults: FaultPlan[] = []
  for (let i = 0; slow && i < struck; i++) faults.push({ kind: 'slow', atMs, untilMs: undefined, host: draw(), share: SLOW_SHARE })
  for (let i = 0; die && i < struck && left.length > 1; i++) faults.push({ kind: 'die', atMs, host: draw(), silent: false })
  return faults
}
