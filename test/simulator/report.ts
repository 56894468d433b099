import { discreteBoundS, fluidBoundS } from './bounds.ts'
import { IDLE_REASONS, type IdleReason, type Meter } from './meter.ts'
import { deadOf, PIECE_BYTES, startUs } from './plan.ts'
import type { Simulation } from './simulation.ts'

/** One part in so many is what a live put looks like when it has run for a while. */
const LATER = 4

/** What a run came to. Undefined where it makes no sense: a bound of several puts, delays of a put that is not live. */
export interface RunReport {
  readonly seed: number
  readonly nodes: number
  /** Last node done ÷ fluid bound T*. */
  readonly ratio: number | undefined
  /** Last node done ÷ discrete optimum. */
  readonly discreteRatio: number | undefined
  readonly p50S: number
  readonly p99S: number
  readonly lastS: number
  /** Bytes that left the base ÷ bytes put into it. */
  readonly sourceShare: number
  readonly duplicateShare: number
  /** Share of all uplinks' time until the last was done. */
  readonly busyShare: number
  /** Empty from the light driver, which does not look for reasons. */
  readonly idleShare: Readonly<Partial<Record<IdleReason, number>>>
  readonly switches: number
  /** Servers that were offered a job they had; undefined where nobody was. */
  readonly vainOffers: number | undefined
  /** Bytes of control messages, pages and receipts per byte of media received. */
  readonly controlShare: number
  readonly delayP50Ms: number | undefined
  readonly delayP99Ms: number | undefined
  readonly delayMaxMs: number | undefined
  /** Of the last quarter of what arrived: the job's start, when everybody has to catch up, is long over then. */
  readonly delayLaterP99Ms: number | undefined
  readonly traceHash: number
  readonly events: number
}

export function reportOf ({ world, script }: Simulation, meter: Meter): RunReport {
  const { plan, hosts } = world
  const dead = deadOf(plan)
  const nodes = hosts.slice(1).filter(({ index }) => !dead.has(index))
  const finished = nodes.flatMap(({ index }) => meter.finishedUs.get(index) ?? []).map(us => us - startUs(plan)).sort((a, b) => a - b)
  const lastS = quantile(finished, 1) / 1e6
  const puts = script.jobs.flatMap(job => job.commands.flatMap(command => command.kind === 'put' || command.kind === 'live' ? [{ ...command, servers: job.servers.length }] : []))
  const [put] = puts
  // One put, whole at the base from the start: the case that the bounds are about. The dead count, the bound is the undegraded system's.
  const input = puts.length === 1 && put?.kind === 'put' && put.rate == null ? { hosts: plan.hosts, pieces: put.pieces } : undefined
  const wanted = puts.reduce((sum, { pieces, servers }) => sum + pieces * servers, 0)
  const sum = (of: (host: typeof hosts[number]) => number): number => hosts.reduce((total, host) => total + of(host), 0)
  const uplinkUs = meter.busyUs + IDLE_REASONS.reduce((total, reason) => total + meter.idleUs[reason], 0)
  const delays = Float64Array.from(meter.delaysUs).sort()
  const later = Float64Array.from(meter.delaysUs.slice(-Math.ceil(meter.delaysUs.length / LATER))).sort()
  const delayMs = (share: number): number | undefined => delays.length === 0 ? undefined : quantile(delays, share) / 1000
  const discreteS = input == null || put == null ? undefined : discreteBoundS(input, put.chunkPieces)
  return {
    seed: plan.seed,
    nodes: plan.hosts.length - 1,
    ratio: input == null ? undefined : lastS / fluidBoundS(input),
    discreteRatio: discreteS == null ? undefined : lastS / discreteS,
    p50S: quantile(finished, 0.5) / 1e6,
    p99S: quantile(finished, 0.99) / 1e6,
    lastS,
    sourceShare: world.base.traffic.piecesSent / puts.reduce((total, { pieces }) => total + pieces, 0),
    duplicateShare: sum(({ traffic }) => traffic.duplicates) / wanted,
    busyShare: meter.busyUs / uplinkUs,
    idleShare: Object.fromEntries(IDLE_REASONS.map(reason => [reason, meter.idleUs[reason] / uplinkUs])) as Record<IdleReason, number>,
    switches: meter.switches,
    vainOffers: meter.vainOffers > 0 ? meter.vainOffers : undefined,
    controlShare: sum(({ traffic }) => traffic.controlBytes) / (sum(({ traffic }) => traffic.piecesReceived) * PIECE_BYTES),
    delayP50Ms: delayMs(0.5),
    delayP99Ms: delayMs(0.99),
    delayMaxMs: delayMs(1),
    delayLaterP99Ms: later.length === 0 ? undefined : quantile(later, 0.99) / 1000,
    traceHash: world.hash.value,
    events: world.events.count
  }
}

/** The smallest value that at least this share is not above. */
export function quantile (sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
