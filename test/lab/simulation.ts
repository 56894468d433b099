import { chunkPiecesFor, PIECE_BYTES } from '@sluice/wire'
import { fluidBoundS } from '../simulator/bounds.ts'
import { runChecked } from '../simulator/checked.ts'
import type { Plan } from '../simulator/plan.ts'
import type { Access, LabCase } from './lab-case.ts'
import type { Goodput } from './goodput.ts'
import { median } from './median.ts'

const MiB = 1024 * 1024
/** Two hosts on one bridge: what a frame takes without a queue. */
const LAB_RTT_MS = 1
/** Shapers keep their rate; what varies is when processes run. */
const JITTER = 0.05
/** A simulated fleet that takes this many times the bound, and a minute, is stuck. */
const STUCK = 20
const STUCK_MS = 60_000
/** The fleet is connected to its base by then. */
const START_MS = 1_000

/** A case as the simulator takes it, at the rates that TCP was measured to get. */
export function planOf ({ base, nodes, mib, delayMs, throttle }: LabCase, { up, down }: Goodput, { seed = 1, throttled = false } = {}): Plan {
  const pieces = Math.ceil(mib * MiB / PIECE_BYTES)
  const rate = (rates: ReadonlyMap<number, number>, bitsPerS: number): number => {
    const bytesPerS = rates.get(bitsPerS)
    if (bytesPerS == null) throw new Error(`no goodput was measured for ${bitsPerS} bit/s`)
    return bytesPerS
  }
  const host = (access: Access): { up: number, down: number } => ({ up: rate(up, access.up), down: rate(down, access.down) })
  // Of a base's download nothing depends on.
  const hosts = [{ up: rate(up, base.up), down: rate(up, base.up) }, ...nodes.map(host)]
  const boundMs = fluidBoundS({ hosts, pieces }) * 1000
  return {
    seed,
    hosts,
    links: { rttMs: LAB_RTT_MS + 2 * delayMs, rttSpread: 0, jitter: JITTER, drift: 0, staleMs: 0, tcp: true },
    jobs: [{
      id: 'job',
      atMs: START_MS,
      priority: 0,
      servers: nodes.map((_, rank) => rank + 1),
      commands: [{ kind: 'put', atMs: START_MS, track: 0, pieces, chunkPieces: chunkPiecesFor(pieces) }, { kind: 'end', atMs: START_MS, track: 0 }]
    }],
    // The lab throttles its first node.
    faults: throttled && throttle != null ? [{ kind: 'slow', atMs: START_MS + throttle.at * boundMs, untilMs: undefined, host: 1, share: throttle.factor }] : [],
    limitMs: START_MS + boundMs * STUCK + STUCK_MS,
    replay: 'the lab, which says how it was called'
  }
}

/** T* of a case in seconds: no system can be done before. */
export function boundOf (labCase: LabCase, goodput: Goodput): number {
  return boundOfPlan(planOf(labCase, goodput))
}

function boundOfPlan ({ hosts, jobs }: Plan): number {
  const put = jobs[0]?.commands[0]
  return fluidBoundS({ hosts, pieces: put?.kind === 'put' ? put.pieces : 0 })
}

/** Last node done ÷ T* in the simulator: the median over seeds. */
export function simulatedRatio (labCase: LabCase, goodput: Goodput, seeds: number, throttled: boolean): number {
  return median(Array.from({ length: seeds }, (_, index) => {
    const plan = planOf(labCase, goodput, { seed: index + 1, throttled })
    const { report } = runChecked(plan, boundOfPlan(plan))
    if (report.ratio == null) throw new Error('a run of one put has a bound')
    return report.ratio
  }))
}
