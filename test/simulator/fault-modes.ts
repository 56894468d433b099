import { Prng } from '@sluice/core'
import type { DiskMoment, DiskTrouble, FaultPlan, Plan } from './plan.ts'
import { randomPlan } from './random-plan.ts'

/** Beside the faults of the random plan: so many more, at any of the hosts, the base included. */
const MAX_MORE = 10
/** They come while the jobs run, and some of them long after. */
const FAULTS_MS = 12_000
/** In safety mode a run is looked at for so long: jobs of small fleets take seconds, and timers up to 10 s follow. */
const SAFETY_MS = 30_000
/** Periods of 2 s in which a base that has heard nothing waits: jobs are to be closed while some servers are away. */
const SAFETY_WAIT_PERIODS = 3
/** In liveness mode everything is mended by then … */
const HEALS_MS = 15_000
/**
 * … and so long after that everybody must have completed, and every job be closed. The slowest fleets bring three
 * puts over 2 Mbit/s; the way back to the base takes up to 30 s, and a base that re-issues waits for doubling times.
 */
const LIVENESS_MS = 240_000

const MOMENTS: readonly DiskMoment[] = ['written', 'syncing', 'synced', 'bitmap', 'outcome', 'receipt', 'recorded']

/** Faults without limit, some of them for good: nobody need complete, but nothing wrong may be said or done. */
export function safetyPlan (seed: number): Plan {
  const plan = randomPlan(seed)
  const prng = Prng.fromText(`safety/${seed}`)
  return { ...plan, faults: [...plan.faults, ...moreFaults(plan, prng)], goal: 'safe', limitMs: SAFETY_MS, waitPeriods: SAFETY_WAIT_PERIODS, replay: `${plan.replay} --safety` }
}

/** As many faults, all mended at one time: then everybody must complete, and every job be closed. */
export function livenessPlan (seed: number): Plan {
  const plan = randomPlan(seed)
  const prng = Prng.fromText(`liveness/${seed}`)
  return { ...plan, faults: [...plan.faults, ...moreFaults(plan, prng)].map(mended), healsMs: HEALS_MS, limitMs: HEALS_MS + LIVENESS_MS, replay: `${plan.replay} --liveness` }
}

function moreFaults ({ hosts }: Plan, prng: Prng): FaultPlan[] {
  return Array.from({ length: prng.below(MAX_MORE + 1) }, () => faultOf(prng, hosts.length))
}

function faultOf (prng: Prng, hosts: number): FaultPlan {
  const atMs = 100 + prng.below(FAULTS_MS)
  const host = prng.below(hosts)
  // A base whose disk is full or broken takes no jobs: that is for tests of the store.
  const trouble = (['slow', 'slow', 'full', 'broken'] satisfies DiskTrouble[])[prng.below(host === 0 ? 2 : 4)] as DiskTrouble
  switch (prng.below(7)) {
    case 0: return { kind: 'crash', atMs, backMs: atMs + 50 + prng.below(5_000), host }
    case 1: return { kind: 'partition', atMs, untilMs: atMs + 100 + prng.below(20_000), hosts: Array.from({ length: hosts }, (_, index) => index).filter(() => prng.below(3) === 0) }
    case 2: return { kind: 'die', atMs, host, silent: prng.below(2) === 0 }
    case 3:
    case 4: return { kind: 'disk', atMs, untilMs: prng.below(2) === 0 ? undefined : atMs + 200 + prng.below(6_000), host, trouble }
    default: return { kind: 'power', atMs: prng.below(atMs), moment: MOMENTS[prng.below(MOMENTS.length)] as DiskMoment, nth: 1 + prng.below(6), downMs: 50 + prng.below(4_000), host }
  }
}

/** The same, but over at `HEALS_MS`; who was gone for good comes back with the disk it had. */
function mended (fault: FaultPlan): FaultPlan {
  switch (fault.kind) {
    case 'cut': return fault
    case 'crash': return { ...fault, backMs: Math.min(fault.backMs, HEALS_MS) }
    case 'die': return { ...fault, backMs: HEALS_MS }
    case 'power': return fault
    case 'corrupt':
    case 'disk':
    case 'slow':
    case 'partition': return { ...fault, untilMs: Math.min(fault.untilMs ?? HEALS_MS, HEALS_MS) }
  }
}
